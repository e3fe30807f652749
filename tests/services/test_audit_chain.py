"""The chain of audit lines: every line gets its place at the commit, no writer forks it, every tampering is seen."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.core.actor import SYSTEM, Actor
from portal.core.audit_tags import Audit
from portal.core.errors import Unlogged
from portal.core.kinds import SubjectType
from portal.db import db, transaction
from portal.domain.audit_chain import check_ends, check_lines, text_of
from portal.queries import audit_chain
from portal.services import audit
from portal.wall import as_system
from tests.factories.people import actor_of, make_member

NOW = datetime(2026, 3, 4, 9, 30, 15, 123456, tzinfo=UTC)
WRITERS, LINES = 16, 25


def write(actor: Actor = SYSTEM, *, reason: str | None = None, fields: tuple[str, ...] = ()) -> None:
    audit.record(Audit.CASE_CHANGED, SubjectType.CASE, "x" * 22, actor=actor, now=NOW, reason=reason, fields=fields)


def faults() -> list[str]:
    found = list(check_lines(audit_chain.read_lines(), {}))
    found += check_ends(audit_chain.chain_ends(), [])
    return sorted(fault.kind.value for fault in found)


def test_a_line_gets_its_place_when_the_transaction_commits(committed: Session) -> None:
    with transaction():
        write()
        db.session.flush()
        assert db.session.scalar(sa.text("SELECT seq FROM audit_event")) is None
    row = db.session.execute(sa.text("SELECT seq, prev_hash, hash, sealed_at, chain FROM audit_event")).one()
    assert (row.seq, bytes(row.prev_hash), row.chain) == (1, bytes(32), 0)
    assert row.sealed_at is not None
    assert audit_chain.chain_ends()[0].head == (1, bytes(row.hash))


def test_the_database_and_the_check_write_a_line_alike(committed: Session) -> None:
    with transaction():
        member = make_member()
        write(actor_of(member), reason='Ærø \\ "quoted"\n\t\x01 – €😀', fields=("blåbær", 'a"b', "c\\d"))
        write()
    rows = db.session.execute(sa.text("SELECT id, audit_line(e) FROM audit_event e"))
    in_database = {row.id: row.audit_line for row in rows}
    assert {line.id: text_of(line) for line in audit_chain.read_lines()} == in_database
    assert faults() == []


def test_one_transaction_may_write_to_two_chains_and_to_one_twice(committed: Session) -> None:
    with transaction():
        first, second = actor_of(make_member()), actor_of(make_member())
    with transaction():
        for actor in (second, first, SYSTEM, second):
            write(actor)
            db.session.flush()
    assert faults() == []
    assert audit_chain.chain_ends().keys() == {0, first.organisation_id, second.organisation_id}


def write_and_stop() -> None:
    write()
    db.session.flush()
    raise RuntimeError


def test_what_is_undone_leaves_no_gap(committed: Session) -> None:
    with transaction():
        write()
    with pytest.raises(RuntimeError), transaction():
        write_and_stop()
    with transaction():
        with pytest.raises(RuntimeError), db.session.begin_nested():
            write_and_stop()
        write()
    assert faults() == []
    assert audit_chain.chain_ends()[0].last == 2


def test_sixteen_writers_leave_no_gap_and_never_wait_for_each_other_in_a_circle(app: Flask, committed: Session) -> None:
    with transaction():
        actors = [actor_of(make_member()) for _ in range(3)] + [SYSTEM]
    engine = sa.create_engine(app.config["SQLALCHEMY_DATABASE_URI"], pool_size=WRITERS, max_overflow=0)
    insert = sa.text(
        "INSERT INTO audit_event (kind, at, organisation_id, role, action, subject_type, fields, outcome)"
        " VALUES ('done', now(), :organisation, 'system', 'case:changed', 'case', '{}', 'allowed')"
    )

    def write_lines(writer: int) -> None:
        for number in range(LINES):
            # Each transaction writes to two chains, the writers in different orders.
            pair = (actors[(writer + number) % 4], actors[(writer * 3 + number + 1) % 4])
            with engine.begin() as connection:
                for actor in pair:
                    connection.execute(insert, {"organisation": actor.organisation_id})

    before = db.session.scalar(sa.text("SELECT count(*) FROM audit_event")) or 0
    db.session.rollback()
    with ThreadPoolExecutor(WRITERS) as threads:
        list(threads.map(write_lines, range(WRITERS)))
    engine.dispose()
    assert faults() == []
    assert db.session.scalar(sa.text("SELECT count(*) FROM audit_event")) == before + WRITERS * LINES * 2


def test_nobody_chooses_a_place(committed: Session) -> None:
    with transaction():
        db.session.execute(
            sa.text(
                "INSERT INTO audit_event (kind, at, role, action, subject_type, fields, outcome, seq, hash)"
                " VALUES ('done', now(), 'system', 'case:changed', 'case', '{}', 'allowed', 77, 'x')"
            )
        )
    assert faults() == []
    assert audit_chain.chain_ends()[0].last == 1


def test_a_head_that_somebody_holds_on_to_refuses_the_line_and_what_depends_on_it(committed: Session) -> None:
    with transaction():
        write()
    with db.engine.connect() as other:
        other.execute(sa.text("SELECT * FROM audit_head FOR UPDATE"))
        with pytest.raises(Unlogged), transaction():
            write()
    assert audit_chain.chain_ends()[0].last == 1


@pytest.fixture
def role(committed: Session) -> Iterator[str]:
    """A role in the database that may do nothing yet."""
    name = f"bro_test_{os.getpid()}"
    with db.engine.begin() as owner:
        owner.execute(sa.text(f"CREATE ROLE {name}"))
    yield name
    db.session.rollback()
    with db.engine.begin() as owner:
        owner.execute(sa.text(f"DROP OWNED BY {name}"))
        owner.execute(sa.text(f"DROP ROLE {name}"))


def grant(rights: str, role: str) -> None:
    with db.engine.begin() as owner:
        owner.execute(sa.text(f"GRANT {rights} ON audit_event TO {role}"))


def as_role(role: str, act: Callable[[], object]) -> None:
    """Do something in a transaction of its own, as the application's role would."""
    with transaction():
        db.session.execute(sa.text(f"SET LOCAL ROLE {role}"))
        with as_system():
            act()


def test_without_the_right_to_insert_the_line_is_refused(role: str) -> None:
    grant("SELECT", role)
    with pytest.raises(Unlogged):
        as_role(role, write)


def test_a_role_that_may_only_insert_writes_lines_that_are_sealed_and_changes_none(role: str) -> None:
    grant("INSERT, SELECT", role)
    as_role(role, write)
    assert audit_chain.chain_ends()[0].last == 1
    for statement in ("UPDATE audit_event SET rule = 'x'", "UPDATE audit_head SET seq = 0", "DELETE FROM audit_event"):
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
            as_role(role, partial(db.session.execute, sa.text(statement)))
    assert faults() == []
