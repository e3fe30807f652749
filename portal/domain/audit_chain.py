"""The chain of audit lines: what a line's hash is made of, and what a chain may not look like (R-481, R-483)."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from portal.core.alerts import ChainFault

FORMAT = 1
NOTHING = bytes(32)


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it stands in the database. `facts` are the values after format, id, chain and seq, in their order."""

    id: int
    chain: int
    seq: int | None
    prev_hash: bytes | None
    hash: bytes | None
    facts: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Anchor:
    """What was signed outside the database: the head of a chain at a moment."""

    at: datetime
    chain: int
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class End:
    """How far a chain reaches by its lines, and by its head. Without lines: places 1 and 0, and the hash of nothing.

    `before` is what the first line says that came before it.
    """

    first: int
    before: bytes
    last: int
    hash: bytes
    head: tuple[int, bytes] | None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where."""

    kind: ChainFault
    chain: int
    seq: int | None


def moment(at: datetime | None) -> str | None:
    """A moment as the hash writes it: UTC, to the microsecond."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")


def text_of(line: Line) -> str:
    """The line as one JSON list: the same text as `audit_line` in the database makes of it."""
    return json.dumps([FORMAT, line.id, line.chain, line.seq, *line.facts], ensure_ascii=False)


def hash_of(line: Line, previous: bytes) -> bytes:
    """SHA-256 over the hash before, the place in the chain and the line."""
    return hashlib.sha256(previous + f"|{line.seq}|{text_of(line)}".encode()).digest()


def check_lines(lines: Iterable[Line], anchors: Mapping[tuple[int, int], bytes]) -> Iterator[Fault]:
    """What is wrong with lines that come chain by chain in the order of their places, read once.

    The first line of each chain says itself what came before, so that the last day can be checked alone. `anchors`
    are the hashes that were signed outside, by chain and place.
    """
    before: Line | None = None
    for line in lines:
        if line.seq is None or line.hash is None or line.prev_hash is None:
            yield Fault(ChainFault.UNSEALED, line.chain, None)
            continue
        yield from _check_place(line, before if before and before.chain == line.chain else None)
        if hash_of(line, line.prev_hash) != line.hash:
            yield Fault(ChainFault.CHANGED, line.chain, line.seq)
        signed = anchors.get((line.chain, line.seq))
        if signed is not None and signed != line.hash:
            yield Fault(ChainFault.REWRITTEN, line.chain, line.seq)
        before = line


def _check_place(line: Line, before: Line | None) -> Iterator[Fault]:
    if before is None:
        if line.seq == 1 and line.prev_hash != NOTHING:
            yield Fault(ChainFault.BROKEN, line.chain, line.seq)
    elif before.seq is not None and line.seq != before.seq + 1:
        yield Fault(ChainFault.GAP, line.chain, line.seq)
    elif line.prev_hash != before.hash:
        yield Fault(ChainFault.BROKEN, line.chain, line.seq)


def check_ends(
    ends: Mapping[int, End], anchors: Sequence[Anchor], moved: Collection[tuple[int, int, bytes]] = ()
) -> Iterator[Fault]:
    """What is wrong with the ends of the chains, held against their heads and what was signed outside.

    `moved`: up to which line (chain, place, hash) a chain was moved out on purpose, as signed outside too.
    """
    for chain, end in sorted(ends.items()):
        if end.first > 1 and (chain, end.first - 1, end.before) not in moved:
            yield Fault(ChainFault.GAP, chain, end.first)
        if end.head != (end.last, end.hash):
            yield Fault(ChainFault.HEAD, chain, end.last)
    newest: dict[int, int] = {}
    for anchor in anchors:
        newest[anchor.chain] = max(newest.get(anchor.chain, 0), anchor.seq)
    for chain, seq in sorted(newest.items()):
        if chain not in ends or seq > ends[chain].last:
            yield Fault(ChainFault.CUT, chain, seq)
