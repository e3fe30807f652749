"""R-786: when a course goes over only with a yes, and how long the answer may take."""

from datetime import date

import pytest

from portal.core.states import EnrolmentState
from portal.domain.take_overs import answer_due_on, is_asked_first

HERS, COLLEAGUE, LEAD = 1, 2, 3


@pytest.mark.parametrize("state", EnrolmentState)
@pytest.mark.parametrize(
    ("worker", "taker", "actor", "is_asked"),
    [
        (HERS, COLLEAGUE, HERS, True),
        (HERS, COLLEAGUE, LEAD, True),
        (HERS, COLLEAGUE, COLLEAGUE, False),
        (None, COLLEAGUE, LEAD, False),
        (HERS, HERS, LEAD, False),
    ],
)
def test_a_course_that_has_begun_goes_over_with_a_yes(
    state: EnrolmentState, worker: int | None, taker: int, actor: int, is_asked: bool
) -> None:
    has_begun = state in (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)
    assert is_asked_first(state, worker, taker, actor) is (is_asked and has_begun)


@pytest.mark.parametrize(
    ("asked_on", "due_on"),
    [
        (date(2026, 11, 23), date(2026, 11, 26)),
        (date(2026, 11, 20), date(2026, 11, 25)),
        # The 24th counts as a weekday by law, the 25th and the 26th do not.
        (date(2026, 12, 22), date(2026, 12, 28)),
    ],
)
def test_three_weekdays_without_holidays(asked_on: date, due_on: date) -> None:
    assert answer_due_on(asked_on) == due_on
