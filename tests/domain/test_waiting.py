"""What the sender is told of a waiting list, and what must be said before somebody is passed."""

import pytest

from portal.core.errors import Invalid
from portal.core.kinds import DeclineReason, MarkReason
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
