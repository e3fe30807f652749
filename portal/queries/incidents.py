"""The register of incidents of the own organisation."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import Permission
from portal.core.errors import NotFound
from portal.core.rights import AuthorityState, IncidentKind, IncidentState, PeopleBand, TellingState
from portal.db import db
from portal.domain.permissions import can
from portal.models.incidents import Incident
from portal.queries.paging import PAGE_SIZE, decode, encode


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident in the list. Not what was written about it."""

    public_id: str
    reference: str
    kind: IncidentKind
    state: IncidentState
    people: PeopleBand
    authority: AuthorityState
    telling: TellingState
    known_at: datetime
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class Account:
    """What is written about an incident."""

    what_happened: str | None
    consequences: str | None
    measures: str | None
    authority_reason: str | None
    telling_plan: str | None
    plan_holder: str | None


def visible_incidents(actor: Actor) -> sa.ColumnElement[bool]:
    """Those of the own organisation, for whoever manages incidents."""
    if not can(actor, Permission.INCIDENT_MANAGE):
        return sa.false()
    return Incident.organisation_id == actor.organisation_id


def list_incidents(
    actor: Actor, *, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[IncidentRow], str | None]:
    """The newest first, and the cursor of the next page. Raises ValueError for a bad cursor."""
    statement = (
        sa.select(Incident)
        .where(visible_incidents(actor))
        .order_by(Incident.known_at.desc(), Incident.id.desc())
        .limit(limit + 1)
    )
    if after:
        statement = statement.where(sa.tuple_(Incident.known_at, Incident.id) < decode(after, datetime, int))
    rows = list(db.session.scalars(statement))
    following = encode(rows[limit - 1].known_at, rows[limit - 1].id) if len(rows) > limit else None
    return [
        IncidentRow(
            row.public_id,
            row.reference,
            row.kind,
            row.state,
            row.people,
            row.authority,
            row.telling,
            row.known_at,
            stopped_at(row),
        )
        for row in rows[:limit]
    ], following


def stopped_at(incident: Incident) -> datetime | None:
    """When the clock stopped: at the notice. An incident that need not be notified has none to run."""
    if incident.authority is AuthorityState.NOT_REQUIRED:
        return incident.known_at
    return incident.notified_at


def get(actor: Actor, public_id: str) -> Incident:
    """One incident. Raises NotFound also for another organisation's."""
    found = db.session.scalar(sa.select(Incident).where(Incident.public_id == public_id, visible_incidents(actor)))
    if found is None:
        raise NotFound
    return found


def account(incident: Incident) -> Account:
    """What the pages of an incident show that `get` has found."""
    return Account(
        what_happened=incident.what_happened,
        consequences=incident.consequences,
        measures=incident.measures,
        authority_reason=incident.authority_reason,
        telling_plan=incident.telling_plan,
        plan_holder=incident.plan_holder,
    )
