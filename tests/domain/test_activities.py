"""Which events may be planned, and when somebody says who came."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.core.activities import ActivityKind as K
from portal.core.activities import Guests as G
from portal.core.errors import Invalid, NotNow
from portal.domain import activities as rules

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "guests", "is_right"),
    [
        (K.SOCIAL, [G.RESIDENTS], True),
        (K.REUNION_DAY, [G.FORMER_RESIDENTS, G.CHILDREN], True),
        (K.CHILDREN, [G.CHILDREN], True),
        (K.RESIDENTS_MEETING, [G.RESIDENTS], True),
        (K.SOCIAL, [], False),
        (K.REUNION_DAY, [G.RESIDENTS], False),
        (K.CHILDREN, [G.RESIDENTS], False),
        (K.RESIDENTS_MEETING, [G.FORMER_RESIDENTS], False),
    ],
)
def test_those_for_whom_it_is_are_invited(kind: K, guests: list[G], is_right: bool) -> None:
    if is_right:
        assert rules.check_guests(kind, guests) is None
        return
    with pytest.raises(Invalid) as refusal:
        rules.check_guests(kind, guests)
    assert refusal.value.field == "guests"


def test_who_came_is_said_on_the_day_or_later() -> None:
    rules.check_registered(NOW + timedelta(hours=3), 0, NOW, is_cancelled=False)
    with pytest.raises(NotNow):
        rules.check_registered(NOW + timedelta(days=1), 0, NOW, is_cancelled=False)
    with pytest.raises(NotNow):
        rules.check_registered(NOW, 0, NOW, is_cancelled=True)
    with pytest.raises(Invalid):
        rules.check_registered(NOW, 501, NOW, is_cancelled=False)


def test_an_event_is_not_written_down_months_late() -> None:
    rules.check_begin(NOW - timedelta(days=80), NOW)
    with pytest.raises(Invalid):
        rules.check_begin(NOW - timedelta(days=100), NOW)
