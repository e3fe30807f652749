"""What others did in one's cases since the last time, and to whom a row of the day may be given."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.errors import NotFound
from portal.db import db
from portal.domain.news import TOLD
from portal.models.audit import AuditEntry
from portal.models.cases import Case, TeamMember
from portal.models.clients import Client
from portal.models.deadlines import Deadline
from portal.models.users import Membership, User
from portal.queries.barriers import blocked_cases
from portal.queries.case_lens import lens_columns, lens_from
from portal.queries.paging import PAGE_SIZE
from portal.queries.visibility import TEAM_ROLES, visible_cases
from portal.wall import as_system

# Whoever has been away for long reads the cases themselves.
LONGEST = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Told:
    """What was done in a case, how often and when last: a kind and a reference, and nothing that was written."""

    action: Audit
    times: int
    at: datetime
    reference: str
    case_public_id: str


def list_since(actor: Actor, *, now: datetime) -> tuple[datetime | None, list[Told]]:
    """Since when, and what others did in the cases on whose team the actor is, the newest first (R-791).

    Nothing for somebody who signs in for the first time. Only what her lens of the case opens.
    """
    if actor.role not in TEAM_ROLES:
        return None, []
    with as_system():
        rows = db.session.execute(_since(actor, now)).all()
    found: dict[tuple[int, Audit], Told] = {}
    for row in rows:
        seen = lens_from(actor, row)
        if not seen.shows(TOLD[row.action]) or not (seen.sees_all_tracks or row.is_own):
            continue
        key = row.Case.id, row.action
        before = found[key].times if key in found else 0
        at = found[key].at if key in found else row.at
        found[key] = Told(row.action, before + row.times, at, row.Case.reference, row.Case.public_id)
    return (rows[0].since if rows else None), list(found.values())


def _since(actor: Actor, now: datetime) -> sa.Select[*tuple[object, ...]]:
    before = sa.select(User.signed_in_before_at).where(User.id == actor.user_id).scalar_subquery()
    since = sa.func.greatest(before, now - LONGEST)
    mine = sa.select(TeamMember.case_id).where(TeamMember.user_id == actor.user_id, TeamMember.ended_at.is_(None))
    done = (
        sa.select(
            AuditEntry.case_id,
            AuditEntry.action,
            (AuditEntry.organisation_id == actor.organisation_id).label("is_own"),
            sa.func.count().label("times"),
            sa.func.max(AuditEntry.at).label("at"),
        )
        .where(
            AuditEntry.case_id.in_(mine),
            AuditEntry.action.in_(TOLD),
            AuditEntry.at > since,
            # Greatest leaves an empty moment out: who was never here before is told nothing.
            before.is_not(None),
            AuditEntry.actor_id.is_not(None),
            AuditEntry.actor_id != actor.user_id,
        )
        .group_by(AuditEntry.case_id, AuditEntry.action, sa.column("is_own"))
        .subquery()
    )
    return (
        sa.select(
            Case,
            Client,
            *(done.c.action, done.c.is_own, done.c.times, done.c.at),
            since.label("since"),
            *lens_columns(actor),
        )
        .join(done, done.c.case_id == Case.id)
        .join(Client, Client.id == Case.client_id)
        .where(visible_cases(actor))
        .order_by(done.c.at.desc(), Case.id)
        .limit(PAGE_SIZE)
    )


def list_colleagues(actor: Actor, public_id: str) -> list[tuple[str, str]]:
    """To whom a row of the actor's own may be given: colleagues of her house and role on the case's team (R-792)."""
    rows = db.session.execute(
        sa.select(User.public_id, User.name).where(_may_have(actor, public_id)).order_by(User.id).limit(PAGE_SIZE)
    )
    return sorted(((key, name) for key, name in rows), key=lambda pair: pair[1].casefold())


def get_colleague_id(actor: Actor, public_id: str, user_public_id: str) -> int:
    """The key of one of them. Raises NotFound for anybody else."""
    found = db.session.scalar(sa.select(User.id).where(_may_have(actor, public_id), User.public_id == user_public_id))
    if found is None:
        raise NotFound
    return found


def _may_have(actor: Actor, public_id: str) -> sa.ColumnElement[bool]:
    on_team = (
        sa.select(TeamMember.user_id)
        .join(Deadline, Deadline.case_id == TeamMember.case_id)
        .where(Deadline.public_id == public_id, Deadline.owner_id == actor.user_id, _does_the_same(actor))
    )
    return sa.and_(User.id.in_(on_team), User.is_active)


def _does_the_same(actor: Actor) -> sa.ColumnElement[bool]:
    """She may do what the giver may: the same role at the same house, on the same team, and nothing keeps her out."""
    in_role = sa.exists().where(
        Membership.id == TeamMember.membership_id, Membership.role == actor.role, Membership.is_live
    )
    return sa.and_(
        TeamMember.ended_at.is_(None),
        TeamMember.organisation_id == actor.organisation_id,
        TeamMember.user_id != actor.user_id,
        in_role,
        Deadline.case_id.not_in(blocked_cases(TeamMember.user_id)),
    )


def has_colleague(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether there is anybody to whom a row of a work list may be given, beside the row."""
    return sa.exists().where(TeamMember.case_id == Deadline.case_id, _does_the_same(actor)).correlate(Deadline)
