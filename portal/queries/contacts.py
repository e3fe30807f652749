"""Contacts with other parties about a case, and what they were about."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.contacts import ContactDirection, Party, PartyChannel, ShareBasis
from portal.db import db
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup
from portal.models.cases import Case
from portal.models.contacts import OutsideContact
from portal.queries.paging import PAGE_SIZE, decode, encode


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One contact with another party."""

    happened_at: datetime
    direction: ContactDirection
    channel: PartyChannel
    party: Party
    party_name: str | None
    themes: tuple[str, ...]
    basis: ShareBasis
    minutes: int | None
    text: str | None
    who: str


def _of_case(actor: Actor, case: Case, seen: Lens) -> sa.ColumnElement[bool]:
    """Of the case; whoever works with a part of it sees what her own house wrote (R-113).

    Nothing where that too is shut: a month after closing these go with the notes (M6).
    """
    of_case = OutsideContact.case_id == case.id
    if seen.shows(FieldGroup.NOTE_CASE):
        return of_case
    of_house = OutsideContact.organisation_id == actor.organisation_id
    return sa.and_(of_case, of_house) if seen.reads_own_house else sa.false()


def list_contacts(
    actor: Actor, case: Case, seen: Lens, *, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[ContactRow], str | None]:
    """The newest first, and the cursor of the next page. Raises ValueError for a bad cursor."""
    statement = (
        sa.select(OutsideContact)
        .where(_of_case(actor, case, seen))
        .options(joinedload(OutsideContact.author, innerjoin=True))
        .order_by(OutsideContact.happened_at.desc(), OutsideContact.id.desc())
        .limit(limit + 1)
    )
    if after:
        cursor = decode(after, datetime, int)
        statement = statement.where(sa.tuple_(OutsideContact.happened_at, OutsideContact.id) < cursor)
    rows = list(db.session.scalars(statement))
    following = encode(rows[limit - 1].happened_at, rows[limit - 1].id) if len(rows) > limit else None
    return [_row(row) for row in rows[:limit]], following


def _row(row: OutsideContact) -> ContactRow:
    return ContactRow(
        happened_at=row.happened_at,
        direction=row.direction,
        channel=row.channel,
        party=row.party,
        party_name=row.party_name,
        themes=tuple(row.themes),
        basis=row.basis,
        minutes=row.minutes,
        text=row.text,
        who=row.author.name,
    )


def count_themes(actor: Actor, case: Case, seen: Lens) -> tuple[int, dict[str, int]]:
    """How many contacts there are, and how many were about each theme: one contact may be about several."""
    rows = db.session.scalars(sa.select(OutsideContact.themes).where(_of_case(actor, case, seen))).all()
    return len(rows), dict(Counter(theme for themes in rows for theme in themes))
