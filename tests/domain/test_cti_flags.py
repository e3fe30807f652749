"""Flags of a CTI course: raised, never blocking."""

from dataclasses import replace
from datetime import date

import pytest

from portal.core.measures import Phase
from portal.domain.cti_flags import CourseFacts, flags, legal_basis_due_on, plan_due_on

T0 = date(2026, 5, 2)
GOOD = CourseFacts(
    opened_on=date(2026, 3, 12),
    today=date(2026, 8, 10),
    phase=Phase.P2,
    t0=T0,
    has_late_basis=True,
    plans=frozenset(Phase),
    minutes={Phase.P1: 2000, Phase.P2: 900},
    last_discussed_on=date(2026, 8, 7),
)


def codes(facts: CourseFacts) -> list[str]:
    return [flag.code for flag in flags(facts)]


def test_a_course_in_good_order_has_no_flags() -> None:
    assert codes(GOOD) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"phase": Phase.P1}, "change_late"),
        ({"plans": frozenset(), "today": date(2026, 8, 17)}, "plan_missing"),
        ({"has_assessment": False}, "assessment_missing"),
        ({"has_network_map": False}, "network_map_missing"),
        ({"last_discussed_on": date(2026, 7, 26)}, "not_discussed"),
    ],
)
def test_each_lack_raises_its_flag(change: dict[str, object], code: str) -> None:
    assert codes(replace(GOOD, **change)) == [code]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("today", "has_basis", "raised"),
    [
        (date(2026, 10, 1), False, False),
        (date(2026, 10, 2), False, True),
        (date(2026, 10, 2), True, False),
    ],
)
def test_the_last_months_need_a_basis_from_month_five(today: date, has_basis: bool, raised: bool) -> None:
    facts = replace(GOOD, today=today, has_late_basis=has_basis, last_discussed_on=today)
    assert ("legal_basis" in codes(facts)) is raised
    assert legal_basis_due_on(T0) == date(2026, 10, 2)


@pytest.mark.parametrize(("today", "raised"), [(date(2026, 9, 11), False), (date(2026, 9, 12), True)])
def test_six_months_without_a_move_are_looked_at(today: date, raised: bool) -> None:
    facts = replace(GOOD, t0=None, phase=Phase.PRE, today=today, last_discussed_on=today)
    assert ("no_move" in codes(facts)) is raised


def test_contact_that_does_not_fall_is_seen_in_whole_phases_only() -> None:
    rising = {Phase.P1: 1000, Phase.P2: 1200}
    late = replace(GOOD, phase=Phase.P3, today=date(2026, 11, 5), last_discussed_on=date(2026, 11, 5))
    assert codes(replace(late, minutes=rising)) == ["contact_not_falling"]
    assert codes(replace(GOOD, minutes=rising)) == []


def test_the_transfer_plan_is_there_before_month_eight_is_over() -> None:
    facts = replace(GOOD, phase=Phase.P3, has_transfer_plan=False)
    day = date(2027, 1, 2)
    assert codes(replace(facts, today=day, last_discussed_on=day)) == ["transfer_plan_missing"]


def test_a_course_past_its_nine_months_is_flagged_and_an_ended_one_never() -> None:
    day = date(2027, 3, 1)
    late = replace(GOOD, phase=Phase.P3, today=day, last_discussed_on=day)
    assert codes(late) == ["change_late", "past_end"]
    assert codes(replace(late, phase=Phase.ENDED)) == []


def test_before_the_move_nothing_is_counted_from_it() -> None:
    facts = replace(
        GOOD,
        t0=None,
        phase=Phase.PRE,
        plans=frozenset(),
        minutes={},
        has_transfer_plan=False,
        has_late_basis=False,
        has_assessment=False,
    )
    assert codes(facts) == []
    assert plan_due_on(T0, Phase.P1) == date(2026, 5, 16)
