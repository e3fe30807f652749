"""What the templates' filters say, in both languages."""

from datetime import date
from types import SimpleNamespace

import pytest
from flask import Flask
from flask_babel import force_locale

from portal.web.filters import arranged, days_ago, hours, in_language, month_name, of_both


@pytest.mark.parametrize(("language", "said"), [("da", "Hold"), ("en", "Group")])
def test_of_two_names_the_readers_is_said(app: Flask, language: str, said: str) -> None:
    with app.test_request_context(), force_locale(language):
        assert of_both(("Hold", "Group")) == said
        assert in_language(SimpleNamespace(name_da="Hold", name_en="Group"), "name") == said
        assert of_both(None) == ""


@pytest.mark.parametrize(
    ("language", "minutes", "said"), [("da", 90, "1,5"), ("en", 90, "1.5"), ("da", 60, "1"), ("da", 20, "0,33")]
)
def test_minutes_are_said_as_hours(app: Flask, language: str, minutes: int, said: str) -> None:
    with app.test_request_context(), force_locale(language):
        assert hours(minutes) == said
        assert hours(None) == ""


def test_a_month_is_said_in_words(app: Flask) -> None:
    with app.test_request_context(), force_locale("da"):
        assert month_name(date(2026, 11, 1)) == "november 2026"


def test_answers_stand_as_they_are_read_best() -> None:
    assert arranged(["Ja", "Nej"]) == "in-a-row"
    assert arranged(["Hun ønsker, at sagen bliver gjort færdig", "Hun vil vente til efter flytningen"]) == ""
    assert arranged(["Ja"] * 6) == ""
    assert arranged(["Bolig"] * 7) == "in-columns short"
    assert arranged(["Forældremyndighed"] * 7) == "in-columns"
    assert arranged(["Hvad hun har brug for og ønsker"] * 7) == "in-columns"


@pytest.mark.parametrize(("days", "said"), [(0, "i dag"), (1, "i går"), (2, "for 2 dage siden")])
def test_how_long_since_is_said_as_people_say_it(app: Flask, days: int, said: str) -> None:
    with app.test_request_context(), force_locale("da"):
        assert days_ago(days) == said
