"""Volunteers, as their coordinator sees them."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.enums import Region
from portal.core.errors import NotFound
from portal.db import db
from portal.domain.tasks import missing_requirements
from portal.models.users import User
from portal.models.volunteers import Volunteer
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
    missing: tuple[object, ...]


def list_all(actor: Actor, *, today: date, after: str | None = None,
             limit: int = PAGE_SIZE) -> tuple[list[VolunteerRow], str | None]:
    """Volunteers of the own organisation in the order of registration, and the cursor of the next page."""
    statement = (
        sa.select(Volunteer, User.name).join(User, User.id == Volunteer.user_id)
        .where(Volunteer.organisation_id == actor.organisation_id)
    )
    if after:
        (last_id,) = decode(after, int)
        statement = statement.where(Volunteer.id > last_id)
    rows = [
        VolunteerRow(
            v.id, v.public_id, name, v.region, tuple(v.skills), v.certificate_until, v.is_suspended,
            tuple(missing_requirements(
                pledged_on=v.pledged_on, trained_on=v.trained_on, certificate_until=v.certificate_until,
                is_suspended=v.is_suspended, needs_certificate=True, on=today,
            )),
        )
        for v, name in db.session.execute(statement.order_by(Volunteer.id).limit(limit + 1))
    ]
    return rows[:limit], encode(rows[limit - 1].id) if len(rows) > limit else None


def get(actor: Actor, public_id: str) -> Volunteer:
    """A volunteer of the own organisation with her account. Raises NotFound."""
    volunteer = db.session.scalar(
        sa.select(Volunteer).options(joinedload(Volunteer.user))
        .where(Volunteer.public_id == public_id, Volunteer.organisation_id == actor.organisation_id)
    )
    if volunteer is None:
        raise NotFound
    return volunteer
