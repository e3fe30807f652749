"""What the sender is told of a waiting list, and what must be said before somebody is passed."""

import pytest

from portal.core.errors import Invalid
from portal.core.kinds import DeclineReason, MarkReason
from portal.domain import waiting
from portal.domain.declining import FAMILIES, USUAL_DAYS, usual
from portal.domain.waiting import JUMPS, SKIPS, Band, band, check_reason


@pytest.mark.parametrize(
    ("position", "said"),
    [(None, None), (1, Band.NEXT), (3, Band.NEXT), (4, Band.SOON), (10, Band.SOON), (11, Band.LATER)],
)
def test_a_band_says_about_where_she_stands(position: int | None, said: Band | None) -> None:
    assert band(position) is said


def test_going_against_the_list_needs_a_code_that_fits_and_a_sentence() -> None:
    check_reason(MarkReason.MOVES_SOON, "Hun flytter på fredag.", known=JUMPS)
    for reason, text, field in (
        (None, "Hun flytter på fredag.", "reason"),
        (MarkReason.NOT_REACHED, "Hun flytter på fredag.", "reason"),
        (MarkReason.MOVES_SOON, "   kort   ", "text"),
        (MarkReason.MOVES_SOON, None, "text"),
    ):
        with pytest.raises(Invalid) as refused:
            check_reason(reason, text, known=JUMPS)
        assert refused.value.field == field
    assert set(JUMPS) | set(SKIPS) == set(MarkReason)


def test_every_reason_for_a_no_has_a_side_and_days() -> None:
    assert set(FAMILIES) == set(USUAL_DAYS) == set(DeclineReason)
    assert all(usual(reason).is_active and 0 <= usual(reason).cool_down_days <= 365 for reason in DeclineReason)


RULES = {
    "criteria": [
        {"key": "a", "da": "A", "en": "A"},
        {"key": "b", "da": "B", "en": "B"},
        {"key": "c", "da": "C", "en": "C", "is_kept": False},
    ],
    "step": [{"key": "t", "da": "Samtale", "en": "Talk"}],
}


@pytest.mark.parametrize(
    ("criteria", "held", "lacks"),
    [
        ({}, {}, ("", "ab", "t")),
        ({"a": "met", "b": "unknown"}, {"t": "2026-11-02"}, ("", "b", "")),
        ({"a": "not_met", "b": "met"}, {"t": "2026-11-02"}, ("a", "", "")),
        ({"a": "met", "b": "met", "c": "not_met"}, {"t": "2026-11-02"}, ("", "", "")),
    ],
)
def test_what_stands_between_her_and_a_place_is_said_by_criterion_and_talk(
    criteria: dict[str, str], held: dict[str, str], lacks: tuple[str, str, str]
) -> None:
    found = waiting.standing(RULES, criteria, held)
    kinds = (found.not_met, found.not_known, found.not_held)
    assert tuple("".join(one.key for one in kind) for kind in kinds) == lacks
    assert found.could_start is (lacks == ("", "", ""))


@pytest.mark.parametrize("reason", [None, *MarkReason])
def test_being_put_first_has_one_of_its_reasons(reason: MarkReason | None) -> None:
    if reason in waiting.PRIORITIES:
        waiting.check_priority(reason)
        return
    with pytest.raises(Invalid) as refused:
        waiting.check_priority(reason)
    assert refused.value.field == "reason"
