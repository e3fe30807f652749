"""Through what a reader sees one case: relation and circumstances, read in the statement that reads the case."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.kinds import TrackKind
from portal.domain.cases import Lens, lens
from portal.domain.disclosure import Relation
from portal.domain.modifiers import Circumstances
from portal.domain.relations import INVOLVES_CHILDREN, NEEDS_ADDRESS, TRACK_ROLES
from portal.models.cases import Case
from portal.models.clients import Client
from portal.queries.barriers import has_follow_up
from portal.queries.clock import NOW
from portal.queries.visibility import known_cases, relation_of


def lens_columns(actor: Actor) -> tuple[sa.Label[Any], ...]:
    """What `lens_from` asks for, beside a case and its client in one statement."""
    return (
        known_cases(actor).label("is_known"),
        has_follow_up().label("has_follow_up"),
        NOW.label("read_at"),
    )


def lens_from(actor: Actor, row: Any) -> Lens:
    """The lens of a row that holds `Case`, `Client` and the columns above; in an emergency the relation is BG."""
    case, client = row.Case, row.Client
    relation = relation_of(actor) if row.is_known else Relation.BG
    is_owner = case.owner_organisation_id == actor.organisation_id
    given = circumstances(actor, case, client, now=row.read_at, has_follow_up=row.has_follow_up)
    return lens(relation, actor.role, is_owner=is_owner, case=given)


def circumstances(actor: Actor, case: Case, client: Client, *, now: datetime, has_follow_up: bool) -> Circumstances:
    """What the modifiers ask about a case that passed the clauses: those have seen to consent, blocks and erasure."""
    return replace(
        of_the_track(actor),
        protection_level=client.protection_level,
        days_closed=days_closed(case.closed_at, now),
        has_consent=True,
        is_in_window=True,
        has_follow_up=has_follow_up,
    )


def days_closed(closed_at: datetime | None, now: datetime) -> int | None:
    """For how many full days a case has been closed; None while it is open."""
    return None if closed_at is None else (now - closed_at).days


def of_the_track(actor: Actor) -> Circumstances:
    """What the raised numbers ask about the track that a role answers for, and nothing of a case."""
    kind: TrackKind | None = TRACK_ROLES.get(actor.role)
    return Circumstances(
        needs_address=kind in NEEDS_ADDRESS,
        involves_children=kind in INVOLVES_CHILDREN,
        is_own_track=kind is not None,
    )
