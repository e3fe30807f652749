"""Every table with case data stands behind the second wall; a new one that does not is found here (R-510)."""

import pytest
import sqlalchemy as sa
from sqlalchemy import Table

from portal import roles
from portal.db import db

pytestmark = pytest.mark.usefixtures("session")
HEARTS = {"client", "client_case"}
COLUMNS = {"case_id", "client_id", "enrolment_id"}
# `client_id` is what a provider of sign-ins calls the portal.
NOT_CASES = {"identity_provider"}
# Tables that belong to an organisation and stand before the wall, and why. None of them holds anything of a case; what
# is of a person in them is sealed, or asked for by organisation in every query.
BEFORE = {
    "account_code": "a code is answered before there is an actor",
    "link_code": "a code is answered before there is an actor",
    "identity_provider": "sign-in: there is no actor yet",
    "membership": "who acts is found by it, and who works with a woman at another organisation is named",
    "membership_absence": "days away of a member of staff, which hang on `membership`; nothing of a woman",
    "organisation_exit": "whether a house is frozen is asked at sign-in, and by those who receive its cases",
    "organisation_key": "opens what a woman's team may read at every organisation; wrapped by the root key",
    "fund": "who applies sees the funds of others; no person",
    "programme": "what organisations give is there for whoever refers; a draft is asked for by its owner; no person",
    "offer": "what organisations give is there for whoever refers; no person",
    "decline_rule": "how a house uses a word of the vocabulary; no person",
    "place": "what organisations give is there for whoever refers; no person",
    "place_opening": "that a place had room; no person",
    "group_round": "what organisations give is there for whoever refers; no person",
    "retention_setting": "how long a house keeps things; no person",
}
HOW = (
    "Add a line to RULES and one to GRANTS in the migration that makes the table, as migrations/versions/0012_wall.py "
    "does: ENABLE and FORCE ROW LEVEL SECURITY, the policy `system`, and policies for reading, writing, changing and "
    "removing that ask a bro_… function or the row it hangs on."
)
PUBLIC = {"reads", "writes", "changes", "removes"}


def _case_tables() -> set[str]:
    """Tables with such a column, and whatever hangs on one of them, by the models and by the database itself."""
    tables = db.metadata.tables.values()
    found = HEARTS | {table.name for table in tables if COLUMNS & set(table.columns.keys())} | _listed()
    found -= NOT_CASES
    while True:
        more = {table.name for table in tables if _parents(table) & found} - found
        if not more:
            return found
        found |= more


def _parents(table: Table) -> set[str]:
    return {key.column.table.name for key in table.foreign_keys}


def _listed() -> set[str]:
    statement = (
        "SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
        " AND a.attname IN ('case_id', 'client_id', 'enrolment_id')"
    )
    return set(db.session.scalars(sa.text(statement)))


def test_it_finds_what_hangs_on_a_case_by_a_long_thread() -> None:
    assert {
        "note",
        "child",
        "phase_plan",
        "hour_entry",
        "measure_value",
        "request_event",
        "watch_hit",
    } <= _case_tables()
    assert not {"organisation", "user_account", "offer", "job_run"} & _case_tables()


def test_every_table_with_case_data_is_behind_the_wall_also_for_its_owner() -> None:
    statement = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
    walled = set(db.session.scalars(sa.text(statement)))
    open_ = sorted(_case_tables() - walled)
    assert open_ == [], f"without a wall: {', '.join(open_)}. {HOW}"


def _organisation_tables() -> set[str]:
    """Tables with a column that leads to an organisation, by the models, or is called so, by the database."""
    keys = (key for table in db.metadata.tables.values() for key in table.foreign_keys)
    by_key = {key.parent.table.name for key in keys if key.column.table.name == "organisation"}
    statement = (
        "SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
        " AND (a.attname = 'organisation_id' OR a.attname LIKE '%\\_organisation\\_id')"
    )
    return by_key | set(db.session.scalars(sa.text(statement)))


def test_every_table_of_an_organisation_is_behind_the_wall_or_known_to_stand_before_it() -> None:
    statement = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
    walled = set(db.session.scalars(sa.text(statement)))
    open_ = _organisation_tables() - walled
    assert sorted(open_ - BEFORE.keys()) == [], HOW
    assert sorted(BEFORE.keys() - open_) == [], "behind the wall by now, or gone: take it out of BEFORE"
    assert not BEFORE.keys() & _case_tables()


def test_every_policy_asks_who_acts() -> None:
    rows = db.session.execute(
        sa.text("SELECT tablename, policyname, cmd, roles::text, coalesce(qual, with_check) FROM pg_policies")
    ).all()
    policies: dict[str, set[str]] = {}
    for table, name, _command, to, condition in rows:
        policies.setdefault(table, set()).add(name)
        if name in PUBLIC:
            assert to == f"{{{roles.APPLICATION}}}", f"{table}.{name} is for {to}"
            asks = "bro_" in condition or "EXISTS" in condition
            assert asks and condition != "true", f"{table}.{name} asks nobody: {condition}. {HOW}"
        elif name == "system":
            assert condition == "bro_is_system()"
        else:
            assert name == "inside" and condition == "(SESSION_USER <> CURRENT_USER)", f"{table}.{name}: what is it?"
    for table in sorted(_case_tables()):
        assert policies.get(table, set()) >= PUBLIC | {"system"}, f"{table} lacks policies. {HOW}"


def test_the_portals_role_can_look_over_no_wall() -> None:
    role = db.session.execute(
        sa.text("SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = :name"),
        {"name": roles.APPLICATION},
    ).one()
    assert role == (False, False, False, False)
    owners = set(
        db.session.scalars(
            sa.text(
                "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class"
                " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            )
        )
    )
    assert owners == {roles.OWNER}
    owner = db.session.execute(
        sa.text("SELECT rolsuper, rolbypassrls, pg_has_role(:app, oid, 'MEMBER') FROM pg_roles WHERE rolname = :owner"),
        {"app": roles.APPLICATION, "owner": roles.OWNER},
    ).one()
    assert owner == (False, False, False)


def test_functions_that_look_behind_the_wall_are_these() -> None:
    """They run as the owner of the tables. A new one is a new hole until somebody has read it."""
    found = db.session.scalars(
        sa.text("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef ORDER BY 1")
    ).all()
    questions = [
        "bro_blocked_cases",
        "bro_cases_now",
        "bro_clients",
        "bro_helpers",
        "bro_hidden_cases",
        "bro_referred_cases",
        "bro_related_cases",
        "bro_requests",
    ]
    moments = ["bro_is_new_case", "bro_is_new_client"]
    numbers = [
        *("bro_homes", "bro_is_shared", "bro_live_courses", "bro_protection_level", "bro_room", "bro_waiting_before"),
        "bro_waits",
    ]
    triggers = ["audit_seal", "new_case_access", "touch_case_access"]
    assert found == sorted(questions + moments + numbers + triggers)
