"""Eight ways to tamper with the audit trail, by somebody who may do everything in the database: all are seen."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.alerts import AlertRule
from portal.core.audit_tags import Audit
from portal.core.enums import Role
from portal.core.kinds import SubjectType
from portal.db import db, transaction
from portal.domain.audit_chain import NOTHING, hash_of
from portal.models.alerts import Alert
from portal.models.messages import Message
from portal.models.organisations import Organisation
from portal.queries import audit_chain
from portal.services import audit, audit_seal
from portal.vault.anchors import AnchorStore
from tests.factories.people import actor_of, make_member

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
PLACES = "seq, prev_hash, hash"


@pytest.fixture
def store(tmp_path: Path) -> AnchorStore:
    return AnchorStore.open(str(tmp_path / "anchors"), root=bytes(32))


@pytest.fixture
def chains(committed: Session, store: AnchorStore) -> tuple[int, int]:
    """Two organisations with eight lines each, sealed outside after the sixth."""
    with transaction():
        actors = [actor_of(make_member()) for _ in range(2)]
        chains = tuple(actor.organisation_id or 0 for actor in actors)
    for number in range(8):
        for actor in actors:
            with transaction():
                audit.record(Audit.CASE_CHANGED, SubjectType.CASE, str(number), actor=actor, now=NOW, reason="because")
        if number == 5:
            with transaction():
                audit_seal.anchor(store, now=NOW)
    return chains  # type: ignore[return-value]


def tamper(*statements: str, **values: object) -> None:
    """Do it as the owner of everything, with the triggers switched off."""
    with db.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for statement in statements:
            connection.execute(sa.text(statement), values)


def found(store: AnchorStore, **how: object) -> set[str]:
    with transaction():
        return {fault.kind.value for fault in audit_seal.verify(store, now=LATER, **how).faults}  # type: ignore[arg-type]


def recompute(chain: int) -> None:
    """Write places and hashes of a whole chain anew, as if it had always been so."""
    with transaction():
        lines = [line for line in audit_chain.read_lines() if line.chain == chain]
    before, new = NOTHING, []
    for place, line in enumerate(lines, 1):
        fresh = type(line)(line.id, chain, place, before, None, line.facts)
        own = hash_of(fresh, before)
        new.append({"id": line.id, "seq": place, "before": before, "own": own})
        before = own
    with db.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.execute(sa.text("UPDATE audit_event SET seq = -seq WHERE chain = :chain"), {"chain": chain})
        write = "UPDATE audit_event SET seq = :seq, prev_hash = :before, hash = :own WHERE id = :id"
        connection.execute(sa.text(write), new)
        head = "UPDATE audit_head SET seq = :seq, hash = :own WHERE chain = :chain"
        connection.execute(sa.text(head), {"seq": len(new), "own": before, "chain": chain})


def cut_head(last: int) -> str:
    return f"""UPDATE audit_head h SET seq = e.seq, hash = e.hash FROM audit_event e
        WHERE e.chain = h.chain AND h.chain = :a AND e.seq = {last}"""


def test_an_untouched_trail_holds_together(chains: tuple[int, int], store: AnchorStore) -> None:
    assert found(store) == set()
    assert found(store, since=NOW - timedelta(days=1)) == set()


CHANGES: dict[str, Callable[[int, int], None]] = {
    "change": lambda a, b: tamper("UPDATE audit_event SET outcome = 'denied' WHERE chain = :a AND seq = 3", a=a),
    "change of a sealed reason": lambda a, b: tamper(
        "UPDATE audit_event SET reason = (SELECT reason FROM audit_event WHERE chain = :a AND seq = 4)"
        " WHERE chain = :a AND seq = 3",
        a=a,
    ),
    "delete": lambda a, b: tamper("DELETE FROM audit_event WHERE chain = :a AND seq = 3", a=a),
    "delete the first": lambda a, b: tamper("DELETE FROM audit_event WHERE chain = :a AND seq <= 2", a=a),
    "insert": lambda a, b: tamper(
        "INSERT INTO audit_event (kind, at, organisation_id, role, action, subject_type, fields, outcome)"
        " VALUES ('done', now(), :a, 'system', 'case:changed', 'case', '{}', 'allowed')",
        a=a,
    ),
    "insert in between": lambda a, b: tamper(
        "UPDATE audit_event SET seq = -seq WHERE chain = :a AND seq > 3",
        "UPDATE audit_event SET seq = 1 - seq WHERE chain = :a AND seq < 0",
        "INSERT INTO audit_event (kind, at, organisation_id, role, action, subject_type, fields, outcome, seq,"
        " prev_hash, hash, sealed_at) SELECT 'done', at, organisation_id, role, action, subject_type, fields, outcome,"
        " 4, hash, hash, sealed_at FROM audit_event WHERE chain = :a AND seq = 3",
        "UPDATE audit_head SET seq = 9 WHERE chain = :a",
        a=a,
    ),
    "reorder": lambda a, b: tamper(
        "UPDATE audit_event SET seq = -seq WHERE chain = :a AND seq IN (3, 4)",
        "UPDATE audit_event SET seq = 7 + seq WHERE chain = :a AND seq < 0",
        a=a,
    ),
    "duplicate": lambda a, b: tamper(
        "INSERT INTO audit_event (kind, at, actor_id, membership_id, organisation_id, role, action, subject_type,"
        " subject_public_id, fields, reason, outcome, policy, seq, prev_hash, hash, sealed_at)"
        " SELECT kind, at, actor_id, membership_id, organisation_id, role, action, subject_type, subject_public_id,"
        " fields, reason, outcome, policy, 9, hash, hash, sealed_at FROM audit_event WHERE chain = :a AND seq = 8",
        "UPDATE audit_head SET seq = 9 WHERE chain = :a",
        a=a,
    ),
    "duplicate in the same place": lambda a, b: tamper(
        "DROP INDEX uq_audit_event_chain_seq",
        "INSERT INTO audit_event (kind, at, organisation_id, role, action, subject_type, fields, outcome, seq,"
        " prev_hash, hash, sealed_at) SELECT kind, at, organisation_id, role, action, subject_type, fields, outcome,"
        " seq, prev_hash, hash, sealed_at FROM audit_event WHERE chain = :a AND seq = 5",
        a=a,
    ),
    "truncate": lambda a, b: tamper("DELETE FROM audit_event WHERE chain = :a AND seq > 4", cut_head(4), a=a),
    "truncate everything": lambda a, b: tamper("TRUNCATE audit_event CASCADE", "TRUNCATE audit_head"),
    "swap two organisations' lines": lambda a, b: tamper(
        "UPDATE audit_event SET organisation_id = :b, seq = -3 WHERE chain = :a AND seq = 3",
        "UPDATE audit_event SET organisation_id = :a WHERE chain = :b AND seq = 3",
        "UPDATE audit_event SET seq = 3 WHERE chain = :b AND seq = -3",
        a=a,
        b=b,
    ),
    "rewrite with recomputed hashes": lambda a, b: (
        tamper("DELETE FROM audit_event WHERE chain = :a AND seq = 2", a=a),
        recompute(a),
    )[1],
}
SIGNS = {
    "change": {"changed"},
    "change of a sealed reason": {"changed"},
    "delete": {"gap"},
    "delete the first": {"gap"},
    "insert": {"unsealed"},
    "truncate": {"cut"},
    "truncate everything": {"cut"},
    "rewrite with recomputed hashes": {"rewritten"},
}


@pytest.fixture
def index_again(committed: Session) -> Iterator[None]:
    """The unique index, should somebody have thrown it away."""
    yield
    with db.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql("TRUNCATE audit_event CASCADE")
        connection.exec_driver_sql(
            "CREATE UNIQUE INDEX IF NOT EXISTS uq_audit_event_chain_seq ON audit_event (chain, seq)"
        )


@pytest.mark.usefixtures("index_again")
@pytest.mark.parametrize("way", CHANGES)
def test_tampering_is_seen(way: str, chains: tuple[int, int], store: AnchorStore) -> None:
    CHANGES[way](*chains)
    signs = found(store)
    assert signs
    assert SIGNS.get(way, signs) <= signs


def test_a_tail_that_was_not_sealed_yet_is_missed_by_its_head(chains: tuple[int, int], store: AnchorStore) -> None:
    tamper("DELETE FROM audit_event WHERE chain = :a AND seq > 7", a=chains[0])
    assert found(store) == {"head"}


def test_the_last_day_alone_is_checked_as_well(chains: tuple[int, int], store: AnchorStore) -> None:
    CHANGES["change"](*chains)
    assert found(store, since=NOW - timedelta(days=1)) == {"changed"}


def test_a_seal_that_is_not_ours_is_seen(chains: tuple[int, int], store: AnchorStore) -> None:
    file = next(store.folder.glob("*.jsonl"))
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_text(file.read_text().replace('"heads"', '"heads" ').replace(", 6,", ", 5,"))
    assert "anchor" in found(store)
    stranger = AnchorStore.open(str(store.folder), root=bytes([1]) * 32)
    assert "anchor" in found(stranger)


def test_a_break_rings_and_is_written_down(chains: tuple[int, int], store: AnchorStore) -> None:
    with transaction():
        officer = make_member(Role.DATA_PROTECTION_OFFICER, db.session.get_one(Organisation, chains[0]))
        officer_id = officer.user_id
    CHANGES["change"](*chains)
    for _twice in range(2):
        with transaction():
            checked = audit_seal.verify(store, now=LATER)
        with transaction():
            audit_seal.report(checked, now=LATER)
    alert = db.session.scalars(sa.select(Alert)).one()
    assert (alert.rule, alert.organisation_id) == (AlertRule.TRAIL_BROKEN, chains[0])
    assert db.session.scalars(sa.select(Message.recipient_id)).all() == [officer_id]
    outcomes = sa.text("SELECT outcome, rule FROM audit_event WHERE action = 'audit:verified'")
    assert db.session.execute(outcomes).all() == [("failed", "changed")] * 2


def test_an_anchor_that_is_missing_for_more_than_half_an_hour_rings(
    chains: tuple[int, int], store: AnchorStore
) -> None:
    sealed = db.session.scalar(sa.text("SELECT min(sealed_at) FROM audit_event WHERE seq = 7"))
    late = timedelta(minutes=30)
    with transaction():
        assert audit_seal.watch_anchors(now=sealed + late) == 0
    with transaction():
        assert audit_seal.watch_anchors(now=sealed + late + timedelta(seconds=1)) >= 1
    with transaction():
        assert db.session.scalars(sa.select(Alert.rule)).all() == [AlertRule.TRAIL_BROKEN]
        assert audit_seal.anchor(store, now=LATER) == 3
    with transaction():
        assert audit_seal.watch_anchors(now=sealed + timedelta(days=1)) == 0


def test_the_gap_that_a_restore_leaves_is_acknowledged_and_said(chains: tuple[int, int], store: AnchorStore) -> None:
    CHANGES["truncate"](*chains)
    assert found(store) == {"cut"}
    with transaction():
        assert audit_seal.reseal(store, reason="The backup of four o'clock was restored.", now=LATER) == 1
    assert found(store) == set()
    with transaction():
        assert audit_seal.reseal(store, reason="Nothing is cut any more.", now=LATER) == 0
        assert db.session.scalar(sa.text("SELECT shown FROM audit_event WHERE action = 'audit:resealed'")) == 1
    # What is taken away after that is seen as before.
    tamper("DELETE FROM audit_event WHERE chain = :a AND seq > 3", cut_head(3), a=chains[0])
    assert found(store) == {"cut"}
