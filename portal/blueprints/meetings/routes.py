"""The calendar, and one meeting."""

from datetime import date, timedelta
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.meetings import bp
from portal.blueprints.meetings.forms import CancelForm, OutcomeForm, PlaceForm, TimeForm
from portal.core.audit_tags import Audit
from portal.core.clock import add_months, local_date, local_time, utc_now
from portal.core.enums import Permission
from portal.core.pages import Page
from portal.core.states import CaseState
from portal.domain.meetings import WORKFLOW, MeetingAction, needs_worker_safety, slot
from portal.domain.permissions import can
from portal.domain.workflow import available_actions
from portal.queries import cases as case_queries
from portal.queries import meetings as queries
from portal.queries import notes as note_queries
from portal.queries.visibility import relation_of
from portal.services import meetings as service
from portal.services import reveals, violence
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import lens_of
from portal.web.htmx import after_change
from portal.web.safety_questions import incident_link, safety_said
from portal.web.saving import saved
from portal.web.shown_once import shown_once
from portal.web.submissions import transaction
from portal.web.versions import VersionedForm, with_sent


def _asked_day(name: str) -> date:
    text = request.args.get(name)
    if not text:
        return local_date(utc_now())
    try:
        day = date.fromisoformat(text)
    except ValueError:
        abort(400)
    if not 2000 <= day.year <= 2100:
        abort(400)
    return day


@bp.get("/")
@access(Permission.MEETING_VIEW)
def week() -> ResponseReturnValue:
    """One's own week."""
    day, today = _asked_day("day"), local_date(utc_now())
    monday = day - timedelta(days=day.weekday())
    rows = queries.week(current_actor(), monday)
    days = [monday + timedelta(days=number) for number in range(7)]
    by_day = [(one, one == today, [row for row in rows if local_date(row.starts_at) == one]) for one in days]
    return render_template(
        "meetings/week.html",
        days=by_day,
        monday=monday,
        sunday=days[-1],
        number=monday.isocalendar().week,
        previous=monday - timedelta(days=7),
        following=monday + timedelta(days=7),
        is_empty=not rows,
    )


@bp.get("/month")
@access(Permission.MEETING_VIEW)
def month() -> ResponseReturnValue:
    """One's own month."""
    first, today = _asked_day("day").replace(day=1), local_date(utc_now())
    rows = queries.month(current_actor(), first)
    start, end = queries.month_frame(first)
    days = [start + timedelta(days=number) for number in range((end - start).days + 1)]
    cells = [
        (one, one == today, one.month != first.month, [row for row in rows if local_date(row.starts_at) == one])
        for one in days
    ]
    weeks = [cells[at : at + 7] for at in range(0, len(cells), 7)]
    return render_template(
        "meetings/month.html", weeks=weeks, first=first, previous=add_months(first, -1), following=add_months(first, 1)
    )


def _page(meeting: Any, status: int = 200, **forms: Any) -> ResponseReturnValue:
    actor = current_actor()
    own = meeting.organisation_id == actor.organisation_id
    actions = available_actions(WORKFLOW, meeting.state, actor) if own else []
    has_come = local_date(meeting.starts_at) <= local_date(utc_now())
    times = {
        "day": local_date(meeting.starts_at),
        "starts": local_time(meeting.starts_at),
        "ends": local_time(meeting.ends_at),
        "ends_next_day": local_date(meeting.ends_at) > local_date(meeting.starts_at),
    }
    sees_case = meeting.case_id is not None and queries.sees_case(actor, meeting.case_id)
    written = queries.written(meeting)
    journal = _journal(meeting, written.note, is_hers=sees_case and _is_talk(meeting))
    context = {
        "meeting": meeting,
        "written": written,
        "sees_case": sees_case,
        "can": {action.value: action in actions for action in MeetingAction},
        "has_come": has_come,
        **journal,
        "clashes": queries.find_clashes(actor, [meeting]) if MeetingAction.MOVE in actions else [],
        "worker_safety": needs_worker_safety(meeting.kind, meeting.place_kind),
        "move_form": TimeForm(formdata=None, data={"version": meeting.version, **times}),
        "cancel_form": CancelForm(formdata=None),
        "has_place": queries.has_place(actor, meeting),
        "place_form": PlaceForm(formdata=None, prefix="place"),
        "note_form": OutcomeForm(
            formdata=None,
            data={"version": meeting.version, "note": journal["saved"], "talk": meeting.talk},
        ),
    }
    return render_template("meetings/detail.html", **with_sent(context, forms)), status


def _journal(meeting: Any, beside: str | None, *, is_hers: bool) -> dict[str, Any]:
    """What is written about it: in her journal for whoever writes there, beside the meeting where it is nobody's."""
    shown: dict[str, Any] = {"asks_of_safety": is_hers, "may_write": is_hers or meeting.case_id is None, "old": None}
    if meeting.case_id is None:
        return shown | {"saved": beside, "told": []}
    shown["old"] = beside
    if not is_hers:
        return shown | {"saved": None, "told": []}
    actor = current_actor()
    case = case_queries.get(actor, meeting.case.public_id)
    told = note_queries.list_of_meeting(actor, meeting.id, lens_of(actor, case))
    can_correct = case.state is CaseState.OPEN
    return shown | {"saved": told[-1].text if told else None, "told": told, "can_correct": can_correct}


