"""The case's table of steps, what must be done before closing, and through what each role sees a case."""

from dataclasses import fields
from datetime import datetime
from itertools import product

import pytest

from portal.core.actor import Actor
from portal.core.enums import Permission, Role
from portal.core.errors import Forbidden, NotNow
from portal.core.states import CaseState
from portal.domain.cases import (
    MONEY,
    SCORES_AND_NOTES,
    WORKFLOW,
    CaseAction,
    Unfinished,
    is_late_entry,
    lens,
    shown_name,
)
from portal.domain.disclosure import FieldGroup as F
from portal.domain.disclosure import Relation
from portal.domain.permissions import can
from portal.domain.workflow import check_step


def actor(role: Role) -> Actor:
    return Actor(user_id=1, membership_id=1, organisation_id=1, role=role)


@pytest.mark.parametrize(("state", "action"), list(product(CaseState, CaseAction)))
def test_an_open_case_is_changed_or_closed_and_a_closed_one_reopened(state: CaseState, action: CaseAction) -> None:
    if (state is CaseState.OPEN) is not (action is CaseAction.REOPEN):
        step = check_step(WORKFLOW, action, state, actor(Role.CONTACT_PERSON))
        assert step.target is (CaseState.CLOSED if action is CaseAction.CLOSE else CaseState.OPEN)
    else:
        with pytest.raises(NotNow):
            check_step(WORKFLOW, action, state, actor(Role.CONTACT_PERSON))


@pytest.mark.parametrize(
    ("role", "action"), list(product([role for role in Role if role is not Role.SYSTEM], CaseAction))
)
def test_only_case_workers_change_a_case(role: Role, action: CaseAction) -> None:
    if can(actor(role), Permission.CASE_EDIT):
        fitting = CaseState.CLOSED if action is CaseAction.REOPEN else CaseState.OPEN
        check_step(WORKFLOW, action, fitting, actor(role))
    else:
        # Who is asked before when: a stranger never learns the state.
        for state in CaseState:
            with pytest.raises(Forbidden):
                check_step(WORKFLOW, action, state, actor(role))


@pytest.mark.parametrize("what", [field.name for field in fields(Unfinished)])
def test_anything_open_stands_in_the_way_of_closing(what: str) -> None:
    assert Unfinished().is_empty
    assert not Unfinished(**{what: 1}).is_empty


def test_the_team_sees_the_case_and_asks_for_what_is_protected() -> None:
    seen = lens(Relation.CT, Role.CONTACT_PERSON, is_owner=True)
    assert {F.NOTE_CASE, F.OUTCOME_SCORES, F.PERSON_NAME, F.CHILD_IDENTITY} <= seen.groups
    assert F.ADDR_EXACT not in seen.groups
    assert F.PERSON_CPR not in seen.groups
    assert seen.may_reveal(F.ADDR_EXACT)
    assert seen.may_reveal(F.PERSON_CPR)


@pytest.mark.parametrize("role", [Role.GROUP_LEADER, Role.HOUSING_COORDINATOR])
def test_a_track_lead_sees_neither_scores_nor_notes_nor_money(role: Role) -> None:
    seen = lens(Relation.TT, role, is_owner=False)
    assert not seen.groups & (SCORES_AND_NOTES | MONEY)
    assert not seen.sees_all_tracks
    assert not seen.may_reveal(F.PERSON_CPR)


def test_a_group_leader_sees_a_first_name_and_never_where_she_lives() -> None:
    seen = lens(Relation.TT, Role.GROUP_LEADER, is_owner=True)
    assert shown_name("Amira Karim", seen) == "Amira"
    assert shown_name(None, seen) is None
    assert not seen.may_reveal(F.ADDR_EXACT)
    assert shown_name("Amira Karim", lens(Relation.TT, Role.HOUSING_COORDINATOR, is_owner=False)) == "Amira Karim"


def test_a_municipality_sees_its_part_of_others_cases_and_all_of_its_own() -> None:
    part = lens(Relation.CT, Role.MUNICIPAL_ADVISER, is_owner=False)
    whole = lens(Relation.CT, Role.MUNICIPAL_ADVISER, is_owner=True)
    assert not part.shows(F.NOTE_CASE)
    assert not part.may_reveal(F.ADDR_EXACT)
    assert whole.groups == lens(Relation.CT, Role.CONTACT_PERSON, is_owner=True).groups


@pytest.mark.parametrize("relation", [Relation.XO, Relation.AN, Relation.BX])
def test_nobody_else_sees_a_name(relation: Relation) -> None:
    assert shown_name("Amira Karim", lens(relation, Role.PROGRAMME_LEAD, is_owner=True)) is None


@pytest.mark.parametrize(
    ("happened", "written", "is_late"),
    [
        ("2026-11-20T08:00+00:00", "2026-11-20T08:00+00:00", False),
        ("2026-11-20T08:00+00:00", "2026-11-20T22:59+00:00", False),
        ("2026-11-20T08:00+00:00", "2026-11-20T23:00+00:00", True),
        ("2026-11-20T22:59+00:00", "2026-11-20T23:01+00:00", True),
        ("2026-11-20T08:00+00:00", "2026-12-01T08:00+00:00", True),
    ],
)
def test_what_is_entered_on_a_later_danish_day_is_late(happened: str, written: str, is_late: bool) -> None:
    assert is_late_entry(datetime.fromisoformat(happened), datetime.fromisoformat(written)) is is_late
