"""What somebody wrote is text on every page, whatever it looks like (ASVS 1.1.2, 1.2.1 to 1.2.3, 1.3.3, 1.3.5, 1.3.7).

The small world of the rules of sight, with a hostile text in every sealed text of every row; then each role walks
through its pages. `PageClient` refuses scripts, handlers and styles in the page by itself.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.exceptions import HTTPException

from portal.db import Base, db
from portal.models.organisations import Organisation
from portal.models.owners import sealed_columns
from portal.vault import Encrypted
from tests.factories.people import make_case, make_member
from tests.policy import world as small
from tests.vault.marks import CHECKS

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
# Ends every context of HTML that a careless template could have opened, and speaks the language of four templates.
HOSTILE = "\"'></textarea></title></script>--><x-canary onpointerenter=alert(1)>{{7*7}}${7*7}#{7*7}<%=7*7%>%s%n&lt;"
LINKS = ["javascript:alert(1)", "data:text/html,<x-canary>", "//evil.example/x", "https://evil.example", "[a](//evil)"]
# What is read as something else than text: a number that is called, a number of the register.
READ = {"client.phone", "client.cpr_number", "user_account.email"}
# Refuses to be changed, as it should.
TRAIL = "audit_event"
MOST_OF_ONE = 1
ROLES = ("CT", "RF", "RC", "IN", "TT", "PL", "SO", "DP", "OA", "VC", "VW", "GO")


class Found(HTMLParser):
    """The elements, attributes and addresses of a page, and what it says to a reader."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.addresses: set[str] = set()
        self.texts = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag] += 1
        for name, value in attrs:
            self.attributes.add(name)
            if name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
                self.addresses.add(value or "")

    def handle_data(self, data: str) -> None:
        self.texts += data


def fill(text: str) -> int:
    """Put a text into every sealed text of every row. Returns how many."""
    done = 0
    for mapper in Base.registry.mappers:
        if mapper.local_table.name == TRAIL:
            continue
        columns = [(column.name, kind) for column, kind in sealed_columns(mapper.local_table)]
        names = [name for name, kind in columns if isinstance(kind, Encrypted) and kind.place not in READ]
        for row in db.session.scalars(sa.select(mapper.class_)) if names else []:
            for name in names:
                setattr(row, name, text)
                done += 1
    db.session.execute(sa.update(Organisation).values(name=sa.func.concat(text, Organisation.id)))
    db.session.flush()
    return done


def walk(app: Flask, browser: Any) -> Iterator[tuple[str, str]]:
    """Each page that is reached from the front page, one of each kind: address and text."""
    adapter, waiting, seen, counted = app.url_map.bind("localhost"), ["/", "/account", "/help"], set(), dict[str, int]()
    while waiting:
        address = waiting.pop(0)
        path = urlsplit(address).path
        try:
            endpoint = str(adapter.match(path, method="GET")[0])
        except HTTPException:
            continue
        counted[endpoint] = counted.get(endpoint, 0) + 1
        if address in seen or endpoint == "static" or counted[endpoint] > MOST_OF_ONE:
            continue
        seen.add(address)
        answer = browser.get(address)
        assert answer.status_code in (200, 204, 303, 403, 404, 409), f"{endpoint}: {answer.status_code}"
        waiting += [answer.location] if answer.location else []
        if answer.mimetype == "text/html":
            yield endpoint, answer.text
            waiting += sorted(one for one in Found(answer.text).addresses if one.startswith("/"))


def test_a_hostile_text_is_text_on_every_page_of_every_role(app: Flask, as_user: AsUser) -> None:
    # What the database checks about states is set aside, so that also what is empty in a state holds the text.
    for statement in db.session.scalars(sa.text(CHECKS)).all():
        db.session.execute(sa.text(statement))
    world = small.build()
    assert fill(HOSTILE) > 300
    visited: dict[str, set[str]] = {}
    shown = set()
    for code in ROLES:
        for endpoint, page in walk(app, as_user(world.people[code])):
            visited.setdefault(code, set()).add(endpoint)
            found = Found(page)
            assert "x-canary" not in found.elements, endpoint
            assert "onpointerenter" not in found.attributes, endpoint
            assert not any(one.startswith(("javascript:", "data:", "//", "http")) for one in found.addresses), endpoint
            if "x-canary" in page:
                shown.add(endpoint)
                assert "{{7*7}}" in page and "#{7*7}" in page, endpoint
    assert all(len(pages) >= 5 for pages in visited.values()), {code: len(pages) for code, pages in visited.items()}
    assert len(shown) >= 50, sorted(shown)


FORMATTED = ["# Overskrift\n**fed** <b>x</b>", "<svg/onload=alert(1)>", "{% include 'x' %}", "{{ config }}"]


@pytest.mark.parametrize("text", [*LINKS, *FORMATTED])
def test_what_is_typed_into_a_form_comes_back_as_the_same_text(as_user: AsUser, text: str) -> None:
    member = make_member()
    plain, hostile = (noted(as_user(member), make_case(member).public_id, note) for note in ("Vi talte\nx", text))
    assert text.split("\n")[0] in hostile.texts
    # No element and no address has come of it.
    assert hostile.elements == plain.elements
    assert not any("evil" in one or one.startswith(("javascript", "data")) for one in hostile.addresses)


def noted(browser: Any, case_public_id: str, text: str) -> Found:
    page = f"/cases/{case_public_id}/notes"
    assert browser.post(page, data={"text": text}).status_code == 303
    return Found(browser.get(page).text)
