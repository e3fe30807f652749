"""Who is told today of what somebody once asked for: people leave and are kept out, and news finds whoever is next."""

from typing import Any

import sqlalchemy as sa

from portal.core.enums import Role
from portal.db import db
from portal.models.cases import TeamMember
from portal.models.users import Membership, User
from portal.queries.barriers import blocked_cases


def find_on_case(case_id: int, user_id: int | None, organisation_id: int | None) -> int | None:
    """Herself while she works on the case, else a colleague of her house who does, else the one whom the others ask.

    Nobody whose role has ended or sleeps, nor who is kept out of the case. None where nobody is left.
    """
    order = (
        sa.func.coalesce(TeamMember.user_id == user_id, sa.false()).desc(),
        (TeamMember.organisation_id == organisation_id).desc(),
        TeamMember.is_primary.desc(),
        TeamMember.id,
    )
    return db.session.scalar(_on_team(case_id).order_by(*order).limit(1))


def find_sender(case_id: int, user_id: int, organisation_id: int) -> int | None:
    """Whoever sent something while she works at her house, else a colleague there on the case, else one of its intake.

    What was sent opens for nobody of another house, so that none of them is told. None where nobody is left.
    """
    herself = db.session.scalar(_works_at(case_id, organisation_id).where(User.id == user_id).limit(1))
    return herself or db.session.scalar(successor(case_id, organisation_id))


def successor(case_id: Any, organisation_id: int) -> sa.Select[int]:
    """Who comes after a sender: a colleague on the case, the one whom the others ask first, else one of intake.

    `case_id` may be a column of the statement in which this is asked.
    """
    on_team = sa.exists().where(
        TeamMember.case_id == case_id,
        TeamMember.ended_at.is_(None),
        TeamMember.membership_id == Membership.id,
    )
    is_primary = sa.exists().where(
        TeamMember.case_id == case_id,
        TeamMember.ended_at.is_(None),
        TeamMember.membership_id == Membership.id,
        TeamMember.is_primary,
    )
    return (
        _works_at(case_id, organisation_id)
        .where(sa.or_(on_team, Membership.role == Role.INTAKE))
        .order_by(is_primary.desc(), on_team.desc(), Membership.id)
        .limit(1)
    )


def _on_team(case_id: int) -> sa.Select[int]:
    return (
        sa.select(TeamMember.user_id)
        .join(Membership, Membership.id == TeamMember.membership_id)
        .join(User, User.id == TeamMember.user_id)
        .where(
            TeamMember.case_id == case_id,
            TeamMember.ended_at.is_(None),
            Membership.is_live,
            User.is_active,
            TeamMember.case_id.not_in(blocked_cases(TeamMember.user_id)),
        )
    )


def _works_at(case_id: Any, organisation_id: int) -> sa.Select[int]:
    case = sa.literal(case_id) if isinstance(case_id, int) else case_id
    return (
        sa.select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.is_live,
            User.is_active,
            case.not_in(blocked_cases(User.id)),
        )
    )
