"""Who does what with a note that was put aside, and what is kept of it."""

import json

import pytest

from portal.core.kinds import ContactResult
from portal.core.notes import AsideState
from portal.domain.misplaced import WORKFLOW, Action, Held, is_hers

ASKER, OTHER = 1, 2


@pytest.mark.parametrize(
    ("action", "asker", "second"),
    [
        (Action.CALL_BACK, True, False),
        (Action.NAME_ANOTHER, True, False),
        (Action.LEAVE, False, True),
        (Action.TAKE_OUT, False, True),
    ],
)
def test_two_people_and_never_the_same_one(action: Action, asker: bool, second: bool) -> None:
    assert (is_hers(action, ASKER, ASKER), is_hers(action, ASKER, OTHER)) == (asker, second)
    assert is_hers(action, ASKER, None) is second, "the system is not whoever asked"


def test_every_step_begins_while_it_waits_and_only_another_case_leaves_it_waiting() -> None:
    assert set(WORKFLOW) == set(Action)
    assert {step.sources for step in WORKFLOW.values()} == {frozenset({AsideState.ASKED})}
    assert {action: step.target for action, step in WORKFLOW.items()} == {
        Action.CALL_BACK: AsideState.CALLED_BACK,
        Action.NAME_ANOTHER: AsideState.ASKED,
        Action.LEAVE: AsideState.LEFT,
        Action.TAKE_OUT: AsideState.TAKEN_OUT,
    }


def test_what_is_kept_is_read_as_it_was() -> None:
    held = Held(text="æ", minutes=5, took_part=["her"], children=[(7, True)], pinned_by_id=3, corrects_id=9)
    read = Held.read(json.loads(json.dumps(held.kept())))
    assert (read.text, read.minutes, read.took_part, read.pinned_by_id, read.corrects_id) == ("æ", 5, ["her"], 3, 9)
    assert [tuple(one) for one in read.children] == [(7, True)]
    assert Held.read({}) == Held(), "what was kept by an older version says less"
    assert Held.read({"text": "a", "gone": 1}).text == "a", "and by a newer one more"


@pytest.mark.parametrize(
    ("held", "reached"),
    [
        (Held(result=ContactResult.REACHED.value), True),
        (Held(result=ContactResult.NOT_REACHED.value), False),
        (Held(talk="support", took_part=["her"]), True),
        (Held(talk="support", took_part=["network"]), False),
        (Held(took_part=["her"]), False),
        (Held(), False),
    ],
)
def test_what_has_reached_her(held: Held, reached: bool) -> None:
    assert held.has_reached_her is reached
