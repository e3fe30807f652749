"""Who is away, and who stands in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.db import db
from portal.domain.hand_overs import may_prepare
from portal.models.hand_overs import Absence
from portal.models.users import Membership, User
from portal.queries.barriers import blocked_cases


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """One absence that is ahead or under way."""

    public_id: str
    deputy: str
    from_on: date
    to_on: date
    started_at: datetime | None


def list_open(membership_id: int) -> list[AbsenceRow]:
    """The absences of one role that are ahead or under way, the next first."""
    deputy = aliased(Membership)
    rows = db.session.execute(
        sa.select(Absence.public_id, User.name, Absence.from_on, Absence.to_on, Absence.started_at)
        .join(deputy, deputy.id == Absence.deputy_id)
        .join(User, User.id == deputy.user_id)
        .where(Absence.membership_id == membership_id, Absence.ended_at.is_(None))
        .order_by(Absence.from_on)
        .limit(50)
    )
    return [AbsenceRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody is away today: until when, and who stands in."""

    to_on: date
    deputy: str


def list_away(organisation_id: int | None, *, today: date) -> dict[int, Away]:
    """Who of a house is away today, by user; the longest where there are several."""
    deputy = aliased(Membership)
    rows = db.session.execute(
        sa.select(Membership.user_id, Absence.to_on, User.name)
        .select_from(Absence)
        .join(Membership, Membership.id == Absence.membership_id)
        .join(deputy, deputy.id == Absence.deputy_id)
        .join(User, User.id == deputy.user_id)
        .where(
            Absence.organisation_id == organisation_id,
            Absence.ended_at.is_(None),
            Absence.from_on <= today,
            Absence.to_on >= today,
        )
        .order_by(Absence.to_on, Absence.id)
    )
    return {user: Away(to_on, name) for user, to_on, name in rows}


def get_open(actor: Actor, public_id: str) -> Absence:
    """An absence that the actor may end: her own, or as one who runs the house. Raises NotFound."""
    row = db.session.execute(
        sa.select(Absence, Membership.user_id)
        .join(Membership, Membership.id == Absence.membership_id)
        .where(Absence.public_id == public_id, Absence.ended_at.is_(None))
    ).one_or_none()
    if row is None or not may_prepare(actor, user_id=row[1], organisation_id=row[0].organisation_id):
        raise NotFound
    return row[0]


def overlaps(membership_id: int, from_on: date, to_on: date) -> bool:
    """Whether some of these days are taken by another absence of the same role."""
    other = sa.exists().where(
        Absence.membership_id == membership_id,
        Absence.ended_at.is_(None),
        Absence.from_on <= to_on,
        Absence.to_on >= from_on,
    )
    return bool(db.session.scalar(sa.select(other)))


def list_to_turn(today: date) -> Sequence[Absence]:
    """Absences that begin or have ended."""
    begins = sa.and_(Absence.started_at.is_(None), Absence.from_on <= today)
    return db.session.scalars(
        sa.select(Absence)
        .where(Absence.ended_at.is_(None), sa.or_(begins, Absence.to_on < today))
        .order_by(Absence.id)
        .limit(1000)
    ).all()


def with_deputies(user_id: int | None, organisation_id: int, case_id: int) -> list[int]:
    """Somebody who is told of something in a case, and who stands in for her just now. Nobody for nobody."""
    return [] if user_id is None else list(dict.fromkeys([user_id, *deputies_of(user_id, organisation_id, case_id)]))


def deputies_of(user_id: int, organisation_id: int, case_id: int | None) -> Sequence[int]:
    """Who stands in for somebody at an organisation just now; nobody who is kept out of the case that it is about."""
    deputy = aliased(Membership)
    may_know = sa.true() if case_id is None else sa.literal(case_id).not_in(blocked_cases(deputy.user_id))
    return db.session.scalars(
        sa.select(deputy.user_id)
        .join(Absence, Absence.deputy_id == deputy.id)
        .join(Membership, Membership.id == Absence.membership_id)
        .where(
            Membership.user_id == user_id,
            Absence.organisation_id == organisation_id,
            Absence.started_at.is_not(None),
            Absence.ended_at.is_(None),
            deputy.is_live,
            may_know,
        )
    ).all()
