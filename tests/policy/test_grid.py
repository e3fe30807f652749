"""Every route, for everybody, by every method, with and without the form's token: what its declaration says (R-008).

Whoever passes the gate is held against the policy, answer by answer (R-372): `expected.py` says how.

Everything that comes back is searched for marks as well: pages, parts, forms that were not filled in, refusals (R-003).
"""

import re
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import product

import pytest
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.test import TestResponse

from portal.core.ids import new_public_id
from portal.web.access import Access, declaration_of
from tests.policy import answers, doors, expected
from tests.policy.asking import Asker, alike, checksums, undone
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
# And every address refuses so many of them: whoever is refused by turns, in a soak everybody at every address.
GATE_TURNS = size(3, 1)
# A method that an address does not take is refused before anybody is looked at, and HEAD is GET without its body.
AT_NO_DOOR = size({NOBODY, "CT", "VW"}, set(SUBJECTS))
# A way out that a browser sends while it closes the page: it may come without a token.
WITHOUT_TOKEN = {"auth.leave"}
# So much comes to light at least: a world in which nobody finds anything proves nothing.
FEWEST_MARKS = {"CT": 50, "TT": 10, "VC": 10, "SO": 20, "GO": 4, "VW": 3}
# A page that opens from a case only: it is asked about the ordinary one.
ASKED_ABOUT = {"meetings.new": "case", "meetings.create": "case"}
ID = re.compile(r"(?<=[/=])[\w-]{22}(?=/|$)")
# What shows one sealed value for a reason, and who asks for it here.
SHOWS_A_SEALED = {
    "cases.reveal_address",
    "housing.reveal",
    "housing.reveal_home",
    "meetings.place",
    "referrals.reveal",
    "grants.account",
}
ASK_FOR_THE_SEALED = ["CT", "CN", "BG", "TT", "GL", "IN", "GP", "ST", "BX at K2"]
# The trail of this world says that she has opened a value in every case: her day's quota is used (M11).
HAS_OPENED_TEN = "CT"
WITH_A_REASON = {f"{form}reason": doors.TYPED["reason"] for form in ("", "place-", "name-")} | {"name-part": "name"}
# Of so many answers that something is not there, one is held against that for what does not exist.
EACH = size(5, 1)


@dataclass(frozen=True)
class Door:
    """What stands behind one address for one method; nothing where the method is not declared."""

    endpoint: str = ""
    declared: Access | None = None
    # Whether what its address names can exist: a word in the place of an id cannot.
    is_named: bool = True


@pytest.fixture(scope="module")
def addresses(app: Flask, filled: Filled, ids: Ids) -> dict[str, dict[str, Door]]:
    """Each address with things of the ordinary case, and what is declared there for each method."""
    adapter, case = app.url_map.bind("localhost"), filled.world.cases["ordinary"]
    paths = {}
    for method in ("GET", "POST"):
        for rule in doors.rules(app, method):
            named = {name: row_of(ids, doors.tables_of(rule, name)[0], case) for name in doors.ids_in(rule)}
            for words in doors.words_of(rule):
                path = adapter.build(rule.endpoint, words | named, method=method)
                question = ASKED_ABOUT.get(rule.endpoint)
                paths[f"{path}?{question}={row_of(ids, 'client_case', case)}" if question else path] = True
    return {path: {method: _behind(app, path, method) for method in METHODS} for path in paths}


def _behind(app: Flask, path: str, method: str) -> Door:
    try:
        endpoint, values = app.url_map.bind("localhost").match(path.partition("?")[0], method)
    except MethodNotAllowed:
        return Door()
    is_named = all(len(str(value)) == len(new_public_id()) for name, value in values.items() if name.endswith("_id"))
    return Door(endpoint, declaration_of(app, endpoint), is_named)


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
                refused = 413 if door.endpoint in answers.TAKES_FILES else 400
                yield Try(method, has_token, frozenset({refused}), is_inside=False)
            elif door.endpoint in inside:
                found = expected.answer(door.endpoint, method, code) if door.is_named else expected.NOT_THERE
                yield Try(method, has_token, found, is_inside=True)
            else:
                # Nobody is asked to sign in; for htmx that is a refusal.
                yield Try(method, has_token, frozenset({401} if code == NOBODY else {403}), is_inside=False)


def asked_by(code: str, one: Try, number: int) -> bool:
    """Whether this person asks at this address: what the gate answers is the same for everybody of her role."""
    if one.expected == {405} or one.method == "HEAD":
        return code in AT_NO_DOOR
    is_turn = (number + SUBJECTS.index(code)) % GATE_TURNS == 0
    return one.is_inside or code == NOBODY or (code in AT_THE_GATE and is_turn)


