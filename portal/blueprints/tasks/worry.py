"""A volunteer is worried about a child: what to do, and a way that reaches the coordinator and the team at once."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.tasks import bp
from portal.blueprints.tasks.forms import WorryForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.enums import Permission
from portal.domain.concerns import basis, duty_of
from portal.queries import tasks as task_queries
from portal.queries.clock import database_now
from portal.services import worries
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved


@bp.get("/claims/<public_id>/worry")
@access(Permission.TASK_CLAIM)
def worry(public_id: str) -> ResponseReturnValue:
    """What to do when one is worried about a child."""
    return _page(public_id, WorryForm(formdata=None))


@bp.post("/claims/<public_id>/worry")
@access(Permission.TASK_CLAIM, audit=Audit.CONCERN_VOICED)
def voice_worry(public_id: str) -> ResponseReturnValue:
    """Tell the coordinator and the team, now."""
    own, form = task_queries.get_own(current_actor(), public_id), WorryForm()
    page = url_for("tasks.claim_page", public_id=public_id)

    def act() -> None:
        worries.voice(own, text=form.text.data, actor=current_actor(), now=database_now())

    if not saved(form, act, then=page):
        return _page(public_id, form)
    return after_change(page, message=_("Thank you. The coordinator and those who help the family have been told now."))


def _page(public_id: str, form: WorryForm) -> ResponseReturnValue:
    actor, now = current_actor(), database_now()
    own = task_queries.get_own(actor, public_id)
    law = basis(duty_of(actor.role), local_date(now))
    page = render_template("tasks/worry.html", form=form, law=law, public_id=own.public_id)
    return page, form.status if form.is_submitted() else 200
