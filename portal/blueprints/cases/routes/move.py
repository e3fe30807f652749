"""Her move: planned, and then the day that CTI and the counselling count from."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.cases import bp
from portal.blueprints.cases.forms import MovedForm, MoveForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.pages import Page
from portal.queries import case_deadlines
from portal.queries import cases as case_queries
from portal.queries.visibility import relation_of
from portal.services import cases
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import case_url
from portal.web.clock_words import saved_and_moved
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.versions import with_sent


@bp.get("/<public_id>/move")
@access(Permission.CASE_EDIT)
def move(public_id: str) -> ResponseReturnValue:
    """The planned move and the move itself."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    forms = _known_move(case)
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.MOVE)
    return _move_page(forms, public_id)


def _known_move(case: Any) -> dict[str, Any]:
    return {
        "form": MoveForm(formdata=None, obj=case, version=case.version),
        "moved": MovedForm(formdata=None, obj=case, version=case.version),
    }


@bp.post("/<public_id>/move")
@access(Permission.CASE_EDIT, audit=Audit.MOVE_PLANNED)
def plan_move(public_id: str) -> ResponseReturnValue:
    """Set the planned move."""
    actor, form, now = current_actor(), MoveForm(), utc_now()
    case = case_queries.get(actor, public_id)

    def save() -> None:
        cases.plan_move(case, form.planned_move_on.data, version=form.seen, actor=actor, now=now)

    if not saved(form, save, then=case_url(public_id)):
        fresh = _known_move(case_queries.get(actor, public_id))
        return _move_page(with_sent(fresh, {"form": form}), public_id, status=form.status)
    moved = case_deadlines.list_moved(case.id, at=now)
    return after_change(case_url(public_id), message=saved_and_moved(_("Saved."), moved))


@bp.post("/<public_id>/moved")
@access(Permission.CASE_EDIT, audit=Audit.MOVED_IN)
def record_move(public_id: str) -> ResponseReturnValue:
    """Record the day she moved."""
    actor, form, now = current_actor(), MovedForm(), utc_now()
    case = case_queries.get(actor, public_id)

    def save() -> None:
        cases.record_move(case, form.moved_on.data, version=form.seen, actor=actor, now=now)

    if not saved(form, save, then=case_url(public_id)):
        fresh = _known_move(case_queries.get(actor, public_id))
        return _move_page(with_sent(fresh, {"moved": form}), public_id, status=form.status)
    said = _("The move has been recorded. CTI and the counselling count from that day.")
    return after_change(case_url(public_id), message=saved_and_moved(said, case_deadlines.list_moved(case.id, at=now)))


def _move_page(forms: dict[str, Any], public_id: str, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "cases/move.html",
        **forms,
        back=case_url(public_id),
        plan_url=url_for("cases.plan_move", public_id=public_id),
        moved_url=url_for("cases.record_move", public_id=public_id),
    )
    return page, status
