"""The forms as data."""

import pytest

from portal.core.measures import InstrumentKey, ViolenceForm
from portal.domain.instrument_forms import INSTRUMENTS, AnsweredBy, Better


def test_every_key_has_a_form() -> None:
    assert set(INSTRUMENTS) == set(InstrumentKey)


@pytest.mark.parametrize(
    ("key", "items", "low", "high", "better"),
    [
        (InstrumentKey.EXPOSURE, 8, 0, 1, Better.LOW),
        (InstrumentKey.SAFETY_FEELING, 1, 1, 7, Better.HIGH),
        (InstrumentKey.WHO5, 5, 0, 5, Better.HIGH),
        (InstrumentKey.ITQ, 18, 0, 4, Better.LOW),
        (InstrumentKey.PCL5, 20, 0, 4, Better.LOW),
        (InstrumentKey.UCLA3, 3, 1, 3, Better.LOW),
        (InstrumentKey.DOMAIN_RATING, 9, 1, 10, Better.HIGH),
        (InstrumentKey.PROBLEM_RATING, 6, 0, 4, Better.LOW),
    ],
)
def test_forms_have_their_items_and_scale(key: InstrumentKey, items: int, low: int, high: int, better: Better) -> None:
    form = INSTRUMENTS[key]
    assert (len(form.items), form.low, form.high, form.better) == (items, low, high, better)
    assert len({item.key for item in form.items}) == items
    assert all(low <= step <= high and str(text) for step, text in form.scale.items())
    assert form.credit
    assert str(form.intro)
    assert all(str(item.text) for item in form.items)


def test_trauma_forms_are_for_trained_staff_and_never_a_diagnosis() -> None:
    for key in (InstrumentKey.ITQ, InstrumentKey.PCL5):
        assert INSTRUMENTS[key].answered_by is AnsweredBy.TRAINED_STAFF
        assert str(INSTRUMENTS[key].note) == "An indication, not a diagnosis."


def test_exposure_asks_for_each_form_and_not_for_any() -> None:
    assert [item.key for item in INSTRUMENTS[InstrumentKey.EXPOSURE].items] == [form.value for form in ViolenceForm]
