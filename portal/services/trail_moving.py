"""The oldest months of the audit trail are moved out of the database into signed files that are kept elsewhere."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.audit_tags import Audit
from portal.core.clock import add_months, local_date, start_of_local_day
from portal.core.kinds import SubjectType
from portal.core.rights import RetentionRule
from portal.db import db
from portal.domain.audit_chain import Fault, Line, check_lines, hash_of, text_of
from portal.domain.retention import RULES
from portal.queries import audit_chain
from portal.queries.audit_chain import Segment
from portal.services import audit, audit_seal
from portal.vault.anchors import MOVED, AnchorStore

# The database lets its owner take lines away who says so, and nobody else (migration 0020).
SAYS_SO = (
    "SELECT set_config('bro.scope', 'system', true), set_config('bro.moving', 'on', true),"
    " set_config('statement_timeout', '0', true)"
)
LOOKED_AT = """
DELETE FROM audit_sample s USING audit_event e
WHERE e.id = s.event_id AND e.chain = :chain AND e.seq BETWEEN :first AND :last
"""
TAKE_AWAY = "DELETE FROM audit_event WHERE chain = :chain AND seq BETWEEN :first AND :last"


class Unmoved(Exception):
    """Nothing was moved: what is wrong with a chain, or with a file."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A stretch that now stands in a file."""

    segment: Segment
    file: Path


def move_out(store: AnchorStore, folder: Path, owner: str, *, now: datetime) -> list[Moved]:
    """Move whole months out that are older than the rule says (R-578): write, sign, then take away.

    `owner`: the address of the database as the owner of its tables. Broken off, it can be given again. Raises Unmoved
    for a chain that does not hold, OSError.
    """
    # Months of lines take longer than a page may.
    db.session.execute(sa.text("SET LOCAL statement_timeout = 0"))
    first_of_month = local_date(now).replace(day=1)
    before = start_of_local_day(add_months(first_of_month, -RULES[RetentionRule.R10].length.months))
    segments = audit_chain.list_movable(before)
    if not segments:
        return []
    signed = audit_seal.hashes_of(audit_seal.read_signed(store, now=now))
    moved = [_write(store, folder, segment, signed) for segment in segments]
    store.append(MOVED, now, [(one.segment.chain, one.segment.last, own) for one, own in moved])
    _take_away(owner, segments)
    lines = sum(segment.lines for segment in segments)
    audit.record(Audit.AUDIT_MOVED, SubjectType.SYSTEM, None, actor=SYSTEM, now=now, shown=lines)
    return [one for one, _own in moved]


def _write(
    store: AnchorStore, folder: Path, segment: Segment, signed: dict[tuple[int, int], bytes]
) -> tuple[Moved, bytes]:
    """The file of a stretch, complete or not at all, and the hash of its last line."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / f"trail-{segment.chain}-{segment.first}-{segment.last}.jsonl"
    draft = target.with_suffix(".part")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        written = _Written(audit_chain.read_segment(segment), file)
        _refuse(list(check_lines(written, signed)))
        if written.last is None or written.last.hash is None or written.count != segment.lines:
            raise Unmoved(f"chain {segment.chain} has changed meanwhile")
        end = _end(written.last)
        file.write(json.dumps({"end": end, "sig": store.sign(_signed(end)).hex()}) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
    return Moved(segment, target), written.last.hash


class _Written:
    """Lines that are written down while they are checked."""

    def __init__(self, lines: Iterable[Line], file: Any) -> None:
        self.lines, self.file = lines, file
        self.count = 0
        self.last: Line | None = None

    def __iter__(self) -> Iterator[Line]:
        for line in self.lines:
            yield line
            said = {"before": (line.prev_hash or b"").hex(), "line": json.loads(text_of(line))}
            self.file.write(json.dumps(said, ensure_ascii=False) + "\n")
            self.count, self.last = self.count + 1, line


def _refuse(faults: Sequence[Fault]) -> None:
    for fault in faults:
        raise Unmoved(f"chain {fault.chain}, line {fault.seq}: {fault.kind.value}")


def _end(last: Line) -> list[object]:
    return [last.chain, last.seq, (last.hash or b"").hex()]


def _signed(end: Sequence[object]) -> str:
    return json.dumps({"trail": end})


def _take_away(owner: str, segments: Sequence[Segment]) -> None:
    engine = sa.create_engine(owner)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(SAYS_SO)
            for segment in segments:
                places = {"chain": segment.chain, "first": segment.first, "last": segment.last}
                connection.execute(sa.text(LOOKED_AT), places)
                if connection.execute(sa.text(TAKE_AWAY), places).rowcount != segment.lines:
                    raise Unmoved(f"chain {segment.chain} has changed meanwhile")
    finally:
        engine.dispose()


def check_file(store: AnchorStore, path: Path) -> int:
    """Check a file of moved lines by itself. Returns how many lines hold together. Raises Unmoved, OSError."""
    before: Line | None = None
    count = 0
    with path.open(encoding="utf-8") as file:
        for said in map(json.loads, file):
            if "end" in said:
                _check_end(store, said, before)
                return count
            line = _read(said)
            if before is not None and before.chain != line.chain:
                raise Unmoved(f"line {line.seq} is of another chain")
            _refuse(list(check_lines([line] if before is None else [before, line], {})))
            before, count = line, count + 1
    raise Unmoved("the end is missing")


def _read(said: dict[str, Any]) -> Line:
    """A line as it was written, with the hash that it gives."""
    _format, line_id, chain, seq, *facts = said["line"]
    line = Line(line_id, chain, seq, bytes.fromhex(said["before"]), None, tuple(facts))
    return replace(line, hash=hash_of(line, line.prev_hash or b""))


def _check_end(store: AnchorStore, said: dict[str, Any], last: Line | None) -> None:
    end = said["end"]
    if last is None or end != _end(last) or not store.is_signed(_signed(end), bytes.fromhex(said["sig"])):
        raise Unmoved("the signature does not fit")
