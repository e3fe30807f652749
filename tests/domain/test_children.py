"""What is true of a child: its age, whose yes is enough, what its plan lacks, when nobody has spoken with it."""

from datetime import date, timedelta

import pytest

from portal.core.children import ChildSettingKind, ConsentGiver, ConsentQuestion, Custody, PlanStep
from portal.core.errors import Invalid
from portal.domain.children import age, check_period, is_enough, is_unspoken, missing

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("year", "born", "said"),
    [
        (2019, None, (7, False)),
        (2019, date(2019, 11, 22), (7, True)),
        (2019, date(2019, 11, 23), (6, True)),
        (2026, date(2026, 11, 22), (0, True)),
        (2020, date(2020, 2, 29), (6, True)),
    ],
)
def test_an_age_is_exact_where_the_date_is_known(year: int, born: date | None, said: tuple[int, bool]) -> None:
    assert age(year, born, on=DAY) == said


# Custody, who answered → for activities, for the psychologist.
YES = {
    (Custody.HERS, ConsentGiver.HER): (True, True),
    (Custody.HERS, ConsentGiver.BOTH): (True, True),
    (Custody.HERS, ConsentGiver.OTHER_PARENT): (False, False),
    (Custody.HERS, ConsentGiver.CHILD): (False, False),
    (Custody.JOINT, ConsentGiver.HER): (False, True),
    (Custody.JOINT, ConsentGiver.BOTH): (True, True),
    (Custody.JOINT, ConsentGiver.OTHER_PARENT): (False, False),
    (Custody.JOINT, ConsentGiver.CHILD): (False, False),
    (Custody.OTHER_PARENT, ConsentGiver.HER): (False, False),
    (Custody.OTHER_PARENT, ConsentGiver.BOTH): (True, True),
    (Custody.OTHER_PARENT, ConsentGiver.OTHER_PARENT): (True, True),
    (Custody.OTHER_PARENT, ConsentGiver.CHILD): (False, False),
    (Custody.OTHER, ConsentGiver.HER): (False, False),
    (Custody.OTHER, ConsentGiver.BOTH): (False, False),
    (Custody.OTHER, ConsentGiver.OTHER_PARENT): (True, True),
    (Custody.OTHER, ConsentGiver.CHILD): (False, False),
    (None, ConsentGiver.HER): (False, True),
    (None, ConsentGiver.BOTH): (True, True),
    (None, ConsentGiver.OTHER_PARENT): (False, False),
    (None, ConsentGiver.CHILD): (False, False),
}


@pytest.mark.parametrize(("custody", "given_by"), YES)
def test_whose_yes_is_enough_follows_from_the_custody(custody: Custody | None, given_by: ConsentGiver) -> None:
    assert (
        is_enough(ConsentQuestion.ACTIVITIES, custody, given_by),
        is_enough(ConsentQuestion.PSYCHOLOGIST, custody, given_by),
    ) == YES[custody, given_by]


def test_every_custody_and_every_answer_is_decided() -> None:
    assert set(YES) == {(custody, giver) for custody in (*Custody, None) for giver in ConsentGiver}


def test_nobody_has_spoken_from_the_sixtieth_day_on() -> None:
    known = date(2026, 1, 1)
    assert not is_unspoken(None, known, on=known + timedelta(days=59))
    assert is_unspoken(None, known, on=known + timedelta(days=60))
    spoken = date(2026, 3, 1)
    assert not is_unspoken(spoken, known, on=spoken + timedelta(days=59))
    assert is_unspoken(spoken, known, on=spoken + timedelta(days=60))
    # A talk of before the case counts no longer than the case.
    assert not is_unspoken(date(2020, 1, 1), known, on=known + timedelta(days=59))


def test_the_safety_of_a_school_is_missing_only_where_there_is_one() -> None:
    basic = [PlanStep.TALK, PlanStep.ACTIVITY_ALONE, PlanStep.ACTIVITY_GROUP, PlanStep.MOTHER_CHILD_TALK]
    assert missing([], []) == basic
    assert missing(basic, [ChildSettingKind.SCHOOL]) == [PlanStep.SAFETY_SCHOOL]
    assert missing([*basic, PlanStep.SAFETY_SCHOOL], [ChildSettingKind.SCHOOL]) == []


@pytest.mark.parametrize(
    ("from_on", "until_on", "field"),
    [(DAY + timedelta(days=1), None, "from_on"), (DAY, DAY - timedelta(days=1), "until_on")],
)
def test_a_time_has_begun_and_does_not_end_before(from_on: date, until_on: date | None, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_period(from_on, until_on, today=DAY)
    assert refusal.value.field == field
