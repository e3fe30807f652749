"""What the reviewing officers see: alarms, drawn looks, people about to leave, and how the trail is sealed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.alerts import AlertRule, Answer
from portal.core.audit_tags import REVEALS, Audit, Outcome
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.core.pages import Page
from portal.core.states import CaseState
from portal.db import db
from portal.domain.audit_sample import Candidate
from portal.domain.disclosure import Relation
from portal.models.alerts import Alert, AuditSample, Departure
from portal.models.audit import AuditEvent, AuditHead
from portal.models.cases import Case
from portal.models.users import Membership, User
from portal.queries.barriers import knows_of
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.reviewers import is_told
from portal.vault.anchors import fingerprint
from portal.wall import as_system


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alarm as its receiver sees it: whom it is about, and the reference of the case, never what stands in it."""

    public_id: str
    rule: AlertRule
    who: str | None
    reference: str | None
    raised_at: datetime
    window_from: datetime | None
    answered_at: datetime | None
    answer: Answer | None
    remark: str | None
    is_about_me: bool


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One drawn look."""

    public_id: str
    at: datetime
    who: str
    role: Role
    relation: Relation | None
    page: Page | None
    action: Audit | None
    reference: str | None
    reason: str | None
    due_on: date
    answered_at: datetime | None
    answer: Answer | None
    remark: str | None
    is_about_me: bool


@dataclass(frozen=True, slots=True)
class Seal:
    """How the trail of the own organisation and of the portal stands: last line, last anchor, its fingerprint."""

    chain: int
    lines: int
    anchored_seq: int
    anchored_at: datetime | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Check:
    """The last check of the trail."""

    at: datetime
    lines: int
    holds: bool


def list_alerts(
    actor: Actor, *, only_open: bool, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[AlertRow], str | None]:
    """The alarms that the actor is told of, the newest first. Raises ValueError for a bad cursor."""
    statement = _alerts(actor)
    if only_open:
        statement = statement.where(Alert.answered_at.is_(None))
    rows, following = _page(statement, Alert.id, after, limit)
    return [AlertRow(*row[1:]) for row in rows], following


def get_alert(actor: Actor, public_id: str) -> AlertRow:
    """One alarm that the actor is told of. Raises NotFound for any other."""
    row = _one(_alerts(actor).where(Alert.public_id == public_id))
    if row is None:
        raise NotFound
    return AlertRow(*row[1:])


def _alerts(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Alert.id,
            Alert.public_id,
            Alert.rule,
            User.name,
            _reference(actor),
            Alert.raised_at,
            Alert.window_from,
            Alert.answered_at,
            Alert.answer,
            Alert.remark,
            sa.func.coalesce(Alert.about_user_id == actor.user_id, sa.false()),
        )
        .outerjoin(User, User.id == Alert.about_user_id)
        .outerjoin(Case, Case.id == Alert.case_id)
        .where(is_told(actor))
        .order_by(Alert.id.desc())
    )


def _reference(actor: Actor) -> Any:
    """An administrator, who stands in where no officer is left, knows no case by its reference."""
    return sa.cast(sa.null(), sa.Text) if actor.role is Role.ADMINISTRATOR else Case.reference


def list_samples(
    actor: Actor, *, only_open: bool, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[SampleRow], str | None]:
    """The drawn looks of the own organisation, the newest first. Raises ValueError for a bad cursor."""
    statement = _samples(actor)
    if only_open:
        statement = statement.where(AuditSample.answered_at.is_(None))
    rows, following = _page(statement, AuditSample.id, after, limit)
    return [_sample_row(row) for row in rows], following


def get_sample(actor: Actor, public_id: str) -> SampleRow:
    """One drawn look of the own organisation. Raises NotFound for any other."""
    row = _one(_samples(actor).where(AuditSample.public_id == public_id))
    if row is None:
        raise NotFound
    return _sample_row(row)


def has_sample(actor: Actor, samples: Collection[int]) -> bool:
    """Whether one of these drawn looks is the actor's to explain."""
    return bool(_page(_samples(actor).where(AuditSample.id.in_(samples)), AuditSample.id, None, 1)[0])


