"""When her safety is looked at anew, and when an assessment or a plan has run out: the tables."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.core.risk import ReviewReason
from portal.domain.risk import (
    BY_HAND,
    HOLDS_VISITS,
    HOME_CHANGES,
    Answers,
    calls_for_review,
    is_expired,
    is_outdated,
    review_due_on,
)

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
# Reason → days, whether visits wait, whether she lives elsewhere, whether it is entered by hand.
TABLE = {
    "new_violence": (1, True, False, False),
    "safety_questions": (1, True, False, False),
    "new_address": (7, False, True, True),
    "moved": (7, False, True, False),
    "stay_ended": (7, False, True, False),
    "court_date": (7, False, False, True),
    "contact_begins": (7, False, False, True),
    "release": (7, False, False, True),
    "visits_wait": (7, True, False, False),
}


def test_the_table_holds_every_reason() -> None:
    assert set(TABLE) == set(ReviewReason)


@pytest.mark.parametrize("reason", list(ReviewReason))
def test_each_reason_has_its_day_and_what_it_brings(reason: ReviewReason) -> None:
    days, holds, is_home, is_by_hand = TABLE[reason]
    assert review_due_on(reason, TODAY) == TODAY + timedelta(days=days)
    assert (reason in HOLDS_VISITS, reason in HOME_CHANGES, reason in BY_HAND) == (holds, is_home, is_by_hand)


@pytest.mark.parametrize(
    ("violence", "contact", "felt", "last", "expected"),
    [
        (None, None, None, None, False),
        (False, False, None, 7, False),
        (True, False, 7, 7, True),
        (False, True, 7, 7, True),
        (True, None, None, None, True),
        (False, False, 3, None, True),
        (None, None, 1, 1, True),
        (False, False, 4, None, False),
        (False, False, 4, 5, False),
        (False, False, 4, 6, True),
        (False, False, 5, 7, True),
        (False, False, 6, 7, False),
        (False, False, 7, 4, False),
    ],
)
def test_the_three_questions(
    violence: bool | None, contact: bool | None, felt: int | None, last: int | None, expected: bool
) -> None:
    assert calls_for_review(Answers(violence, contact, felt), last) is expected


def test_nothing_asked_is_nothing_answered() -> None:
    assert Answers().is_empty
    assert not Answers(new_violence=False).is_empty
    assert not Answers(feels_safe=7).is_empty


@pytest.mark.parametrize(
    ("review_on", "expected"),
    [(None, False), (TODAY - timedelta(days=1), True), (TODAY, False), (TODAY + timedelta(days=1), False)],
)
def test_an_assessment_counts_through_its_last_day(review_on: date | None, expected: bool) -> None:
    assert is_expired(review_on, TODAY) is expected


@pytest.mark.parametrize(
    ("written_at", "changes", "expected"),
    [
        (NOW, [], False),
        (NOW, [NOW - timedelta(days=1)], False),
        (NOW, [NOW - timedelta(days=9), NOW + timedelta(seconds=1)], True),
        (None, [], False),
        (None, [NOW], True),
    ],
)
def test_a_plan_is_for_one_home(written_at: datetime | None, changes: list[datetime], expected: bool) -> None:
    assert is_outdated(written_at, changes) is expected
