"""Group rounds: planned with their meetings, opened, begun, ended; and the seats in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.enums import Role
from portal.core.errors import Conflict, Forbidden, Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import MeetingCancelReason, MeetingKind, PlaceKind, SubjectType
from portal.core.safety import PlacementPath
from portal.core.states import EnrolmentState, MeetingState, RoundState
from portal.db import db
from portal.domain.groups import (
    MANAGE,
    SEAT_ACTIONS,
    WORKFLOW,
    RoundAction,
    check_can_enter,
    check_leaders,
    check_shape,
)
from portal.domain.groups import themes as themes_of
from portal.domain.meetings import Slot, next_free, slot
from portal.domain.permissions import require
from portal.domain.workflow import Step, check_step
from portal.models.enrolments import Enrolment
from portal.models.groups import GroupRound, RoundLeader
from portal.models.meetings import Meeting
from portal.models.programmes import Offer
from portal.queries.kept_out import is_kept_out
from portal.services import audit, meetings, placements
from portal.wall import as_system

LIVE = (EnrolmentState.PROPOSED, EnrolmentState.ACTIVE, EnrolmentState.PAUSED)


@dataclass(frozen=True, slots=True)
class NewRound:
    """What a round is planned by. Times are Danish times of day."""

    name: str
    starts_on: date
    starts_at: time
    session_minutes: int
    session_count: int
    step_days: int
    places_min: int
    places_max: int
    leader_ids: tuple[int, ...]


def plan_round(offer: Offer, new: NewRound, *, actor: Actor, now: datetime) -> GroupRound:
    """Plan a round with all its meetings; public holidays give way to the next weekday (R-351, R-355).

    `offer` has its programme loaded. Raises Forbidden at another organisation, Invalid.
    """
    require(actor, MANAGE)
    if offer.organisation_id != actor.organisation_id:
        raise Forbidden
    facts = offer.programme.rules.get("facts", {})
    check_leaders(len(set(new.leader_ids)), facts)
    _check_shape(offer, new)
    if new.starts_on < local_date(now) - timedelta(days=366):
        raise Invalid(_("The round would have begun more than a year ago."), field="starts_on")
    row = GroupRound(
        offer_id=offer.id,
        organisation_id=offer.organisation_id,
        name=new.name,
        state=RoundState.PLANNED,
        starts_on=new.starts_on,
        starts_at_time=new.starts_at,
        session_minutes=new.session_minutes,
        session_count=new.session_count,
        step_days=new.step_days,
        places_min=new.places_min,
        places_max=new.places_max,
        taken=0,
    )
    db.session.add(row)
    db.session.flush()
    db.session.add_all(RoundLeader(round_id=row.id, user_id=user_id) for user_id in dict.fromkeys(new.leader_ids))
    db.session.flush()
    _plan_sessions(row, new.leader_ids[0], themes_of(facts), actor=actor, now=now)
    audit.record_about(Audit.ROUND_PLANNED, row, actor=actor, now=now)
    db.session.flush()
    return row


def _check_shape(offer: Offer, new: NewRound) -> None:
    check_shape(
        step_days=new.step_days,
        session_count=new.session_count,
        places_min=new.places_min,
        places_max=new.places_max,
    )
    most = offer.programme.rules.get("places_per_round")
    if most is not None and new.places_max > most:
        raise Invalid(_("The programme has at most %(num)d places in a round.", num=most), field="places_max")


def _plan_sessions(row: GroupRound, responsible_id: int, themes: Sequence[str], *, actor: Actor, now: datetime) -> None:
    for number in range(row.session_count):
        wished = row.starts_on + timedelta(days=row.step_days * number)
        day = next_free(wished)
        one = session_slot(day, row.starts_at_time, row.session_minutes)
        moved = session_slot(wished, row.starts_at_time, row.session_minutes).starts_at if day != wished else None
        meetings.plan(
            kind=MeetingKind.GROUP_SESSION,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            moved_from=moved,
            place_kind=PlaceKind.OUR_ROOMS,
            responsible_id=responsible_id,
            organisation_id=row.organisation_id,
            round_id=row.id,
            number=number + 1,
            theme=themes[number % len(themes)] if themes else None,
            actor=actor,
            now=now,
        )


def session_slot(day: date, at: time, minutes: int) -> Slot:
    """The moments of a group meeting. Raises Invalid (`starts`) for a time that the clock jumps over."""
    first = slot(day, at, at, ends_next_day=True)
    return Slot(first.starts_at, first.starts_at + timedelta(minutes=minutes))


def advance(row: GroupRound, action: RoundAction, *, actor: Actor, now: datetime) -> None:
    """Take a step with the round as a whole (R-355).

    Raises NotNow: opened without enough leaders, confirmed with too few participants, begun before its first day,
    completed while a meeting is still to come. Raises Forbidden at another organisation.
    """
    if action in SEAT_ACTIONS:
        raise NotNow
    step = _check(action, row, actor)
    _check_moment(row, action, now)
    row.state = step.target
    db.session.flush()
    if action is RoundAction.CANCEL:
        _cancel_sessions(row, actor=actor, now=now)
    audit.record_about(step.audit, row, actor=actor, now=now, fields=[action.value])
    db.session.flush()


def _check_moment(row: GroupRound, action: RoundAction, now: datetime) -> None:
    if action is RoundAction.CONFIRM and row.taken < row.places_min:
        raise NotNow(_("There are not enough participants yet: %(num)d are needed.", num=row.places_min))
    if action is RoundAction.START and row.starts_on > local_date(now):
        raise NotNow(_("The first meeting has not come yet."))
    if action is RoundAction.COMPLETE and _count(row, MeetingState.PLANNED):
        raise NotNow(_("A meeting of the round is still open. Register or cancel it first."))


def _cancel_sessions(row: GroupRound, *, actor: Actor, now: datetime) -> None:
    """Everybody goes back among those who wait for a seat; meetings that have not been held are called off."""
    db.session.execute(
        sa.update(Enrolment).where(Enrolment.round_id == row.id, Enrolment.state.in_(LIVE)).values(round_id=None)
    )
    row.taken = 0
    open_ones = sa.select(Meeting).where(Meeting.round_id == row.id, Meeting.state == MeetingState.PLANNED)
    for meeting in db.session.scalars(open_ones).all():
        meetings.cancel(meeting, MeetingCancelReason.OTHER, actor=actor, now=now)


def place(row: GroupRound, enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """Give her a seat in the round (R-358). The counter decides, so that the last seat is given once.

    Nobody is brought together with a leader who is kept out of her case (R-619), nor with whom she must not meet
    (R-751: AskFirst). Raises Conflict when the round is full or she has a seat, NotNow after the third meeting,
    Invalid, Forbidden.
    """
    step = _check(RoundAction.PLACE, row, actor)
    if enrolment.offer_id != row.offer_id:
        raise Invalid(_("She was given a place in another programme."))
    if _is_led_by_one_kept_out(row, enrolment.case_id):
        raise Invalid(_("This round cannot take her. Choose another one."))
    check_can_enter(_count(row, MeetingState.HELD))
    placements.check(PlacementPath.SEAT, row.public_id, enrolment.public_id, now=now)
    seat = db.session.execute(
        sa.update(GroupRound)
        .where(GroupRound.id == row.id, GroupRound.taken < GroupRound.places_max, GroupRound.state.in_(step.sources))
        .values(taken=GroupRound.taken + 1)
        .returning(GroupRound.id)
    ).first()
    if seat is None:
        raise Conflict(_("The last seat was given a moment ago. She keeps her place in the line for the next round."))
    hers = db.session.execute(
        sa.update(Enrolment)
        .where(Enrolment.id == enrolment.id, Enrolment.round_id.is_(None), Enrolment.state.in_(LIVE))
        .values(round_id=row.id)
        .returning(Enrolment.id)
    ).first()
    if hers is None:
        raise Conflict(_("She has been given a seat already."))
    db.session.expire(row)
    db.session.expire(enrolment, ["round_id"])
    audit.record(
        step.audit, SubjectType.ENROLMENT, enrolment.public_id, actor=actor, now=now, case_id=enrolment.case_id
    )
    db.session.flush()


def _is_led_by_one_kept_out(row: GroupRound, case_id: int) -> bool:
    leaders = db.session.scalars(sa.select(RoundLeader.user_id).where(RoundLeader.round_id == row.id)).all()
    with as_system():  # whoever gives the seat knows of no block, and learns of none
        return any(is_kept_out(case_id, user_id) for user_id in leaders)


def free_seat(enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """Give a seat back when she leaves before the round has ended; nothing happens without a seat."""
    if enrolment.round_id is None:
        return
    db.session.execute(
        sa.update(GroupRound)
        .where(GroupRound.id == enrolment.round_id, GroupRound.taken > 0)
        .values(taken=GroupRound.taken - 1)
    )
    audit.record(
        Audit.PARTICIPANT_LEFT,
        SubjectType.ENROLMENT,
        enrolment.public_id,
        actor=actor,
        now=now,
        case_id=enrolment.case_id,
    )


def _count(row: GroupRound, state: MeetingState) -> int:
    counted = sa.select(sa.func.count()).where(Meeting.round_id == row.id, Meeting.state == state)
    return db.session.scalar(counted) or 0


def _check(action: RoundAction, row: GroupRound, actor: Actor) -> Step[RoundState]:
    if actor.role is not Role.SYSTEM and actor.organisation_id != row.organisation_id:
        raise Forbidden
    return check_step(WORKFLOW, action, row.state, actor)
