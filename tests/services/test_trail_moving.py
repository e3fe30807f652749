"""The oldest months of the trail are moved out: signed, by the owner of the table alone, and the chain still holds."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.orm import Session

from portal.cli.audit import audit as command
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.kinds import SubjectType
from portal.db import db, transaction
from portal.models.audit import AuditEvent
from portal.models.cases import Case
from portal.models.organisations import Organisation
from portal.queries import audit_chain
from portal.services import audit, audit_seal, holds, trail_moving
from portal.services.trail_moving import Unmoved
from portal.vault.anchors import MOVED, AnchorStore
from tests.factories.people import actor_of, make_case, make_member

OLD, EDGE = datetime(2024, 5, 31, 21, 59, tzinfo=UTC), datetime(2024, 5, 31, 22, 0, tzinfo=UTC)
NOW = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> AnchorStore:
    return AnchorStore.open(str(tmp_path / "anchors"), root=bytes(32))


@pytest.fixture
def trail(committed: Session, store: AnchorStore) -> int:
    """Five old lines of one organisation, four young ones; the old month ended at midnight in Copenhagen."""
    with transaction():
        member = make_member(now=OLD)
        case = make_case(member, now=OLD)
        actor = actor_of(member)
        chain = actor.organisation_id or 0
    for number, at in enumerate([OLD] * 5 + [EDGE] + [NOW] * 3):
        with transaction():
            audit.record(
                Audit.CASE_CHANGED,
                SubjectType.CASE,
                str(number),
                actor=actor,
                now=at,
                case_id=case.id,
                reason="Fordi æ",
            )
    with transaction():
        audit_seal.anchor(store, now=NOW)
    return chain


def owner() -> str:
    return str(current_app.config["DATABASE_OWNER_URL"])


def move(store: AnchorStore, folder: Path) -> list[trail_moving.Moved]:
    with transaction():
        return trail_moving.move_out(store, folder, owner(), now=NOW)


def places(chain: int) -> list[int]:
    with transaction():
        return list(db.session.scalars(sa.select(AuditEvent.seq).where(AuditEvent.chain == chain).order_by("seq")))  # type: ignore[arg-type]


def faults(store: AnchorStore) -> list[str]:
    with transaction():
        return [fault.kind.value for fault in audit_seal.verify(store, now=NOW).faults]


def test_whole_months_go_and_what_is_left_holds(trail: int, store: AnchorStore, tmp_path: Path) -> None:
    before = places(trail)
    moved = {one.segment.chain: one for one in move(store, tmp_path / "out")}
    young = [place for place in before if place > moved[trail].segment.last]
    assert moved[trail].segment.first == 1
    assert places(trail) == young
    assert len(young) == 4
    assert faults(store) == []
    assert trail_moving.check_file(store, moved[trail].file) == moved[trail].segment.lines == len(before) - 4
    assert moved[trail].file.stat().st_mode & 0o777 == 0o600
    # What is moved is said in the portal's own chain, and nothing of this one is left to move.
    with transaction():
        said = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == Audit.AUDIT_MOVED)).one()
        assert said.shown == sum(one.segment.lines for one in moved.values())
    assert [one for one in move(store, tmp_path / "out") if one.segment.chain == trail] == []


def test_lines_that_no_anchor_vouches_for_stay(committed: Session, store: AnchorStore, tmp_path: Path) -> None:
    with transaction():
        actor = actor_of(make_member())
    for _number in range(3):
        with transaction():
            audit.record(Audit.CASE_CHANGED, SubjectType.CASE, "x", actor=actor, now=OLD)
    assert move(store, tmp_path / "out") == []


def test_broken_off_before_anything_is_taken_away_it_can_be_given_again(
    trail: int, store: AnchorStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_given: object) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(trail_moving, "_take_away", fails)
        with pytest.raises(OSError):
            move(store, tmp_path / "out")
    assert places(trail)[0] == 1
    assert faults(store) == []
    assert [one.segment.first for one in move(store, tmp_path / "out") if one.segment.chain == trail] == [1]
    assert faults(store) == []


def test_a_chain_that_does_not_hold_is_not_moved(trail: int, store: AnchorStore, tmp_path: Path) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.execute(sa.text("UPDATE audit_event SET case_id = NULL WHERE chain = :a AND seq = 2"), {"a": trail})
    with pytest.raises(Unmoved, match="line 2"):
        move(store, tmp_path / "out")
    assert places(trail)[0] == 1
    assert list((tmp_path / "out").glob("*.jsonl")) == []


def test_taken_away_without_a_signature_it_is_a_gap(trail: int, store: AnchorStore, tmp_path: Path) -> None:
    move(store, tmp_path / "out")
    first = places(trail)[0]
    with db.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.execute(sa.text("DELETE FROM audit_event WHERE chain = :a AND seq = :s"), {"a": trail, "s": first})
    assert faults(store) == ["gap"]
    # A signature for another line of that place does not cover it.
    store.append(MOVED, NOW, [(trail, first, bytes(32))])
    assert faults(store) == ["gap"]


@pytest.mark.parametrize("words", ["on", "off"])
def test_the_portals_own_role_takes_nothing_away(trail: int, words: str) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL ROLE bro_app")
        connection.exec_driver_sql(
            f"SELECT set_config('bro.scope', 'system', true), set_config('bro.moving', '{words}', true)"
        )
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
            connection.exec_driver_sql("DELETE FROM audit_event")


def test_the_owner_takes_nothing_away_without_saying_so(trail: int) -> None:
    engine = sa.create_engine(owner())
    with engine.begin() as connection:
        connection.exec_driver_sql("SELECT set_config('bro.scope', 'system', true)")
        with pytest.raises(sa.exc.DBAPIError, match="cannot be changed"):
            connection.exec_driver_sql("DELETE FROM audit_event")
    engine.dispose()


def _line(text: str, change: dict[str, Any]) -> str:
    said = json.loads(text)
    said["line"][2 if "chain" in change else -1] = "x"
    return json.dumps(said)


CHANGES = {
    "changed": lambda lines: [lines[0], _line(lines[1], {}), *lines[2:]],
    "another chain": lambda lines: [_line(lines[0], {"chain": 1}), *lines[1:]],
    "one missing": lambda lines: [lines[0], *lines[2:]],
    "the last missing": lambda lines: [*lines[:-2], lines[-1]],
    "swapped": lambda lines: [lines[1], lines[0], *lines[2:]],
    "no end": lambda lines: lines[:-1],
    "nothing but the end": lambda lines: lines[-1:],
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_file_that_was_changed_does_not_pass(trail: int, store: AnchorStore, tmp_path: Path, name: str) -> None:
    file = next(one.file for one in move(store, tmp_path / "out") if one.segment.chain == trail)
    file.write_text("\n".join(CHANGES[name](file.read_text().splitlines())) + "\n")
    with pytest.raises(Unmoved):
        trail_moving.check_file(store, file)


def test_another_portals_signature_does_not_pass(trail: int, store: AnchorStore, tmp_path: Path) -> None:
    file = next(one.file for one in move(store, tmp_path / "out") if one.segment.chain == trail)
    strange = AnchorStore.open(str(tmp_path / "other"), root=bytes([1] * 32))
    with pytest.raises(Unmoved):
        trail_moving.check_file(strange, file)


def test_a_hold_says_how_long_the_file_is_kept(trail: int, store: AnchorStore, tmp_path: Path) -> None:
    with transaction():
        case = db.session.scalars(sa.select(Case)).one()
        officer = make_member(Role.DATA_PROTECTION_OFFICER, db.session.get_one(Organisation, trail))
        given: dict[str, Any] = {"actor": actor_of(officer), "now": NOW}
        hold = holds.set_hold(case, "En retssag", **given)
    held = {one.segment.chain: one.segment for one in move(store, tmp_path / "out")}
    assert 0 < held[trail].held <= held[trail].lines
    with transaction():
        hold.case = case
        holds.lift_hold(hold, "Forbi", **given)
        assert sum(one.held for one in audit_chain.list_movable(datetime(2030, 1, 1, tzinfo=UTC))) == 0


def test_the_commands(app: Flask, trail: int, tmp_path: Path) -> None:
    own = app.extensions["anchors"]
    with transaction():
        audit_seal.anchor(own, now=utc_now())
    runner = app.test_cli_runner()
    done = runner.invoke(command, ["move-out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    files = [str(path) for path in (tmp_path / "out").glob("*.jsonl")]
    checked = runner.invoke(command, ["check-file", *files])
    assert (checked.exit_code, checked.output.count("hold together")) == (0, len(files))
    Path(files[0]).write_text("{}\n")
    assert runner.invoke(command, ["check-file", files[0]]).exit_code != 0