@bp.get("/<public_id>")
@access(Permission.MEETING_VIEW)
def detail(public_id: str) -> ResponseReturnValue:
    """One meeting: what it is, and the buttons for how it went."""
    actor = current_actor()
    meeting = queries.get(actor, public_id)
    if meeting.case_id is not None:
        log_view(case_id=meeting.case_id, relation=relation_of(actor), page=Page.MEETING)
        meeting = queries.get(actor, public_id)
    return _page(meeting)


def _home(public_id: str) -> str:
    return url_for("meetings.detail", public_id=public_id)


@bp.post("/<public_id>/move")
@access(Permission.MEETING_MANAGE, audit=Audit.MEETING_MOVED)
def move(public_id: str) -> ResponseReturnValue:
    """Another time."""
    meeting, form = queries.get(current_actor(), public_id), TimeForm()

    def act() -> None:
        one = slot(form.day.data, form.starts.data, form.ends.data, ends_next_day=form.ends_next_day.data)
        service.move(meeting, one.starts_at, one.ends_at, version=form.seen, actor=current_actor(), now=utc_now())

    if saved(form, act, then=_home(public_id)):
        return after_change(_home(public_id), message=_("The meeting has been moved."))
    return _page(queries.get(current_actor(), public_id), form.status, move_form=form)


@bp.post("/<public_id>/cancel")
@access(Permission.MEETING_MANAGE, audit=Audit.MEETING_CANCELLED)
def cancel(public_id: str) -> ResponseReturnValue:
    """Call it off."""
    meeting, form = queries.get(current_actor(), public_id), CancelForm()
    if not form.validate_on_submit():
        return _page(meeting, 422, cancel_form=form)
    with transaction(then=_home(public_id)):
        service.cancel(meeting, form.reason.data, actor=current_actor(), now=utc_now())
    return after_change(_home(public_id), message=_("The meeting has been cancelled."))


@bp.post("/<public_id>/place")
@access(Permission.MEETING_VIEW, audit=Audit.ADDRESS_REVEALED, step_up=True)
def place(public_id: str) -> ResponseReturnValue:
    """Show exactly where it is, for a minute; written down first."""
    actor, form = current_actor(), PlaceForm(prefix="place")
    meeting, found = queries.get(actor, public_id), []

    def act() -> None:
        secret = service.its_place(meeting, actor=actor)
        found.append(reveals.reveal(secret, reason=form.reason.data, actor=actor, now=utc_now()))

    if not saved(form, act, then=_home(public_id)):
        return _page(queries.get(actor, public_id), form.status, place_form=form)
    return shown_once(_("Where"), found[0], back=_home(public_id), back_words=_("Back to the meeting"))


def _is_talk(meeting: Any) -> bool:
    """Whether the three questions are asked: a talk with her, held by somebody who writes in cases."""
    return meeting.case_id is not None and meeting.round_id is None and can(current_actor(), Permission.CASE_EDIT)


@bp.post("/<public_id>/hold")
@access(Permission.MEETING_MANAGE, audit=Audit.MEETING_HELD)
def hold(public_id: str) -> ResponseReturnValue:
    """It was held: one button, with a note for those who want one."""
    meeting, form = queries.get(current_actor(), public_id), OutcomeForm()
    asks, about = list[bool](), list[str]()

    def act() -> None:
        actor, now = current_actor(), utc_now()
        service.hold(meeting, *form.told, readers=form.read_by, version=form.seen, actor=actor, now=now)
        case = meeting.case
        if case is not None and _is_talk(meeting) and queries.sees_case(actor, case.id):
            asks.append(violence.keep_answers(case, form.answers, actor=actor, now=now))
            about.append(case.public_id)

    if saved(form, act, then=_home(public_id)):
        words = _("Registered: the meeting was held.") + safety_said(asks)
        day = local_date(meeting.starts_at)
        further = next((incident_link(one, form.answers, day) for one in about), None)
        return after_change(_home(public_id), message=words, further=further)
    return _page(queries.get(current_actor(), public_id), form.status, note_form=form)


@bp.post("/<public_id>/note")
@access(Permission.MEETING_MANAGE, audit=Audit.MEETING_HELD)
def note(public_id: str) -> ResponseReturnValue:
    """A note afterwards."""
    meeting, form = queries.get(current_actor(), public_id), OutcomeForm()

    def act() -> None:
        note, _minutes, talk = form.told
        who: Any = {"actor": current_actor(), "now": utc_now()}
        service.write_note(meeting, note, talk, readers=form.read_by, version=form.seen, **who)

    if saved(form, act, then=_home(public_id)):
        return after_change(_home(public_id), message=_("Saved."))
    return _page(queries.get(current_actor(), public_id), form.status, note_form=form)


@bp.post("/<public_id>/not-met")
@access(Permission.MEETING_MANAGE, audit=Audit.MEETING_NOT_MET)
def not_met(public_id: str) -> ResponseReturnValue:
    """She did not come."""
    meeting, seen = queries.get(current_actor(), public_id), VersionedForm().seen
    with transaction(then=_home(public_id)):
        service.not_met(meeting, version=seen, actor=current_actor(), now=utc_now())
    return after_change(_home(public_id), message=_("Registered: she did not come."))
