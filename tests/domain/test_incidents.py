"""The clock of 72 hours, to the minute."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.core.errors import Invalid
from portal.core.rights import AuthorityState, IncidentState, TellingState
from portal.domain.incidents import ClockState, check_moments, check_notified, check_telling, clock, open_points

KNOWN = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
LIMIT = KNOWN + timedelta(hours=72)


@pytest.mark.parametrize(
    ("after", "state", "hours", "minutes"),
    [
        (timedelta(0), ClockState.RUNS, 72, 0),
        (timedelta(seconds=1), ClockState.RUNS, 71, 59),
        (timedelta(hours=1, minutes=12), ClockState.RUNS, 70, 48),
        (timedelta(hours=47, minutes=59), ClockState.RUNS, 24, 1),
        (timedelta(hours=48), ClockState.SOON, 24, 0),
        (timedelta(hours=71, minutes=59), ClockState.SOON, 0, 1),
        (timedelta(hours=72), ClockState.SOON, 0, 0),
        (timedelta(hours=72, seconds=1), ClockState.LATE, 0, 0),
        (timedelta(hours=72, minutes=1), ClockState.LATE, 0, 1),
        (timedelta(hours=100), ClockState.LATE, 28, 0),
    ],
)
def test_what_is_left_is_told_to_the_minute(after: timedelta, state: ClockState, hours: int, minutes: int) -> None:
    shown = clock(KNOWN, now=KNOWN + after)
    assert (shown.state, shown.hours, shown.minutes, shown.until) == (state, hours, minutes, LIMIT)


@pytest.mark.parametrize(
    ("after", "state"),
    [
        (timedelta(hours=72), ClockState.STOPPED),
        (timedelta(hours=72, seconds=1), ClockState.STOPPED_LATE),
        (timedelta(hours=3), ClockState.STOPPED),
    ],
)
def test_a_notice_stops_the_clock(after: timedelta, state: ClockState) -> None:
    assert clock(KNOWN, now=KNOWN + timedelta(days=30), stopped_at=KNOWN + after).state is state


def test_hours_are_hours_when_summer_time_ends() -> None:
    known = datetime(2026, 10, 24, 10, 0, tzinfo=UTC)
    assert clock(known, now=known + timedelta(hours=71)).hours == 1


def test_a_late_notice_needs_a_reason() -> None:
    late = LIMIT + timedelta(minutes=1)
    with pytest.raises(Invalid):
        check_notified(KNOWN, late, " ", now=late)
    check_notified(KNOWN, late, "it was a week-end", now=late)
    check_notified(KNOWN, LIMIT, None, now=late)


@pytest.mark.parametrize("at", [KNOWN - timedelta(minutes=1), LIMIT + timedelta(days=1)])
def test_a_notice_lies_between_knowing_and_now(at: datetime) -> None:
    with pytest.raises(Invalid):
        check_notified(KNOWN, at, "x", now=LIMIT)


def test_nothing_is_known_before_it_happened_or_in_the_future() -> None:
    with pytest.raises(Invalid):
        check_moments(KNOWN, KNOWN + timedelta(minutes=1), now=LIMIT)
    with pytest.raises(Invalid):
        check_moments(LIMIT, None, now=KNOWN)
    check_moments(KNOWN, None, now=KNOWN)


@pytest.mark.parametrize(
    ("state", "plan", "holder", "field"),
    [
        (TellingState.PLANNED, "", "koordinator", "telling_plan"),
        (TellingState.TOLD, "ring om dagen", " ", "plan_holder"),
        (TellingState.NOT_NEEDED, "", "", "telling_plan"),
    ],
)
def test_nobody_is_told_without_a_plan_for_her_safety(state: TellingState, plan: str, holder: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_telling(state, plan, holder)
    assert refusal.value.field == field


def points(authority: AuthorityState, telling: TellingState, *, is_location: bool = False) -> int:
    return len(open_points(state=IncidentState.OPEN, authority=authority, telling=telling, is_location=is_location))


def test_an_incident_is_closed_when_everything_is_settled() -> None:
    assert points(AuthorityState.UNDECIDED, TellingState.UNDECIDED) == 2
    assert points(AuthorityState.NOTIFIED, TellingState.PLANNED) == 1
    assert points(AuthorityState.NOTIFIED, TellingState.NOT_NEEDED, is_location=True) == 1
    assert points(AuthorityState.NOT_REQUIRED, TellingState.NOT_NEEDED) == 0
    assert points(AuthorityState.NOTIFIED, TellingState.TOLD, is_location=True) == 0
