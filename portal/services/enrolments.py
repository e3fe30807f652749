"""Taking part in a programme: given, begun, paused, ended. What a kind adds stands in `services/tracks.py`."""

from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.courses import PauseReason
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Conflict
from portal.core.i18n import _
from portal.core.kinds import EndReason, SubjectType, TrackKind
from portal.core.programmes import ClockStart
from portal.core.safety import PlacementPath
from portal.core.states import EnrolmentState
from portal.db import db
from portal.domain.deadlines import ClockKey, due_on
from portal.domain.enrolments import (
    TEAM_KINDS,
    Action,
    check_end,
    check_ended,
    check_pause,
    check_started,
    queue_role,
)
from portal.domain.last_checks import Unchecked
from portal.domain.programmes import read
from portal.domain.tracks import TRACKS
from portal.domain.workflow import Step
from portal.models.enrolments import Enrolment
from portal.models.programmes import Offer
from portal.models.referrals import TrackRequest
from portal.queries import enrolments as queries
from portal.queries import workers as worker_queries
from portal.queries.programme_versions import find_in_force, rules_of
from portal.services import audit, bridge, course_workers, deadlines, followups, last_checks, placements, tracks
from portal.services import programme_clocks as own_clocks
from portal.services.course_workers import check_step

ALREADY = _("She already takes part in this programme there. Open the course that she has.")


def propose(
    *,
    case_id: int,
    offer: Offer,
    actor: Actor,
    now: datetime,
    request: TrackRequest | None = None,
    worker_id: int | None = None,
    round_id: int | None = None,
) -> Enrolment:
    """Give her a place, with what the kind needs, a worker and the first contact in time: 7 days or its own (R-303).

    `offer` has its programme loaded. Without a named worker the one with the fewest courses takes it. Assumes that
    the caller may give the place. Raises Conflict when she takes part there already: once per case and offer (R-304).
    """
    if (kind := offer.programme.kind) is TrackKind.GROUP:
        placements.check(PlacementPath.COURSE, offer.public_id, queries.public_id_of_case(case_id), now=now)
    if worker_id is None and kind in TEAM_KINDS:
        worker_id = worker_queries.find_free_worker(offer.organisation_id, kind, case_id)
    enrolment = Enrolment(
        case_id=case_id,
        offer=offer,
        offer_id=offer.id,
        organisation_id=offer.organisation_id,
        kind=kind,
        request_id=request.id if request else None,
        programme_version_id=_edition(request, offer),
        worker_id=worker_id,
        round_id=round_id,
        state=EnrolmentState.PROPOSED,
        created_at=now,
    )
    _insert(enrolment)
    tracks.OPENERS[kind](enrolment, actor=actor, now=now)
    course_workers.join(enrolment, actor=actor, now=now)
    bridge.note_courses(case_id, actor=actor, now=now)
    _start_clocks(enrolment, now=now)
    audit.record_about(Audit.ENROLMENT_PROPOSED, enrolment, actor=actor, now=now)
    db.session.flush()
    return enrolment


def _start_clocks(enrolment: Enrolment, *, now: datetime) -> None:
    """The first contact, and what the programme counts from the place being given (R-303, R-667)."""
    rules, today = read(rules_of(enrolment)), local_date(now)
    if enrolment.kind is not TrackKind.GRANT:
        due = due_on(ClockKey.FIRST_CONTACT, today, amount=rules.first_contact_days)
        _put_up(DeadlineKind.FIRST_CONTACT, enrolment, due, now=now)
    own_clocks.start_on_course(enrolment, rules, ClockStart.ACCEPTED, on=today, now=now)


def _edition(request: TrackRequest | None, offer: Offer) -> int | None:
    """Whoever was referred keeps the version that she was referred on; else the one of today (R-661)."""
    if request is not None:
        return request.programme_version_id
    version = find_in_force(offer.programme_id)
    return version.id if version else None


def _insert(enrolment: Enrolment) -> None:
    if queries.find_live(enrolment.case_id, enrolment.offer_id) is not None:
        raise Conflict(ALREADY)
    try:
        with db.session.begin_nested():
            db.session.add(enrolment)
    except IntegrityError as double:
        raise Conflict(ALREADY) from double


def start(enrolment: Enrolment, *, started_on: date, actor: Actor, now: datetime) -> None:
    """Begin the course after the first real contact; the kind's dates and her first follow-up are planned (R-303).

    `enrolment` has its offer and programme loaded. Raises Invalid for a day ahead, NotNow, Forbidden.
    """
    step = check_step(Action.START, enrolment, actor)
    check_started(started_on, local_date(enrolment.created_at), local_date(now))
    enrolment.state, enrolment.started_on = step.target, started_on
    db.session.flush()
    if enrolment.kind in tracks.STARTERS:
        tracks.STARTERS[enrolment.kind](enrolment, actor=actor, now=now)
    plan_end(enrolment, now=now)
    deadlines.finish(DeadlineKind.FIRST_CONTACT, enrolment.public_id, actor=actor, now=now, on=started_on)
    followups.plan_start(enrolment, on=started_on, actor=actor, now=now)
    own_clocks.start_on_course(enrolment, read(rules_of(enrolment)), ClockStart.STARTED, on=started_on, now=now)
    audit.record_about(step.audit, enrolment, actor=actor, now=now)
    db.session.flush()


