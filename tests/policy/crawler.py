"""Goes through the portal as one person: by every address that she could make up, and to where the pages lead."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from itertools import product
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.domain.permissions import can
from portal.web.access import declaration_of
from tests.factories.people import actor_of
from tests.policy import doors
from tests.policy.asking import Asker
from tests.policy.everything import Filled
from tests.policy.opens import STRANGERS, Opened
from tests.support.sizes import size

# Of one page with different questions (weeks, filters, pages) so many are asked.
MOST_QUERIES = size(2, 50)
# Of so many cases everybody asks for every page; each person of others, so that all of them are asked for by somebody.
MOST_CASES = size(2, 10)
ASKED = re.compile(r"\b(?:href|src|hx-get)=\"(/[^\"#]*\?[^\"#]*)")

Ids = dict[str, list[tuple[str, int | None]]]
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Start:
    """An address, and whether what it names is hers to see: then it is asked for as a page."""

    path: str
    is_hers: bool


def comes_in(app: Flask, filled: Filled, endpoint: str, code: str) -> bool:
    """Whether somebody with this role passes the gate."""
    declared = declaration_of(app, endpoint)
    if declared is None or declared.permissions is None:
        return declared is not None
    return code in filled.people and any(can(actor_of(filled.people[code]), one) for one in declared.permissions)


def made_up(app: Flask, filled: Filled, ids: Ids, code: str, opened: Opened | None) -> Iterator[Start]:
    """Every page behind the gate by its address, with ids of a few cases. What the gate refuses, the grid asks for."""
    adapter, turn = app.url_map.bind("localhost"), ["", *filled.people].index(code if opened else "")
    open_to_her = {None} if opened is None else {None, *_hers(filled, opened)}
    for number, rule in enumerate(doors.rules(app)):
        if not comes_in(app, filled, rule.endpoint, code):
            continue
        chosen = list(dict.fromkeys(_named(rule, filled, ids, turn + number)))
        for words, (named, cases) in product(doors.words_of(rule), chosen):
            yield Start(adapter.build(rule.endpoint, words | dict(named)), cases <= open_to_her)


def _hers(filled: Filled, opened: Opened) -> list[int]:
    return [case for case in filled.world.cases.values() if opened.sight.seen(case).relation not in STRANGERS]


def _named(rule: Rule, filled: Filled, ids: Ids, turn: int) -> Iterator[tuple[Pairs, frozenset[int | None]]]:
    """The ids for a route: of one case each time where they are about a case. Which case and row goes by turns."""
    names, cases = doors.ids_in(rule), list(filled.world.cases.values())
    for step in range(MOST_CASES if names else 1):
        case_id = cases[(turn + step) % len(cases)]
        named = []
        for name in names:
            pool = [one for table in doors.tables_of(rule, name) for one in ids[table]]
            fitting = [one for one in pool if one[1] == case_id] or [one for one in pool if one[1] is None] or pool
            named.append((name, *fitting[(turn + step) % len(fitting)]))
        yield tuple((name, public_id) for name, public_id, _of in named), frozenset(of for _name, _id, of in named)


def row_of(ids: Ids, table: str, case_id: int) -> str:
    """The id of a row about this case, else of the first one that there is."""
    return next((one for one, about in ids[table] if about == case_id), ids[table][0][0])


def crawl(asker: Asker, starts: Iterable[Start]) -> Iterator[tuple[str, TestResponse]]:
    """Every address as a page, and once of each kind as a part; then the questions that the pages lead to."""
    waiting: list[str] = []
    for start in starts:
        answer = asker.ask(start.path, is_part=not start.is_hers)
        yield start.path, answer
        if answer.status_code == 200 and not start.is_hers:
            answer = asker.ask(start.path)
            yield start.path, answer
        waiting += leads_to(answer)
    seen, shapes = set[str](), Counter[str]()
    for path in waiting:
        shape = shape_of(path)
        if path in seen or shapes[shape] >= MOST_QUERIES:
            continue
        seen.add(path)
        shapes[shape] += 1
        for is_part in (False, True) if shapes[shape] == 1 else (False,):
            yield path, asker.ask(path, is_part=is_part)


def shape_of(path: str) -> str:
    """A path without its ids and without what its questions say."""
    parts = urlsplit(path)
    names = sorted(re.findall(r"(?:^|&)([^=&]+)=", parts.query))
    return re.sub(r"[\w-]{22}", "…", parts.path) + "?" + "&".join(names)


def leads_to(answer: TestResponse) -> list[str]:
    """The addresses with a question in an answer. All others are made up anyway."""
    # A file that is handed out is no page: it leads nowhere, and is no text.
    every = (unescape(link) for link in ASKED.findall(answer.get_data().decode(errors="replace")))
    found = [link for link in every if not link.startswith("/static/")]
    sent_on = answer.headers.get("Location", "")
    return found + [sent_on] * (sent_on.startswith("/") and "?" in sent_on)
