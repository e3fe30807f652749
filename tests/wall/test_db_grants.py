"""What the portal's role may do to each table: what its code does, nothing more (ASVS 13.2)."""

import pytest
import sqlalchemy as sa

from portal import roles
from portal.db import db

pytestmark = pytest.mark.usefixtures("session")
# The trail: written and read, never changed.
APPEND_ONLY = {"audit_entry", "access_entry", "request_event"}
# Whose rows some service takes away.
REMOVED = {
    *("grant_approval", "grant_line", "measure", "measure_value", "referral", "track_request", "round_leader"),
    *("job_run", "outgoing_mail", "rate_counter", "submission", "user_session"),
}


def _granted() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    statement = "SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = :role"
    for table, right in db.session.execute(sa.text(statement), {"role": roles.APPLICATION}):
        found.setdefault(table, set()).add(right)
    return found


def test_the_portals_role_has_exactly_the_rights_it_needs() -> None:
    expected = {"alembic_version": {"SELECT"}}
    for table in db.metadata.tables:
        rights = {"SELECT", "INSERT"}
        if table not in APPEND_ONLY:
            rights.add("UPDATE")
        if table in REMOVED:
            rights.add("DELETE")
        expected[table] = rights
    granted = _granted()
    wrong = {
        table: (sorted(granted.get(table, ())), "should be", sorted(expected.get(table, ())))
        for table in expected.keys() | granted.keys()
        if granted.get(table) != expected.get(table)
    }
    assert wrong == {}, "Add a line to GRANTS in the migration that makes the table, and here where it is special."


def _refused(statement: str) -> None:
    db.session.execute(sa.text(f"SET LOCAL ROLE {roles.APPLICATION}"))
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        db.session.execute(sa.text(statement))


@pytest.mark.parametrize("table", sorted(APPEND_ONLY - {"request_event"}))
@pytest.mark.parametrize("statement", ["UPDATE {} SET request_id = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_portal_cannot_even_try_to_change_the_trail(table: str, statement: str) -> None:
    _refused(statement.format(table))


def test_the_portal_makes_no_tables() -> None:
    _refused("CREATE TABLE mine (id int)")
