"""How what is handed out to her is divided: every part says what it holds, and speaks to her."""

import re
from collections import Counter

import pytest
from flask import Flask
from flask_babel import force_locale

from portal.domain.labels.columns import COLUMNS, TERMS
from portal.domain.own_parts import HOLDS, LINES, READ_SO, ROWS
from portal.domain.own_words import TOLD_ELSEWHERE
from portal.domain.subject_data import heading, marks_of, own, reached_from

# Tables with something of hers, beside those whose answers stand elsewhere.
HERS = {
    table.name: [mark.column for mark in own(marks_of(table), of_child=False)]
    for table in reached_from("client")
    if own(marks_of(table), of_child=False) and table.name not in TOLD_ELSEWHERE
}


def test_every_part_says_what_it_holds() -> None:
    assert set(HOLDS) == {heading(name) for name in HERS}
    assert set(READ_SO) <= set(HOLDS)


def test_rows_of_several_kinds_under_one_heading_have_titles() -> None:
    kinds = Counter(heading(name) for name in HERS)
    assert set(ROWS) == {name for name in HERS if kinds[heading(name)] > 1}


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("name", sorted(LINES))
def test_no_two_columns_of_a_table_have_the_same_word(app: Flask, name: str, language: str) -> None:
    """A line has one cell a word: two columns of one word would lose a value."""
    with app.test_request_context(), force_locale(language):
        words = [str(TERMS.get((name, column)) or COLUMNS[column]) for column in ("offer_id", *HERS[name])]
    assert len(words) == len(set(words))


def test_a_word_of_one_table_is_for_a_column_that_is_handed_out() -> None:
    assert [place for place in TERMS if place[1] not in HERS[place[0]]] == []


@pytest.mark.parametrize(
    ("language", "of_her"), [("da", r"\b(hun|hende|hendes)\b"), ("en", r"\b(she|her|hers|herself)\b")]
)
def test_the_parts_speak_to_her(app: Flask, language: str, of_her: str) -> None:
    with app.test_request_context(), force_locale(language):
        said = [str(one) for words in (HOLDS, READ_SO, ROWS, TERMS) for one in words.values()]
    assert [one for one in said if re.search(of_her, one, re.IGNORECASE)] == []
