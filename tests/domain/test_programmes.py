"""Who can have an offer, and what must be known before a place is given."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from portal.core.errors import Invalid
from portal.domain.programmes import ELIGIBILITY, CaseFacts, check_criteria, check_steps, eligibility, read

MOVE = date(2026, 12, 1)
CRITERIA = [
    {"key": "over_18", "da": "Over 18", "en": "Over 18"},
    {"key": "abuse", "da": "Misbrug", "en": "Abuse", "is_kept": False},
]


@pytest.mark.parametrize(
    ("name", "facts", "is_eligible"),
    [
        ("stay_now", {"has_stay_now": True}, True),
        ("stay_now", {"has_stay_ever": True}, False),
        ("stay_ever", {"has_stay_ever": True}, True),
        ("stay_ever", {}, False),
        ("no_stay", {}, True),
        ("no_stay", {"has_stay_ever": True}, False),
        ("own_home", {"planned_move_on": MOVE}, True),
        ("own_home", {"moved_on": MOVE}, True),
        ("own_home", {}, False),
        ("own_municipality", {}, False),
        ("own_municipality", {"municipality": "751"}, True),
        ("own_municipality", {"municipality": "751", "offer_municipality": "751"}, True),
        ("own_municipality", {"municipality": "751", "offer_municipality": "101"}, False),
        ("own_municipality", {"offer_municipality": "101"}, False),
        ("self_approach", {"has_stay_now": True, "has_stay_ever": True, "moved_on": MOVE}, False),
        ("applied_for", {"has_stay_now": True, "has_stay_ever": True, "moved_on": MOVE}, False),
    ],
)
def test_each_condition_of_an_offer_is_met_or_gives_one_reason(
    name: str, facts: dict[str, Any], is_eligible: bool
) -> None:
    reasons = eligibility(read({"eligibility": [name]}), CaseFacts(**facts))
    assert len(reasons) == (not is_eligible)


def test_every_condition_that_is_not_met_is_named_in_the_order_of_the_programme() -> None:
    rules = read({"eligibility": ["stay_now", "own_home", "own_municipality"]})
    nobody, resident = CaseFacts(), CaseFacts(has_stay_now=True, has_stay_ever=True)
    assert len(eligibility(rules, nobody)) == 3
    assert eligibility(rules, nobody)[1:] == eligibility(rules, resident)
    assert eligibility(rules, replace(resident, moved_on=MOVE, municipality="751")) == []


def test_a_condition_that_nobody_knows_is_an_error_in_the_file() -> None:
    assert "weather" not in ELIGIBILITY
    with pytest.raises(KeyError):
        eligibility(read({"eligibility": ["weather"]}), CaseFacts())


@pytest.mark.parametrize(
    ("answers", "is_fine"),
    [({}, False), ({"over_18": "not_met"}, False), ({"abuse": "met"}, False), ({"over_18": "met"}, True)],
)
def test_every_criterion_that_is_kept_must_be_met_before_a_place_is_offered(
    answers: dict[str, str], is_fine: bool
) -> None:
    rules = read({"criteria": CRITERIA})
    assert [criterion.key for criterion in rules.kept_criteria] == ["over_18"]
    if is_fine:
        check_criteria(rules, answers)
    else:
        with pytest.raises(Invalid):
            check_criteria(rules, answers)


def test_every_talk_of_the_programme_must_have_been_held() -> None:
    rules = read(
        {"step": [{"key": "visit", "da": "Besøg", "en": "Visit"}, {"key": "talk", "da": "Tale", "en": "Talk"}]}
    )
    check_steps(rules, {"visit": "2026-11-01", "talk": "2026-11-02"})
    for held in ({}, {"visit": "2026-11-01"}):
        with pytest.raises(Invalid):
            check_steps(rules, held)
