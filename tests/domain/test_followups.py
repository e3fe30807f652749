"""When she is asked, and what."""

from datetime import date, timedelta

import pytest

from portal.core.kinds import TrackKind
from portal.core.measures import FollowUpPoint, InstrumentKey, Phase
from portal.domain import followups
from portal.domain.followups import Timing, Window, instruments_for

T0 = date(2026, 11, 30)


def test_a_cti_course_is_followed_up_at_every_boundary_within_fourteen_days() -> None:
    plan = followups.plan_cti(T0)
    assert [(row.point.value, row.window.due_on) for row in plan] == [
        ("start", T0),
        ("phase_2", date(2027, 2, 28)),
        ("phase_3", date(2027, 5, 30)),
        ("end", date(2027, 8, 30)),
        ("after_3", date(2027, 11, 30)),
    ]
    assert plan[1].window == Window(date(2027, 2, 14), date(2027, 2, 28), date(2027, 3, 14))
    assert followups.plan_phase_change(T0, Phase.P3) == plan[2]


def test_other_courses_are_followed_up_at_start_end_and_after() -> None:
    start = followups.plan_start(TrackKind.GROUP, T0)
    end = followups.plan_end(TrackKind.GROUP, T0, [FollowUpPoint.AFTER_12, FollowUpPoint.AFTER_6])
    assert [row.point for row in start] == [FollowUpPoint.START]
    assert start[0].window == Window(T0 - timedelta(days=30), T0, T0 + timedelta(days=30))
    assert [(row.point.value, row.window.due_on) for row in end] == [
        ("end", T0),
        ("after_3", date(2027, 2, 28)),
        ("after_6", date(2027, 5, 30)),
        ("after_12", date(2027, 11, 30)),
    ]
    assert len(followups.plan_end(TrackKind.HOUSING, T0)) == 2


def test_a_grant_is_not_measured() -> None:
    assert followups.plan_start(TrackKind.GRANT, T0) == followups.plan_end(TrackKind.GRANT, T0) == []
    assert instruments_for(TrackKind.GRANT, FollowUpPoint.START) == ()


@pytest.mark.parametrize(
    ("point", "with_itq", "with_problems", "with_domains"),
    [
        (FollowUpPoint.START, True, True, True),
        (FollowUpPoint.PHASE_2, False, False, True),
        (FollowUpPoint.PHASE_3, True, True, True),
        (FollowUpPoint.END, True, True, True),
        (FollowUpPoint.AFTER_3, True, False, False),
        (FollowUpPoint.AFTER_6, False, False, False),
    ],
)
def test_cti_asks_what_the_table_says(
    point: FollowUpPoint, with_itq: bool, with_problems: bool, with_domains: bool
) -> None:
    forms = instruments_for(TrackKind.CTI, point)
    assert {InstrumentKey.EXPOSURE, InstrumentKey.SAFETY_FEELING, InstrumentKey.WHO5} <= set(forms)
    assert (InstrumentKey.ITQ in forms) is with_itq
    assert (InstrumentKey.PROBLEM_RATING in forms) is with_problems
    assert (InstrumentKey.DOMAIN_RATING in forms) is with_domains
    assert InstrumentKey.ITQ not in instruments_for(TrackKind.CTI, point, trained_staff=False)


@pytest.mark.parametrize("kind", [kind for kind in TrackKind if kind not in (TrackKind.CTI, TrackKind.GRANT)])
def test_other_kinds_ask_a_shorter_set_and_have_no_phases(kind: TrackKind) -> None:
    assert len(instruments_for(kind, FollowUpPoint.START)) == 5
    assert len(instruments_for(kind, FollowUpPoint.AFTER_3)) == 3
    assert instruments_for(kind, FollowUpPoint.PHASE_2) == ()


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 10, 30), Timing.EARLY),
        (date(2026, 10, 31), Timing.ON_TIME),
        (T0, Timing.ON_TIME),
        (date(2026, 12, 1), Timing.ON_TIME),
        (date(2026, 12, 30), Timing.ON_TIME),
        (date(2026, 12, 31), Timing.LATE),
        (date(2027, 1, 29), Timing.LATE),
        (date(2027, 1, 30), Timing.TOO_LATE),
    ],
)
def test_answers_count_within_the_window(day: date, expected: Timing) -> None:
    span = followups.window(TrackKind.GROUP, T0)
    assert followups.timing(span, day) is expected
