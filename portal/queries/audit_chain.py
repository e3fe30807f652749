"""The chained audit trail as it stands in the database, read line by line for the check."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.db import db
from portal.domain.audit_chain import NOTHING, End, Line, moment
from portal.models.audit import AuditEvent, AuditHead
from portal.models.rights import LegalHold

BATCH = 2000
LINES: Any = AuditEvent.__table__
# What the hash is made of after format, id, chain, place and times, in the order of `audit_line` in migration 0007.
FACTS = (
    *("kind", "actor_id", "membership_id", "organisation_id", "role", "relation", "action", "page", "subject_type"),
    *("subject_public_id", "case_id", "fields", "shown", "reason_category", "reason", "outcome", "rule", "request_id"),
    *("session", "device", "network", "policy", "public_id"),
)
REASON = FACTS.index("reason")
# Values come as they are stored: words stay words, and a sealed reason stays sealed.
STORED: dict[str, Any] = {
    "reason": sa.LargeBinary(),
    **dict.fromkeys(("kind", "role", "action", "page", "outcome"), sa.Text()),
}


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a chain from its first line on: places, how many lines, and how many of cases under a legal hold."""

    chain: int
    first: int
    last: int
    lines: int
    held: int


def read_lines(*, since: datetime | None = None) -> Iterator[Line]:
    """All lines, chain by chain in the order of their places, or of each chain those from the first since a moment on.

    Never all at once. Lines without a place come last in their chain, and only when all are read.
    """
    statement = _lines()
    if since is not None:
        recent = LINES.alias()
        first = sa.func.min(recent.c.seq).label("first")
        start = sa.select(recent.c.chain, first).where(recent.c.at >= since).group_by(recent.c.chain).subquery()
        statement = statement.join(start, sa.and_(LINES.c.chain == start.c.chain, LINES.c.seq >= start.c.first))
    yield from _stream(statement)


def read_segment(segment: Segment) -> Iterator[Line]:
    """The lines of a stretch in the order of their places, never all at once."""
    places = LINES.c.seq.between(segment.first, segment.last)
    return _stream(_lines().where(LINES.c.chain == segment.chain, places))


def _lines() -> sa.Select[*tuple[Any, ...]]:
    columns: list[Any] = [sa.type_coerce(LINES.c[name], STORED.get(name, LINES.c[name].type)) for name in FACTS]
    places = (LINES.c.id, LINES.c.chain, LINES.c.seq, LINES.c.prev_hash, LINES.c.hash, LINES.c.at, LINES.c.sealed_at)
    return sa.select(*places, *columns).order_by(LINES.c.chain, LINES.c.seq)


def _stream(statement: sa.Select[*tuple[Any, ...]]) -> Iterator[Line]:
    streamed = statement.execution_options(stream_results=True, yield_per=BATCH)
    for line_id, chain, seq, before, own, at, sealed_at, *facts in db.session.connection().execute(streamed):
        if facts[REASON] is not None:
            facts[REASON] = facts[REASON].hex()
        yield Line(line_id, chain, seq, before, own, (moment(at), moment(sealed_at), *facts))


def chain_ends() -> dict[int, End]:
    """First place, last place and last hash of each chain by its lines, beside its head: one statement, one moment."""
    ends = (
        sa.select(
            AuditEvent.chain, sa.func.min(AuditEvent.seq).label("first"), sa.func.max(AuditEvent.seq).label("last")
        )
        .where(AuditEvent.seq.is_not(None))
        .group_by(AuditEvent.chain)
        .subquery()
    )
    last = sa.and_(AuditEvent.chain == ends.c.chain, AuditEvent.seq == ends.c.last)
    start = aliased(AuditEvent)
    rows = db.session.execute(
        sa.select(
            sa.func.coalesce(ends.c.chain, AuditHead.chain),
            sa.func.coalesce(ends.c.first, 1),
            start.prev_hash,
            sa.func.coalesce(ends.c.last, 0),
            AuditEvent.hash,
            AuditHead.seq,
            AuditHead.hash,
        )
        .select_from(ends)
        .outerjoin(AuditHead, AuditHead.chain == ends.c.chain, full=True)
        .outerjoin(AuditEvent, last)
        .outerjoin(start, sa.and_(start.chain == ends.c.chain, start.seq == ends.c.first))
    )
    return {
        chain: End(first, before or NOTHING, end, own or NOTHING, None if head is None else (head, head_hash))
        for chain, first, before, end, own, head, head_hash in rows
    }


def list_movable(before: datetime) -> list[Segment]:
    """What of each chain is older than a moment and signed outside, without a younger line in between.

    The last line of a chain always stays: it says what the next one follows on.
    """
    younger = sa.func.min(AuditEvent.seq).filter(AuditEvent.at >= before)
    chains = (
        sa.select(
            AuditEvent.chain,
            sa.func.min(AuditEvent.seq).label("first"),
            sa.func.coalesce(younger, sa.func.max(AuditEvent.seq)).label("stays"),
        )
        .where(AuditEvent.seq.is_not(None))
        .group_by(AuditEvent.chain)
        .subquery()
    )
    last = sa.func.least(chains.c.stays - 1, AuditHead.anchored_seq)
    moved = sa.and_(AuditEvent.chain == chains.c.chain, AuditEvent.seq.between(chains.c.first, last))
    held = sa.select(LegalHold.case_id).where(LegalHold.lifted_at.is_(None))
    rows = db.session.execute(
        sa.select(
            chains.c.chain,
            chains.c.first,
            last.label("last"),
            sa.func.count(),
            sa.func.count().filter(AuditEvent.case_id.in_(held)),
        )
        .join(AuditHead, AuditHead.chain == chains.c.chain)
        .join(AuditEvent, moved)
        .group_by(chains.c.chain, chains.c.first, last)
        .order_by(chains.c.chain)
    )
    return [Segment(*row) for row in rows]


def heads_to_anchor() -> dict[int, tuple[int, bytes]]:
    """The heads that have moved since they were last signed."""
    moved = AuditHead.seq > AuditHead.anchored_seq
    rows = db.session.execute(sa.select(AuditHead.chain, AuditHead.seq, AuditHead.hash).where(moved))
    return {chain: (seq, own) for chain, seq, own in rows}


def unanchored_since(before: datetime) -> list[int]:
    """The chains that hold a line sealed before a moment for which no anchor has been signed yet."""
    first = sa.and_(AuditEvent.chain == AuditHead.chain, AuditEvent.seq == AuditHead.anchored_seq + 1)
    rows = db.session.scalars(sa.select(AuditHead.chain).join(AuditEvent, first).where(AuditEvent.sealed_at < before))
    return list(rows)
