"""What a woman reads of herself: every coded column has words, and the words speak to her."""

import re
from enum import StrEnum

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_babel import force_locale
from sqlalchemy.dialects.postgresql import ARRAY

from portal.core.enums import Role
from portal.core.pages import Page
from portal.core.safety import BreakGlassReason
from portal.db import Choice
from portal.domain import instruments
from portal.domain.disclosure import Relation
from portal.domain.instrument_forms import INSTRUMENTS
from portal.domain.labels.columns import COLUMNS
from portal.domain.own_words import BANDS, CODES, KEPT_OF_HER, NAMED, code_word, own_label
from portal.domain.retention import RULES
from portal.domain.subject_data import marks_of, own, reached_from
from portal.domain.subject_headings import Heading
from portal.vault import Encrypted

# "Her" is "here" in Danish.
OF_HER = [("da", r"\b(hun|hende|hendes)\b"), ("en", r"\b(she|her|hers|herself)\b")]
# Columns of text that hold what somebody wrote, or a number of something.
FREE = {"language", "reference", "payment_reference"}
# Forms: told question by question (`portal/web/own_values.py`).
FORMS = {("measure", "answers"), ("measure", "band"), ("measure_value", "item"), ("meeting", "step")}
FORMS |= {
    ("safety_plan", "sections"),
    ("follow_up", "span"),
    ("track_request", "answers"),
    ("track_request", "criteria"),
    ("track_request", "steps"),
}


def columns_of_her() -> list[tuple[sa.Table, sa.Column[object]]]:
    tables = reached_from("client")
    return [(table, table.c[mark.column]) for table in tables for mark in own(marks_of(table), of_child=False)]


def vocabularies() -> set[type[StrEnum]]:
    chosen = {column.type.kind for _table, column in columns_of_her() if isinstance(column.type, Choice)}
    return (
        chosen
        | {kind for kinds in CODES.values() for kind in kinds}
        | {Page, Role, Relation, BreakGlassReason, Heading}
    )


def test_every_column_of_hers_that_can_hold_a_code_has_words_for_it() -> None:
    silent = [
        f"{table.name}.{column.name}"
        for table, column in columns_of_her()
        if isinstance(column.type, sa.Text | sa.String | ARRAY | sa.JSON)
        and not isinstance(column.type, Encrypted)
        and not column.foreign_keys
        and column.name not in FREE
        and (table.name, column.name) not in FORMS | set(CODES) | set(NAMED)
    ]
    assert silent == []


@pytest.mark.parametrize(("language", "of_her"), OF_HER)
def test_no_word_of_what_is_handed_out_speaks_about_her(app: Flask, language: str, of_her: str) -> None:
    with app.test_request_context(), force_locale(language):
        said = [own_label(value) for kind in vocabularies() for value in kind]
        said += [str(word) for word in COLUMNS.values()]
        said += [str(word) for words in (*NAMED.values(), *BANDS.values()) for word in words.values()]
        for rule in (RULES[rule] for rule in KEPT_OF_HER):
            said += [str(rule.what), str(rule.trigger)]
    assert [words for words in said if re.search(of_her, words, re.IGNORECASE)] == []


def test_every_result_of_a_form_has_words() -> None:
    """Each form is answered with every step of its scale, and the trauma form also half way."""
    found = set()
    for key, form in INSTRUMENTS.items():
        answers = [{item.key: step for item in form.items} for step in range(form.low, form.high + 1)]
        answers.append({item.key: form.high if item.key.startswith("p") else form.low for item in form.items})
        scores = [instruments.score(form, one) for one in answers]
        found |= {(key, score.band) for score in scores if score is not None and score.band is not None}
    assert found == {(key, band) for key, bands in BANDS.items() for band in bands}


def test_a_code_of_two_vocabularies_is_found_in_the_right_column(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert code_word("stay", "destination", "back_to_partner") == "Back to the partner"
        assert code_word("tenancy", "destination", "back_to_partner") == "Back to the one you left"
        assert code_word("client", "protection_level", 1) == "Name and address protection"
        assert code_word("client", "language", "any") is None
