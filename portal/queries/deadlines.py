"""The work list: what somebody must do, by day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.actor import Actor
from portal.core.deadlines import DeadlineKind
from portal.core.errors import NotFound
from portal.core.kinds import MeetingKind, SubjectType
from portal.core.risk import ReviewReason
from portal.core.safe_contact import Barred
from portal.core.states import CaseState, DeadlineState
from portal.db import db
from portal.domain.cases import HERS_ALONE
from portal.domain.clocks import STATUTORY
from portal.models.access import BreakGlass
from portal.models.alerts import AuditSample
from portal.models.audit import AuditEvent
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.meetings import Meeting
from portal.models.programmes import Offer, Programme, ProgrammeVersion
from portal.models.referrals import Referral, TrackRequest
from portal.models.users import User
from portal.queries.barriers import is_open_to, knows_of
from portal.queries.clauses import built_once
from portal.queries.day_news import has_colleague
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.visibility import visible_cases

NEAR_DAYS = 7


class Span(StrEnum):
    """How far the list looks."""

    NEAR = "near"
    LATE = "late"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """One thing to do. `reference` is the case's where the reader sees the case, else None; `referral` its own."""

    public_id: str
    kind: DeadlineKind
    due_on: date
    subject_type: SubjectType
    subject_public_id: str
    reference: str | None
    case_public_id: str | None
    programme: tuple[str, str] | None
    referral: str | None = None
    # The meeting that is to be held and told of, where the row is about one.
    meeting: tuple[MeetingKind, datetime] | None = None
    # Why her safety is to be looked at, or why she was not reached so.
    why: ReviewReason | Barred | None = None
    # What a programme's own clock is called, in Danish and in English.
    clock: tuple[str, str] | None = None
    # Of how many children of hers the same is to be seen to: one row says it of all.
    together: int = 1
    # Who gave it to the reader, or to whom the reader gave it.
    given_by: str | None = None
    given_to: str | None = None
    may_give: bool = False
    # Whether the case may be written in: what a law asks for stays when it is closed.
    is_case_open: bool = False
    # Of a row about a case as its house's leads know it.
    lead_reference: str | None = None
    # Since when nobody has reached her, where the row is about that.
    quiet_since: date | None = None


def _hers(actor: Actor) -> sa.ColumnElement[bool]:
    queue = sa.and_(
        Deadline.owner_id.is_(None),
        Deadline.organisation_id == actor.organisation_id,
        Deadline.queue_role == actor.role.value,
    )
    # What a law asks for stays before whoever gave it away, until it is done.
    given = sa.and_(Deadline.given_by_id == actor.user_id, Deadline.kind.in_(STATUTORY))
    hers = sa.or_(Deadline.owner_id == actor.user_id, queue, given)
    return sa.and_(hers, is_open_to(actor, Deadline.case_id, may_be_none=True), _is_for(actor))


def _is_for(actor: Actor) -> sa.ColumnElement[bool]:
    """What officers look at afterwards names no case on the work list: it is for those who may know of the case."""
    emergency = sa.exists().where(
        BreakGlass.public_id == Deadline.subject_public_id, knows_of(actor.user_id, BreakGlass.case_id)
    )
    drawn = sa.exists().where(
        AuditSample.public_id == Deadline.subject_public_id,
        AuditEvent.id == AuditSample.event_id,
        knows_of(actor.user_id, AuditEvent.case_id),
    )
    return sa.or_(
        Deadline.subject_type.not_in((SubjectType.BREAK_GLASS, SubjectType.SAMPLE)),
        sa.and_(Deadline.subject_type == SubjectType.BREAK_GLASS, emergency.correlate(Deadline)),
        sa.and_(Deadline.subject_type == SubjectType.SAMPLE, drawn.correlate(Deadline)),
    )


@built_once
def mine(actor: Actor) -> sa.ColumnElement[bool]:
    """What is open and hers, or nobody's yet and for her role at her house; one row for the children of a case."""
    return sa.and_(Deadline.state == DeadlineState.OPEN, _hers(actor), ~of_children(is_before=True))


