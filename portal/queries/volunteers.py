"""Volunteers, as their coordinator sees them."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.enums import Region
from portal.core.errors import NotFound
from portal.core.volunteers import Requirement
from portal.db import db
from portal.domain.tasks import missing_requirements
from portal.models.users import User
from portal.models.volunteers import Volunteer, VolunteerMatch
from portal.queries.paging import PAGE_SIZE, decode, encode


@dataclass(frozen=True, slots=True)
class VolunteerRow:
    """One volunteer in the list."""

    id: int
    public_id: str
    name: str
    region: Region
    skills: tuple[str, ...]
    certificate_until: date | None
    is_suspended: bool
    missing: tuple[Requirement, ...]


def list_all(
    actor: Actor, *, today: date, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[VolunteerRow], str | None]:
    """Volunteers of the own organisation in the order of registration, and the cursor of the next page."""
    statement = (
        sa.select(Volunteer, User.name)
        .join(User, User.id == Volunteer.user_id)
        .where(Volunteer.organisation_id == actor.organisation_id)
    )
    if after:
        (last_id,) = decode(after, int)
        statement = statement.where(Volunteer.id > last_id)
    rows = [
        VolunteerRow(
            v.id,
            v.public_id,
            name,
            v.region,
            tuple(v.skills),
            v.certificate_until,
            v.is_suspended,
            missing_requirements(v, needs_certificate=True, on=today, today=today),
        )
        for v, name in db.session.execute(statement.order_by(Volunteer.id).limit(limit + 1))
    ]
    return rows[:limit], encode(rows[limit - 1].id) if len(rows) > limit else None


def get(actor: Actor, public_id: str) -> Volunteer:
    """A volunteer of the own organisation with her account. Raises NotFound."""
    volunteer = db.session.scalar(
        sa.select(Volunteer)
        .options(joinedload(Volunteer.user))
        .where(Volunteer.public_id == public_id, Volunteer.organisation_id == actor.organisation_id)
    )
    if volunteer is None:
        raise NotFound
    return volunteer


def list_ready(actor: Actor) -> list[tuple[str, str]]:
    """Volunteers of the own organisation who could accompany somebody: public id and name."""
    rows = db.session.execute(
        sa.select(Volunteer.public_id, User.name)
        .join(User, User.id == Volunteer.user_id)
        .where(
            Volunteer.organisation_id == actor.organisation_id,
            Volunteer.is_suspended.is_(False),
            Volunteer.pledged_on.is_not(None),
            Volunteer.trained_on.is_not(None),
        )
        .order_by(Volunteer.id)
        .limit(200)
    )
    return [(public_id, name) for public_id, name in rows]


def list_matches(enrolment_id: int) -> list[tuple[VolunteerMatch, str]]:
    """Who accompanies her and who has, the newest first."""
    rows = db.session.execute(
        sa.select(VolunteerMatch, User.name)
        .join(Volunteer, Volunteer.id == VolunteerMatch.volunteer_id)
        .join(User, User.id == Volunteer.user_id)
        .where(VolunteerMatch.enrolment_id == enrolment_id)
        .order_by(VolunteerMatch.id.desc())
        .limit(PAGE_SIZE)
    )
    return [(match, name) for match, name in rows]
