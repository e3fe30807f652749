"""Furnishing projects and what they need."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.core.states import FurnishingState, ItemState
from portal.core.volunteers import Skill
from portal.db import db
from portal.domain.disclosure import initials
from portal.models.cases import Case
from portal.models.enrolments import Enrolment
from portal.models.furnishing import FurnishingItem, FurnishingProject
from portal.models.users import User
from portal.models.volunteers import Volunteer
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.users import name_of
from portal.queries.visibility import visible_enrolments

MOST_ITEMS = 200


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One project in the list."""

    id: int
    public_id: str
    # None for the pool's coordinator: she knows the project by its day.
    case_reference: str | None
    since: date
    state: FurnishingState
    work_day_on: date | None
    found: int
    total: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is written about a home: her wishes, and who plans the rooms."""

    wishes: str | None
    architect: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on the page of a project."""

    public_id: str
    room: str
    what: str
    quantity: int
    is_must: bool
    state: ItemState
    cost_ore: int


def list_all(actor: Actor, *, after: str | None = None, limit: int = PAGE_SIZE) -> tuple[list[ProjectRow], str | None]:
    """Projects that the actor may see, the newest first, and the cursor of the next page."""
    things = (
        sa.select(sa.func.count())
        .select_from(FurnishingItem)
        .where(FurnishingItem.project_id == FurnishingProject.id, FurnishingItem.state != "dropped")
        .correlate(FurnishingProject)
    )
    is_pool = actor.role is Role.VOLUNTEER_COORDINATOR
    found = things.where(FurnishingItem.state.in_(("reserved", "in_stock", "delivered")))
    statement = (
        sa.select(
            FurnishingProject.id,
            FurnishingProject.public_id,
            # The pool has no business with the case's own reference.
            sa.null() if is_pool else Case.reference,
            sa.cast(sa.func.timezone("Europe/Copenhagen", Enrolment.created_at), sa.Date),
            FurnishingProject.state,
            FurnishingProject.work_day_on,
            found.scalar_subquery(),
            things.scalar_subquery(),
        )
        .join(Enrolment, Enrolment.id == FurnishingProject.enrolment_id)
        .join(Case, Case.id == Enrolment.case_id)
        .where(visible_enrolments(actor))
    )
    if after:
        (last_id,) = decode(after, int)
        statement = statement.where(FurnishingProject.id < last_id)
    ordered = statement.order_by(FurnishingProject.id.desc()).limit(limit + 1)
    rows = [ProjectRow(*row) for row in db.session.execute(ordered)]
    return rows[:limit], encode(rows[limit - 1].id) if len(rows) > limit else None


def get(actor: Actor, public_id: str) -> FurnishingProject:
    """A project with its enrolment, case and architect. Raises NotFound."""
    project = db.session.scalar(
        sa.select(FurnishingProject)
        .join(FurnishingProject.enrolment)
        .options(
            joinedload(FurnishingProject.enrolment).joinedload(Enrolment.case),
            joinedload(FurnishingProject.architect).joinedload(Volunteer.user),
        )
        .where(FurnishingProject.public_id == public_id, visible_enrolments(actor))
    )
    if project is None:
        raise NotFound
    return project


def wanted(project: FurnishingProject, *, is_coordinator: bool) -> Wanted:
    """What the page shows of a project that `get` has found.

    A volunteer's name is her coordinator's to know; whoever helps the woman learns the initials (R-003).
    """
    name = name_of(project.architect.user) if project.architect else None
    return Wanted(project.wishes, initials(name) if name and not is_coordinator else name)


def shown_items(project: FurnishingProject) -> list[Item]:
    """The things of a project as its page shows them."""
    return [
        Item(one.public_id, one.room, one.what, one.quantity, one.is_must, one.state, one.cost_ore)
        for one in list_items(project)
    ]


def list_items(project: FurnishingProject) -> list[FurnishingItem]:
    """The things of a project by room."""
    return list(
        db.session.scalars(
            sa.select(FurnishingItem)
            .where(FurnishingItem.project_id == project.id)
            .order_by(FurnishingItem.room, FurnishingItem.id)
            .limit(MOST_ITEMS)
        )
    )


def get_item(project: FurnishingProject, public_id: str) -> FurnishingItem:
    """One thing of a project. Raises NotFound."""
    item = db.session.scalar(
        sa.select(FurnishingItem).where(FurnishingItem.public_id == public_id, FurnishingItem.project_id == project.id)
    )
    if item is None:
        raise NotFound
    return item


def list_architects(actor: Actor) -> list[tuple[str, str]]:
    """Architects among the own volunteers: public id and name."""
    rows = db.session.execute(
        sa.select(Volunteer.public_id, User.name)
        .join(User, User.id == Volunteer.user_id)
        .where(Volunteer.organisation_id == actor.organisation_id, Volunteer.skills.contains([Skill.ARCHITECT.value]))
        .order_by(Volunteer.id)
        .limit(PAGE_SIZE)
    )
    return [(public_id, name) for public_id, name in rows]
