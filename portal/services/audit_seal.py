"""The audit trail's seal: anchors outside the database, the check of all chains, and the gap that a restore leaves."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.alerts import AlertRule, ChainFault
from portal.core.audit_tags import Audit, Outcome
from portal.core.clock import local_date
from portal.core.enums import Role
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.db import db
from portal.domain.alerts import ANCHOR_MISSING
from portal.domain.audit_chain import NOTHING, Anchor, Fault, Line, check_ends, check_lines
from portal.models.audit import AuditHead
from portal.models.users import Membership
from portal.queries import audit_chain
from portal.services import alerts, audit
from portal.services.messages import notify
from portal.vault.anchors import HEADS, MOVED, RESEAL, AnchorStore, BadAnchor

# Older anchors than that are kept in memory one a day: what happened between two of a day was seen long ago.
ALL_ANCHORS = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found in how many lines."""

    lines: int
    faults: list[Fault]


@dataclass(frozen=True, slots=True)
class Signed:
    """What was signed outside: the anchors that a check needs, where moved lines end (chain, place, hash), and how
    many lines of the store are not ours.
    """

    anchors: list[Anchor]
    moved: set[tuple[int, int, bytes]]
    bad: int


class _Counted:
    """Lines that are counted while they are read."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines, self.count = lines, 0

    def __iter__(self) -> Iterator[Line]:
        for line in self.lines:
            self.count += 1
            yield line


def anchor(store: AnchorStore, *, now: datetime) -> int:
    """Sign the heads that have moved and write them outside the database (R-484). Returns how many. Raises OSError."""
    heads = [(chain, seq, own) for chain, (seq, own) in sorted(audit_chain.heads_to_anchor().items())]
    if not heads:
        return 0
    store.append(HEADS, now, heads)
    for chain, seq, _own in heads:
        db.session.execute(
            sa.update(AuditHead).where(AuditHead.chain == chain).values(anchored_seq=seq, anchored_at=now)
        )
    return len(heads)


def read_signed(store: AnchorStore, *, now: datetime) -> Signed:
    """All that a check needs of the store.

    Anchors for what a restore has lost are left out from the line on that says so (R-485).
    """
    kept: dict[tuple[int, object], Anchor] = {}
    moved: set[tuple[int, int, bytes]] = set()
    bad = 0
    for entry in store.read():
        if isinstance(entry, BadAnchor):
            bad += 1
            continue
        if entry.kind == MOVED:
            moved |= set(entry.heads)
            continue
        for chain, seq, own in entry.heads:
            if entry.kind == RESEAL:
                kept = {key: old for key, old in kept.items() if old.chain != chain or old.seq <= seq}
            stretch: object = entry.at if now - entry.at < ALL_ANCHORS else entry.at.date()
            kept[chain, stretch] = Anchor(entry.at, chain, seq, own)
    return Signed(list(kept.values()), moved, bad)


def verify(store: AnchorStore, *, now: datetime, since: datetime | None = None) -> Checked:
    """Check every line, or those since a moment, against the chain and the anchors (R-483). Reads, writes nothing."""
    # The check may take longer than a page may.
    db.session.execute(sa.text("SET LOCAL statement_timeout = 0"))
    signed = read_signed(store, now=now)
    lines = _Counted(audit_chain.read_lines(since=since))
    faults = list(check_lines(lines, hashes_of(signed)))
    faults += check_ends(audit_chain.chain_ends(), signed.anchors, signed.moved)
    faults += [Fault(ChainFault.ANCHOR, 0, None)] * min(signed.bad, 1)
    return Checked(lines.count, faults)


def hashes_of(signed: Signed) -> dict[tuple[int, int], bytes]:
    """The hashes that were signed, by chain and place."""
    return {(one.chain, one.seq): one.hash for one in signed.anchors}


def report(checked: Checked, *, now: datetime) -> None:
    """Write down that the trail was checked, and raise the alarm for each chain that does not hold (R-483)."""
    outcome = Outcome.FAILED if checked.faults else Outcome.ALLOWED
    kinds = sorted({fault.kind.value for fault in checked.faults})
    audit.record(
        Audit.AUDIT_VERIFIED,
        SubjectType.SYSTEM,
        None,
        actor=SYSTEM,
        now=now,
        outcome=outcome,
        shown=checked.lines,
        rule=",".join(kinds) or None,
    )
    for chain in sorted({fault.chain for fault in checked.faults}):
        alerts.raise_now(
            AlertRule.TRAIL_BROKEN, organisation_id=chain or None, key=f"{chain}:{local_date(now)}", now=now
        )


def watch_anchors(*, now: datetime) -> int:
    """Raise the alarm for chains with a line that has waited for its anchor for more than 30 minutes (R-484)."""
    late = audit_chain.unanchored_since(now - ANCHOR_MISSING)
    if late:
        alerts.raise_now(AlertRule.TRAIL_BROKEN, organisation_id=None, key=f"anchor:{local_date(now)}", now=now)
    return len(late)


def reseal(store: AnchorStore, *, reason: str, now: datetime) -> int:
    """After a restore: sign where each cut chain now ends, so that the known gap is no alarm (R-485).

    Writes an event into the portal's own chain with the reason. Returns how many chains were cut.
    """
    ends = audit_chain.chain_ends()
    signed = read_signed(store, now=now)
    cut = sorted({fault.chain for fault in check_ends(ends, signed.anchors) if _is_cut(fault)})
    if not cut:
        return 0
    left = {chain: (end.last, end.hash) for chain, end in ends.items()}
    store.append(RESEAL, now, [(chain, *left.get(chain, (0, NOTHING))) for chain in cut])
    audit.record(Audit.AUDIT_RESEALED, SubjectType.SYSTEM, None, actor=SYSTEM, now=now, reason=reason, shown=len(cut))
    return len(cut)


def _is_cut(fault: Fault) -> bool:
    return fault.kind is ChainFault.CUT


def tell_protection_officers(*, now: datetime) -> int:
    """Tell every data-protection officer once a day that the trail has been sealed outside (R-484)."""
    officers: Sequence[int] = db.session.scalars(
        sa.select(Membership.user_id)
        .where(Membership.role == Role.DATA_PROTECTION_OFFICER, Membership.is_live)
        .distinct()
    ).all()
    for user_id in officers:
        notify(
            MessageKind.AUDIT_SEALED,
            user_id,
            SubjectType.SYSTEM,
            None,
            actor=SYSTEM,
            now=now,
            mail=False,
            dedupe_key=f"audit_sealed:{local_date(now)}:{user_id}",
        )
    return len(officers)
