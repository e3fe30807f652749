"""All tables of steps in one place: from which states each action leads where, and that nothing else is possible."""

import importlib
import itertools
import pkgutil
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest

from portal import domain
from portal.core.actor import SYSTEM, Actor
from portal.core.children import ConcernState
from portal.core.enums import Role
from portal.core.errors import Forbidden, NotNow
from portal.core.notes import AsideState
from portal.core.people import ExitState
from portal.core.rights import RightsState
from portal.core.states import (
    CaseState,
    ClaimState,
    CounsellingState,
    EnrolmentState,
    FollowUpState,
    FurnishingState,
    GrantState,
    MeetingState,
    RequestState,
    RoundState,
    TaskState,
    TenancyState,
    UnitState,
)
from portal.domain import (
    cases,
    concerns,
    counselling,
    enrolments,
    followup_steps,
    furnishing,
    grants,
    groups,
    housing,
    meetings,
    misplaced,
    organisation_exits,
    referrals,
    rights,
    tasks,
)
from portal.domain.permissions import can
from portal.domain.workflow import Step, available_actions, check_step

# Where an action leaves the state as it is and only asks for the moment, its target is written as "=".
CASE = """
edit    open -> open
close   open -> closed
reopen  closed -> open
"""
REQUEST = """
send            draft -> submitted
take            submitted in_visitation -> in_visitation
check_criteria  in_visitation -> in_visitation
ask_info        submitted in_visitation -> needs_info
give_info       needs_info -> submitted
lapse           needs_info -> lapsed
offer           in_visitation waitlisted -> offered
her_answer      offered -> offered
return          offered -> in_visitation
accept          offered -> accepted
waitlist        in_visitation offered -> waitlisted
reassess        waitlisted -> in_visitation
decline         in_visitation offered waitlisted -> declined
redirect        in_visitation -> redirected
withdraw        submitted needs_info in_visitation offered waitlisted -> withdrawn
reopen          declined lapsed withdrawn -> in_visitation
skip            waitlisted -> waitlisted
still_wanted    waitlisted -> waitlisted
undo_accept     accepted -> offered
undo_decline    declined -> in_visitation
"""
ENROLMENT = """
start           proposed -> active
resume          paused -> active
complete        active -> completed
pause           active -> paused
end_early       active paused -> ended_early
never_started   proposed -> never_started
assign          proposed active paused -> =
"""
COUNSELLING = """
offer      not_offered declined later no_answer -> offered
accept     offered later no_answer -> accepted
decline    offered later no_answer -> declined
later      offered later no_answer -> later
no_answer  offered later no_answer -> no_answer
start      accepted -> started
extend     started -> started
end        started -> ended
"""
TASK = """
publish  draft -> published
verify   reported -> verified
cancel   draft published full confirmed -> cancelled
"""
CLAIM = """
confirm    pending -> confirmed
take_back  pending confirmed -> withdrawn_by_staff
release    pending confirmed -> released
knows_her  confirmed -> released
report     confirmed -> done
"""
GRANT = """
submit         draft -> submitted
screen         submitted -> screening
ask_info       screening -> needs_info
give_info      needs_info -> screening
recommend      screening assessed -> assessed
approve        assessed -> approved
decline        assessed -> declined
order_payment  approved -> payment_ordered
pay            payment_ordered -> paid
receipt        paid -> receipted
withdraw       draft submitted needs_info screening assessed -> withdrawn
"""
UNIT = """
make_ready  vacant_not_ready -> vacant_ready
accept      vacant_ready -> accepting
stop        accepting -> vacant_ready
close_down  vacant_not_ready vacant_ready accepting -> out_of_service
reopen      out_of_service -> vacant_not_ready
hold        accepting -> held
release     held -> accepting
move_in     held -> occupied
notice      occupied -> notice_given
move_out    notice_given -> vacant_not_ready
"""
TENANCY = """
move_in           reserved -> active
not_taken         reserved -> not_taken
ask_extension     active -> extension_requested
grant_extension   extension_requested -> extended
refuse_extension  extension_requested -> active
give_notice       active extension_requested extended -> notice
move_out          notice -> moved_out
"""
MEETING = """
hold      planned not_met -> held
not_met   planned held -> not_met
move      planned -> planned
cancel    planned -> cancelled
note      held -> held
presence  planned held -> =
"""
FOLLOW_UP = """
fill_in         planned due partly_completed expired declined unreachable skipped_unsafe -> completed
declined        planned due expired -> declined
unreachable     planned due expired -> unreachable
skipped_unsafe  planned due expired -> skipped_unsafe
"""
ROUND = """
open      planned -> enrolling
confirm   enrolling -> confirmed
start     confirmed -> running
complete  running -> completed
cancel    planned enrolling confirmed -> cancelled
place     enrolling confirmed running -> =
leave     planned enrolling confirmed running -> =
"""
FURNISHING = """
accept    requested -> accepted
scope     accepted -> scoping
design    scoping -> designed
source    designed -> sourcing
schedule  sourcing -> scheduled
deliver   scheduled -> delivered
close     delivered -> closed
cancel    requested accepted scoping designed sourcing scheduled -> cancelled
"""
LEAVING = """
freeze           asked -> frozen
return frozen -> frozen
call_off         asked frozen -> called_off
revoke           frozen -> revoked
ask_destruction  revoked -> destruction_asked
destroy          destruction_asked -> destroyed
"""

