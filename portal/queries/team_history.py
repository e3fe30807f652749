"""Who has worked on a case, from when to when, and whom the others asked in between (R-841). Callers got the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Role
from portal.db import db
from portal.models.audit import AuditEntry
from portal.models.cases import Case, TeamMember
from portal.models.enrolments import Enrolment
from portal.models.organisations import Organisation
from portal.models.users import Membership, User
from portal.queries.past_cells import OF_CASE, cells
from portal.queries.unsaid import is_unsaid

MOST = 200


@dataclass(frozen=True, slots=True)
class Span:
    """For how long somebody was the one to ask; `until`: None while she is it."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody's time on the team; `left_at`: None for who is there now."""

    user_public_id: str
    name: str
    role: Role
    organisation: str
    joined_at: datetime
    left_at: datetime | None
    is_deputy: bool
    asked: tuple[Span, ...]


def list_seats(case: Case) -> list[Seat]:
    """Everybody who works or has worked on the case, the latest first. Two statements."""
    rows = db.session.execute(
        sa.select(TeamMember, User.public_id, User.name, Membership.role, Membership.public_id, Organisation.name)
        .join(User, User.id == TeamMember.user_id)
        .join(Membership, Membership.id == TeamMember.membership_id)
        .join(Organisation, Organisation.id == TeamMember.organisation_id)
        .where(TeamMember.case_id == case.id)
        .order_by(TeamMember.joined_at.desc(), TeamMember.id.desc())
        .limit(MOST)
    ).all()
    moments = _handed(case, [row[0] for row in rows])
    return [
        Seat(
            user_public_id,
            name,
            role,
            house,
            member.joined_at,
            member.ended_at,
            member.absence_id is not None,
            _spans(member, moments),
        )
        for member, user_public_id, name, role, _membership, house in rows
    ]


def _handed(case: Case, members: Sequence[TeamMember]) -> list[tuple[datetime, int | None]]:
    """From when on who was the one to ask, the earliest first; None where the trail does not say who it became."""
    said = db.session.execute(
        sa.select(AuditEntry.at, Membership.user_id)
        .outerjoin(Membership, Membership.public_id == AuditEntry.subject_public_id)
        .where(AuditEntry.case_id == case.id, AuditEntry.action == Audit.CASE_OWNER_CHANGED)
        .order_by(AuditEntry.at, AuditEntry.id)
        .limit(MOST)
    )
    moments = [(at, user_id) for at, user_id in said]
    now = next((one.user_id for one in members if one.is_primary and one.ended_at is None), None)
    if moments and moments[-1][1] is None:
        moments[-1] = (moments[-1][0], now)
    first = _first(case, members) if moments else now
    if first is None and not moments:
        first = next((one.user_id for one in members if one.is_primary), None)
    return [(case.opened_at, first), *moments]


def _first(case: Case, members: Sequence[TeamMember]) -> int | None:
    """Whoever opened the case was asked first, if she worked on it."""
    return next((one.user_id for one in members if one.user_id == case.opened_by_id), None)


def _spans(member: TeamMember, moments: Sequence[tuple[datetime, int | None]]) -> tuple[Span, ...]:
    """When somebody was the one to ask while she sat there."""
    found = []
    for number, (at, user_id) in enumerate(moments):
        following = moments[number + 1][0] if number + 1 < len(moments) else None
        until = min((one for one in (following, member.ended_at) if one is not None), default=None)
        since = max(at, member.joined_at)
        if user_id == member.user_id and (until is None or since < until):
            found.append(Span(since, until))
    return tuple(found)


def parts(actor: Actor) -> list[sa.Select[Any]]:
    """Who joined and who left, for the timeline. Whoever was there from the opening on did not join later.

    Whoever came with an answer that can still be undone stands there when it is told (R-850); the page of the team says
    at once who reads the case.
    """
    came_with = sa.exists().where(
        Enrolment.case_id == TeamMember.case_id,
        Enrolment.worker_id == TeamMember.user_id,
        Enrolment.created_at == TeamMember.joined_at,
        is_unsaid(actor),
    )

    def part(source: str, at: Any, condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
        return (
            sa.select(*cells(source, at, TeamMember.id, whom=User.name, house=Organisation.name))
            .join(User, User.id == TeamMember.user_id)
            .join(Organisation, Organisation.id == TeamMember.organisation_id)
            .join(Case, Case.id == TeamMember.case_id)
            .where(TeamMember.case_id == OF_CASE, condition)
        )

    return [
        part("joined", TeamMember.joined_at, sa.and_(TeamMember.joined_at > Case.opened_at, ~came_with)),
        part("left", TeamMember.ended_at, TeamMember.ended_at.is_not(None)),
    ]
