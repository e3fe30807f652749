"""Every clock, also over Easter and Christmas."""

from datetime import UTC, date, datetime

import pytest

from portal.core.errors import Invalid
from portal.domain import deadlines
from portal.domain.deadlines import ClockKey, due_on, notice_due_on


@pytest.mark.parametrize(
    ("decided_on", "without_saturdays", "due"),
    [
        (date(2026, 4, 1), date(2026, 4, 9), date(2026, 4, 8)),  # over Easter
        (date(2026, 12, 23), date(2026, 12, 29), date(2026, 12, 29)),  # 24, 28, 29 December
        (date(2026, 12, 30), date(2027, 1, 5), date(2027, 1, 4)),  # 31 December, 2 and 4 January
        (date(2026, 5, 13), date(2026, 5, 19), date(2026, 5, 18)),  # over Ascension Day
        (date(2026, 11, 20), date(2026, 11, 25), date(2026, 11, 24)),
    ],
)
def test_a_notice_has_three_weekdays_and_the_earlier_day_is_shown(
    decided_on: date, without_saturdays: date, due: date
) -> None:
    assert notice_due_on(decided_on) == due
    assert due_on(ClockKey.DISCHARGE_NOTICE, decided_on) == without_saturdays


@pytest.mark.parametrize(
    ("sent_at", "due"),
    [
        (datetime(2026, 3, 30, 10, tzinfo=UTC), date(2026, 4, 9)),  # over Easter
        (datetime(2026, 3, 30, 22, 30, tzinfo=UTC), date(2026, 4, 10)),  # already the 31st in Denmark
        (datetime(2026, 12, 22, 10, tzinfo=UTC), date(2026, 12, 30)),
        (datetime(2026, 11, 20, 10, tzinfo=UTC), date(2026, 11, 27)),
    ],
)
def test_a_referral_is_answered_within_five_weekdays(sent_at: datetime, due: date) -> None:
    assert deadlines.answer_due_on(sent_at) == due


@pytest.mark.parametrize(
    ("key", "start", "due"),
    [
        (ClockKey.STAY_PLAN, date(2026, 11, 21), date(2027, 1, 2)),
        (ClockKey.COUNSELLING_END, date(2026, 8, 31), date(2027, 2, 28)),
        (ClockKey.WELFARE_CHECK, date(2026, 4, 1), date(2026, 4, 8)),
        (ClockKey.GRANT_RECEIPT, date(2026, 12, 15), date(2027, 1, 14)),
        (ClockKey.COUNSELLING_OFFER, date(2026, 11, 21), date(2026, 11, 21)),
        (ClockKey.FIRST_MUNICIPAL_MEETING, date(2026, 11, 21), date(2026, 11, 28)),
        (ClockKey.PROTECTION_LAPSE, date(2028, 2, 29), date(2029, 2, 28)),
        (ClockKey.RISK_REVIEW, date(2026, 11, 21), date(2027, 2, 19)),
        (ClockKey.CONCERN_RECEIPT, date(2026, 4, 1), date(2026, 4, 14)),
        (ClockKey.SUBJECT_REQUEST, date(2027, 1, 31), date(2027, 2, 28)),
        (ClockKey.FOLLOW_UP_AFTER_END, date(2026, 11, 30), date(2027, 2, 28)),
        (ClockKey.CHILD_CERTIFICATE, date(2026, 11, 21), date(2028, 11, 21)),
    ],
)
def test_clocks_end_on_a_day(key: ClockKey, start: date, due: date) -> None:
    assert due_on(key, start) == due


def test_hours_run_to_the_minute_and_days_to_danish_midnight() -> None:
    known = datetime(2026, 10, 24, 12, 30, tzinfo=UTC)
    assert deadlines.due_at(ClockKey.BREACH_NOTICE, known) == datetime(2026, 10, 27, 12, 30, tzinfo=UTC)
    assert deadlines.due_at(ClockKey.FIRST_CONTACT, known) == datetime(2026, 10, 31, 23, 0, tzinfo=UTC)
    with pytest.raises(ValueError):
        due_on(ClockKey.BREACH_NOTICE, date(2026, 10, 24))


def test_a_tenancy_has_a_ladder_with_the_decision_at_six_months() -> None:
    ends_on = deadlines.tenancy_end(date(2026, 3, 31))
    rungs = deadlines.tenancy_ladder(ends_on)
    assert ends_on == date(2028, 3, 31)
    assert [(rung.months_before, rung.due_on, rung.is_decision) for rung in rungs] == [
        (12, date(2027, 3, 31), False),
        (9, date(2027, 6, 30), False),
        (6, date(2027, 9, 30), True),
        (3, date(2027, 12, 31), False),
        (1, date(2028, 2, 29), False),
    ]


def test_a_tenancy_is_extended_by_at_most_24_months() -> None:
    assert deadlines.tenancy_end(date(2026, 3, 31), extension_months=24) == date(2030, 3, 31)
    with pytest.raises(Invalid):
        deadlines.tenancy_end(date(2026, 3, 31), extension_months=25)
    with pytest.raises(Invalid):
        deadlines.tenancy_end(date(2026, 3, 31), months=25)


@pytest.mark.parametrize(
    ("key", "due"),
    [(ClockKey.GRANT_ANSWER, date(2027, 1, 5)), (ClockKey.GRANT_ANSWER_URGENT, date(2026, 12, 22))],
)
def test_a_grant_is_answered_over_christmas(key: ClockKey, due: date) -> None:
    assert due_on(key, date(2026, 12, 18)) == due
