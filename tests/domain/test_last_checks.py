"""When a course that ends asks for a last look at her safety, and what is enough in its place (R-785)."""

from datetime import date, timedelta

import pytest

from portal.core.courses import MissingCheck
from portal.core.errors import Invalid
from portal.core.kinds import EndReason
from portal.domain.last_checks import Unchecked, check_unchecked, counts_from, is_asked_for

DAY = date(2026, 9, 15)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


@pytest.mark.parametrize("reason", EndReason)
@pytest.mark.parametrize("planned", [None, BEFORE, DAY, AFTER])
def test_whether_it_is_asked_for(reason: EndReason, planned: date | None) -> None:
    if reason is EndReason.DIED:
        expected = False
    elif reason is EndReason.COMPLETED:
        expected = planned == AFTER
    else:
        expected = True
    assert is_asked_for(reason, planned, DAY) is expected


def test_a_look_counts_for_fourteen_days() -> None:
    assert counts_from(DAY) == date(2026, 9, 1)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (None, "unchecked"),
        (Unchecked(MissingCheck.ELSEWHERE), "checked_by"),
        (Unchecked(MissingCheck.ELSEWHERE, "  "), "checked_by"),
    ],
)
def test_nothing_said_is_refused_beside_its_field(said: Unchecked | None, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_unchecked(said)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    "said",
    [
        Unchecked(MissingCheck.NOT_REACHED),
        Unchecked(MissingCheck.NOT_WANTED),
        Unchecked(MissingCheck.ELSEWHERE, "Hendes sagsbehandler"),
    ],
)
def test_each_of_the_reasons_is_enough(said: Unchecked) -> None:
    assert check_unchecked(said) is said
