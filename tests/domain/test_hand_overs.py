"""Whom a hand-over proposes, and how full the others get: pure rules."""

import pytest

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.people import HandOverKind, Thing
from portal.domain.hand_overs import Row, Successor, loads, may_prepare, propose, successor_roles

ANE, BEA = (
    Successor(number, f"public-{number}", number + 10, name, Role.PROGRAMME_WORKER, load)
    for number, name, load in ((1, "Ane", 4), (2, "Bea", 1))
)
ROWS = [Row(f"case-{number}", HandOverKind.CASE, f"R{number}", number, {}) for number in range(1, 6)]


def test_the_deputy_goes_before_everybody() -> None:
    assert set(propose(ROWS, [ANE, BEA], deputy=1, beside={1: [2]}).values()) == {1}


def test_somebody_on_the_case_goes_before_whoever_has_least() -> None:
    proposed = propose(ROWS[:2], [ANE, BEA], beside={1: [99, 1]})
    assert proposed == {"case-1": 1, "case-2": 2}


def test_the_rest_goes_to_whoever_has_least_and_each_case_weighs() -> None:
    assert list(propose(ROWS, [ANE, BEA], beside={}).values()) == [2, 2, 2, 1, 2]


def test_nobody_is_proposed_for_a_case_that_she_is_kept_out_of() -> None:
    proposed = propose(ROWS[:2], [ANE, BEA], deputy=2, beside={1: [2]}, blocked={(1, 2)})
    assert proposed == {"case-1": 1, "case-2": 2}
    assert propose(ROWS[:1], [BEA], beside={}, blocked={(1, 2)}) == {"case-1": None}
    assert propose(ROWS[:1], [], beside={}) == {"case-1": None}


def test_a_case_that_she_is_on_already_weighs_nothing_new() -> None:
    chosen = {"case-1": 1, "case-2": 1, "case-3": None}
    assert loads(ROWS[:3], [ANE, BEA], chosen, beside={1: [1]}) == {1: 5, 2: 1}


def test_case_work_is_taken_over_by_whoever_does_case_work_the_rest_by_the_same_role() -> None:
    assert Role.CONTACT_PERSON in successor_roles(Role.PROGRAMME_WORKER)
    assert successor_roles(Role.GROUP_LEADER) == {Role.GROUP_LEADER}


def test_a_row_counts_what_goes_along_and_not_itself() -> None:
    row = Row("x", HandOverKind.CASE, "R", 1, {Thing.TEAM: [1], Thing.DEADLINE: [1, 2], Thing.COURSE: [3]})
    assert (row.count, row.counts) == (3, [(Thing.DEADLINE, 2), (Thing.COURSE, 1)])


@pytest.mark.parametrize("role", sorted(set(Role)))
def test_who_prepares_a_hand_over(role: Role) -> None:
    prepares = {Role.ADMINISTRATOR, Role.SAFETY_OFFICER, Role.PROGRAMME_LEAD}
    assert may_prepare(Actor(1, 1, 5, role), user_id=2, organisation_id=5) is (role in prepares)
    assert may_prepare(Actor(2, 1, 5, role), user_id=2, organisation_id=5)
    assert not may_prepare(Actor(2, 1, 6, role), user_id=2, organisation_id=5)