def of_children(*, is_before: bool = False) -> Any:
    """Rows about children of the same case, owner and kind (R-793); `is_before`: those with an earlier day."""
    other = aliased(Deadline)
    same = [
        other.case_id == Deadline.case_id,
        other.owner_id == Deadline.owner_id,
        other.kind == Deadline.kind,
        other.state == DeadlineState.OPEN,
        Deadline.kind == DeadlineKind.CHILD_UNSEEN,
    ]
    if is_before:
        earlier = sa.tuple_(other.due_on, other.id) < sa.tuple_(Deadline.due_on, Deadline.id)
        # Asked for such rows alone, and never of every row beside every other.
        return sa.and_(same[-1], sa.exists().where(*same, earlier).correlate(Deadline))
    return sa.select(sa.func.count(other.id)).where(*same).correlate(Deadline).scalar_subquery()


@built_once
def _said_of(actor: Actor) -> tuple[tuple[Any, ...], tuple[tuple[Any, sa.ColumnElement[bool]], ...]]:
    """What the list shows of a row, and where that comes from: tables beside the row, each with how it hangs on it."""
    giver, owner = aliased(User), aliased(User)
    is_hers = Deadline.owner_id == actor.user_id
    columns = (
        Deadline,
        Case.reference,
        Case.public_id,
        Programme.name_da,
        Programme.name_en,
        Referral.reference,
        Meeting.kind,
        Meeting.starts_at,
        sa.case((Deadline.kind == DeadlineKind.PROGRAMME_CLOCK, ProgrammeVersion.content["clock"])),
        of_children(),
        giver.name,
        owner.name,
        sa.and_(is_hers, Case.id.is_not(None), has_colleague(actor)),
        Case.state == CaseState.OPEN,
    )
    beside = (
        (giver, sa.and_(is_hers, giver.id == Deadline.given_by_id)),
        (owner, sa.and_(~is_hers, Deadline.given_by_id == actor.user_id, owner.id == Deadline.owner_id)),
        (Case, sa.and_(Case.id == Deadline.case_id, visible_cases(actor))),
        (Meeting, _is_about(SubjectType.MEETING, Meeting.public_id)),
        (Enrolment, _is_about(SubjectType.ENROLMENT, Enrolment.public_id)),
        (TrackRequest, _is_about(SubjectType.REQUEST, TrackRequest.public_id)),
        (Referral, Referral.id == TrackRequest.referral_id),
        (Offer, Offer.id == sa.func.coalesce(Enrolment.offer_id, TrackRequest.offer_id)),
        (Programme, Programme.id == Offer.programme_id),
        (
            ProgrammeVersion,
            ProgrammeVersion.id == sa.func.coalesce(Enrolment.programme_version_id, TrackRequest.programme_version_id),
        ),
    )
    return columns, beside


def _is_about(kind: SubjectType, public_id: Any) -> sa.ColumnElement[bool]:
    return sa.and_(Deadline.subject_type == kind, public_id == Deadline.subject_public_id)


def _told(actor: Actor, picked: sa.Select[int], most: int) -> Sequence[Any]:
    """The first of these rows with what the list says of them: what belongs to a row is looked up once it is picked."""
    columns, beside = _said_of(actor)
    by_day = Deadline.due_on, Deadline.id
    first = picked.order_by(*by_day).limit(most).subquery()
    statement = sa.select(*columns).select_from(first).join(Deadline, Deadline.id == first.c.id)
    for table, hangs_on in beside:
        statement = statement.outerjoin(table, hangs_on)
    return db.session.execute(statement.order_by(*by_day)).all()


def list_mine(
    actor: Actor, *, today: date, span: Span = Span.NEAR, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[DeadlineRow], str | None]:
    """What this person must do, the oldest day first, and the cursor of the next page; who is silent stands by itself.

    A programme's question is near whatever its day: its clock stands still until it is answered. Raises ValueError
    for a bad cursor.
    """
    picked = sa.select(Deadline.id).where(mine(actor), Deadline.kind != DeadlineKind.SILENCE)
    if span is Span.NEAR:
        near = Deadline.due_on <= today + timedelta(days=NEAR_DAYS)
        picked = picked.where(sa.or_(near, Deadline.kind == DeadlineKind.REFERRAL_INFO))
    elif span is Span.LATE:
        picked = picked.where(Deadline.due_on < today)
    if after:
        picked = picked.where(sa.tuple_(Deadline.due_on, Deadline.id) > decode(after, date, int))
    rows = _told(actor, picked, limit + 1)
    following = encode(rows[limit - 1][0].due_on, rows[limit - 1][0].id) if len(rows) > limit else None
    return [_row(*row) for row in rows[:limit]], following


