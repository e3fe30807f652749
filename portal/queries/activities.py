"""Events of the own house: a month's list, one of them, who may be ticked, and how many came by kind."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.core.activities import ActivityKind
from portal.core.actor import Actor
from portal.core.clock import end_of_local_day, start_of_local_day
from portal.core.enums import Permission
from portal.core.errors import NotFound
from portal.core.states import CaseState
from portal.db import db
from portal.domain.permissions import can
from portal.models.activities import Activity, ActivityAttendance
from portal.models.cases import Case
from portal.models.clients import Client
from portal.models.users import Membership, User
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.visibility import visible_cases
from portal.wall import as_system

MOST = 200


@dataclass(frozen=True, slots=True)
class Seat:
    """A woman whom the reader may tick: name or reference, and whether she came."""

    public_id: str
    reference: str
    name: str | None
    came: bool


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One line of a month."""

    public_id: str
    kind: ActivityKind
    title: str | None
    guests: tuple[str, ...]
    starts_at: datetime
    responsible: str
    # How many came in all; None while nobody has said so.
    came: int | None
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class KindCount:
    """A kind of event: how many were held, and how often somebody took part."""

    kind: ActivityKind
    events: int
    participations: int


def visible_activities(actor: Actor) -> sa.ColumnElement[bool]:
    """Those of the own house."""
    if not can(actor, Permission.ACTIVITY_VIEW):
        return sa.false()
    return Activity.organisation_id == actor.organisation_id


def _within(month: tuple[date, date]) -> sa.ColumnElement[bool]:
    first, last = month
    return Activity.starts_at.between(start_of_local_day(first), end_of_local_day(last))


def list_month(
    actor: Actor, month: tuple[date, date], *, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[ActivityRow], str | None]:
    """The events of a month in the order of the calendar, and the next cursor. Raises ValueError for a bad cursor."""
    statement = (
        sa.select(Activity)
        .where(visible_activities(actor), _within(month))
        .options(joinedload(Activity.responsible, innerjoin=True))
        .order_by(Activity.starts_at, Activity.id)
        .limit(limit + 1)
    )
    if after:
        statement = statement.where(sa.tuple_(Activity.starts_at, Activity.id) > decode(after, datetime, int))
    rows = list(db.session.scalars(statement))
    following = encode(rows[limit - 1].starts_at, rows[limit - 1].id) if len(rows) > limit else None
    return [_row(row) for row in rows[:limit]], following


def _row(row: Activity) -> ActivityRow:
    return ActivityRow(
        public_id=row.public_id,
        kind=row.kind,
        title=row.title,
        guests=tuple(row.guests),
        starts_at=row.starts_at,
        responsible=row.responsible.name,
        came=row.named + row.others if row.registered_at else None,
        is_cancelled=row.cancelled_at is not None,
    )


def responsible(activity: Activity) -> tuple[str, str]:
    """Who is responsible for an event that `get` has found: public id and name."""
    return activity.responsible.public_id, activity.responsible.name


def get(actor: Actor, public_id: str) -> Activity:
    """One event of the own house. Raises NotFound."""
    found = db.session.scalar(
        sa.select(Activity)
        .where(Activity.public_id == public_id, visible_activities(actor))
        .options(joinedload(Activity.responsible, innerjoin=True))
    )
    if found is None:
        raise NotFound
    return found


def list_seats(actor: Actor, activity: Activity) -> list[Seat]:
    """The open cases of the own house that the actor sees, and who came before, with a tick where she came (R-658)."""
    came = sa.exists().where(ActivityAttendance.activity_id == activity.id, ActivityAttendance.case_id == Case.id)
    rows = db.session.execute(
        sa.select(Case.public_id, Case.reference, Client, came.label("came"))
        .join(Client, Client.id == Case.client_id)
        .where(visible_cases(actor), Case.owner_organisation_id == actor.organisation_id)
        .where(sa.or_(Case.state == CaseState.OPEN, came))
        .order_by(Case.reference)
        .limit(MOST)
    )
    return [Seat(public_id, reference, client.name, bool(here)) for public_id, reference, client, here in rows]


def case_ids(actor: Actor, public_ids: list[str]) -> dict[str, int]:
    """The keys of open cases of the own house that the actor sees, by public id; others are left out."""
    rows = db.session.execute(
        sa.select(Case.public_id, Case.id).where(
            Case.public_id.in_(public_ids),
            Case.owner_organisation_id == actor.organisation_id,
            Case.state == CaseState.OPEN,
            visible_cases(actor),
        )
    )
    return {public_id: key for public_id, key in rows}  # noqa: C416 - a row is not a pair to the type checker


def list_responsible(actor: Actor) -> list[tuple[int, str, str]]:
    """Who at the own house can be responsible for an event: key, public id, name."""
    rows = db.session.execute(
        sa.select(User.id, User.public_id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == actor.organisation_id, Membership.is_live, User.is_active)
        .where(Membership.role.in_(("contact_person", "programme_lead")))
        .distinct()
        .limit(MOST)
    )
    return sorted(((row[0], row[1], row[2]) for row in rows), key=lambda one: one[2].casefold())


@as_system()
def count_named(activity_id: int) -> int:
    """How many women were ticked at an event, by whoever works with them: a number alone."""
    counted = sa.select(sa.func.count()).where(ActivityAttendance.activity_id == activity_id)
    return int(db.session.scalar(counted) or 0)


def count_kinds(actor: Actor, month: tuple[date, date]) -> list[KindCount]:
    """Events that were held in a month, by kind, and participations in them."""
    rows = db.session.execute(
        sa.select(Activity.kind, sa.func.count(), sa.func.sum(Activity.named + Activity.others))
        .where(visible_activities(actor), _within(month), Activity.registered_at.is_not(None))
        .where(Activity.cancelled_at.is_(None))
        .group_by(Activity.kind)
    )
    found = {kind: (events, int(came or 0)) for kind, events, came in rows}
    return [KindCount(kind, *found[kind]) for kind in ActivityKind if kind in found]
