"""Every value of the method and its measures has a word of its own."""

from enum import StrEnum

import pytest

from portal.core.measures import CtiArea, FollowUpPoint, InstrumentKey, Phase, ViolenceForm
from portal.domain.labels.measures import WORDS


@pytest.mark.parametrize("vocabulary", [Phase, ViolenceForm, InstrumentKey, FollowUpPoint, CtiArea])
def test_every_value_has_a_word_of_its_own(vocabulary: type[StrEnum]) -> None:
    words = {value: str(word) for value, word in WORDS if type(value) is vocabulary}
    assert set(words) == set(vocabulary)
    assert len(set(words.values())) == len(vocabulary)
