"""What the portal's role may do to each table: what its code does, nothing more (ASVS 13.2)."""

import pytest
import sqlalchemy as sa

from portal import roles
from portal.db import db
from portal.domain.subject_data import KEPT_AS_SHELL, NEVER_TOUCHED, reached_from

pytestmark = pytest.mark.usefixtures("session")
# Written and read, never changed: the trail, proofs and receipts.
APPEND_ONLY = {"audit_event", "erasure_proof", "hand_over", "hand_over_item", "organisation_return"}
# Never changed, but taken away.
NOT_CHANGED = APPEND_ONLY | {"linked_identity", "request_event", "used_state"}
NOT_CHANGED |= {"child_consent", "child_step", "meeting_child", "note_child", "note_pin"}
NOT_CHANGED |= {"safe_contact_way"}
# Never taken away: the house and its people, what stays as a shell at an erasure, what the law keeps.
STAYS = APPEND_ONLY | {
    *("alert", "audit_sample", "break_glass", "case_access", "client", "client_case", "erasure"),
    *("incident", "legal_hold", "retention_item", "rights_request", "subject_export"),
    *("fund", "group_round", "housing_unit", "identity_provider", "membership", "membership_absence", "municipality"),
    *("offer", "organisation", "organisation_exit", "programme", "reference_counter", "retention_setting"),
    *("reveal_allowance", "user_account", "volunteer", "decline_rule", "place", "place_opening"),
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
        changed = set() if table in NOT_CHANGED else {"UPDATE"}
        expected[table] = {"SELECT", "INSERT"} | changed | (set() if table in STAYS else {"DELETE"})
    # The chain's heads are a trigger's; the portal says what is anchored.
    expected["audit_head"] = {"SELECT"}
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


@pytest.mark.parametrize("table", sorted(APPEND_ONLY))
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = 1", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_portal_cannot_even_try_to_change_the_trail(table: str, statement: str) -> None:
    _refused(statement.format(table))


@pytest.mark.parametrize("statement", ["UPDATE audit_head SET seq = 1", "INSERT INTO audit_head VALUES (9, 1, '')"])
def test_the_portal_cannot_touch_the_heads_of_the_chains(statement: str) -> None:
    _refused(statement)


def test_the_portal_makes_no_tables() -> None:
    _refused("CREATE TABLE mine (id int)")


def test_an_erasure_may_take_away_what_it_takes_away() -> None:
    """By the register, so that a new table about her cannot be forgotten."""
    about_her = {table.name for root in ("client", "client_case") for table in reached_from(root)}
    taken = about_her - KEPT_AS_SHELL - NEVER_TOUCHED
    granted = _granted()
    assert sorted(table for table in taken if "DELETE" not in granted[table]) == []
