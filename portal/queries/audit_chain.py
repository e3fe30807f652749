"""The chained audit trail as it stands in the database, read line by line for the check."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from portal.db import db
from portal.domain.audit_chain import Line, moment
from portal.models.audit import AuditEvent, AuditHead

BATCH = 2000
# What the hash is made of after format, id, chain and place; the order is that of `audit_line` in migration 0008.
PLAIN = (
    "kind",
    "actor_id",
    "membership_id",
    "organisation_id",
    "role",
    "relation",
    "action",
    "page",
    "subject_type",
    "subject_public_id",
    "case_id",
    "fields",
    "shown",
    "reason_category",
    "reason",
    "outcome",
    "rule",
    "request_id",
    "session",
    "device",
    "network",
    "policy",
)
REASON = PLAIN.index("reason")


def read_lines(*, since: datetime | None = None) -> Iterator[Line]:
    """All lines, chain by chain in the order of their places, or those sealed since a moment; never all at once.

    Lines without a place come last in their chain. The values come as they are stored: sealed reasons stay sealed.
    """
    columns = ", ".join(PLAIN)
    where = "WHERE sealed_at >= :since OR seq IS NULL" if since else ""
    statement = sa.text(
        f"SELECT id, chain, seq, prev_hash, hash, at, sealed_at, {columns} FROM audit_event {where} ORDER BY chain, seq"
    ).execution_options(stream_results=True, yield_per=BATCH)
    for row in db.session.connection().execute(statement, {"since": since} if since else {}):
        line_id, chain, seq, before, own, at, sealed_at, *facts = row
        reason = facts[REASON]
        facts[REASON] = None if reason is None else bytes(reason).hex()
        yield Line(
            line_id,
            chain,
            seq,
            None if before is None else bytes(before),
            None if own is None else bytes(own),
            (moment(at), moment(sealed_at), *facts),
        )


def chain_ends() -> dict[int, tuple[int, int, bytes]]:
    """First place, last place and last hash of each chain, by the lines themselves."""
    ends = (
        sa.select(
            AuditEvent.chain, sa.func.min(AuditEvent.seq).label("first"), sa.func.max(AuditEvent.seq).label("last")
        )
        .where(AuditEvent.seq.is_not(None))
        .group_by(AuditEvent.chain)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(ends.c.chain, ends.c.first, ends.c.last, AuditEvent.hash).join(
            AuditEvent, sa.and_(AuditEvent.chain == ends.c.chain, AuditEvent.seq == ends.c.last)
        )
    )
    return {chain: (first, last, own) for chain, first, last, own in rows}


def heads() -> dict[int, tuple[int, bytes]]:
    """The head of each chain: last place and hash."""
    rows = db.session.execute(sa.select(AuditHead.chain, AuditHead.seq, AuditHead.hash))
    return {chain: (seq, own) for chain, seq, own in rows}


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
