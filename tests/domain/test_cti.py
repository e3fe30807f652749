"""The phases of CTI, counted from the day she moved."""

from datetime import date, timedelta

import pytest

from portal.core.kinds import ContactMode
from portal.core.measures import Phase
from portal.domain import cti
from portal.domain.cti import Boundaries, Contact, StepState, boundaries, may_change_phase, phase_on, ribbon

T0 = date(2026, 5, 2)
NOVEMBER = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("t0", "expected"),
    [
        (NOVEMBER, Boundaries(NOVEMBER, date(2027, 2, 28), date(2027, 5, 30), date(2027, 8, 30), date(2027, 11, 30))),
        (T0, Boundaries(T0, date(2026, 8, 2), date(2026, 11, 2), date(2027, 2, 2), date(2027, 5, 2))),
        (
            date(2027, 11, 30),
            Boundaries(date(2027, 11, 30), date(2028, 2, 29), date(2028, 5, 30), date(2028, 8, 30), date(2028, 11, 30)),
        ),
        (
            date(2026, 8, 31),
            Boundaries(date(2026, 8, 31), date(2026, 11, 30), date(2027, 2, 28), date(2027, 5, 31), date(2027, 8, 31)),
        ),
    ],
)
def test_every_boundary_is_counted_from_t0_and_clamped(t0: date, expected: Boundaries) -> None:
    assert boundaries(t0) == expected


@pytest.mark.parametrize(
    ("day", "phase"),
    [
        (date(2026, 11, 29), Phase.PRE),
        (NOVEMBER, Phase.P1),
        (date(2027, 2, 27), Phase.P1),
        (date(2027, 2, 28), Phase.P2),
        (date(2027, 5, 29), Phase.P2),
        (date(2027, 5, 30), Phase.P3),
        (date(2027, 8, 29), Phase.P3),
        (date(2027, 8, 30), Phase.ENDED),
    ],
)
def test_the_calendar_says_the_phase(day: date, phase: Phase) -> None:
    assert phase_on(NOVEMBER, day) is phase


def test_without_a_move_it_is_contact() -> None:
    assert phase_on(None, NOVEMBER) is Phase.PRE
    with pytest.raises(ValueError):
        cti.phase_starts_on(NOVEMBER, Phase.PRE)


@pytest.mark.parametrize(
    ("t0", "to", "day", "may"),
    [
        (None, Phase.P1, T0, False),
        (T0, Phase.P1, T0, True),
        (T0, Phase.PRE, T0, False),
        (T0, Phase.P2, date(2026, 7, 25), False),
        (T0, Phase.P2, date(2026, 7, 26), True),
        (T0, Phase.P2, date(2026, 8, 30), True),
        (T0, Phase.P3, date(2026, 10, 25), False),
        (T0, Phase.P3, date(2026, 10, 26), True),
        (T0, Phase.ENDED, date(2027, 1, 26), True),
    ],
)
def test_a_phase_is_changed_from_seven_days_before(t0: date | None, to: Phase, day: date, may: bool) -> None:
    assert may_change_phase(t0, to, day) is may


def test_the_ribbon_shows_done_now_and_ahead() -> None:
    steps = ribbon(T0, date(2026, 8, 30), date(2026, 3, 12), focus={Phase.P2: ["network", "finances"]})
    assert [(step.code, step.start, step.end, step.state.value) for step in steps] == [
        ("pre", date(2026, 3, 12), T0, "done"),
        ("p1", T0, date(2026, 8, 1), "done"),
        ("p2", date(2026, 8, 2), date(2026, 11, 1), "now"),
        ("p3", date(2026, 11, 2), date(2027, 2, 1), "ahead"),
        ("follow_up", date(2027, 5, 2), date(2027, 5, 2), "ahead"),
    ]
    assert (steps[2].week, steps[2].weeks, steps[2].areas) == (5, 13, ("network", "finances"))
    assert str(steps[1].label) == "1 Transition"


@pytest.mark.parametrize(
    ("today", "states"),
    [
        (date(2026, 5, 1), "now ahead ahead ahead ahead"),
        (T0, "done now ahead ahead ahead"),
        (date(2026, 8, 1), "done now ahead ahead ahead"),
        (date(2026, 8, 2), "done done now ahead ahead"),
        (date(2027, 2, 1), "done done done now ahead"),
        (date(2027, 2, 2), "done done done done now"),
        (date(2027, 5, 3), "done done done done done"),
    ],
)
def test_exactly_one_step_is_now_until_all_is_over(today: date, states: str) -> None:
    assert " ".join(step.state for step in ribbon(T0, today, date(2026, 3, 12))) == states


def test_before_the_move_is_known_only_contact_has_dates() -> None:
    steps = ribbon(None, date(2026, 3, 26), date(2026, 3, 12))
    assert (steps[0].state, steps[0].week, steps[0].weeks) == (StepState.NOW, 3, None)
    assert all(step.start is None and step.state is StepState.AHEAD for step in steps[1:])


def test_a_course_that_ended_early_is_in_no_phase_now() -> None:
    steps = ribbon(T0, date(2026, 9, 1), date(2026, 3, 12), ended_on=date(2026, 7, 1))
    assert [step.state.value for step in steps] == ["done", "done", "ahead", "ahead", "ahead"]


def test_the_last_days_of_a_long_phase_stay_within_its_weeks() -> None:
    steps = ribbon(T0, date(2026, 11, 1), date(2026, 3, 12))
    assert (steps[2].week, steps[2].weeks) == (13, 13)


@pytest.mark.parametrize(
    ("phases", "weighted", "level"),
    [
        ([], 0, "ok"),
        ([Phase.PRE, Phase.P1, Phase.P2, Phase.P3, Phase.ENDED], 2.25, "ok"),
        ([Phase.P1] * 12, 12, "ok"),
        ([Phase.P1] * 12 + [Phase.P3], 12.25, "soft"),
        ([Phase.P1] * 20, 20, "soft"),
        ([Phase.P1] * 20 + [Phase.PRE], 20.5, "hard"),
    ],
)
def test_caseload_is_weighed_by_phase(phases: list[Phase], weighted: float, level: str) -> None:
    assert cti.weighted_caseload(phases) == weighted
    assert cti.caseload_level(weighted) == level


def test_expected_contacts_are_counted_in_their_time_and_kind() -> None:
    contacts = [
        Contact(T0 + timedelta(days=days), mode)
        for days, mode in (
            (-3, ContactMode.VISIT_OTHER),
            (2, ContactMode.PHONE),
            (5, ContactMode.VISIT_HOME),
            (6, ContactMode.MESSAGE),
            (40, ContactMode.NETWORK_MEETING),
            (200, ContactMode.VISIT_HOME),
        )
    ]
    rows = cti.expected_contacts(T0, date(2026, 3, 12), Phase.P1, contacts)
    assert [(row.expectation.code, row.count, row.is_met, row.by) for row in rows] == [
        ("first_month", 2, True, T0 + timedelta(days=30)),
        ("outside", 2, False, date(2026, 8, 1)),
        ("supports", 1, False, date(2026, 8, 1)),
    ]
    assert cti.expected_contacts(T0, date(2026, 3, 12), Phase.PRE, contacts)[0].is_met


def test_there_are_seven_areas_and_contact_halves() -> None:
    assert len(cti.AREAS) == 7
    minutes = [cti.PHASES[phase].weekly_minutes for phase in (Phase.P1, Phase.P2, Phase.P3)]
    assert minutes == [180, 90, 45]
