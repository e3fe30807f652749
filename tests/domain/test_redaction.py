"""What is struck stays struck until two people agree."""

from itertools import pairwise

import pytest

from portal.core.errors import Forbidden, Invalid, NotFound
from portal.domain import redaction
from portal.domain.redaction import MASK

TEXT = "Går på Skovvangskolen. Bor Nørregade 12, 2. tv. Mor hedder Anna, anna ringer."


def test_what_tells_where_the_child_is_is_struck_by_itself() -> None:
    shown = redaction.redacted(TEXT, redaction.begin(TEXT))
    assert "Skovvang" not in shown
    assert "Nørregade" not in shown
    assert "Anna" in shown
    assert shown.count(MASK) == 2


def test_a_person_strikes_every_place_of_a_word() -> None:
    spans = redaction.strike(TEXT, redaction.begin(TEXT), "anna")
    assert "anna" not in redaction.redacted(TEXT, spans).lower()


@pytest.mark.parametrize("words", ["Peter", " ", "a"])
def test_words_that_stand_nowhere_are_refused(words: str) -> None:
    with pytest.raises(Invalid):
        redaction.strike(TEXT, [], words)


def test_an_own_strike_can_be_taken_back_and_a_found_one_cannot() -> None:
    spans = redaction.strike(TEXT, redaction.begin(TEXT), "Anna")
    own = [number for number, span in enumerate(spans) if not span.kind]
    assert "Anna" in redaction.redacted(TEXT, redaction.take_back(spans, own[0]))
    with pytest.raises(Forbidden):
        redaction.take_back(spans, 0)


def test_what_was_found_is_shown_only_when_another_person_agrees() -> None:
    spans = redaction.want_shown(redaction.begin(TEXT), 0, by=1)
    assert "Skovvang" not in redaction.redacted(TEXT, spans)
    with pytest.raises(Forbidden):
        redaction.agree_to_show(spans, 0, by=1)
    assert "Skovvangskolen" in redaction.redacted(TEXT, redaction.agree_to_show(spans, 0, by=2))


def test_nobody_agrees_to_what_nobody_wanted() -> None:
    with pytest.raises(Forbidden):
        redaction.agree_to_show(redaction.begin(TEXT), 0, by=2)


@pytest.mark.parametrize("number", [-1, 99])
def test_a_span_that_is_not_there_is_not_found(number: int) -> None:
    with pytest.raises(NotFound):
        redaction.want_shown(redaction.begin(TEXT), number, by=1)


def test_strikes_over_found_ones_leave_no_gap_and_no_overlap() -> None:
    spans = redaction.strike(TEXT, redaction.begin(TEXT), "på Skovvangskolen. Bor")
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert "Skov" not in redaction.redacted(TEXT, spans)
    assert "".join(piece.text for piece in redaction.pieces(TEXT, spans)) == TEXT


def test_what_was_shown_can_be_struck_by_hand_again() -> None:
    spans = redaction.agree_to_show(redaction.want_shown(redaction.begin(TEXT), 0, by=1), 0, by=2)
    again = redaction.strike(TEXT, spans, "Skovvangskolen")
    assert "Skovvang" not in redaction.redacted(TEXT, again)


def test_spans_come_back_as_they_were_stored() -> None:
    spans = redaction.want_shown(redaction.begin(TEXT), 0, by=7)
    assert redaction.read([span.to_json() for span in spans]) == spans


def test_the_mask_is_the_same_whatever_it_hides() -> None:
    one = redaction.redacted("a Anna b", redaction.strike("a Anna b", [], "Anna"))
    other = redaction.redacted("a Annabella-Marie b", redaction.strike("a Annabella-Marie b", [], "Annabella-Marie"))
    assert one == other
