"""The work list: put up, moved, done, called off."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import at_local, local_date
from portal.core.deadlines import DeadlineCause, DeadlineKind
from portal.core.enums import Role
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.core.states import DeadlineState, WishState
from portal.db import db
from portal.models.deadlines import Deadline, DeadlineChange
from portal.queries import standing
from portal.services import audit
from portal.wall import as_system


def put_up(
    kind: DeadlineKind,
    subject_type: SubjectType,
    subject_public_id: str,
    *,
    due_on: date,
    organisation_id: int,
    now: datetime,
    owner_id: int | None = None,
    queue_role: Role | None = None,
    case_id: int | None = None,
    suffix: str = "",
) -> None:
    """Put something on the work list, or move it when it already stands there (R-007: a thing stands there once).

    `suffix` tells apart several of one kind about one thing, such as the rungs of a tenancy. While something stands
    over the case under which the kind rests, it rests from the beginning (R-816).
    """
    values = {
        "kind": kind,
        "state": standing.state_of(kind, case_id),
        "organisation_id": organisation_id,
        "owner_id": owner_id,
        "queue_role": queue_role.value if queue_role else None,
        "given_by_id": None,
        "case_id": case_id,
        "subject_type": subject_type,
        "subject_public_id": subject_public_id,
        "due_on": due_on,
        "done_at": None,
        "done_by_id": None,
        "reminded_at": None,
        "remind_attempts": 0,
    }
    key = _key(kind, subject_public_id, suffix)
    statement = insert(Deadline).values(public_id=new_public_id(), source_key=key, created_at=now, **values)
    with as_system():
        before = _day_before(key, now)
        _write(statement.on_conflict_do_update(index_elements=["source_key"], set_=values))
        note_change(before, due_on, DeadlineCause.MOVED, now=now)


def move(kind: DeadlineKind, subject_public_id: str, *, due_on: date, now: datetime, suffix: str = "") -> None:
    """Give something that is still open another day, to be reminded of anew. What is done stays done."""
    key = _key(kind, subject_public_id, suffix)
    anew = sa.update(Deadline).where(Deadline.source_key == key, is_to_do())
    with as_system():
        before = _day_before(key, now)
        _write(anew.values(due_on=due_on, reminded_at=None, remind_attempts=0))
        note_change(before, due_on, DeadlineCause.MOVED, now=now)


@dataclass(frozen=True, slots=True)
class Before:
    """Which day something had, before it got another."""

    deadline_id: int
    case_id: int | None
    due_on: date


def _day_before(key: str, now: datetime) -> Before | None:
    """The day of something that stands on the list, or was taken off it in this very act to be put up anew."""
    is_live = sa.or_(
        is_to_do(),
        sa.and_(Deadline.state == DeadlineState.CANCELLED, Deadline.done_at == now),
    )
    found = sa.select(Deadline.id, Deadline.case_id, Deadline.due_on).where(Deadline.source_key == key, is_live)
    row = db.session.execute(found).one_or_none()
    return None if row is None else Before(*row)


def note_change(before: Before | None, to_on: date, cause: DeadlineCause, *, now: datetime) -> None:
    """Keep that the day of something in a case has become another one (R-702)."""
    if before is None or before.case_id is None or before.due_on == to_on:
        return
    _write(
        sa.insert(DeadlineChange).values(
            public_id=new_public_id(),
            deadline_id=before.deadline_id,
            case_id=before.case_id,
            cause=cause,
            from_on=before.due_on,
            to_on=to_on,
            at=now,
            state=WishState.AGREED,
            answered_at=now,
        )
    )


def give_leave(
    kind: DeadlineKind, subject_public_id: str, *, reason: str, asked_by_id: int | None, given_by_id: int, now: datetime
) -> None:
    """Keep by whose leave and why the day of something became a later one in this very act (R-868)."""
    of_now = sa.and_(Deadline.source_key == _key(kind, subject_public_id, ""), DeadlineChange.at == now)
    with as_system():
        change = db.session.scalar(sa.select(DeadlineChange).join(DeadlineChange.deadline).where(of_now))
        if change is not None:
            change.cause, change.reason = DeadlineCause.EXTENDED, reason
            change.asked_by_id, change.answered_by_id = asked_by_id, given_by_id


def record(action: Audit, deadline: Deadline, *, actor: Actor, now: datetime, reason: str | None = None) -> None:
    """Write one line of the trail about something that stands on the list: of which kind it is (R-005)."""
    audit.record(
        action,
        deadline.subject_type,
        deadline.subject_public_id,
        actor=actor,
        now=now,
        case_id=deadline.case_id,
        fields=[deadline.kind.value],
        reason=reason,
    )
    db.session.flush()


def finish(
    kind: DeadlineKind,
    subject_public_id: str,
    *,
    actor: Actor,
    now: datetime,
    suffix: str = "",
    on: date | None = None,
) -> None:
    """Take something off the work list because it has been done. Nothing happens when it does not stand there.

    `on`: the day on which it was done, where that is entered afterwards. It alone says whether it was late (R-830).
    """
    key = _key(kind, subject_public_id, suffix)
    _close(Deadline.source_key == key, DeadlineState.DONE, actor, done_at(on, now))


def done_at(on: date | None, now: datetime) -> datetime:
    """The moment that stands for a day on which something was done: this one, or noon of an earlier day (R-830)."""
    return now if on is None or on >= local_date(now) else at_local(on, time(12))


def done_anew(kind: DeadlineKind, subject_public_id: str, on: date, *, now: datetime) -> None:
    """Something that is off the list was done on another day than was entered (R-831)."""
    done = sa.and_(Deadline.source_key == _key(kind, subject_public_id, ""), Deadline.state == DeadlineState.DONE)
    _write(sa.update(Deadline).where(done).values(done_at=done_at(on, now)))


def call_off(
    subject_public_id: str, *, actor: Actor, now: datetime, kind: DeadlineKind | None = None, suffix: str = ""
) -> None:
    """Take everything about a thing off the work list (all of one kind; one of them): it is no longer needed."""
    condition = Deadline.subject_public_id == subject_public_id
    if kind is not None:
        condition = sa.and_(condition, Deadline.kind == kind)
    if kind is not None and suffix:
        condition = Deadline.source_key == _key(kind, subject_public_id, suffix)
    _close(condition, DeadlineState.CANCELLED, actor, now)


def is_closed_at(subject_public_id: str, kind: DeadlineKind, moment: datetime) -> bool:
    """Whether an act of that very moment took this off the list (R-784)."""
    of_then = sa.and_(
        Deadline.subject_public_id == subject_public_id,
        Deadline.kind == kind,
        Deadline.done_at == moment,
        Deadline.state != DeadlineState.OPEN,
    )
    with as_system():
        return bool(db.session.scalar(sa.select(sa.exists().where(of_then))))


def call_off_case(case_id: int, *, keep: Collection[DeadlineKind], actor: Actor, now: datetime) -> None:
    """Take everything of a case off the work list, but for some kinds."""
    _close(sa.and_(Deadline.case_id == case_id, Deadline.kind.not_in(keep)), DeadlineState.CANCELLED, actor, now)


def bring_back_case(case_id: int, *, called_off_at: datetime, owner_id: int | None, today: date) -> None:
    """Put back what was called off for a case at that moment; nobody was late meanwhile. All of it goes to one person,
    since those who had it may work here no more.
    """
    _write(
        sa.update(Deadline)
        .where(
            Deadline.case_id == case_id,
            Deadline.state == DeadlineState.CANCELLED,
            Deadline.done_at == called_off_at,
        )
        .values(
            state=standing.state_again(),
            due_on=sa.func.greatest(Deadline.due_on, today),
            owner_id=owner_id,
            done_at=None,
            done_by_id=None,
            reminded_at=None,
            remind_attempts=0,
        )
    )


def bring_back(subject_public_id: str, *, closed_at: datetime, kind: DeadlineKind | None = None) -> None:
    """Put back as it was what one act took off the list, which is undone now (R-784): found by its very moment."""
    condition = sa.and_(Deadline.subject_public_id == subject_public_id, Deadline.done_at == closed_at)
    if kind is not None:
        condition = sa.and_(condition, Deadline.kind == kind)
    _reopen(condition)


def bring_back_one(kind: DeadlineKind, subject_public_id: str, suffix: str) -> None:
    """Put back as it was one thing that holds again, whatever took it off the list (R-823)."""
    _reopen(Deadline.source_key == _key(kind, subject_public_id, suffix))


def _reopen(condition: sa.ColumnElement[bool]) -> None:
    _write(
        sa.update(Deadline)
        .where(condition, ~is_to_do())
        .values(state=standing.state_again(), done_at=None, done_by_id=None)
    )


def hand_over(subject_public_id: str, *, owner_id: int | None, but: Collection[DeadlineKind] = ()) -> None:
    """Give what is open about a thing to somebody else, but for some kinds."""
    _write(
        sa.update(Deadline)
        .where(
            Deadline.subject_public_id == subject_public_id,
            is_to_do(),
            Deadline.kind.not_in(but),
        )
        .values(owner_id=owner_id, given_by_id=None)
    )


def is_to_do() -> sa.ColumnElement[bool]:
    """What is open, and what rests: it is done, moved, handed over and called off as if it were open."""
    # Written as two, each with an index of its own.
    return sa.or_(Deadline.state == DeadlineState.OPEN, Deadline.state == DeadlineState.RESTS)


def rest(case_id: int) -> None:
    """Let rest what rests under what stands over a case now (R-816). It keeps its day and its owner."""
    again = standing.state_again()
    _write(
        sa.update(Deadline)
        .where(Deadline.case_id == case_id, Deadline.state == DeadlineState.OPEN, again == DeadlineState.RESTS)
        .values(state=DeadlineState.RESTS)
    )


def wake(case_id: int, *, today: date) -> None:
    """Put back what rests under nothing any more; nobody was late meanwhile (R-818)."""
    again = standing.state_again()
    _write(
        sa.update(Deadline)
        .where(Deadline.case_id == case_id, Deadline.state == DeadlineState.RESTS, again == DeadlineState.OPEN)
        .values(state=DeadlineState.OPEN, due_on=sa.func.greatest(Deadline.due_on, today), reminded_at=None)
    )


def _key(kind: DeadlineKind, subject_public_id: str, suffix: str) -> str:
    return ":".join(filter(None, (kind.value, subject_public_id, suffix)))


def _close(condition: sa.ColumnElement[bool], state: DeadlineState, actor: Actor, now: datetime) -> None:
    _write(sa.update(Deadline).where(condition, is_to_do()).values(state=state, done_at=now, done_by_id=actor.user_id))


def _write(statement: sa.Executable) -> None:
    """One person's act changes another's list, which she may not see: found by exact key, nothing is read (R-512)."""
    with as_system():
        db.session.execute(statement)