def list_silent(actor: Actor) -> list[DeadlineRow]:
    """Whom nobody has reached for too long, the longest first (R-724)."""
    picked = sa.select(Deadline.id).where(mine(actor), Deadline.kind == DeadlineKind.SILENCE)
    rows = _told(actor, picked, PAGE_SIZE)
    return sorted((_row(*row) for row in rows), key=lambda row: row.quiet_since or row.due_on)


def get_row(actor: Actor, public_id: str) -> DeadlineRow:
    """One open thing on the actor's list, as the list shows it. Raises NotFound."""
    is_open = Deadline.state == DeadlineState.OPEN
    rows = _told(actor, sa.select(Deadline.id).where(_hers(actor), is_open, Deadline.public_id == public_id), 1)
    if not rows:
        raise NotFound
    return _row(*rows[0])


def _row(
    deadline: Deadline,
    reference: str | None,
    case: str | None,
    name_da: str | None,
    name_en: str | None,
    referral: str | None = None,
    meeting_kind: MeetingKind | None = None,
    starts_at: datetime | None = None,
    clocks: list[dict[str, Any]] | None = None,
    together: int = 1,
    given_by: str | None = None,
    given_to: str | None = None,
    may_give: bool = False,
    is_case_open: bool | None = None,
) -> DeadlineRow:
    return DeadlineRow(
        public_id=deadline.public_id,
        kind=deadline.kind,
        due_on=deadline.due_on,
        subject_type=deadline.subject_type,
        subject_public_id=deadline.subject_public_id,
        reference=reference,
        case_public_id=case,
        programme=(name_da, name_en or name_da) if name_da else None,
        referral=referral,
        meeting=(meeting_kind, starts_at) if meeting_kind and starts_at else None,
        why=why_of(deadline.kind, deadline.source_key) if case else None,
        clock=_clock_name(deadline.source_key.rpartition(":")[2], clocks or ()),
        together=max(together, 1),
        given_by=given_by,
        given_to=given_to,
        may_give=bool(may_give and is_case_open) and deadline.kind not in HERS_ALONE,
        is_case_open=bool(is_case_open),
        lead_reference=_lead_reference(deadline),
        quiet_since=_quiet_since(deadline),
    )


def _lead_reference(deadline: Deadline) -> str | None:
    """The reference for leads, which a row on their own list is about."""
    is_theirs = deadline.kind is DeadlineKind.BRIDGE_RECEIVER and deadline.queue_role is not None
    return deadline.subject_public_id if is_theirs else None


def _quiet_since(deadline: Deadline) -> date | None:
    """Since when nobody has reached her: the last word of such a row's key."""
    if deadline.kind is not DeadlineKind.SILENCE:
        return None
    return date.fromisoformat(deadline.source_key.rpartition(":")[2])


# Rows whose key ends in the word that says why.
WHYS: Mapping[DeadlineKind, type[ReviewReason | Barred]] = {
    DeadlineKind.SAFETY_REVIEW: ReviewReason,
    DeadlineKind.CONTACT_BLOCKED: Barred,
}


def why_of(kind: DeadlineKind | None, source_key: str | None) -> ReviewReason | Barred | None:
    """What has happened, for a reader who sees the case: the last word of the row's key."""
    words = WHYS.get(kind) if kind else None
    return words((source_key or "").rpartition(":")[2]) if words else None


def _clock_name(key: str, clocks: Iterable[dict[str, Any]]) -> tuple[str, str] | None:
    return next(((row["da"], row["en"]) for row in clocks if row["key"] == key), None)


def get_mine(actor: Actor, public_id: str) -> Deadline:
    """One thing on the actor's own list, also when it is done. Raises NotFound for somebody else's."""
    deadline = db.session.scalar(sa.select(Deadline).where(Deadline.public_id == public_id, _hers(actor)))
    if deadline is None:
        raise NotFound
    return deadline
