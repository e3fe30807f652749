"""Rounds: the list, a new one, and the page of one with its marks."""

from datetime import date, timedelta
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.groups import bp
from portal.blueprints.groups.forms import LeaveForm, PlaceForm, RoundForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.errors import Invalid, NotFound
from portal.core.states import EnrolmentState, MeetingState, Presence
from portal.domain.groups import (
    CORRECTION_DAYS,
    SEAT_ACTIONS,
    WORKFLOW,
    RoundAction,
    attendance_rate,
    needs_welfare_check,
    shape_of,
)
from portal.domain.permissions import can
from portal.domain.workflow import available_actions
from portal.queries import enrolments as enrolment_queries
from portal.queries import groups as queries
from portal.services import attendance
from portal.services import groups as service
from portal.web import last_checks
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction


@bp.get("/")
@access(Permission.GROUP_VIEW)
def index() -> ResponseReturnValue:
    """Rounds, the newest first."""
    actor = current_actor()
    try:
        rows, following = queries.list_rounds(actor, after=request.args.get("after"))
    except ValueError:
        abort(400)
    next_url = url_for("groups.index", after=following) if following else None
    may_plan = can(actor, Permission.GROUP_MANAGE)
    return render_template("groups/index.html", rows=rows, next_url=next_url, may_plan=may_plan)


def _round_form() -> RoundForm:
    """A round as its programme describes it: of the one that is asked for, else of the only one (R-766)."""
    actor = current_actor()
    offers = queries.list_offers(actor)
    asked = [one for one in offers if one.public_id == request.args.get("offer")] or offers
    known = shape_of(asked[0].programme.rules) | {"offer": asked[0].public_id} if len(asked) == 1 else {}
    form = RoundForm(data=known)
    names = "name_da" if actor.language == "da" else "name_en"
    form.offer.choices = [(offer.public_id, getattr(offer.programme, names)) for offer in offers]
    form.leaders.choices = [(leader.public_id, leader.name) for leader in queries.list_possible_leaders(actor)]
    return form


@bp.get("/new")
@access(Permission.GROUP_MANAGE)
def new() -> ResponseReturnValue:
    """A new round."""
    form = _round_form()
    return render_template("groups/new.html", form=form, offers=form.offer.choices)


@bp.post("/new")
@access(Permission.GROUP_MANAGE, audit=Audit.ROUND_PLANNED)
def create() -> ResponseReturnValue:
    """Plan it with all its meetings."""
    form = _round_form()
    if form.validate_on_submit():
        try:
            with transaction(then=url_for("groups.index")):
                row = _plan(form)
                public_id = row.public_id
            url = url_for("groups.detail", public_id=public_id)
            return after_change(url, message=_("The round has been planned with all its meetings."))
        except Invalid as refusal:
            form.refuse(refusal)
    return render_template("groups/new.html", form=form, offers=()), 422


def _plan(form: RoundForm) -> Any:
    actor = current_actor()
    offer = next((one for one in queries.list_offers(actor) if one.public_id == form.offer.data), None)
    if offer is None:
        raise NotFound
    chosen = set(form.leaders.data or ())
    leaders = [one.user_id for one in queries.list_possible_leaders(actor) if one.public_id in chosen]
    new_round = service.NewRound(
        name=form.name.data,
        starts_on=form.starts_on.data,
        starts_at=form.starts_at.data,
        session_minutes=form.session_minutes.data,
        session_count=form.session_count.data,
        step_days=int(form.step_days.data),
        places_min=form.places_min.data,
        places_max=form.places_max.data,
        leader_ids=tuple(leaders),
    )
    return service.plan_round(offer, new_round, actor=actor, now=utc_now())


def _marks_of(one: Any, sessions: Any, marks: Any) -> tuple[Any, list[tuple[Any, Presence]], bool]:
    """A participant's row of the grid, and whether somebody should ask how she is."""
    row = [(session, marks.get((session.id, one.id), Presence.EXPECTED)) for session in sessions]
    return one, row, needs_welfare_check(presence for _session, presence in row)


def _open_ids(sessions: Any, today: date) -> set[int]:
    """The sessions that marks can be set for: those that have come, not too long ago, and were not called off."""
    alive, first = (MeetingState.PLANNED, MeetingState.HELD), today - timedelta(days=CORRECTION_DAYS)
    return {one.id for one in sessions if one.state in alive and first <= local_date(one.starts_at) <= today}


def _page(public_id: str, status: int = 200, **forms: Any) -> ResponseReturnValue:
    actor = current_actor()
    row = queries.get(actor, public_id)
    sessions = queries.shown_sessions(row.id)
    people = queries.list_participants(actor, row.id)
    marks = queries.marks(row.id)
    manages = can(actor, Permission.GROUP_MANAGE) and row.organisation_id == actor.organisation_id
    actions = available_actions(WORKFLOW, row.state, actor) if manages else []
    waiting = queries.list_waiting(actor, row.offer_id) if RoundAction.PLACE in actions else []
    today = local_date(utc_now())
    place_form = PlaceForm(formdata=None)
    place_form.enrolment.choices = [(one.public_id, one.first_name) for one in waiting]
    context = {
        "round": row,
        "taken": queries.count_taken(actor, row.id),
        "sessions": sessions,
        "grid": [_marks_of(one, sessions, marks) for one in people],
        "waiting": waiting,
        "manages": manages,
        "today": today,
        "leaders": queries.list_leaders(row.id),
        "rate": attendance_rate(marks.values()),
        "actions": [action for action in actions if action not in SEAT_ACTIONS],
        "can_leave": RoundAction.LEAVE in actions,
        "place_form": place_form,
        "leave_form": LeaveForm(formdata=None, data={"left_on": today}),
        "leaving": None,
        "is_unchecked": False,
        "open_ids": _open_ids(sessions, today) if manages else set(),
        "live": {one.id for one in people if one.state is not EnrolmentState.COMPLETED},
        **forms,
    }
    return render_template("groups/detail.html", **context), status


