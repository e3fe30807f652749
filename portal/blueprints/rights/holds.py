"""What must not be erased."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.rights import bp
from portal.blueprints.rights.forms import HoldForm, WhyForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.errors import Invalid, NotFound
from portal.queries import rights as queries
from portal.services import holds as service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved


@bp.get("/holds")
@access(Permission.RIGHTS_RUN)
def holds() -> ResponseReturnValue:
    """The holds in force."""
    return _page()


@bp.post("/holds")
@access(Permission.RIGHTS_RUN, audit=Audit.HOLD_SET)
def set_hold() -> ResponseReturnValue:
    """Keep a case."""
    actor, form = current_actor(), HoldForm()

    def save() -> None:
        try:
            case = queries.get_case_of_own(actor, form.reference.data)
        except NotFound as unknown:
            raise Invalid(_("There is no such case at your organisation."), field="reference") from unknown
        service.set_hold(case, form.reason.data, actor=actor, now=utc_now())

    if not saved(form, save, then=url_for(".holds")):
        return _page(form, 422)
    return after_change(url_for(".holds"), message=_("Nothing of the case is erased from now on."))


@bp.post("/holds/<hold_id>/lift")
@access(Permission.RIGHTS_RUN, audit=Audit.HOLD_LIFTED)
def lift_hold(hold_id: str) -> ResponseReturnValue:
    """Let time go on."""
    actor, form = current_actor(), WhyForm()
    hold = queries.get_hold(actor, hold_id)
    if not saved(
        form, lambda: service.lift_hold(hold, form.reason.data, actor=actor, now=utc_now()), then=url_for(".holds")
    ):
        return _page(lift_form=form, lift_id=hold_id, status=form.status)
    return after_change(url_for(".holds"), message=_("The hold is lifted. What is due is announced for 14 days first."))


def _page(
    form: HoldForm | None = None, status: int = 200, *, lift_form: WhyForm | None = None, lift_id: str = ""
) -> ResponseReturnValue:
    rows = [
        {
            "public_id": hold.public_id,
            "reference": hold.reference,
            "reason": hold.reason,
            "set_at": hold.set_at,
            "form": lift_form if lift_form is not None and hold.public_id == lift_id else WhyForm(formdata=None),
        }
        for hold in queries.list_holds(current_actor())
    ]
    return render_template("rights/holds.html", rows=rows, form=form or HoldForm(formdata=None)), status
