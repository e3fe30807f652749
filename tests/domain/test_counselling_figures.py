"""The figures on counselling: every state in one row of each part, bands without gaps, medians over those who began."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from portal.core.courses import CounsellingEnd
from portal.core.states import CounsellingState as S
from portal.domain.counselling_figures import FIGURES, LENGTH_BANDS, PARTS, START_BANDS, Move, keys_of, report
from portal.domain.labels import counselling as words

LEFT = date(2026, 3, 2)
TODAY = date(2026, 11, 22)


def moves_of_every_kind() -> list[Move]:
    made = [Move(key, LEFT, state) for key, state in enumerate((S.NOT_OFFERED, S.OFFERED, S.ACCEPTED, S.DECLINED))]
    made += [Move(10, LEFT, S.LATER), Move(11, LEFT, S.NO_ANSWER)]
    for key, days in enumerate((-20, 0, 1, 7, 8, 30, 31, 91, 92, 200), start=20):
        made.append(Move(key, LEFT, S.STARTED, LEFT + timedelta(days=days)))
    for key, reason in enumerate((*CounsellingEnd, None), start=40):
        value = reason.value if reason else None
        made.append(Move(key, LEFT, S.ENDED, LEFT, LEFT + timedelta(days=key), value))
    return made


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.key)
def test_the_rows_of_a_part_sum_up_to_what_they_are_parts_of(part: object) -> None:
    moves = moves_of_every_kind()
    for move in moves:
        counts = report([move], today=TODAY).counts
        assert sum(counts[key] for key in part.rows) == counts[part.of]  # type: ignore[attr-defined]
    counts = report(moves, today=TODAY).counts
    assert sum(counts[key] for key in part.rows) == counts[part.of]  # type: ignore[attr-defined]
    assert counts["moved_out"] == len(moves)


@pytest.mark.parametrize("bands", [START_BANDS, LENGTH_BANDS], ids=["start", "length"])
def test_bands_leave_no_day_out(bands: tuple[tuple[str, int | None, int | None], ...]) -> None:
    assert bands[0][1] is None
    assert bands[-1][2] is None
    for (_key, _low, high), (_next, low, _high) in pairwise(bands):
        assert (high or 0) + 1 == low


def test_days_fall_into_the_bands_that_say_so() -> None:
    counts = report(moves_of_every_kind(), today=TODAY).counts
    ended = len(CounsellingEnd) + 1
    assert [counts[key] for key, _low, _high in START_BANDS] == [2 + ended, 2, 2, 2, 2]
    assert counts["ended_other"] == 2


def test_the_middle_one_is_taken_of_those_who_began() -> None:
    three = [Move(key, LEFT, S.STARTED, LEFT + timedelta(days=days)) for key, days in enumerate((4, 6, 90))]
    told = report([*three, Move(9, LEFT, S.DECLINED)], today=TODAY)
    assert (told.median_start, told.median_length) == (6.0, float((TODAY - LEFT).days - 6))
    nobody = report([Move(1, LEFT, S.DECLINED)], today=TODAY)
    assert (nobody.median_start, nobody.median_length) == (None, None)


def test_each_figure_names_those_whom_it_counts_and_has_its_words() -> None:
    moves = moves_of_every_kind()
    counts = report(moves, today=TODAY).counts
    for figure in FIGURES:
        assert len(keys_of(moves, figure, today=TODAY)) == counts[figure]
    with pytest.raises(KeyError):
        keys_of(moves, "everybody", today=TODAY)
    assert set(words.FIGURES) == set(FIGURES)
    assert set(words.PARTS) == {part.key for part in PARTS}
