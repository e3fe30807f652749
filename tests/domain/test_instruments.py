"""Scores by the exact rules."""

import pytest

from portal.core.measures import InstrumentKey, ViolenceForm
from portal.domain import instruments
from portal.domain.instrument_forms import (
    DOMAIN_RATING,
    EXPOSURE,
    ITQ,
    PCL5,
    PROBLEM_RATING,
    SAFETY_FEELING,
    UCLA3,
    WHO5,
    Instrument,
)
from portal.domain.instruments import Score, score


def all_answered(form: Instrument, value: int) -> dict[str, int]:
    return {item.key: value for item in form.items}


def scored(form: Instrument, answers: dict[str, int]) -> Score:
    result = score(form, answers)
    assert result is not None
    return result


@pytest.mark.parametrize(("value", "index", "band"), [(3, 60, "good"), (5, 100, "good"), (0, 0, "very_poor")])
def test_who5_is_the_sum_times_four(value: int, index: int, band: str) -> None:
    result = scored(WHO5, all_answered(WHO5, value))
    assert (result.value, result.band, result.parts["raw"]) == (index, band, value * 5)


@pytest.mark.parametrize(("raw", "band"), [(7, "very_poor"), (8, "poor"), (12, "poor"), (13, "good")])
def test_who5_bands(raw: int, band: str) -> None:
    answers = dict(
        zip(all_answered(WHO5, 0), [min(5, raw), min(5, max(0, raw - 5)), max(0, raw - 10), 0, 0], strict=True)
    )
    assert (scored(WHO5, answers).value, scored(WHO5, answers).band) == (raw * 4, band)


def itq(p: int, c: int, p_impairment: int, c_impairment: int) -> dict[str, int]:
    return (
        {f"p{n}": p for n in range(1, 7)}
        | {f"p{n}": p_impairment for n in range(7, 10)}
        | {f"c{n}": c for n in range(1, 7)}
        | {f"c{n}": c_impairment for n in range(7, 10)}
    )


@pytest.mark.parametrize(
    ("answers", "label"),
    [
        (itq(2, 2, 2, 2), "cptsd"),
        (itq(2, 0, 2, 0), "ptsd"),
        (itq(4, 0, 1, 0), "none"),
        (itq(0, 4, 0, 4), "none"),
        (itq(2, 2, 2, 1), "ptsd"),
        (itq(1, 4, 4, 4), "none"),
        (itq(0, 0, 0, 0), "none"),
        (itq(0, 0, 0, 0) | {"p2": 2, "p4": 2, "p5": 2, "p8": 2}, "ptsd"),
        (itq(0, 0, 0, 0) | {"p1": 2, "p2": 4, "p5": 2, "p8": 2}, "none"),
    ],
)
def test_itq_gives_one_label_or_none(answers: dict[str, int], label: str) -> None:
    assert scored(ITQ, answers).band == label


def test_itq_severity_leaves_out_impairment() -> None:
    parts = scored(ITQ, itq(4, 2, 4, 4)).parts
    assert (parts["ptsd"], parts["dso"], parts["reexperiencing"], parts["relations"]) == (24, 12, 8, 4)
    assert (parts["ptsd_criteria"], parts["dso_criteria"]) == (1, 1)


@pytest.mark.parametrize(
    ("value", "total", "band", "provisional"),
    [(0, 0, "low", 0), (2, 40, "high", 1), (1, 20, "low", 0), (4, 80, "high", 1)],
)
def test_pcl5_sums_and_counts_clusters(value: int, total: int, band: str, provisional: int) -> None:
    result = scored(PCL5, all_answered(PCL5, value))
    assert (result.value, result.band, result.parts["provisional"]) == (total, band, provisional)
    assert sum(result.parts[cluster] for cluster in "bcde") == total


@pytest.mark.parametrize(
    ("missing", "provisional"),
    [
        ((), 1),
        (("q1",), 0),
        (("q6",), 0),
        (("q8",), 0),
        (("q20",), 0),
    ],
)
def test_pcl5_needs_each_cluster(missing: tuple[str, ...], provisional: int) -> None:
    answers = all_answered(PCL5, 0) | dict.fromkeys({"q1", "q6", "q8", "q9", "q15", "q20"} - set(missing), 2)
    assert scored(PCL5, answers).parts["provisional"] == provisional


@pytest.mark.parametrize(
    ("answers", "total", "band"),
    [
        ((1, 1, 1), 3, "not_lonely"),
        ((2, 2, 1), 5, "not_lonely"),
        ((2, 2, 2), 6, "lonely"),
        ((3, 2, 2), 7, "severe"),
        ((3, 3, 3), 9, "severe"),
    ],
)
def test_ucla3_is_a_sum(answers: tuple[int, int, int], total: int, band: str) -> None:
    result = scored(UCLA3, {f"u{number}": value for number, value in enumerate(answers, 1)})
    assert (result.value, result.band) == (total, band)


@pytest.mark.parametrize("form", [WHO5, ITQ, PCL5, UCLA3, SAFETY_FEELING])
def test_an_incomplete_or_impossible_form_has_no_score(form: Instrument) -> None:
    answers = all_answered(form, form.high)
    first = form.items[0].key
    assert score(form, {key: value for key, value in answers.items() if key != first}) is None
    assert score(form, answers | {first: form.high + 1}) is None
    assert score(form, answers | {"other": form.low}) is None
    assert score(form, answers) is not None


def test_exposure_to_any_form_is_computed() -> None:
    none = all_answered(EXPOSURE, 0)
    assert scored(EXPOSURE, none).value == 0
    assert scored(EXPOSURE, none | {ViolenceForm.DIGITAL.value: 1}).band == "any"
    assert scored(EXPOSURE, {ViolenceForm.DIGITAL.value: 1}).value == 1
    assert score(EXPOSURE, {ViolenceForm.DIGITAL.value: 0}) is None
    assert score(EXPOSURE, none | {"any": 1}) is None


def test_ratings_stand_for_themselves() -> None:
    assert score(DOMAIN_RATING, all_answered(DOMAIN_RATING, 5)) is None
    assert instruments.values_of(DOMAIN_RATING, {"housing": 7}) == {"housing": 7}
    assert instruments.values_of(PROBLEM_RATING, {"housing": 5}) == {}
    assert instruments.values_of(WHO5, all_answered(WHO5, 3)) == {}
    assert instruments.get(InstrumentKey.WHO5) is WHO5


def test_what_is_wrong_with_answers_is_named() -> None:
    assert instruments.check_answers(WHO5, {"w1": 6, "x": 1, "w2": 0}) == {"x": "unknown_item", "w1": "out_of_range"}


@pytest.mark.parametrize(
    ("latest", "previous", "needed"),
    [
        (3, None, True),
        (4, None, False),
        (4, 5, False),
        (4, 6, True),
        (7, 7, False),
    ],
)
def test_a_low_or_falling_safety_feeling_calls_for_a_check(latest: int, previous: int | None, needed: bool) -> None:
    assert instruments.needs_safety_check(latest, previous) is needed