def plan_end(enrolment: Enrolment, *, now: datetime) -> None:
    """Set the planned end by the kind's rule and put it on the work list; an end that the kind has set itself stays."""
    facts = queries.facts_of(enrolment.id)
    end = TRACKS[enrolment.kind].end_rule(rules_of(enrolment), facts)
    enrolment.planned_end_on = end.on or enrolment.planned_end_on
    if enrolment.planned_end_on is not None:
        _put_up(DeadlineKind.COURSE_END, enrolment, enrolment.planned_end_on, now=now)
    db.session.flush()


def pause(enrolment: Enrolment, reason: PauseReason, review_on: date, *, actor: Actor, now: datetime) -> None:
    """Let the course rest, to be looked at again within 60 days. Statutory dates and T0 do not move (R-302)."""
    step = check_step(Action.PAUSE, enrolment, actor)
    check_pause(review_on, local_date(now))
    enrolment.state, enrolment.pause_review_on = step.target, review_on
    _put_up(DeadlineKind.OTHER, enrolment, review_on, now=now, suffix="pause")
    audit.record_about(step.audit, enrolment, actor=actor, now=now, reason=reason.value)
    db.session.flush()


def resume(enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """Go on after a pause. Raises NotNow, Forbidden."""
    step = check_step(Action.RESUME, enrolment, actor)
    enrolment.state, enrolment.pause_review_on = step.target, None
    deadlines.finish(DeadlineKind.OTHER, enrolment.public_id, actor=actor, now=now, suffix="pause")
    audit.record_about(step.audit, enrolment, actor=actor, now=now)
    db.session.flush()


def complete(
    enrolment: Enrolment, ended_on: date, unchecked: Unchecked | None = None, *, actor: Actor, now: datetime
) -> None:
    """End the course as planned; her last follow-ups are planned. Before its planned day, her safety is asked for.

    Raises Invalid (field named; R-785), NotNow, Forbidden.
    """
    step = check_step(Action.COMPLETE, enrolment, actor)
    check_ended(enrolment.started_on, ended_on, local_date(now))
    if enrolment.kind in tracks.COMPLETERS:
        tracks.COMPLETERS[enrolment.kind](enrolment, actor=actor, now=now)
    last_checks.settle(enrolment, EndReason.COMPLETED, ended_on, unchecked, actor=actor, now=now)
    _end(step, enrolment, EndReason.COMPLETED, None, ended_on, actor=actor, now=now)


def end_early(
    enrolment: Enrolment,
    reason: EndReason,
    ended_on: date,
    note: str | None = None,
    unchecked: Unchecked | None = None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """End the course before its time, for a reason from the kind's list. That she is quiet is none (R-301).

    Somebody has looked at her safety in the last 14 days, or `unchecked` says why not (R-785). Raises Invalid, NotNow.
    """
    step = check_step(Action.END_EARLY, enrolment, actor)
    check_end(enrolment.kind, reason, note)
    check_ended(enrolment.started_on, ended_on, local_date(now))
    if enrolment.kind in tracks.ENDERS:
        tracks.ENDERS[enrolment.kind](enrolment, actor=actor, now=now)
    last_checks.settle(enrolment, reason, ended_on, unchecked, actor=actor, now=now)
    _end(step, enrolment, reason, note, ended_on, actor=actor, now=now)


def never_started(
    enrolment: Enrolment, reason: EndReason, note: str | None = None, *, actor: Actor, now: datetime
) -> None:
    """Close a place that never became a course. No follow-up: nothing was begun (R-301)."""
    step = check_step(Action.NEVER_STARTED, enrolment, actor)
    check_end(enrolment.kind, reason, note)
    if enrolment.kind in tracks.ENDERS:
        tracks.ENDERS[enrolment.kind](enrolment, actor=actor, now=now)
    _end(step, enrolment, reason, note, local_date(now), actor=actor, now=now)


def _end(
    step: Step[EnrolmentState],
    enrolment: Enrolment,
    reason: EndReason,
    note: str | None,
    ended_on: date,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    enrolment.state, enrolment.end_reason, enrolment.end_note = step.target, reason, note or None
    enrolment.ended_on, enrolment.pause_review_on = ended_on, None
    db.session.flush()
    deadlines.call_off(enrolment.public_id, actor=actor, now=now)
    if step.target is not EnrolmentState.NEVER_STARTED:
        followups.plan_end(enrolment, ended_on=ended_on, actor=actor, now=now)
    bridge.note_courses(enrolment.case_id, actor=actor, now=now)
    audit.record_about(step.audit, enrolment, actor=actor, now=now, reason=reason.value)
    db.session.flush()


def _put_up(kind: DeadlineKind, enrolment: Enrolment, due_on: date, *, now: datetime, suffix: str = "") -> None:
    deadlines.put_up(
        kind,
        SubjectType.ENROLMENT,
        enrolment.public_id,
        due_on=due_on,
        organisation_id=enrolment.organisation_id,
        owner_id=enrolment.worker_id,
        queue_role=None if enrolment.worker_id else queue_role(enrolment.kind),
        case_id=enrolment.case_id,
        now=now,
        suffix=suffix,
    )
