"""The days of a case: nothing is hidden by being done, called off or closed."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.blueprints.deadlines import bp
from portal.blueprints.deadlines.forms import LongerForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.errors import NotNow
from portal.core.pages import Page
from portal.core.states import CaseState, DeadlineState
from portal.domain.clocks import CLOCK_OF
from portal.domain.deadlines import longest_extension
from portal.domain.disclosure import FieldGroup
from portal.domain.labels import label
from portal.queries import case_deadlines as queries
from portal.queries import cases as case_queries
from portal.queries.case_deadlines import Row
from portal.queries.visibility import relation_of
from portal.services import extensions
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import form_page, must_show
from portal.web.filters import day
from portal.web.htmx import after_change
from portal.web.paging import read_page
from portal.web.saving import saved


@bp.get("/<public_id>")
@access(Permission.CASE_EDIT)
def of_case(public_id: str) -> ResponseReturnValue:
    """All days of a case."""
    actor, today, after = current_actor(), local_date(utc_now()), request.args.get("after")
    case = case_queries.get(actor, public_id)
    seen = must_show(actor, case, FieldGroup.ENROL_TRACK_STATE)
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.DEADLINES)
    rows, following = read_page(lambda: queries.list_of_case(actor, case, seen, today=today, after=after))
    is_open = case.state is CaseState.OPEN
    return render_template(
        "deadlines/case.html",
        reference=case.reference,
        seen=seen,
        case_id=public_id,
        rows=[_shown(row, is_open) for row in rows],
        next_url=url_for("deadlines.of_case", public_id=public_id, after=following) if following else None,
        first_url=url_for("deadlines.of_case", public_id=public_id) if after else None,
    )


@bp.get("/<public_id>/<deadline_id>/longer")
@access(Permission.CASE_EDIT)
def longer(public_id: str, deadline_id: str) -> ResponseReturnValue:
    """Until when, and why."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.ENROL_TRACK_STATE)
    row = queries.get_of_case(case, deadline_id)
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.DEADLINES)
    return _longer_page(LongerForm(formdata=None), public_id, row)


@bp.post("/<public_id>/<deadline_id>/longer")
@access(Permission.CASE_EDIT, audit=Audit.DEADLINE_WISHED)
def ask_longer(public_id: str, deadline_id: str) -> ResponseReturnValue:
    """Ask the lead for more time."""
    actor, form = current_actor(), LongerForm()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.ENROL_TRACK_STATE)
    row = queries.get_of_case(case, deadline_id)

    def save() -> None:
        extensions.ask(row, until=form.until.data, reason=form.reason.data, actor=actor, now=utc_now())

    then = url_for("deadlines.of_case", public_id=public_id)
    if not saved(form, save, then=then):
        return _longer_page(form, public_id, row, status=422)
    return after_change(then, message=_("Your lead has been asked. Until there is an answer the day stands."))


def _longer_page(form: LongerForm, public_id: str, row: Any, status: int = 200) -> ResponseReturnValue:
    longest = longest_extension(row.kind, row.due_on)
    if longest is None:
        raise NotNow(_("This day cannot be moved: a rule sets it."))
    return form_page(
        form,
        _("More time"),
        [
            ("until", _("At the latest %(day)s", day=day(longest[1])), False),
            ("reason", _("Your lead reads it. No names and no places."), False),
        ],
        button=_("Ask the lead"),
        back=url_for("deadlines.of_case", public_id=public_id),
        status=status,
        intro=_("%(what)s is due %(day)s.", what=label(row.kind), day=day(row.due_on)),
    )


def _shown(row: Row, is_open: bool) -> dict[str, Any]:
    longest = longest_extension(row.kind, row.due_on) if is_open and row.state is DeadlineState.OPEN else None
    return {
        "row": row,
        "rule": CLOCK_OF.get(row.kind),
        "state": _state(row),
        "may_ask": longest is not None and not row.is_asked,
    }


def _state(row: Row) -> str:
    late = ngettext("%(num)d day late", "%(num)d days late", row.late) if row.late else ""
    if row.state is DeadlineState.OPEN:
        return late or label(row.state)
    when = _("%(state)s %(day)s", state=label(row.state), day=day(row.done_on))
    return f"{when}, {late}" if late else when
