"""Every value of the method and its measures has a word of its own."""

from enum import StrEnum

import pytest

from portal.core.measures import CtiArea, FollowUpPoint, InstrumentKey, Phase, ViolenceForm
from portal.domain.labels.measures import AREA_WORDS, WORDS


@pytest.mark.parametrize("vocabulary", [Phase, ViolenceForm, InstrumentKey, FollowUpPoint])
def test_every_value_has_a_word(vocabulary: type[StrEnum]) -> None:
    words = [str(WORDS[member]) for member in vocabulary]
    assert len(set(words)) == len(vocabulary)


def test_every_area_of_the_method_has_a_word() -> None:
    assert set(AREA_WORDS) == set(CtiArea)
