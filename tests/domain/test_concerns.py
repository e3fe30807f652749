"""Notices of concern: the paragraph by who writes and when, the receipt by weekdays, and what the parents may know."""

from datetime import date

import pytest

from portal.core.children import ConcernState, NotifierDuty
from portal.core.enums import Role
from portal.domain.concerns import basis, duty_of, is_kept_back, is_overdue, receipt_due_on

PROFESSIONAL, EVERYBODY = NotifierDuty.PROFESSIONAL, NotifierDuty.EVERYBODY


@pytest.mark.parametrize(
    ("duty", "on", "said"),
    [
        (PROFESSIONAL, date(2023, 12, 31), "serviceloven § 153"),
        (EVERYBODY, date(2023, 12, 31), "serviceloven § 154"),
        (PROFESSIONAL, date(2024, 1, 1), "barnets lov § 133"),
        (EVERYBODY, date(2024, 1, 1), "barnets lov § 135"),
        (PROFESSIONAL, date(2026, 11, 22), "barnets lov § 133"),
    ],
)
def test_the_paragraph_follows_from_who_writes_and_the_day(duty: NotifierDuty, on: date, said: str) -> None:
    assert basis(duty, on) == said


def test_no_act_is_no_paragraph() -> None:
    with pytest.raises(LookupError):
        basis(PROFESSIONAL, date(1990, 1, 1))


def test_only_a_volunteer_notifies_as_everybody_does() -> None:
    assert [role for role in Role if duty_of(role) is EVERYBODY] == [Role.VOLUNTEER]


@pytest.mark.parametrize(
    ("sent", "due"),
    [
        # Monday to Tuesday of the week after: Saturdays and Sundays are no weekdays here.
        (date(2026, 11, 23), date(2026, 12, 1)),
        # Over Christmas 2026: 24 December is no weekday of the calendar either way.
        (date(2026, 11, 20), date(2026, 11, 30)),
    ],
)
def test_the_receipt_is_due_on_the_sixth_weekday(sent: date, due: date) -> None:
    assert receipt_due_on(sent) == due


def test_a_receipt_is_late_only_while_it_is_waited_for() -> None:
    due = date(2026, 12, 1)
    assert not is_overdue(ConcernState.SENT, due, on=due)
    assert is_overdue(ConcernState.SENT, due, on=date(2026, 12, 2))
    assert not is_overdue(ConcernState.RECEIPTED, due, on=date(2026, 12, 2))
    assert not is_overdue(ConcernState.DRAFTED, None, on=date(2026, 12, 2))


@pytest.mark.parametrize(
    ("violence", "may_know", "kept"),
    [(True, None, True), (False, None, False), (True, True, False), (True, False, True), (False, False, True)],
)
def test_parents_are_not_told_first_where_violence_is_suspected(
    violence: bool, may_know: bool | None, kept: bool
) -> None:
    assert is_kept_back(violence_suspected=violence, may_know=may_know) is kept
