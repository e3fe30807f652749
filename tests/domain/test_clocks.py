"""The clock table: every row whole, days worked out by hand, and the reference that held on the day."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Invalid
from portal.domain import clocks, deadlines
from portal.domain.clocks import (
    CLOCK_OF,
    CLOCKS,
    STATUTORY,
    Approver,
    ClockKey,
    ClockKind,
    Unit,
    clock_on,
    held_on,
    newest,
)
from portal.domain.counselling import ADULT_MINUTES, CHILD_MINUTES, MONTHS_MAX
from portal.domain.deadlines import counted, due_at, due_on
from portal.domain.law import PROVISIONS, Law, cited
from portal.domain.tracks.furnishing import LENGTH

# What the field's own list of clocks says: length, unit, how binding. Written by hand, never read from the portal.
FIELD = {
    ClockKey.ADMISSION_NOTICE: (3, None, "weekdays", "statutory"),
    ClockKey.DISCHARGE_NOTICE: (3, None, "weekdays", "statutory"),
    ClockKey.COUNSELLING_OFFER: (0, None, "days", "statutory"),
    ClockKey.FIRST_MUNICIPAL_MEETING: (7, None, "days", "local"),
    ClockKey.STAY_PLAN: (42, None, "days", "centre_standard"),
    ClockKey.COUNSELLING_END: (6, None, "months", "guidance"),
    ClockKey.PSYCHOLOGIST_START: (0, None, "days", "statutory"),
    ClockKey.PSYCHOLOGIST_HOURS: (10, None, "used_hours", "statutory"),
    ClockKey.CHILD_PSYCHOLOGIST_HOURS: (4, 10, "used_hours", "statutory"),
    ClockKey.CTI_PHASE: (3, None, "months", "method"),
    ClockKey.GROUP_STEP: (14, None, "days", "programme"),
    ClockKey.GROUP_LENGTH: (14, 20, "weeks", "programme"),
    ClockKey.AMBULATORY_GROUP: (30, None, "used_hours", "programme"),
    ClockKey.TENANCY: (24, None, "months", "programme"),
    ClockKey.TENANCY_EXTENSION: (24, None, "months", "programme"),
    ClockKey.FURNISHING_COURSE: (3, 5, "months", "programme"),
    ClockKey.PROTECTION_LAPSE: (12, None, "months", "statutory"),
    ClockKey.CONCERN_RECEIPT: (6, None, "weekdays", "statutory"),
    ClockKey.SUBJECT_REQUEST: (1, None, "months", "statutory"),
    ClockKey.BREACH_NOTICE: (72, None, "hours", "statutory"),
    ClockKey.SHELTER_STATISTICS: (0, None, "days", "statutory"),
    ClockKey.RISK_REVIEW: (90, None, "days", "proposed"),
    ClockKey.REFERRAL_ANSWER: (5, None, "weekdays", "proposed"),
    ClockKey.CHILD_CERTIFICATE: (24, None, "months", "proposed"),
}


def test_the_table_says_what_the_field_says() -> None:
    read = {key: newest(key) for key in FIELD}
    assert {key: (one.amount, one.at_most, one.unit, one.kind) for key, one in read.items()} == FIELD


def test_every_clock_has_one_row_for_any_day_that_names_who_acts_and_what_ends_it() -> None:
    assert set(CLOCKS) == set(ClockKey)
    for key, rows in CLOCKS.items():
        assert clock_on(key, date(2026, 11, 22)) in rows
        for row in rows:
            assert row.acts and all(isinstance(role, Role) for role in row.acts), key
            assert all(text.da and text.en for text in (row.starts, row.ends, row.source)), key
            assert row.warns >= 1 and row.since <= row.until


def test_rows_of_one_clock_never_hold_on_the_same_day() -> None:
    for key, rows in CLOCKS.items():
        todays = sorted((row for row in rows if row.profile == clocks.TODAYS), key=lambda row: row.since)
        assert all(before.until < after.since for before, after in pairwise(todays)), key
    for law, provisions in PROVISIONS.items():
        assert provisions, law
        assert all(before.until < after.since for before, after in pairwise(provisions)), law


def test_the_centres_own_standard_of_2012_is_kept_and_never_used_by_itself() -> None:
    old = clock_on(ClockKey.ADMISSION_NOTICE, date(2016, 4, 1), profile="lokk_2012")
    assert (old.amount, old.unit) == (14, Unit.DAYS)
    with pytest.raises(LookupError):
        clock_on(ClockKey.ADMISSION_NOTICE, date(2018, 1, 1), profile="lokk_2012")
    assert due_on(ClockKey.ADMISSION_NOTICE, date(2026, 4, 1)) == date(2026, 4, 9)


def test_a_clock_runs_by_the_row_that_held_on_the_day_of_its_start() -> None:
    now = newest(ClockKey.STAY_PLAN)
    rows = (replace(now, amount=30, until=date(2026, 6, 30)), replace(now, since=date(2026, 7, 1)))
    assert [held_on(rows, day).amount for day in (date(2026, 6, 30), date(2026, 7, 1))] == [30, 42]
    with pytest.raises(LookupError):
        held_on(rows[1:], date(2026, 6, 30))


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [
        (ClockKey.ADMISSION_NOTICE, date(2024, 6, 30), date(2024, 7, 1)),
        (ClockKey.COUNSELLING_OFFER, date(2024, 6, 30), date(2024, 7, 1)),
        (ClockKey.PSYCHOLOGIST_START, date(2024, 6, 30), date(2024, 7, 1)),
        (ClockKey.CONCERN_RECEIPT, date(2023, 12, 31), date(2024, 1, 1)),
    ],
)
def test_where_the_law_was_changed_the_row_is_another(key: ClockKey, before: date, after: date) -> None:
    old, new = clock_on(key, before), clock_on(key, after)
    assert (old.until, new.since) == (before, after)
    assert (old.amount, old.unit) == (new.amount, new.unit)
    assert new is newest(key)
    assert (key, old) in clocks.past(date(2026, 1, 1))


def test_a_day_before_there_was_a_rule_is_a_slip_of_the_pen() -> None:
    assert due_on(ClockKey.SUBJECT_REQUEST, date(2018, 5, 25)) == date(2018, 6, 25)
    with pytest.raises(Invalid):
        due_on(ClockKey.SUBJECT_REQUEST, date(2018, 5, 24))
    with pytest.raises(Invalid):
        due_at(ClockKey.BREACH_NOTICE, datetime(2006, 5, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("law", "on", "text"),
    [
        (Law.COUNSELLING, date(2024, 6, 30), "serviceloven § 109, stk. 7"),
        (Law.COUNSELLING, date(2024, 7, 1), "serviceloven § 109, stk. 8"),
        (Law.ADMISSION_NOTICE, date(2024, 6, 30), "serviceloven § 109, stk. 4"),
        (Law.ADMISSION_NOTICE, date(2026, 4, 1), "serviceloven § 109, stk. 5"),
        (Law.ADULT_PSYCHOLOGIST, date(2026, 4, 1), "serviceloven § 109, stk. 10"),
        (Law.CONCERN_PROFESSIONAL, date(2023, 12, 31), "serviceloven § 153"),
        (Law.CONCERN_PROFESSIONAL, date(2024, 1, 1), "barnets lov § 133"),
        (Law.CONCERN_EVERYONE, date(2024, 1, 1), "barnets lov § 135"),
    ],
)
def test_a_reference_is_the_one_that_held_on_the_day(law: Law, on: date, text: str) -> None:
    assert cited(law, on) == text


def test_before_there_was_a_regulation_none_is_cited() -> None:
    with pytest.raises(LookupError):
        cited(Law.BREACH_NOTICE, date(2018, 5, 24))


@pytest.mark.parametrize(
    ("start", "amount", "unit", "saturdays", "day"),
    [
        # Easter 2026: Maundy Thursday 2 April, Good Friday 3, Easter Monday 6.
        (date(2026, 4, 1), 3, Unit.WEEKDAYS, True, date(2026, 4, 8)),
        (date(2026, 4, 1), 3, Unit.WEEKDAYS, False, date(2026, 4, 9)),
        # General Prayer Day, the fourth Friday after Easter: a holiday on 5 May 2023, and none on 26 April 2024.
        (date(2023, 5, 4), 1, Unit.WEEKDAYS, False, date(2023, 5, 8)),
        (date(2024, 4, 25), 1, Unit.WEEKDAYS, False, date(2024, 4, 26)),
        # 24 and 31 December and 1 May are no public holidays; 25 and 26 December and 1 January are.
        (date(2026, 12, 23), 1, Unit.WEEKDAYS, False, date(2026, 12, 24)),
        (date(2026, 12, 24), 1, Unit.WEEKDAYS, False, date(2026, 12, 28)),
        (date(2026, 4, 30), 1, Unit.WEEKDAYS, False, date(2026, 5, 1)),
        # Leap day: from it, to it, and past a February that has none.
        (date(2028, 2, 29), 12, Unit.MONTHS, False, date(2029, 2, 28)),
        (date(2027, 11, 29), 3, Unit.MONTHS, False, date(2028, 2, 29)),
        (date(2028, 2, 28), 1, Unit.DAYS, False, date(2028, 2, 29)),
        # 31 August: clamped to short months, counted from the start and never chained.
        (date(2026, 8, 31), 1, Unit.MONTHS, False, date(2026, 9, 30)),
        (date(2026, 8, 31), 6, Unit.MONTHS, False, date(2027, 2, 28)),
        (date(2026, 8, 31), 7, Unit.MONTHS, False, date(2027, 3, 31)),
        (date(2026, 8, 31), 14, Unit.WEEKS, False, date(2026, 12, 7)),
    ],
)
def test_days_worked_out_by_hand(start: date, amount: int, unit: Unit, saturdays: bool, day: date) -> None:
    assert counted(start, amount, unit, saturdays=saturdays) == day


@pytest.mark.parametrize(
    ("start", "end"),
    [
        # Clocks go forward in the night to 29 March 2026: a day of 23 hours; Danish midnight moves from 23 to 22 UTC.
        (datetime(2026, 3, 22, 10, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        # And back in the night to 25 October 2026: a day of 25 hours.
        (datetime(2026, 10, 18, 10, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)),
        # Half past eleven in the evening by UTC is the next day in Denmark.
        (datetime(2026, 10, 17, 22, 30, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)),
    ],
)
def test_seven_days_end_at_danish_midnight_also_in_the_nights_of_summer_time(start: datetime, end: datetime) -> None:
    assert due_at(ClockKey.FIRST_CONTACT, start) == end


def test_hours_are_hours_over_the_night_that_has_one_more() -> None:
    assert due_at(ClockKey.BREACH_NOTICE, datetime(2026, 10, 24, 22, tzinfo=UTC)) == datetime(
        2026, 10, 27, 22, tzinfo=UTC
    )


def test_what_is_used_up_has_no_day() -> None:
    with pytest.raises(ValueError, match="no days"):
        due_on(ClockKey.PSYCHOLOGIST_HOURS, date(2026, 11, 22))


def test_what_a_law_asks_for_is_known_by_its_row() -> None:
    assert {
        DeadlineKind.ADMISSION_NOTICE,
        DeadlineKind.DISCHARGE_NOTICE,
        DeadlineKind.COUNSELLING_OFFER,
        DeadlineKind.RIGHTS_ANSWER,
        DeadlineKind.BREACH_NOTICE,
        DeadlineKind.PROTECTION_LAPSE,
    } <= STATUTORY
    assert not STATUTORY & {DeadlineKind.STAY_PLAN, DeadlineKind.RISK_REVIEW, DeadlineKind.OTHER}
    assert all(newest(CLOCK_OF[kind]).kind is ClockKind.STATUTORY for kind in STATUTORY)


def test_a_stay_plan_gets_fourteen_days_more_from_a_lead_and_a_notice_none() -> None:
    found = deadlines.longest_extension(DeadlineKind.STAY_PLAN, date(2026, 12, 20))
    assert found is not None
    assert (found[0].approver, found[1]) == (Approver.LEAD, date(2027, 1, 3))
    assert deadlines.longest_extension(DeadlineKind.ADMISSION_NOTICE, date(2026, 12, 20)) is None
    # Extended on pages of their own, which ask for what the rule asks.
    assert deadlines.longest_extension(DeadlineKind.COUNSELLING_END, date(2026, 12, 20)) is None
    assert deadlines.longest_extension(DeadlineKind.OTHER, date(2026, 12, 20)) is None


@pytest.mark.parametrize(
    ("kind", "days"),
    [(DeadlineKind.ADMISSION_NOTICE, 1), (DeadlineKind.STAY_PLAN, 7), (DeadlineKind.COUNSELLING_END, 30)],
)
def test_each_clock_warns_in_its_own_time(kind: DeadlineKind, days: int) -> None:
    assert clocks.warns_days(kind) == days


def test_the_book_promises_a_reminder_only_where_a_row_of_the_work_list_runs_by_the_clock() -> None:
    # Seen to by the rows of another: a tenancy's steps, the look at her safety, the end of a course.
    by_another = {
        ClockKey.TENANCY_EXTENSION,
        ClockKey.SAFETY_REVIEW_AT_ONCE,
        ClockKey.GROUP_LENGTH,
        ClockKey.FURNISHING_COURSE,
    }
    assert {key for key in ClockKey if newest(key).reminds} == set(CLOCK_OF.values()) | by_another
    assert {newest(key).warns for key in (ClockKey.GROUP_LENGTH, ClockKey.FURNISHING_COURSE)} == {
        clocks.warns_days(DeadlineKind.COURSE_END)
    }


def test_hours_and_months_are_read_from_the_table() -> None:
    assert (ADULT_MINUTES, CHILD_MINUTES, MONTHS_MAX) == (600, (240, 600), 12)
    assert LENGTH == (3, 5)


# What makes a sentence of "over when ...", in Danish and in English.
VERBS = (
    re.compile(r"\b(er|har|føres|flytter)\b"),
    re.compile(r"\b(is|are|has|have|rolls|moves)\b"),
)


@pytest.mark.parametrize("key", ClockKey)
def test_what_ends_a_clock_is_a_whole_sentence_in_both_languages(key: ClockKey) -> None:
    for row in CLOCKS[key]:
        for text, verb in zip((row.ends.da, row.ends.en), VERBS, strict=True):
            assert verb.search(text.split(";")[0]), text
            assert not text.endswith("."), text
