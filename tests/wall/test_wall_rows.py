"""What the database itself shows to whom, where no query of ours has a where-clause (R-510)."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.core.actor import Actor
from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.kinds import TeamScope
from portal.db import db
from portal.models.access import BreakGlass, CaseBlock
from portal.models.audit import AuditEvent
from portal.models.cases import Case, TeamMember
from portal.models.referrals import TrackRequest
from portal.wall import as_system
from tests.wall.conftest import As
from tests.wall.test_wall_meta import COLUMNS, HEARTS, NOT_CASES

# What somebody has done herself stays hers to count; `test_of_a_hidden_case_only_ones_own_lines_are_left`.
APART = {"audit_event", "case_access"}
OF_CASE = sorted(name for name, table in db.metadata.tables.items() if "case_id" in table.columns and name not in APART)
FOUND = {name for name, table in db.metadata.tables.items() if COLUMNS & set(table.columns.keys())}
# Of an organisation, and yet something of a person in them; `tests/wall/test_homes_and_volunteers.py`.
OF_HOUSES = {"housing_unit", "volunteer"}
WALLED = sorted((HEARTS | FOUND | OF_HOUSES) - NOT_CASES)


def _count(table: str, case_id: int | None = None) -> int:
    source = db.metadata.tables[table]
    statement = sa.select(sa.func.count()).select_from(source)
    if case_id is not None:
        statement = statement.where(source.c["id" if table == "client_case" else "case_id"] == case_id)
    return db.session.scalar(statement) or 0


def _rows_of(case_id: int) -> dict[str, int]:
    counted = {table: _count(table, case_id) for table in ["client_case", *OF_CASE]}
    return {table: number for table, number in counted.items() if number}


def _own_case(actor: Actor, *conditions: sa.ColumnElement[bool]) -> int:
    """A case on whose team she is."""
    with as_system():
        return db.session.scalars(
            sa.select(TeamMember.case_id)
            .where(TeamMember.user_id == actor.user_id, TeamMember.ended_at.is_(None), *conditions)
            .order_by(TeamMember.id)
            .limit(1)
        ).one()


def _block(case_id: int, **target: int | None) -> None:
    with as_system():
        creator = db.session.scalar(sa.select(Case.opened_by_id).where(Case.id == case_id))
        db.session.add(CaseBlock(case_id=case_id, created_at=utc_now(), created_by_id=creator, **target))
        db.session.flush()


def _open_in_emergency(actor: Actor, case_id: int, *, begun: int) -> None:
    """An emergency access that began so many minutes ago and lasts an hour."""
    started = utc_now() - timedelta(minutes=begun)
    opened = BreakGlass(
        case_id=case_id,
        user_id=actor.user_id,
        membership_id=actor.membership_id,
        organisation_id=actor.organisation_id,
        category="acute_danger",
        reason="Ringer fra en fremmed telefon",
        started_at=started,
        ends_at=started + timedelta(minutes=60),
    )
    db.session.add(opened)
    db.session.flush()


@pytest.mark.parametrize("table", WALLED)
def test_without_a_context_there_is_no_row(acting: As, table: str) -> None:
    with acting(None):
        assert _count(table) == 0


def test_the_context_ends_with_the_transaction(acting: As, actors: dict[str, Actor]) -> None:
    with acting(actors["katrine"]):
        assert _count("client_case") > 0
    db.session.rollback()
    assert _count("client_case") == 0


def test_the_owner_of_the_tables_sees_no_row_either(populated: Flask) -> None:
    engine = sa.create_engine(populated.config["DATABASE_OWNER_URL"], poolclass=sa.NullPool)
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM client_case")) == 0
        assert connection.scalar(sa.text("SELECT count(*) FROM bro_cases()")) == 0
    engine.dispose()


def test_a_worker_sees_her_cases_and_a_stranger_nothing_of_them(acting: As, actors: dict[str, Actor]) -> None:
    katrine, stranger = actors["katrine"], actors["jens"]
    assert stranger.organisation_id != katrine.organisation_id
    asked = sa.select(TrackRequest.case_id).where(TrackRequest.organisation_id == stranger.organisation_id)
    case_id = _own_case(katrine, TeamMember.case_id.not_in(asked))
    with acting(katrine):
        assert {"client_case", "team_member", "deadline"} <= set(_rows_of(case_id))
    with acting(stranger):
        assert _rows_of(case_id) == {}


@pytest.mark.parametrize("target", ["user", "organisation"])
def test_who_is_blocked_has_no_row_and_changes_none(acting: As, actors: dict[str, Actor], target: str) -> None:
    katrine = actors["katrine"]
    case_id = _own_case(katrine)
    with acting(katrine):
        assert _rows_of(case_id)
        _block(
            case_id,
            user_id=katrine.user_id if target == "user" else None,
            organisation_id=katrine.organisation_id if target == "organisation" else None,
        )
        assert _rows_of(case_id) == {}
        changed = db.session.execute(
            sa.text("UPDATE client_case SET version = version WHERE id = :id"), {"id": case_id}
        )
        assert changed.rowcount == 0
        changed = db.session.execute(
            sa.text("UPDATE stay SET admitted_on = admitted_on WHERE case_id = :id"), {"id": case_id}
        )
        assert changed.rowcount == 0


def test_a_block_beats_an_emergency(acting: As, actors: dict[str, Actor]) -> None:
    katrine = actors["katrine"]
    with as_system():
        mine = sa.select(TeamMember.case_id).where(TeamMember.user_id == katrine.user_id)
        case_id = db.session.scalars(sa.select(Case.id).where(Case.id.not_in(mine)).order_by(Case.id).limit(1)).one()
    with acting(katrine):
        before = _count("note", case_id) + _count("stay", case_id)
        assert before == 0
        with as_system():
            _open_in_emergency(katrine, case_id, begun=1)
        assert _count("client_case", case_id) == 1
        _block(case_id, user_id=katrine.user_id)
        assert _rows_of(case_id) == {}


def test_an_emergency_ends_by_the_databases_clock(acting: As, actors: dict[str, Actor]) -> None:
    katrine = actors["katrine"]
    with as_system():
        mine = sa.select(TeamMember.case_id).where(TeamMember.user_id == katrine.user_id)
        case_id = db.session.scalars(sa.select(Case.id).where(Case.id.not_in(mine)).order_by(Case.id).limit(1)).one()
        _open_in_emergency(katrine, case_id, begun=61)
    with acting(katrine):
        assert _count("stay", case_id) + _count("safety_assessment", case_id) == 0


def test_an_erased_case_is_there_for_nobody(acting: As, actors: dict[str, Actor]) -> None:
    case_id = _own_case(actors["katrine"])
    with as_system():
        db.session.execute(sa.update(Case).where(Case.id == case_id).values(erased_at=utc_now()))
    for actor in actors.values():
        with acting(actor):
            assert set(_rows_of(case_id)) <= _left_of_an_erased_case(actor), actor.role


def _left_of_an_erased_case(actor: Actor) -> set[str]:
    """The shell is there for those who answer for it, alarms for who runs the house."""
    if actor.role in (Role.SAFETY_OFFICER, Role.DATA_PROTECTION_OFFICER):
        return {"alert", "client_case", "retention_item", "rights_request"}
    return {"alert"} if actor.role in (Role.PROGRAMME_LEAD, Role.ADMINISTRATOR) else set()


def test_of_a_hidden_case_only_ones_own_lines_are_left(acting: As, actors: dict[str, Actor]) -> None:
    katrine = actors["katrine"]
    case_id = _own_case(katrine)
    of_others = sa.select(AuditEvent.id).where(AuditEvent.case_id == case_id, AuditEvent.actor_id != katrine.user_id)
    with acting(katrine):
        assert db.session.scalars(of_others).first()
        _block(case_id, user_id=katrine.user_id)
        assert db.session.scalars(of_others).first() is None


def test_nobody_lets_herself_in(acting: As, actors: dict[str, Actor]) -> None:
    jens, case_id = actors["jens"], _own_case(actors["katrine"])
    herself = TeamMember(
        case_id=case_id,
        user_id=jens.user_id,
        membership_id=jens.membership_id,
        organisation_id=jens.organisation_id,
        scope=TeamScope.FULL,
        joined_at=utc_now(),
    )
    with acting(jens):
        db.session.add(herself)
        with pytest.raises(sa.exc.ProgrammingError, match="row-level security"):
            db.session.flush()


def test_nobody_writes_the_trail_in_anothers_name(acting: As, actors: dict[str, Actor]) -> None:
    statement = sa.text(
        "INSERT INTO audit_event (kind, at, actor_id, membership_id, organisation_id, role, relation, case_id, page,"
        " subject_type, fields, outcome)"
        " VALUES ('seen', now(), :user, :member, :org, 'contact_person', 'CT', :case, 'case', 'case', '{}', 'allowed')"
    )
    victim, case_id = actors["katrine"], _own_case(actors["katrine"])
    values = {"user": victim.user_id, "member": victim.membership_id, "org": victim.organisation_id, "case": case_id}
    with acting(actors["jens"]), pytest.raises(sa.exc.ProgrammingError, match="row-level security"):
        db.session.execute(statement, values)


def test_lines_that_the_portal_writes_take_their_places_in_the_chain(populated: Flask) -> None:
    with populated.app_context(), as_system():
        of_all = sa.select(sa.func.count(), sa.func.count(AuditEvent.seq), sa.func.count(AuditEvent.hash))
        lines, places, hashes = db.session.execute(of_all.select_from(AuditEvent)).one()
        assert lines > 1000 and lines == places == hashes


def test_the_portals_own_lines_are_written_by_anybody_and_in_no_other_name(
    acting: As, actors: dict[str, Actor]
) -> None:
    statement = sa.text(
        "INSERT INTO audit_event (kind, at, role, action, subject_type, fields, outcome)"
        " VALUES ('done', now(), :role, 'alert_raised', 'alert', '{}', 'allowed')"
    )
    with acting(actors["jens"]):
        db.session.execute(statement, {"role": "system"})
        with pytest.raises(sa.exc.ProgrammingError, match="row-level security"):
            db.session.execute(statement, {"role": "administrator"})


def test_what_a_volunteer_is_told_of_a_case_fails_towards_safety(acting: As, actors: dict[str, Actor]) -> None:
    volunteer = next(actor for actor in actors.values() if actor.role is Role.VOLUNTEER)
    with as_system():
        case = db.session.scalars(sa.select(Case).where(Case.closed_at.is_(None)).order_by(Case.id).limit(1)).one()
        own, elsewhere = case.owner_organisation_id, case.owner_organisation_id + 1_000_000
    asked = "SELECT bro_is_shared(:case, :own), bro_is_shared(:case, :other), bro_is_shared(-1, :own)"
    levels = "SELECT bro_protection_level(NULL), bro_protection_level(-1)"
    with acting(volunteer):
        assert _count("client_case") == _count("consent") == _count("client") == 0
        row = db.session.execute(sa.text(asked), {"case": case.id, "own": own, "other": elsewhere}).one()
        assert tuple(row) == (True, False, False)
        assert tuple(db.session.execute(sa.text(levels)).one()) == (0, 2)