def _samples(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            AuditSample.id,
            AuditSample.public_id,
            AuditEvent.at,
            User.name,
            AuditEvent.role,
            AuditEvent.relation,
            AuditEvent.page,
            AuditEvent.action,
            Case.reference,
            AuditEvent.reason,
            AuditSample.due_on,
            AuditSample.answered_at,
            AuditSample.answer,
            AuditSample.remark,
            (AuditEvent.actor_id == actor.user_id),
        )
        .join(AuditEvent, AuditEvent.id == AuditSample.event_id)
        .join(User, User.id == AuditEvent.actor_id)
        .outerjoin(Case, Case.id == AuditEvent.case_id)
        .where(AuditSample.organisation_id == actor.organisation_id, knows_of(actor.user_id, AuditEvent.case_id))
        .order_by(AuditSample.id.desc())
    )


def _sample_row(row: Any) -> SampleRow:
    values = list(row[1:])
    values[4] = Relation(values[4]) if values[4] else None
    return SampleRow(*values)


@as_system()
def _one(statement: sa.Select[*tuple[Any, ...]]) -> Any:
    return db.session.execute(statement).one_or_none()


@as_system()
def _page(
    statement: sa.Select[*tuple[Any, ...]], key: Any, after: str | None, limit: int
) -> tuple[Sequence[Any], str | None]:
    if after:
        statement = statement.where(key < decode(after, int)[0])
    rows = db.session.execute(statement.limit(limit + 1)).all()
    return rows[:limit], encode(rows[limit - 1].id) if len(rows) > limit else None


def list_candidates(organisation_id: int, *, since: datetime, until: datetime) -> list[Candidate]:
    """The looks and opened values of an organisation's people in a stretch of time, for the lot."""
    is_reveal = AuditEvent.action.in_(REVEALS)
    rows = db.session.execute(
        sa.select(
            AuditEvent.id,
            AuditEvent.relation,
            sa.func.coalesce(is_reveal, sa.false()),
            sa.func.coalesce(Case.state == CaseState.CLOSED, sa.false()),
        )
        .join(Case, Case.id == AuditEvent.case_id)
        .where(
            AuditEvent.organisation_id == organisation_id,
            AuditEvent.at >= since,
            AuditEvent.at < until,
            AuditEvent.actor_id.is_not(None),
            AuditEvent.outcome == Outcome.ALLOWED,
            sa.or_(AuditEvent.page.is_not(None), is_reveal),
        )
    )
    return [Candidate(*row) for row in rows]


def list_departures(actor: Actor) -> list[tuple[str, str, Role, date]]:
    """Who of the own organisation is about to leave: public id, name, role, last day."""
    rows = db.session.execute(
        sa.select(Membership.public_id, User.name, Membership.role, Departure.last_day)
        .join(Departure, Departure.membership_id == Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organisation_id == actor.organisation_id)
        .order_by(Departure.last_day, Membership.id)
        .limit(PAGE_SIZE)
    )
    return [(public_id, name, role, last_day) for public_id, name, role, last_day in rows]


def member_choices(actor: Actor) -> list[tuple[str, str]]:
    """The people of the own organisation, to choose among."""
    rows = db.session.execute(
        sa.select(Membership.public_id, User.name)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organisation_id == actor.organisation_id, Membership.ended_at.is_(None))
        .limit(500)
    )
    return sorted(((public_id, name) for public_id, name in rows), key=lambda pair: pair[1])


def member_id(actor: Actor, public_id: str) -> int:
    """The key of a membership at the own organisation. Raises NotFound for any other."""
    mine = (Membership.public_id == public_id, Membership.organisation_id == actor.organisation_id)
    found: int | None = db.session.scalar(sa.select(Membership.id).where(*mine))
    if found is None:
        raise NotFound
    return found


def list_seals(actor: Actor) -> list[Seal]:
    """How the chain of the own organisation and that of the portal stand."""
    anchored = sa.and_(AuditEvent.chain == AuditHead.chain, AuditEvent.seq == AuditHead.anchored_seq)
    rows = db.session.execute(
        sa.select(AuditHead.chain, AuditHead.seq, AuditHead.anchored_seq, AuditHead.anchored_at, AuditEvent.hash)
        .outerjoin(AuditEvent, anchored)
        .where(AuditHead.chain.in_((0, actor.organisation_id)))
        .order_by(AuditHead.chain.desc())
    )
    return [Seal(chain, seq, sealed, at, fingerprint(own) if own else "") for chain, seq, sealed, at, own in rows]


def last_check() -> Check | None:
    """The last check of the whole trail or of its last day."""
    row = db.session.execute(
        sa.select(AuditEvent.at, AuditEvent.shown, AuditEvent.outcome)
        .where(AuditEvent.action == Audit.AUDIT_VERIFIED, AuditEvent.organisation_id.is_(None))
        .order_by(AuditEvent.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Check(row.at, row.shown or 0, row.outcome == Outcome.ALLOWED)
