"""The machine of a referral as a whole: every action in every state by every kind of subject, written by hand.

The table below is the second copy of the decision (features 5.1). It is never made from the portal's own.
"""

from itertools import product

import pytest

from portal.core.actor import SYSTEM, Actor
from portal.core.enums import Role
from portal.core.errors import Forbidden, NotNow
from portal.core.states import RequestState as S
from portal.domain.referrals import CLOCK_RUNS, DECIDED, OPEN, WORKFLOW, Action
from portal.domain.workflow import available_actions, check_step

# One column per state in the order of a referral's life; what stands in it is where the action leads.
COLUMNS = "draft submitted needs_info in_visitation offered waitlisted accepted declined withdrawn lapsed redirected"
# - not now · s submitted · i needs_info · v in_visitation · o offered · w waitlisted · a accepted · d declined ·
# x withdrawn · l lapsed · r redirected
LEADS = """
send            s - - - - - - - - - -
take            - v - v - - - - - - -
check_criteria  - - - v - - - - - - -
ask_info        - i - i - - - - - - -
give_info       - - s - - - - - - - -
lapse           - - l - - - - - - - -
offer           - - - o - o - - - - -
her_answer      - - - - o - - - - - -
return          - - - - v - - - - - -
accept          - - - - a - - - - - -
waitlist        - - - w w - - - - - -
skip            - - - - - w - - - - -
still_wanted    - - - - - w - - - - -
reassess        - - - - - v - - - - -
decline         - - - d d d - - - - -
redirect        - - - r - - - - - - -
withdraw        - x x x x x - - - - -
reopen          - - - - - - - v v v -
undo_accept     - - - - - - o - - - -
undo_decline    - - - - - - - v - - -
"""
LETTERS = {
    "s": S.SUBMITTED, "i": S.NEEDS_INFO, "v": S.IN_VISITATION, "o": S.OFFERED, "w": S.WAITLISTED, "a": S.ACCEPTED,
    "d": S.DECLINED, "x": S.WITHDRAWN, "l": S.LAPSED, "r": S.REDIRECTED,
}  # fmt: skip
# Whose role ever does it. Which house she must be of is asked in the room: `tests/services/test_referral_machine.py`.
SENDS = "contact_person municipal_adviser programme_worker"
ANSWERS = "intake municipal_adviser group_leader housing_coordinator"
BOTH = "contact_person municipal_adviser programme_worker intake group_leader housing_coordinator"
LEADS_THE_HOUSE = "programme_lead"
ANSWERS_OR_LEADS = f"{ANSWERS} {LEADS_THE_HOUSE}"
WHO = {
    SENDS: "send give_info",
    ANSWERS: "take check_criteria ask_info offer her_answer return accept waitlist skip still_wanted reassess decline "
    "redirect",
    BOTH: "withdraw",
    LEADS_THE_HOUSE: "lapse reopen",
    ANSWERS_OR_LEADS: "undo_accept undo_decline",
}
STATES = [S(word) for word in COLUMNS.split()]
EXPECTED = {
    (Action(line.split()[0]), state): None if letter == "-" else LETTERS[letter]
    for line in LEADS.strip().splitlines()
    for state, letter in zip(STATES, line.split()[1:], strict=True)
}
MAY = {Action(word): {Role(role) for role in roles.split()} for roles, words in WHO.items() for word in words.split()}
SUBJECTS = [Actor(1, 1, 1, role) for role in Role if role is not Role.SYSTEM]


def test_the_table_leaves_nothing_out() -> None:
    assert set(STATES) == set(S)
    assert set(EXPECTED) == set(product(Action, S))
    assert set(MAY) == set(Action) == set(WORKFLOW)


@pytest.mark.parametrize(("action", "state"), list(product(Action, S)))
def test_each_action_in_each_state_by_each_kind_of_subject(action: Action, state: S) -> None:
    target = EXPECTED[action, state]
    for actor in SUBJECTS:
        if actor.role not in MAY[action]:
            with pytest.raises(Forbidden):
                check_step(WORKFLOW, action, state, actor)
        elif target is None:
            with pytest.raises(NotNow):
                check_step(WORKFLOW, action, state, actor)
        else:
            assert check_step(WORKFLOW, action, state, actor).target is target
    if target is None:
        with pytest.raises(NotNow):
            check_step(WORKFLOW, action, state, SYSTEM)
    else:
        assert check_step(WORKFLOW, action, state, SYSTEM).target is target


@pytest.mark.parametrize("state", list(S))
def test_the_buttons_of_a_page_are_those_of_the_table(state: S) -> None:
    for actor in SUBJECTS:
        wanted = {action for action in Action if actor.role in MAY[action] and EXPECTED[action, state]}
        assert set(available_actions(WORKFLOW, state, actor)) == wanted


def test_every_state_is_reached_and_every_open_one_is_left() -> None:
    reached = {S.DRAFT} | {target for target in EXPECTED.values() if target}
    assert reached == set(S)
    for state in OPEN | {S.DRAFT}:
        assert any(target not in (None, state) for (_action, at), target in EXPECTED.items() if at is state)


# A no that is undone leads back to where it was said; everything else has one way.
BACK_TO = {Action.UNDO_DECLINE: {S.OFFERED, S.WAITLISTED}}
UNDONE = {S.ACCEPTED: {Action.UNDO_ACCEPT}, S.DECLINED: {Action.UNDO_DECLINE}}


def test_only_what_undoes_leads_to_more_than_one_state() -> None:
    assert {action: set(step.back_to) for action, step in WORKFLOW.items() if step.back_to} == BACK_TO
    said_in = {state for (action, state), target in EXPECTED.items() if action is Action.DECLINE and target}
    assert {EXPECTED[Action.UNDO_DECLINE, S.DECLINED]} | BACK_TO[Action.UNDO_DECLINE] == said_in
    taken_in = {state for (action, state), target in EXPECTED.items() if action is Action.ACCEPT and target}
    assert {EXPECTED[Action.UNDO_ACCEPT, S.ACCEPTED]} == taken_in


def test_what_is_decided_is_undone_at_once_or_opened_again_by_a_lead_or_never() -> None:
    for state in DECIDED:
        ways = {action for (action, at), target in EXPECTED.items() if at is state and target}
        led = set() if state in (S.ACCEPTED, S.REDIRECTED) else {Action.REOPEN}
        assert ways == led | UNDONE.get(state, set())
    assert OPEN | DECIDED | {S.DRAFT} == set(S) and not OPEN & DECIDED
    assert {S.SUBMITTED, S.IN_VISITATION} == CLOCK_RUNS


def test_nothing_ends_but_with_a_code_that_says_why() -> None:
    """Every way out of an open state leads to a yes or to one of the coded ends; none leads to silence."""
    ends = {target for (_action, state), target in EXPECTED.items() if state in OPEN and target in DECIDED}
    assert ends == {S.ACCEPTED, S.DECLINED, S.WITHDRAWN, S.LAPSED, S.REDIRECTED}
