"""Every woman of the story could be handed what is kept about her: in words, to her, without a code (R-560)."""

import io
import json
import os
import re
import zipfile
from collections.abc import Iterator
from html import unescape

import pytest
import sqlalchemy as sa
from flask_babel import force_locale
from sqlalchemy.orm.attributes import set_committed_value

from portal.core.enums import Role
from portal.core.pages import Page
from portal.db import Base, db
from portal.domain.disclosure import Relation
from portal.domain.instrument_forms import INSTRUMENTS
from portal.domain.own_words import CODES, NAMED
from portal.domain.programmes import read
from portal.models.cases import Case
from portal.models.programmes import Programme
from portal.models.rights import RightsRequest
from portal.services import access_export
from portal.wall import as_system
from portal.web.subject_document import access_file
from tests.support.told import build

# Codes that are the Danish word as well.
SAME_WORD = {"Midtjylland"}


@pytest.fixture(scope="module")
def files(told: str, server_url: str, worker_id: str) -> Iterator[list[tuple[str, dict]]]:
    """The page and the data of every case of the story, in Danish."""
    application = build(server_url, f"bro_export_{worker_id}_{os.getpid()}", copy_of=told)
    with application.test_request_context(), as_system():
        yield [_file(case) for case in db.session.scalars(sa.select(Case).order_by(Case.id))]
        db.session.remove()
        db.engine.dispose()


def _file(case: Case) -> tuple[str, dict]:
    request = RightsRequest(case_id=case.id, organisation_id=case.owner_organisation_id)
    set_committed_value(request, "case", case)
    with force_locale("da"):
        packed = zipfile.ZipFile(io.BytesIO(access_file(access_export.of_woman(request), "Danner")))
    return packed.read("oplysninger.html").decode(), json.loads(packed.read("oplysninger.json"))


def codes() -> set[str]:
    """Every code that could stand in a row: of the vocabularies, of the forms, of the tables."""
    found = {value.value for kinds in CODES.values() for kind in kinds for value in kind}
    found |= {str(code) for named in NAMED.values() for code in named if isinstance(code, str)}
    found |= {item.key for form in INSTRUMENTS.values() for item in form.items}
    for table in Base.metadata.tables.values():
        kinds = (getattr(column.type, "kind", None) for column in table.columns)
        found |= {value.value for kind in kinds if kind for value in kind}
    found |= {value.value for kind in (Page, Role, Relation) for value in kind}
    return found - SAME_WORD


def cells(page: str, tag: str) -> list[str]:
    return [unescape(text) for text in re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)]


def test_no_value_is_a_code(files) -> None:
    known = codes()
    raw = {
        text
        for page, _data in files
        for tag in ("dd", "td")
        for text in cells(page, tag)
        if text in known or set(text.split(", ")) <= known or re.search(r"\b[a-z0-9]+_[a-z0-9_]+\b|\b\w+: \d+,", text)
    }
    assert raw == set()


def test_no_value_is_without_a_word_and_none_stands_again_and_again(files) -> None:
    terms = {text for page, _data in files for text in cells(page, "dt")}
    assert "" not in terms and "Værdi" not in terms
    assert "Jeg har været glad og i godt humør" in terms
    for page, _data in files:
        lone = [entry for entry in cells(page, "dl") if entry.count("<dt>") == 1]
        assert len(lone) == len(set(lone))


def asked_by_programmes() -> set[str]:
    """The words of the programmes' own forms: put to whoever referred her, and handed out as they were put."""
    rules = [read(one) for one in db.session.scalars(sa.select(Programme.rules))]
    return {one.da for each in rules for one in (*each.questions, *each.criteria, *each.steps)}


def test_it_speaks_to_her(files) -> None:
    """Of what the portal says itself; what people wrote is handed out as they wrote it."""
    page, _data = files[0]
    said = [*cells(page, "h1"), *cells(page, "h2"), *cells(page, "h3"), *cells(page, "p"), *cells(page, "li")]
    said += [text for page, _data in files for text in set(cells(page, "dt")) - asked_by_programmes()]
    assert [text for text in said if re.search(r"\b(hun|hende|hendes)\b", text, re.IGNORECASE)] == []


def test_the_contents_lead_to_every_part_and_nowhere_else(files) -> None:
    for page, _data in files:
        led = re.findall(r'href="#(part-\d+)"', page)
        assert led == re.findall(r'id="(part-\d+)"', page)
        assert len(led) == len(cells(page, "h2")) > 8


def test_a_change_of_state_says_which_programme_it_is_about(files) -> None:
    names = set(db.session.scalars(sa.select(Programme.name_da)))
    changes = [
        {one["what"]: one["value"] for one in entry["in_words"]}
        for _page, data in files
        for section in data["sections"]
        for entry in section["entries"]
        if entry["table"] == "request_event"
    ]
    assert len(changes) > 100
    assert {one["Tilbud"] for one in changes} <= names
    assert all({"Status før", "Status efter", "Hvornår"} <= set(one) for one in changes)


def test_only_the_case_has_the_number_of_a_case(files) -> None:
    called = {
        (entry["table"], one["what"])
        for _page, data in files
        for section in data["sections"]
        for entry in section["entries"]
        for one in entry["in_words"]
        if one["value"] == entry.get("reference")
    }
    assert called == {
        ("client_case", "Sagsnummer"),
        ("referral", "Henvisningens nummer"),
        ("grant_application", "Ansøgningens nummer"),
    }


def test_every_look_is_counted_in_the_lines_of_its_day(files) -> None:
    for page, data in files:
        said = re.search(r"(\d+) gang(?:e)? i alt", page)
        assert (int(said[1]) if said else 0) == len(data["looks"])


def test_the_data_keeps_the_codes_with_the_words_beside_them(files) -> None:
    rows = [entry for _page, data in files for section in data["sections"] for entry in section["entries"]]
    card = next(row for row in rows if row["table"] == "safe_contact_way" and row["days"] == "weekdays")
    assert {"what": "Dage", "value": "Kun hverdage"} in card["in_words"]
    assert all(row["item"] for row in rows if row["table"] == "measure_value")
