"""Follow-ups: planned by the course's days, filled in together with her, or honestly left unanswered (R-086)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.core.measures import FollowUpPoint, Phase
from portal.core.standing import StandingKind
from portal.core.states import FollowUpState
from portal.db import db
from portal.domain import followups as rules
from portal.domain.enrolments import TEAM_KINDS
from portal.domain.followup_steps import UNASKED
from portal.models.cases import TeamMember
from portal.models.enrolments import Enrolment
from portal.models.followups import FollowUp
from portal.queries import standing
from portal.queries.followups import list_closed
from portal.queries.programme_versions import rules_of
from portal.services import audit, deadlines

UNTIL_END = (FollowUpPoint.PHASE_2, FollowUpPoint.PHASE_3, FollowUpPoint.BETWEEN)


def plan_start(enrolment: Enrolment, *, on: date, actor: Actor, now: datetime) -> None:
    """Plan the follow-up at the start of a course; a second time it only moves (R-086)."""
    between = rules.plan_spans(enrolment.kind, on, _wanted(enrolment), FollowUpPoint.BETWEEN)
    _plan(enrolment, [*rules.plan_start(enrolment.kind, on), *between], actor=actor, now=now)


def plan_phase_change(enrolment: Enrolment, phase: Phase, *, on: date, actor: Actor, now: datetime) -> None:
    """Plan the follow-up at the change into a phase, due on the day that the calendar gives (R-086)."""
    planned = rules.PlannedPoint(rules.POINT_OF_PHASE[phase], rules.window(enrolment.kind, on))
    _plan(enrolment, [planned], actor=actor, now=now)


def plan_end(enrolment: Enrolment, *, ended_on: date, actor: Actor, now: datetime) -> None:
    """Plan the follow-ups at the end and three months after; phases that never came are not asked about (R-087)."""
    never = _open_ones(enrolment, sa.and_(FollowUp.point.in_(UNTIL_END), FollowUp.due_on > ended_on))
    for follow_up in never:
        follow_up.state = FollowUpState.CANCELLED
        deadlines.call_off(follow_up.public_id, actor=actor, now=now)
    later = rules.plan_spans(enrolment.kind, ended_on, _wanted(enrolment), FollowUpPoint.LATER)
    after = rules.plan_end(enrolment.kind, ended_on, rules.OPTIONAL_POINTS)
    _plan(enrolment, [*after, *later], actor=actor, now=now)


def take_end_back(enrolment: Enrolment, *, ended_on: date | None, actor: Actor, now: datetime) -> None:
    """The course goes on: what was planned for its end is planned anew then, what it cut off is asked again (R-780)."""
    kept, today = (FollowUpPoint.START, *UNTIL_END), local_date(now)
    for follow_up in _open_ones(enrolment, FollowUp.point.not_in(kept)):
        deadlines.call_off(follow_up.public_id, actor=actor, now=now)
        db.session.delete(follow_up)
    cut_off = sa.and_(FollowUp.state == FollowUpState.CANCELLED, FollowUp.point.in_(UNTIL_END))
    ahead = sa.and_(FollowUp.enrolment_id == enrolment.id, FollowUp.due_on > max(ended_on or today, today))
    for follow_up in db.session.scalars(sa.select(FollowUp).where(cut_off, ahead).with_for_update()).all():
        follow_up.state = FollowUpState.PLANNED
        deadlines.put_up(
            DeadlineKind.FOLLOW_UP,
            SubjectType.FOLLOW_UP,
            follow_up.public_id,
            due_on=follow_up.due_on,
            organisation_id=follow_up.organisation_id,
            owner_id=follow_up.owner_id,
            case_id=enrolment.case_id,
            now=now,
        )
    db.session.flush()


def hand_over(enrolment: Enrolment, *, owner_id: int | None) -> None:
    """Give what is still to be asked in a course to somebody else, with what stands on the work list."""
    for follow_up in _open_ones(enrolment, sa.true()):
        follow_up.owner_id = owner_id
        deadlines.hand_over(follow_up.public_id, owner_id=owner_id)
    db.session.flush()


def expire_overdue(*, actor: Actor, now: datetime) -> int:
    """For the nightly job: open windows make follow-ups due, closed ones expire: our failure, not hers (R-088).

    One that has expired may still be filled in for 30 days and stays on the work list as long. Returns how many rows
    changed. The caller commits.
    """
    today = local_date(now)
    opened = db.session.scalars(
        sa.update(FollowUp)
        .where(FollowUp.state == FollowUpState.PLANNED, FollowUp.opens_on <= today)
        .values(state=FollowUpState.DUE)
        .returning(FollowUp.id)
        .execution_options(synchronize_session=False)
    ).all()
    expired = list_closed(today, tuple(UNASKED))
    for follow_up in expired:
        follow_up.state = FollowUpState.EXPIRED
        audit.record_about(Audit.FOLLOW_UP_CODED, follow_up, actor=actor, now=now, fields=["state"])
    for public_id in _given_up(today):
        deadlines.call_off(public_id, kind=DeadlineKind.FOLLOW_UP, actor=actor, now=now)
    db.session.flush()
    return len(opened) + len(expired)


def _given_up(today: date) -> Sequence[str]:
    """What nobody can fill in any more, and closed lately enough to stand on a work list still."""
    last = today - timedelta(days=rules.LATE_DAYS)
    return db.session.scalars(
        sa.select(FollowUp.public_id).where(
            FollowUp.state.in_((FollowUpState.EXPIRED, FollowUpState.PARTLY_COMPLETED)),
            FollowUp.closes_on.between(last - timedelta(days=rules.LATE_DAYS), last - timedelta(days=1)),
        )
    ).all()


def _open_ones(enrolment: Enrolment, condition: sa.ColumnElement[bool]) -> list[FollowUp]:
    statement = sa.select(FollowUp).where(FollowUp.enrolment_id == enrolment.id, FollowUp.state.in_(UNASKED), condition)
    return list(db.session.scalars(statement.with_for_update()))


def _plan(enrolment: Enrolment, points: Iterable[rules.PlannedPoint], *, actor: Actor, now: datetime) -> None:
    wanted = _wanted(enrolment)
    planned = [row for row in points if row.asked in wanted]
    if not planned:
        return
    db.session.flush()
    owner_id, organisation_id = _owner(enrolment)
    for row in planned:
        public_id = _put(enrolment, row, owner_id=owner_id, organisation_id=organisation_id, now=now)
        if public_id is None:
            continue
        deadlines.put_up(
            DeadlineKind.FOLLOW_UP,
            SubjectType.FOLLOW_UP,
            public_id,
            due_on=row.window.due_on,
            organisation_id=organisation_id,
            owner_id=owner_id,
            case_id=enrolment.case_id,
            now=now,
        )
        audit.record(
            Audit.FOLLOW_UP_PLANNED,
            SubjectType.FOLLOW_UP,
            public_id,
            actor=actor,
            now=now,
            case_id=enrolment.case_id,
            fields=[row.point.value],
        )
    db.session.flush()


def _wanted(enrolment: Enrolment) -> set[rules.Asked]:
    """The points that the programme asks for, in the version that the course began with: a programme is data."""
    return {rules.read_asked(point) for point in rules_of(enrolment).get("follow_up", ())}


def _put(
    enrolment: Enrolment, row: rules.PlannedPoint, *, owner_id: int | None, organisation_id: int, now: datetime
) -> str | None:
    """Insert or move; None when it stands there already on that day, or has been asked."""
    span = row.window
    days = {"opens_on": span.opens_on, "due_on": span.due_on, "closes_on": span.closes_on}
    statement = insert(FollowUp).values(
        public_id=new_public_id(),
        version=1,
        case_id=enrolment.case_id,
        enrolment_id=enrolment.id,
        organisation_id=organisation_id,
        owner_id=owner_id,
        point=row.point,
        span=row.span,
        state=_state_of(span, enrolment.case_id, local_date(now)),
        **days,
    )
    return db.session.scalar(
        statement.on_conflict_do_update(
            index_elements=["enrolment_id", "point", "span"],
            set_={**days, "version": FollowUp.version + 1},
            where=sa.and_(FollowUp.state.in_(UNASKED), FollowUp.due_on != span.due_on),
        ).returning(FollowUp.public_id)
    )


def _state_of(span: rules.Window, case_id: int, today: date) -> Any:
    """Planned or due; said honestly at once where she has died and nobody can be asked (R-816)."""
    living = FollowUpState.DUE if span.opens_on <= today else FollowUpState.PLANNED
    kind = FollowUp.__table__.c.state.type
    has_died = standing.stands(case_id, StandingKind.DIED)
    return sa.case((has_died, sa.literal(FollowUpState.DIED, kind)), else_=sa.literal(living, kind))


def has_died(case_id: int, *, actor: Actor, now: datetime) -> None:
    """Whoever has died is not asked: what was planned is left out by a code of its own, and nothing is owed (R-816)."""
    waiting = sa.select(FollowUp).where(FollowUp.case_id == case_id, FollowUp.state.in_(UNASKED))
    for follow_up in db.session.scalars(waiting.with_for_update()).all():
        follow_up.state = FollowUpState.DIED
        follow_up.completed_at, follow_up.completed_by_id = now, actor.user_id
        audit.record_about(Audit.FOLLOW_UP_CODED, follow_up, actor=actor, now=now, fields=["state"])
    db.session.flush()


def lives(case_id: int, *, today: date) -> None:
    """It was a mistake: what was left out by that code is planned as before (R-818)."""
    left_out = sa.select(FollowUp).where(FollowUp.case_id == case_id, FollowUp.state == FollowUpState.DIED)
    for follow_up in db.session.scalars(left_out.with_for_update()).all():
        follow_up.state = FollowUpState.DUE if follow_up.opens_on <= today else FollowUpState.PLANNED
        follow_up.completed_at, follow_up.completed_by_id = None, None
    db.session.flush()


def _owner(enrolment: Enrolment) -> tuple[int | None, int]:
    """The worker where she is on the team of the case, else the one whom the others ask: she sees the scores."""
    if enrolment.kind in TEAM_KINDS and enrolment.worker_id is not None:
        return enrolment.worker_id, enrolment.organisation_id
    primary = db.session.execute(
        sa.select(TeamMember.user_id, TeamMember.organisation_id).where(
            TeamMember.case_id == enrolment.case_id, TeamMember.ended_at.is_(None), TeamMember.is_primary
        )
    ).one_or_none()
    return (None, enrolment.organisation_id) if primary is None else (primary.user_id, primary.organisation_id)