class Round:
    """One person at all doors: what came back that is not what it should be, and every mark that was seen."""

    def __init__(self, app: Flask, filled: Filled, marks: Marks, code: str) -> None:
        self.app, self.code = app, code
        self.asker, self.search = Asker(app, filled.people.get(code)), Search(marks)
        self.wrong: list[str] = []
        # Each person begins with another one, so that all of them are held against nothing by somebody.
        self.turn = SUBJECTS.index(code)

    def ask(self, path: str, one: Try, door: Door) -> None:
        """Ask for one thing, and be told what the declaration and the policy say."""
        answer = self._answer(path, one)
        is_reveal = one.method == "POST" and bool(door.declared and door.declared.step_up is True)
        self.search.read(path, answer, is_reveal=is_reveal)
        asked = f"{one.method} {path} {door.endpoint} {'with' if one.has_token else 'without'} token"
        if answer.status_code not in one.expected:
            self.wrong.append(f"{asked}: {answer.status_code} instead of {sorted(one.expected)}")
        elif one.is_inside and one.expected == expected.NOT_THERE and ID.search(path) and self._is_next():
            unknown = ID.sub(lambda _found: new_public_id(), path)
            nothing = alike(self._answer(unknown, one), *ID.findall(unknown))
            if alike(answer, *ID.findall(path)) != nothing:
                self.wrong.append(f"{asked}: not the answer for what does not exist")

    def _answer(self, path: str, one: Try) -> TestResponse:
        # What is refused at the door is asked for as a part, whose answer is short.
        with undone(self.app) if one.is_inside and one.method != "GET" else nullcontext():
            return self.asker.ask(path, one.method, has_token=one.has_token, is_part=not one.is_inside)

    def _is_next(self) -> bool:
        self.turn += 1
        return self.turn % EACH == 0


@pytest.mark.parametrize("code", SUBJECTS)
def test_every_route_answers_as_it_has_declared(
    app: Flask, filled: Filled, marks: Marks, addresses: dict[str, dict[str, Door]], code: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    here = Round(app, filled, marks, code)
    opened = Opened(code, filled, Names(filled)) if code in filled.people else None
    inside, before = let_in(app, filled, addresses, code), checksums()
    # All of it is taken back: what has ended makes room in the database, what waits for an end slows it down.
    with undone(app):
        for number, (path, found) in enumerate(addresses.items()):
            for one in (one for one in tries(found, inside, code) if asked_by(code, one, number)):
                here.ask(path, one, found[one.method])
        assert checksums() == before, "a look, or a form without its token, has changed something"
    assert "\n".join(here.wrong) == ""
    assert "\n".join(here.search.unknown(opened)) == ""
    assert "\n".join(here.search.astray) == ""
    assert len(here.search.found) >= FEWEST_MARKS.get(code, 0)


def let_in(app: Flask, filled: Filled, addresses: dict[str, dict[str, Door]], code: str) -> set[str]:
    """The routes whose gate this person passes."""
    endpoints = {door.endpoint for here in addresses.values() for door in here.values()}
    return {endpoint for endpoint in endpoints if comes_in(app, filled, endpoint, code)}


@pytest.mark.parametrize("code", sorted(ONE_OF_EACH_ROLE - {NOBODY}))
def test_with_an_old_proof_whoever_comes_in_is_asked_for_a_new_one(
    app: Flask, filled: Filled, addresses: dict[str, dict[str, Door]], code: str
) -> None:
    """Before anything is looked up: also where the thing is not there for her (M10)."""
    asker, wrong = Asker(app, filled.people[code], has_proved=False), []
    inside = let_in(app, filled, addresses, code)
    with undone(app):
        for path, method in product(addresses, ("GET", "POST")):
            door = addresses[path][method]
            if door.endpoint not in inside or not (door.declared and door.declared.step_up):
                continue
            pressed = {} if door.declared.step_up is True else {"do": door.declared.step_up}
            answer = asker.ask(path, method, data=pressed)
            shown = (
                answer.location == f"/step-up?next={path}" if method == "GET" else 'name="proof_next"' in answer.text
            )
            if answer.status_code != (303 if method == "GET" else 409) or not shown:
                wrong.append(f"{method} {path} {door.endpoint}: {answer.status_code}")
    assert "\n".join(wrong) == ""


@pytest.mark.parametrize("code", ASK_FOR_THE_SEALED)
def test_what_is_sealed_is_shown_to_whom_the_table_opens_it(
    app: Flask, filled: Filled, addresses: dict[str, dict[str, Door]], code: str
) -> None:
    """With a reason, which the empty form of the grid lacks: the cell is asked after it."""
    asker, wrong = Asker(app, filled.people[code]), []
    inside = let_in(app, filled, addresses, code)
    for path, here in addresses.items():
        door = here["POST"]
        if door.endpoint not in SHOWS_A_SEALED or door.endpoint not in inside:
            continue
        found = expected.answer(door.endpoint, "POST", code)
        right = found if found != {422} else {403} if code == HAS_OPENED_TEN else {200}
        with undone(app):
            answer = asker.ask(path, "POST", data=WITH_A_REASON)
        if answer.status_code not in right:
            wrong.append(f"{path} {door.endpoint}: {answer.status_code} instead of {sorted(right)}")
    assert "\n".join(wrong) == ""


def test_of_every_route_that_names_something_it_is_said_whose_it_is(app: Flask) -> None:
    every = [rule for method in ("GET", "POST") for rule in doors.rules(app, method)]
    said = list(expected.named())
    assert len(said) == len(set(said))
    assert set(said) == {rule.endpoint for rule in every if doors.ids_in(rule)} | set(ASKED_ABOUT)
    assert expected.mentioned() <= {rule.endpoint for rule in every}
