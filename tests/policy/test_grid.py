"""Every route, for everybody, by every method, with and without the form's token: what its declaration says (R-008).

Everything that comes back is searched for marks as well: pages, parts, forms that were not filled in, refusals (R-003).
"""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed

from portal.web.access import Access, declaration_of
from tests.policy import doors
from tests.policy.asking import Asker, checksums, undone
from tests.policy.crawler import Ids, comes_in, row_of
from tests.policy.everything import MORE, Filled
from tests.policy.marks import Marks
from tests.policy.opens import Names, Opened
from tests.policy.search import Search
from tests.policy.test_relations import TABLE
from tests.support.sizes import size

pytestmark = pytest.mark.soak

UNSAFE = ("POST", "PUT", "DELETE", *size((), ("PATCH",)))
METHODS = ("GET", "HEAD", *UNSAFE, *size((), ("OPTIONS",)))
NOBODY = "AN"
SUBJECTS = [NOBODY, *TABLE, *MORE]
# The gate looks at the role, and never at what somebody is to a case: one of each role asks for what it refuses.
ONE_OF_EACH_ROLE = {NOBODY, "CT", "RF", "IN", "TT", "PL", "SO", "DP", "OA", "VC", "VW", "GO", "GL", "PW", "GA", "GP"}
AT_THE_GATE = size(ONE_OF_EACH_ROLE, set(SUBJECTS))
# A method that an address does not take is refused before anybody is looked at, and HEAD is GET without its body.
AT_NO_DOOR = size({NOBODY, "CT", "VW"}, set(SUBJECTS))
# A way out that a browser sends while it closes the page: it may come without a token.
WITHOUT_TOKEN = {"auth.leave"}
# So much comes to light at least: a world in which nobody finds anything proves nothing.
FEWEST_MARKS = {"CT": 50, "TT": 10, "VC": 10, "SO": 20, "GO": 4, "VW": 3}
# What somebody who comes in may be answered: shown, sent on, not filled in, not hers, not there, not now.
INSIDE = {200, 204, 303, 400, 403, 404, 409, 422}


@dataclass(frozen=True)
class Door:
    """What stands behind one address for one method; nothing where the method is not declared."""

    endpoint: str = ""
    declared: Access | None = None


@pytest.fixture(scope="module")
def addresses(app: Flask, filled: Filled, ids: Ids) -> dict[str, dict[str, Door]]:
    """Each address with things of the ordinary case, and what is declared there for each method."""
    adapter, case = app.url_map.bind("localhost"), filled.world.cases["ordinary"]
    paths = {}
    for method in ("GET", "POST"):
        for rule in doors.rules(app, method):
            named = {name: row_of(ids, doors.tables_of(rule, name)[0], case) for name in doors.ids_in(rule)}
            for words in doors.words_of(rule):
                paths[adapter.build(rule.endpoint, words | named, method=method)] = True
    return {path: {method: _behind(app, path, method) for method in METHODS} for path in paths}


def _behind(app: Flask, path: str, method: str) -> Door:
    try:
        endpoint, _values = app.url_map.bind("localhost").match(path, method)
    except MethodNotAllowed:
        return Door()
    return Door(endpoint, declaration_of(app, endpoint))


@dataclass(frozen=True)
class Try:
    """One request to an address, and which answers its declaration allows."""

    method: str
    has_token: bool
    expected: frozenset[int]
    is_inside: bool


def tries(here: dict[str, Door], inside: set[str], code: str) -> Iterator[Try]:
    """Every method of one address, those that change something with and without the token."""
    for method, door in here.items():
        for has_token in (True, False) if method in UNSAFE else (False,):
            if door.declared is None:
                yield Try(method, has_token, frozenset({405}), is_inside=False)
            elif method == "POST" and not has_token and door.endpoint not in WITHOUT_TOKEN:
                yield Try(method, has_token, frozenset({400}), is_inside=False)
            elif door.endpoint in inside:
                is_public = door.declared.permissions is None
                yield Try(method, has_token, frozenset(INSIDE | ({401} if is_public else set())), is_inside=True)
            else:
                # Nobody is asked to sign in; for htmx that is a refusal.
                yield Try(method, has_token, frozenset({401} if code == NOBODY else {403}), is_inside=False)


def asked_by(code: str, one: Try) -> bool:
    """Whether this person is the one who asks: what the gate answers is the same for everybody of her role."""
    if one.expected == {405} or one.method == "HEAD":
        return code in AT_NO_DOOR
    return code in AT_THE_GATE or one.is_inside


@pytest.mark.parametrize("code", SUBJECTS)
def test_every_route_answers_as_it_has_declared(
    app: Flask, filled: Filled, marks: Marks, addresses: dict[str, dict[str, Door]], code: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    asker, search = Asker(app, filled.people.get(code)), Search(marks)
    opened = Opened(code, filled, Names(filled)) if code in filled.people else None
    endpoints = {door.endpoint for here in addresses.values() for door in here.values()}
    inside = {endpoint for endpoint in endpoints if comes_in(app, filled, endpoint, code)}
    wrong, before = [], checksums()
    # All of it is taken back: what has ended makes room in the database, what waits for an end slows it down.
    with undone(app):
        for path, here in addresses.items():
            for one in (one for one in tries(here, inside, code) if asked_by(code, one)):
                # What is refused at the door is asked for as a part, whose answer is short.
                with undone(app) if one.is_inside and one.method != "GET" else nullcontext():
                    answer = asker.ask(path, one.method, has_token=one.has_token, is_part=not one.is_inside)
                declared = here[one.method].declared
                search.read(
                    path, answer, is_reveal=one.method == "POST" and bool(declared and declared.step_up is True)
                )
                if answer.status_code not in one.expected:
                    wrong.append((one.method, path, one.has_token, answer.status_code))
        assert checksums() == before, "a look, or a form without its token, has changed something"
    assert "\n".join(map(str, wrong)) == ""
    assert "\n".join(search.unknown(opened)) == ""
    assert "\n".join(search.astray) == ""
    assert len(search.found) >= FEWEST_MARKS.get(code, 0)
