"""Before she leaves: the days that follow from the planned day, and what has been seen to."""

from dataclasses import asdict
from datetime import date
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.bridge import bp
from portal.blueprints.bridge.forms import BridgeForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission
from portal.core.pages import Page
from portal.core.states import CaseState
from portal.domain.bridge import due_days, is_alone, leaves_on, planned_days
from portal.domain.disclosure import FieldGroup
from portal.queries import asked_offers
from portal.queries import bridge as queries
from portal.queries import cases as case_queries
from portal.queries import notices as notice_queries
from portal.queries.visibility import relation_of
from portal.services import bridge as service
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import case_url, must_have_whole, must_show
from portal.web.htmx import after_change
from portal.web.paging import next_of, read_page
from portal.web.saving import saved
from portal.web.versions import against


@bp.get("/")
@access(Permission.CASE_LEAD_LIST)
def alone() -> ResponseReturnValue:
    """Cases of the house from which she leaves while nobody has taken over, without names."""
    actor, today = current_actor(), local_date(utc_now())
    rows = read_page(lambda: queries.list_alone(actor, today, after=request.args.get("after")))
    return render_template("bridge/alone.html", rows=rows, next_url=next_of("bridge.alone", rows))


@bp.get("/<public_id>")
@access(Permission.CASE_EDIT)
def index(public_id: str) -> ResponseReturnValue:
    """What must be seen to, with its days."""
    return _page(public_id)


@bp.post("/<public_id>")
@access(Permission.CASE_EDIT, audit=Audit.BRIDGE_CHANGED)
def answer(public_id: str) -> ResponseReturnValue:
    """Write down what has been seen to."""
    actor, form, then = current_actor(), BridgeForm(), url_for(".index", public_id=public_id)
    case = _case(public_id)

    def save() -> None:
        service.answer(case, form.seen_to(), version=form.seen, actor=actor, now=utc_now())

    if not saved(form, save, then=then):
        return _page(public_id, form, form.status)
    return after_change(then, message=_("Saved."))


def _case(public_id: str) -> Any:
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.CTI_PHASE_CONTACTS)
    must_have_whole(actor, case)
    return case


def _known(case_id: int) -> BridgeForm:
    row = queries.find(case_id)
    return BridgeForm(formdata=None, data=asdict(queries.answers(row)) | {"version": queries.version(row)})


def _page(public_id: str, refused: BridgeForm | None = None, status: int = 200) -> ResponseReturnValue:
    actor, today, case = current_actor(), local_date(utc_now()), _case(public_id)
    seen = must_have_whole(actor, case)
    crossed = queries.crossed(case.id, queries.answers(queries.find(case.id)), reader=actor)
    has_stayed, discharged = queries.last_discharge(case.id)
    day = leaves_on(case.planned_move_on, discharged) if has_stayed else None
    form = against(refused, lambda: _known(case.id)) if refused else _known(case.id)
    shown = {
        "seen": seen,
        "case_id": public_id,
        "reference": case.reference,
        "is_open": case.state is CaseState.OPEN,
        "has_stayed": has_stayed,
        "day": day,
        "has_left": discharged is not None and discharged <= today,
        "steps": _steps(case, day, crossed) if day else [],
        "today": today,
        "receivers": queries.receivers(actor, case.id),
        "waiting": asked_offers.count_waiting(actor, case),
        "is_alone": is_alone(day, crossed, today),
        "form": form,
        "back": case_url(public_id),
        **_ahead(case, today),
    }
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.BRIDGE)
    return render_template("bridge/index.html", **shown), status


def _ahead(case: Any, today: date) -> dict[str, Any]:
    """How far the notice of discharge is, that may be sent before she leaves."""
    ahead = notice_queries.find_ahead(case, today=today)
    is_there = ahead is not None and ahead.public_id is not None
    url = url_for("cases.notice", public_id=case.public_id, notice_id=ahead.public_id) if ahead and is_there else None
    return {"ahead": ahead, "notice_url": url}


def _steps(case: Any, day: date, crossed: Any) -> list[tuple[DeadlineKind, date, bool]]:
    """Each step with the day on which it stands; of what is done the day on which it should have been."""
    planned, due = planned_days(day), due_days(day, local_date(utc_now()), queries.standing_days(case))
    rows = [(kind, crossed.is_done(kind)) for kind in planned]
    is_open = case.state is CaseState.OPEN
    with_days = [(kind, due[kind] if is_open and not is_done else planned[kind], is_done) for kind, is_done in rows]
    return sorted(with_days, key=lambda row: row[1])