def _home(public_id: str) -> str:
    return url_for("groups.detail", public_id=public_id)


@bp.get("/<public_id>")
@access(Permission.GROUP_VIEW)
def detail(public_id: str) -> ResponseReturnValue:
    """One round."""
    return _page(public_id)


@bp.post("/<public_id>/step/<any(open, confirm, start, complete, cancel):action>")
@access(Permission.GROUP_MANAGE, audit=Audit.ROUND_CHANGED)
def step(public_id: str, action: str) -> ResponseReturnValue:
    """The next step of the round."""
    row = queries.get(current_actor(), public_id)
    with transaction(then=_home(public_id)):
        service.advance(row, RoundAction(action), actor=current_actor(), now=utc_now())
    return after_change(_home(public_id), message=_("Saved."))


@bp.post("/<public_id>/place")
@access(Permission.GROUP_MANAGE, audit=Audit.PARTICIPANT_PLACED)
def place(public_id: str) -> ResponseReturnValue:
    """A seat in the round."""
    actor = current_actor()
    row = queries.get(actor, public_id)
    form = _place_form(row)
    course = enrolment_queries.get(actor, form.enrolment.data or "-")

    def act() -> None:
        service.place(row, course, actor=actor, now=utc_now())

    if saved(form, act, then=_home(public_id)):
        return after_change(_home(public_id), message=_("She has a seat in the round."))
    return _page(public_id, form.status, place_form=form)


def _place_form(row: Any) -> PlaceForm:
    form = PlaceForm()
    form.enrolment.choices = [
        (one.public_id, one.first_name) for one in queries.list_waiting(current_actor(), row.offer_id)
    ]
    return form


@bp.post("/<public_id>/leave/<enrolment_id>")
@access(Permission.GROUP_MANAGE, audit=Audit.PARTICIPANT_LEFT)
def leave(public_id: str, enrolment_id: str) -> ResponseReturnValue:
    """She leaves the group."""
    actor, form = current_actor(), LeaveForm()
    row, course = queries.get(actor, public_id), enrolment_queries.get(actor, enrolment_id)

    def act() -> None:
        leaving = attendance.Leaving(form.reason.data, form.left_on.data, form.note.data, last_checks.said(form))
        attendance.leave(row, course, leaving, actor=actor, now=utc_now())

    if saved(form, act, then=_home(public_id)):
        return after_change(_home(public_id), message=_("Registered: she has left the group."))
    return _page(public_id, form.status, leave_form=form, leaving=enrolment_id)


@bp.get("/<public_id>/leave/<enrolment_id>")
@access(Permission.GROUP_MANAGE)
def ask_leave(public_id: str, enrolment_id: str) -> ResponseReturnValue:
    """Why somebody leaves."""
    course = enrolment_queries.get(current_actor(), enrolment_id)
    is_begun = course.state is not EnrolmentState.PROPOSED
    return _page(public_id, leaving=enrolment_id, is_unchecked=is_begun and last_checks.is_wanting(course))


@bp.get("/<public_id>/session/<session_id>")
@access(Permission.GROUP_VIEW)
def session(public_id: str, session_id: str) -> ResponseReturnValue:
    """Who came to one meeting."""
    actor = current_actor()
    row = queries.get(actor, public_id)
    meeting = queries.get_session(row, session_id)
    marks = queries.marks(row.id)
    people = [
        (one, marks.get((meeting.id, one.id), Presence.EXPECTED)) for one in queries.list_participants(actor, row.id)
    ]
    return render_template(
        "groups/session.html",
        round=row,
        meeting=meeting,
        people=people,
        may_mark=can(actor, Permission.GROUP_MANAGE)
        and row.organisation_id == actor.organisation_id
        and meeting.state in (MeetingState.PLANNED, MeetingState.HELD)
        and local_date(meeting.starts_at) <= local_date(utc_now()),
        can_hold=meeting.state is MeetingState.PLANNED,
        presences=[Presence.PRESENT, Presence.LATE, Presence.EXCUSED, Presence.NOT_MET],
    )


@bp.post("/<public_id>/session/<session_id>/mark/<enrolment_id>")
@access(Permission.GROUP_MANAGE, audit=Audit.ATTENDANCE_SET)
def mark(public_id: str, session_id: str, enrolment_id: str) -> ResponseReturnValue:
    """One mark. The button says which: two who press the same one mean the same."""
    actor = current_actor()
    row = queries.get(actor, public_id)
    meeting, course = queries.get_session(row, session_id), enrolment_queries.get(actor, enrolment_id)
    asked = request.form.get("presence", "")
    if asked not in set(Presence):
        raise Invalid(_("Choose one of those that are shown."), field="presence")
    back = request.form.get("back") == "session"
    url = url_for("groups.session", public_id=public_id, session_id=session_id) if back else _home(public_id)
    with transaction(then=url):
        attendance.set_presence(meeting, course, Presence(asked), actor=actor, now=utc_now())
    presence = Presence(asked)
    cell = {"round_id": public_id, "session_id": session_id, "person_id": enrolment_id, "presence": presence}
    return after_change(url, None if back else "groups/_cell.html", **cell, is_open=True)
