"""How long a mail waits between two attempts."""

from datetime import timedelta

import pytest

from portal.domain.outbox import HARD_STOP, LEASE, POLICIES, RECONCILE_AFTER, back_off


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 60), (8, 60), (5000, 60)]
)
def test_waits_double_up_to_an_hour(attempts: int, minutes: int) -> None:
    assert back_off(attempts, chance=0.5) == timedelta(minutes=minutes)


def test_waits_differ_by_a_fifth_at_most() -> None:
    assert back_off(1, chance=0) == timedelta(seconds=48)
    assert back_off(1, chance=1) == timedelta(seconds=72)


def test_the_spans_are_those_of_the_plan() -> None:
    assert timedelta(seconds=120) == LEASE
    assert timedelta(minutes=30) == RECONCILE_AFTER
    assert timedelta(hours=4) == HARD_STOP
    assert all(policy.is_hint for policy in POLICIES.values())
