"""An answer that was given by a slip is undone, within ten minutes and before anybody has been told of it."""

from collections.abc import Sequence
from datetime import datetime

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.enums import Role
from portal.core.errors import Conflict, Forbidden, NotNow
from portal.core.i18n import _
from portal.core.kinds import EndReason, MarkReason
from portal.core.states import EnrolmentState, RequestState
from portal.db import db
from portal.domain.permissions import require
from portal.domain.referrals import UNDOES, UNDONE, WORKFLOW, Action, can_be_undone, standing_end
from portal.domain.workflow import Step, check_step, check_version
from portal.models.enrolments import Enrolment
from portal.models.referrals import TrackRequest
from portal.queries import ladder
from portal.queries import programmes as programme_queries
from portal.queries import request_undo as queries
from portal.queries.requests import has_open
from portal.services import audit, bridge, deadlines, messages, team, tracks
from portal.services.case_marks import must_be_open
from portal.services.request_events import may_be_undone, move, require_own
from portal.wall import as_system

TOO_LATE = _("An answer can be undone for ten minutes. They have gone, and the others have been told.")
GONE_ON = _("Somebody has gone on with her course already. End it there, if it was given by a slip.")
STANDS = _("By accepting, something was opened that stands by itself. It cannot be undone here.")
TAKEN = _("The place that was held for her has been given to somebody else meanwhile.")


def undo(request: TrackRequest, *, actor: Actor, now: datetime, version: int | None = None) -> None:
    """Take an answer back, as if it had never been given; the history keeps both (R-781).

    Whoever gave it may, and the lead of the house. It is locked while it is asked: of two at once one undoes it. Needs
    offer, programme and referral loaded. Raises Forbidden, NotNow, Stale, Conflict.
    """
    ladder.lock(request.id)
    db.session.refresh(request, ["state", "decided_at", "decided_by_id", "version"])
    step = _check(request, actor)
    check_version(version, request.version)
    if not can_be_undone(request.decided_at, now):
        raise NotNow(TOO_LATE)
    if not may_be_undone(request):
        raise NotNow(STANDS)
    decided_at = request.decided_at or now
    # Nothing of the case is the receiver's before she is in, and a lead sees none: what it was is asked for her.
    with as_system():
        events = queries.list_steps(request.id)
        before = events[-1].from_state
        if before not in {step.target} | step.back_to:
            raise NotNow
        must_be_open(request.case_id)
        told = [request.referral.public_id]
        if request.state is RequestState.ACCEPTED:
            told.append(_give_back(request, decided_at, actor=actor, now=now))
        else:
            _check_room(request, before)
        messages.call_back(told, told_at=decided_at, now=now)
        _clear(request, events[:-1])
        deadlines.call_off(request.public_id, actor=actor, now=now)
        deadlines.bring_back(request.public_id, closed_at=decided_at)
    move(request, before, actor=actor, now=now, tag=step.audit, reason=UNDONE)


def _check(request: TrackRequest, actor: Actor) -> Step[RequestState]:
    """The step to take: who, before when (R-002)."""
    action = UNDOES.get(request.state, Action.UNDO_DECLINE)
    if actor.role is not Role.SYSTEM:
        require_own(request, actor)
        require(actor, WORKFLOW[action].permission)
        is_theirs = actor.role is Role.PROGRAMME_LEAD or actor.user_id == request.decided_by_id
        if request.state in UNDOES and not is_theirs:
            raise Forbidden
    return check_step(WORKFLOW, action, request.state, actor)


def _check_room(request: TrackRequest, before: RequestState) -> None:
    """A no is undone while nobody else has got what it set free."""
    if has_open(request.case_id, request.offer_id):
        raise Conflict
    if before is RequestState.OFFERED:
        capacity, live, held = programme_queries.lock_room(request.offer_id)
        if capacity is not None and live + held >= capacity:
            raise Conflict(TAKEN)


def _clear(request: TrackRequest, events: Sequence[queries.StepTaken]) -> None:
    """The fields as they were: nobody has decided anything, and where she stood first she does again (R-779)."""
    request.decided_at = request.decided_by_id = None
    request.decline_reason = request.decline_text = request.cool_down_until = None
    request.alternative_offer_id = request.alternative_text = None
    request.priority_reason = _priority(request, events)


def _priority(request: TrackRequest, events: Sequence[queries.StepTaken]) -> MarkReason | None:
    """Why a lead had put her first, where that still held when she was answered."""
    ended_at = standing_end((event.to_state, event.at, event.reason) for event in events)
    return queries.find_priority(request.id, since=ended_at)


def _give_back(request: TrackRequest, given_at: datetime, *, actor: Actor, now: datetime) -> str:
    """Take the place back that the answer gave: the course was never begun, its worker leaves the team (R-784).

    Raises NotNow when somebody has gone on with it. Returns the public id of the course.
    """
    course = queries.get_course(request.id)
    if course.state is not EnrolmentState.PROPOSED or queries.has_gone_on(course, since=given_at):
        raise NotNow(GONE_ON)
    if course.kind in tracks.UNDOERS:
        tracks.UNDOERS[course.kind](course, actor=actor, now=now)
    course.state, course.end_reason, course.ended_on = EnrolmentState.NEVER_STARTED, EndReason.UNDONE, local_date(now)
    # The next course that this request leads to is its only one.
    course.request_id = None
    _leave(course, given_at, actor=actor, now=now)
    deadlines.call_off(course.public_id, actor=actor, now=now)
    db.session.flush()
    bridge.note_courses(course.case_id, actor=actor, now=now)
    audit.record_about(Audit.ENROLMENT_NEVER_STARTED, course, actor=actor, now=now, reason=EndReason.UNDONE.value)
    return course.public_id


def _leave(course: Enrolment, joined_at: datetime, *, actor: Actor, now: datetime) -> None:
    """Whoever came on the team with this answer, and only then, leaves it."""
    if course.worker_id is not None:
        team.take_off_again(course.case_id, course.worker_id, joined_at=joined_at, actor=actor, now=now)