RIGHTS = """
take      received -> in_work
extend    in_work -> in_work
prepare   in_work -> in_work
propose   in_work -> waiting
return    waiting -> in_work
confirm   waiting -> granted
grant     in_work -> granted
refuse    received in_work -> refused
recall    waiting -> in_work
close     granted -> closed
withdraw  received in_work waiting -> withdrawn
"""

CONCERN = """
change drafted -> =
send drafted -> sent
receipt sent -> receipted
"""

MISPLACED = """
call_back    asked -> called_back
name_another asked -> =
leave        asked -> left
take_out     asked -> taken_out
"""

TABLES: dict[str, tuple[Mapping[Any, Step[Any]], type[StrEnum], str]] = {
    "cases": (cases.WORKFLOW, CaseState, CASE),
    "referrals": (referrals.WORKFLOW, RequestState, REQUEST),
    "enrolments": (enrolments.WORKFLOW, EnrolmentState, ENROLMENT),
    "counselling": (counselling.WORKFLOW, CounsellingState, COUNSELLING),
    "tasks": (tasks.TASK_STEPS, TaskState, TASK),
    "claims": (tasks.CLAIM_STEPS, ClaimState, CLAIM),
    "grants": (grants.STEPS, GrantState, GRANT),
    "homes": (housing.UNIT_STEPS, UnitState, UNIT),
    "tenancies": (housing.TENANCY_STEPS, TenancyState, TENANCY),
    "meetings": (meetings.WORKFLOW, MeetingState, MEETING),
    "follow-ups": (followup_steps.WORKFLOW, FollowUpState, FOLLOW_UP),
    "rounds": (groups.WORKFLOW, RoundState, ROUND),
    "furnishing": (furnishing.STEPS, FurnishingState, FURNISHING),
    "requests about own data": (rights.WORKFLOW, RightsState, RIGHTS),
    "leaving": (organisation_exits.STEPS, ExitState, LEAVING),
    "notices of concern": (concerns.WORKFLOW, ConcernState, CONCERN),
    "notes in the wrong case": (misplaced.WORKFLOW, AsideState, MISPLACED),
}


def _rows(text: str) -> dict[str, tuple[set[str], str]]:
    rows = {}
    for line in text.strip().splitlines():
        left, target = line.split("->")
        action, *sources = left.split()
        rows[action] = (set(sources), target.strip())
    return rows


WISHES = [
    pytest.param(name, action, state, id=f"{name}-{action.value}-{state.value}")
    for name, (table, states, _text) in TABLES.items()
    for action in table
    for state in states
]


@pytest.mark.parametrize(("name", "action", "state"), WISHES)
def test_every_action_in_every_state_leads_where_the_table_says_or_is_not_possible_now(
    name: str, action: StrEnum, state: StrEnum
) -> None:
    table, _states, text = TABLES[name]
    sources, target = _rows(text)[action.value]
    if state.value not in sources:
        with pytest.raises(NotNow):
            check_step(table, action, state, SYSTEM)
    else:
        step = check_step(table, action, state, SYSTEM)
        assert target in ("=", step.target.value)


@pytest.mark.parametrize("name", TABLES)
def test_every_action_of_a_table_and_every_state_is_written_down(name: str) -> None:
    table, states, text = TABLES[name]
    known = {state.value for state in states}
    assert set(table) == set(type(next(iter(table))))
    assert set(_rows(text)) == {action.value for action in table}
    assert all(sources | ({target} - {"="}) <= known for sources, target in _rows(text).values())


def test_no_table_of_steps_is_forgotten_here() -> None:
    found = []
    for module in pkgutil.iter_modules(domain.__path__, "portal.domain."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, dict) and value and all(isinstance(row, Step) for row in value.values()):
                found.append(value)
    assert all(any(value is table for table, _states, _text in TABLES.values()) for value in found)
    assert len(found) >= len(TABLES)


# The system goes through services of its own, which ask nobody.
PEOPLE = set(Role) - {Role.SYSTEM}


@pytest.mark.parametrize(("name", "action"), [(name, action) for name, row in TABLES.items() for action in row[0]])
def test_who_is_asked_before_when(name: str, action: StrEnum) -> None:
    table, states, _text = TABLES[name]
    strangers = [Actor(1, 1, 1, role) for role in PEOPLE if not can(Actor(1, 1, 1, role), table[action].permission)]
    assert len(strangers) > 5
    for state, stranger in itertools.product(states, strangers):
        with pytest.raises(Forbidden):
            check_step(table, action, state, stranger)


def test_the_buttons_of_a_page_are_what_this_person_may_do_now_in_the_order_of_the_table() -> None:
    receiver, sender = Actor(1, 1, 1, Role.INTAKE), Actor(1, 1, 1, Role.CONTACT_PERSON)
    action = referrals.Action
    offered = available_actions(referrals.WORKFLOW, RequestState.OFFERED, receiver)
    assert offered == [
        action.HER_ANSWER,
        action.RETURN,
        action.ACCEPT,
        action.WAITLIST,
        action.DECLINE,
        action.WITHDRAW,
    ]
    assert available_actions(referrals.WORKFLOW, RequestState.OFFERED, sender) == [action.WITHDRAW]
    assert available_actions(referrals.WORKFLOW, RequestState.ACCEPTED, receiver) == [action.UNDO_ACCEPT]
    assert available_actions(referrals.WORKFLOW, RequestState.ACCEPTED, sender) == []
