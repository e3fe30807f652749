"""Being away: who stands in, from when until when."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.people import bp
from portal.blueprints.people.forms import AbsenceForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.queries import absences as queries
from portal.queries import hand_overs
from portal.services import absences as service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction


@bp.get("/<public_id>/away")
@access(Permission.ACCOUNT_MANAGE)
def away(public_id: str) -> ResponseReturnValue:
    """Who stands in while she is away."""
    return _page(public_id, AbsenceForm(formdata=None))


def _page(public_id: str, form: AbsenceForm, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    membership, name = hand_overs.get_leaver(actor, public_id)
    people = hand_overs.get_plan(actor, membership).successors
    form.deputy.choices = [("", _("Choose")), *((one.public_id, one.name) for one in people)]
    return render_template(
        "people/away.html",
        form=form,
        rows=queries.list_open(membership.id),
        public_id=public_id,
        name=name,
        is_own=membership.user_id == actor.user_id,
    ), status


@bp.post("/<public_id>/away")
@access(Permission.ACCOUNT_MANAGE, audit=Audit.ABSENCE_PLANNED)
def plan(public_id: str) -> ResponseReturnValue:
    """Take down an absence."""
    actor, form, page = current_actor(), AbsenceForm(), url_for(".away", public_id=public_id)
    membership, _name = hand_overs.get_leaver(actor, public_id)
    people = hand_overs.get_plan(actor, membership).successors
    form.deputy.choices = [(one.public_id, one.name) for one in people]

    def act() -> None:
        days = service.Days(form.from_on.data, form.to_on.data)
        service.plan(public_id, form.deputy.data, days, actor=actor, now=utc_now())

    if saved(form, act, then=page):
        return after_change(page, message=_("Saved. It begins and ends by itself."))
    return _page(public_id, form, form.status)


@bp.post("/away/<absence_id>/end")
@access(Permission.ACCOUNT_MANAGE, audit=Audit.ABSENCE_ENDED)
def end_absence(absence_id: str) -> ResponseReturnValue:
    """End an absence earlier, or call it off."""
    then = url_for("home.start")
    with transaction(then=then):
        service.end(absence_id, actor=current_actor(), now=utc_now())
    return after_change(then, message=_("The deputy is off the cases again."))
