"""The days of the bridge follow from the day she leaves."""

from datetime import date, timedelta

import pytest

from portal.core.deadlines import DeadlineKind as D
from portal.core.stays import CivilOffer, GrantPrompt
from portal.domain import bridge as rules
from portal.domain.bridge import Crossed

TODAY, DAY = date(2026, 11, 20), date(2027, 2, 1)


@pytest.mark.parametrize("days", [-10, 0, 10])
def test_all_days_move_with_the_day(days: int) -> None:
    moved = rules.due_days(DAY + timedelta(days=days), TODAY)
    assert moved == {kind: day + timedelta(days=days) for kind, day in rules.due_days(DAY, TODAY).items()}
    assert moved[D.BRIDGE_RECEIVER] == DAY + timedelta(days=days)
    assert moved[D.BRIDGE_FIRST_CONTACT] == DAY + timedelta(days=days + 7)
    assert moved[D.PSYCHOLOGIST_START] == DAY + timedelta(days=days)
    assert set(moved) == set(rules.STEPS)


def test_what_should_have_been_is_due_today_when_the_plan_is_late() -> None:
    assert rules.due_days(TODAY + timedelta(days=3), TODAY)[D.BRIDGE_GRANT] == TODAY


def test_what_is_late_stays_late_however_often_the_plan_is_gone_through() -> None:
    late = TODAY - timedelta(days=9)
    standing = {D.BRIDGE_GRANT: late, D.BRIDGE_FIRST_CONTACT: TODAY + timedelta(days=10)}
    due = rules.due_days(TODAY - timedelta(days=3), TODAY, standing)
    assert due[D.BRIDGE_GRANT] == late
    assert due[D.BRIDGE_ADDRESS] == TODAY
    assert due[D.BRIDGE_FIRST_CONTACT] == TODAY + timedelta(days=4)
    # The day was moved ahead: what was late is so no more.
    assert rules.due_days(DAY, TODAY, standing)[D.BRIDGE_GRANT] == DAY + timedelta(days=rules.STEPS[D.BRIDGE_GRANT])


@pytest.mark.parametrize(
    ("day", "has_receiver", "is_alone"),
    [
        (TODAY, False, True),
        (TODAY - timedelta(days=3), False, True),
        (TODAY + timedelta(days=1), False, False),
        (TODAY, True, False),
        (None, False, False),
    ],
)
def test_nobody_has_taken_over_from_the_day_on(day: date | None, has_receiver: bool, is_alone: bool) -> None:
    assert rules.is_alone(day, Crossed(has_receiver=has_receiver), TODAY) is is_alone


def test_every_step_is_done_by_its_own_answer() -> None:
    nothing, everything = Crossed(), Crossed(True, True, True, GrantPrompt.DECLINED, CivilOffer.NO, True)
    assert [nothing.is_done(kind) for kind in rules.STEPS] == [False] * len(rules.STEPS)
    assert [everything.is_done(kind) for kind in rules.STEPS] == [True] * len(rules.STEPS)


@pytest.mark.parametrize(
    ("planned", "discharged", "leaves"),
    [
        (None, None, None),
        (date(2026, 12, 27), None, date(2026, 12, 27)),
        (date(2026, 12, 27), date(2026, 11, 22), date(2026, 11, 22)),
        (None, date(2026, 11, 22), date(2026, 11, 22)),
    ],
)
def test_whoever_has_left_early_has_left(planned: date | None, discharged: date | None, leaves: date | None) -> None:
    assert rules.leaves_on(planned, discharged) == leaves
