"""A mark in every protected value, and everything that leaves the house for everybody: nothing unknown in it (R-003).

Each person goes through the portal by every address that she could make up. A mark that is found must stand in a
group of fields that the policy opens to her in that case; in a title, an address, a header or the log no mark stands
at all.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, Response

from portal.core.clock import utc_now
from portal.core.protection import FieldClass
from portal.core.rights import RightsKind, RightsState
from portal.db import Base, db
from portal.domain import registry, subject_marks
from portal.domain.outbox import POLICIES
from portal.jobs.outbox import send_waiting
from portal.mailer import MemoryMailer
from portal.models.rights import RightsRequest
from portal.queries.visibility import visible_cases
from portal.services import mail
from tests.policy.asking import Asker, undone
from tests.policy.crawler import Ids, crawl, made_up, row_of
from tests.policy.everything import MORE, Filled
from tests.policy.marked import NOT_WORDS
from tests.policy.marks import Marks, Place
from tests.policy.opens import Names, Opened
from tests.policy.search import Search, is_clear, text_of
from tests.policy.test_relations import TABLE

pytestmark = pytest.mark.soak

NOBODY = "AN"
PEOPLE = [*TABLE, *MORE]
# So much comes to light at least: an empty crawl proves nothing.
FEWEST_MARKS = {"CT": 60, "BX at K2": 20, "TT": 10, "VC": 10, "SO": 20, "GO": 4, "VW": 2}

GRAVE = (FieldClass.S4_LOCATION, FieldClass.S4_IDENTITY, FieldClass.S3)


@pytest.fixture(scope="module")
def names(filled: Filled) -> Names:
    """Who works with whom, and so learns whose name."""
    return Names(filled)


@pytest.mark.parametrize("code", [NOBODY, *PEOPLE])
def test_nobody_is_sent_a_value_that_the_policy_keeps_from_her(
    app: Flask, filled: Filled, marks: Marks, ids: Ids, names: Names, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "portal")
    member = filled.people.get(code)
    opened = Opened(code, filled, names) if member else None
    search, asker, starts = Search(marks), Asker(app, member), list(made_up(app, filled, ids, code, opened))
    with undone(app):
        for path, answer in crawl(asker, starts):
            search.read(path, answer)
    assert "\n".join(search.unknown(opened)) == ""
    assert "\n".join(search.astray) == ""
    assert marks.found_in(caplog.text) == {}
    assert [status for status in search.statuses if status >= 500] == []
    assert len(search.found) >= FEWEST_MARKS.get(code, 0)


def test_every_protected_column_holds_a_mark(marks: Marks) -> None:
    held = {(place.table, place.column) for place in marks.places.values()}
    sealed = {key for key, field in registry.FIELDS.items() if field.key is not None or field.field_class in GRAVE}
    assert sealed - held == NOT_WORDS


def test_a_leak_is_found(app: Flask, filled: Filled, marks: Marks, names: Names) -> None:
    """The search itself: one value that is slipped into a page, a header or the log is seen."""
    place = next(place for place in marks.places.values() if str(place) == "client.address")
    secret = next(mark for mark, one in marks.places.items() if one is place)

    def leak(response: Response) -> Response:
        if response.mimetype == "text/html" and response.status_code == 200:
            response.set_data(response.get_data(as_text=True) + f"<!-- {secret} -->")
            response.headers["X-Hint"] = secret
        return response

    askers = {code: Asker(app, filled.people.get(code)) for code in ("CT", "XO", NOBODY)}
    app.after_request_funcs.setdefault(None, []).append(leak)
    try:
        for code, asker in askers.items():
            search = Search(marks)
            search.read("/help", asker.ask("/help"))
            opened = Opened(code, filled, names) if code != NOBODY else None
            assert [line.partition(",")[0] for line in search.unknown(opened)] == ["client.address in /help"], code
            assert search.astray == ["client.address in the head of /help"]
    finally:
        app.after_request_funcs[None].remove(leak)


# What somebody could open by mistake, and to whom, with what is found then: each was open until it was searched for.
WINDOWS = [
    (
        "portal.queries.furnishing.initials",
        str,
        ("CT", "/furnishing/", "furnishing_project", "ordinary"),
        {"user_account.name"},
    ),
    (
        "portal.queries.cases.told_cases",
        visible_cases,
        ("CT", "/counselling/", "client_case", "over"),
        {
            "coordinating_counselling.extension_reason",
            "counselling_promise.authority",
            "counselling_promise.promised",
            "note.text",
        },
    ),
    (
        "portal.queries.tenancies.tells_of_her",
        lambda *_: True,
        ("TT", "/housing/tenancies/", "tenancy", "over"),
        {"tenancy.gap_reason", "tenancy.extension_wish", "tenancy.extension_reason", "client_case.reference"},
    ),
]


@pytest.mark.parametrize(("window", "opening", "where", "values"), WINDOWS, ids=["a_name", "a_follow_up", "a_home"])
def test_a_window_that_somebody_opens_is_seen(
    app: Flask, filled: Filled, marks: Marks, ids: Ids, names: Names, monkeypatch: pytest.MonkeyPatch,
    window: str, opening: Callable[..., Any], where: tuple[str, str, str, str], values: set[str],
) -> None:  # fmt: skip
    code, start, table, case = where
    path = start + row_of(ids, table, filled.world.cases[case])
    asker, opened, found = Asker(app, filled.people[code]), Opened(code, filled, names), []
    for setting in (None, opening):
        if setting is not None:
            monkeypatch.setattr(window, setting)
        search = Search(marks)
        with undone(app):
            search.read(path, asker.ask(path))
        found.append({line.partition(" ")[0] for line in search.unknown(opened)})
    assert found[0] == set()
    assert found[1]
    assert found[1] <= values


def test_her_export_holds_her_own_values_and_nobody_elses(app: Flask, filled: Filled, marks: Marks, ids: Ids) -> None:
    case_id = filled.world.cases["ordinary"]
    path, asker = f"/rights/{row_of(ids, 'rights_request', case_id)}", Asker(app, filled.people["DP"])
    begun = sa.update(RightsRequest).values(kind=RightsKind.ACCESS, state=RightsState.IN_WORK)
    with undone(app):
        db.session.execute(begun)
        db.session.commit()
        assert asker.ask(f"{path}/build", "POST").status_code == 303
        file = asker.ask(f"{path}/fetch", "POST")
    found = {(place.table, place.column, place.case_id) for place in marks.found_in(text_of(file)).values()}
    hers = {
        (place.table, place.column, place.case_id)
        for place in marks.places.values()
        if place.case_id == case_id and is_hers(place)
    }
    assert found == hers


def is_hers(place: Place) -> bool:
    """Whether a value is handed out to her: about herself, also where it tells where she is."""
    letters = subject_marks.TABLES[place.table][1] if place.table in subject_marks.TABLES else {}
    return place.table != "child" and any(place.column in letters.get(letter, "").split() for letter in "hlk")


def test_no_mail_holds_a_mark(app: Flask, filled: Filled, marks: Marks) -> None:
    for template in POLICIES:
        mail.queue(template, recipient_id=filled.people["CT"].user_id, dedupe_key=template, now=utc_now())
    mailer = MemoryMailer()
    send_waiting(mailer, clock=utc_now)
    assert {letter.categories for letter in mailer.letters} == {(template,) for template in POLICIES}
    for letter in mailer.letters:
        assert marks.found_in(letter.subject + letter.text + letter.html + letter.attempt_id) == {}
        assert {str(place) for place in marks.found_in(letter.to).values()} == {"user_account.email"}


def test_neither_the_database_nor_a_file_holds_a_mark_in_clear(app: Flask, marks: Marks) -> None:
    for table in Base.metadata.sorted_tables:
        text = db.session.scalar(sa.text(f'SELECT string_agg(t::text, chr(10)) FROM "{table.name}" t'))
        found = marks.found_in(text or "").values()
        assert [place for place in found if not is_clear(place)] == [], table.name
    for file in Path(app.config["PORTAL_VAR"]).rglob("*"):
        if file.is_file():
            assert marks.found_in(file.read_bytes().decode("latin-1")) == {}, file
