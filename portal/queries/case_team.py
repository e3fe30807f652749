"""Who works on a case, who can see it, and who opened it last. Callers have got the case."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.core.kinds import TeamScope, TrackKind
from portal.db import db
from portal.models.audit import AccessEntry
from portal.models.cases import Case, TeamMember
from portal.models.enrolments import Enrolment
from portal.models.groups import RoundLeader
from portal.models.organisations import Organisation
from portal.models.users import Membership, User
from portal.queries.barriers import blocked_cases, consented, open_cases
from portal.queries.visibility import LIVE, TEAM_ROLES

MOST = 100


@dataclass(frozen=True, slots=True)
class Access:
    """How many can see the case, and who opened it last."""

    people: int
    opened_at: datetime | None
    opened_by: str | None


@dataclass(frozen=True, slots=True)
class TeamRow:
    """Somebody on the team."""

    user_public_id: str
    name: str
    role: Role
    organisation: str
    is_primary: bool
    scope: TeamScope
    joined_at: datetime
    is_me: bool
    may_take_off: bool


@dataclass(frozen=True, slots=True)
class TrackPerson:
    """Somebody who sees the case through a course, by name, role and organisation."""

    name: str
    role: Role
    organisation: str


def list_team(actor: Actor, case: Case) -> list[TeamRow]:
    """Who works on the case, the primary first, and whom the reader may take off: herself, her own, or all as owner."""
    owns = sa.literal(case.owner_organisation_id == actor.organisation_id)
    rows = db.session.execute(
        sa.select(
            User.public_id,
            User.name,
            Membership.role,
            Organisation.name,
            TeamMember.is_primary,
            TeamMember.scope,
            TeamMember.joined_at,
            (User.id == actor.user_id),
            sa.or_(owns, User.id == actor.user_id, TeamMember.organisation_id == actor.organisation_id),
        )
        .join(User, User.id == TeamMember.user_id)
        .join(Membership, Membership.id == TeamMember.membership_id)
        .join(Organisation, Organisation.id == TeamMember.organisation_id)
        .where(TeamMember.case_id == case.id, TeamMember.ended_at.is_(None))
        .order_by(TeamMember.is_primary.desc(), TeamMember.id)
        .limit(MOST)
    )
    return [TeamRow(*row) for row in rows]


def get_member_id(case: Case, user_public_id: str) -> int:
    """The key of somebody on the team. Raises NotFound."""
    found: int | None = db.session.scalar(
        sa.select(TeamMember.user_id)
        .join(User, User.id == TeamMember.user_id)
        .where(TeamMember.case_id == case.id, TeamMember.ended_at.is_(None), User.public_id == user_public_id)
    )
    if found is None:
        raise NotFound
    return found


def colleague_choices(actor: Actor, case: Case) -> list[tuple[str, str]]:
    """Colleagues at the own organisation who do case work, are not on the team yet and not kept out of the case."""
    on_team = sa.select(TeamMember.user_id).where(TeamMember.case_id == case.id, TeamMember.ended_at.is_(None))
    rows = db.session.execute(
        sa.select(User.public_id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == actor.organisation_id,
            Membership.is_live,
            User.is_active,
            Membership.role.in_(TEAM_ROLES),
            User.id.not_in(on_team),
            sa.literal(case.id).not_in(blocked_cases(User.id)),
        )
        .distinct()
        .limit(MOST)
    )
    return sorted(((public_id, name) for public_id, name in rows), key=lambda pair: pair[1])


def colleague_id(actor: Actor, user_public_id: str) -> int:
    """The key of a colleague at the own organisation. Raises NotFound for anybody else."""
    found: int | None = db.session.scalar(
        sa.select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(
            User.public_id == user_public_id,
            User.is_active,
            Membership.organisation_id == actor.organisation_id,
            Membership.is_live,
            Membership.role.in_(TEAM_ROLES),
        )
        .limit(1)
    )
    if found is None:
        raise NotFound
    return found


def _is_on_track(case_id: int) -> sa.ColumnElement[bool]:
    """Whether a membership opens the case through a course on its track: `visibility`, asked the other way round."""
    led = sa.select(RoundLeader.round_id).where(RoundLeader.user_id == Membership.user_id)
    leads = sa.and_(
        Membership.role == Role.GROUP_LEADER,
        Enrolment.kind == TrackKind.GROUP,
        sa.or_(Enrolment.round_id.is_(None), Enrolment.round_id.in_(led)),
    )
    houses = sa.and_(Membership.role == Role.HOUSING_COORDINATOR, Enrolment.kind == TrackKind.HOUSING)
    return sa.and_(
        Membership.is_live,
        User.is_active,
        sa.literal(case_id).not_in(blocked_cases(Membership.user_id)),
        sa.exists().where(
            Enrolment.case_id == case_id,
            Enrolment.organisation_id == Membership.organisation_id,
            Enrolment.state.in_(LIVE),
            sa.or_(leads, houses),
            Case.id == Enrolment.case_id,
            open_cases(),
            consented(Enrolment.case_id, Enrolment.organisation_id),
        ),
    )


def list_on_track(case: Case) -> list[TrackPerson]:
    """Who sees the case through a course on her track, without being on the team, by name."""
    on_team = sa.select(TeamMember.user_id).where(TeamMember.case_id == case.id, TeamMember.ended_at.is_(None))
    rows = db.session.execute(
        sa.select(User.name, Membership.role, Organisation.name)
        .join(Membership, Membership.user_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(_is_on_track(case.id), User.id.not_in(on_team))
        .limit(MOST)
    )
    return sorted((TrackPerson(*row) for row in rows), key=lambda one: one.name.casefold())


def access(case_id: int) -> Access:
    """How many people can open the case, and who did last. Assumes that the caller may see the case."""
    team = sa.select(TeamMember.user_id).where(TeamMember.case_id == case_id, TeamMember.ended_at.is_(None))
    on_track = sa.select(Membership.user_id).join(User, User.id == Membership.user_id).where(_is_on_track(case_id))
    people = sa.select(sa.func.count()).select_from(sa.union(team, on_track).subquery()).scalar_subquery()
    last = (
        sa.select(AccessEntry.at, User.public_id, User.name)
        .join(User, User.id == AccessEntry.actor_id)
        .where(AccessEntry.case_id == case_id)
        .order_by(AccessEntry.id.desc())
        .limit(1)
        .subquery()
    )
    row = db.session.execute(
        sa.select(people, last.c.at, last.c.name)
        .select_from(sa.select(sa.literal(1)).subquery())
        .outerjoin(last, sa.true())
    ).one()
    return Access(*row)
