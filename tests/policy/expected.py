"""The one answer for whoever passes the gate: from the table of the policy and the lists beside it.

Nothing here is asked of the portal: the cells are those of `matrix.txt`, the relations those of `test_relations`, and
what a route opens stands in `sights.py`.
"""

from collections.abc import Iterator
from functools import cache

from tests.policy import answers
from tests.policy.matrix import CELLS, PERMITTED
from tests.policy.sights import ALL, CASES, HAS_A_PART, MORE_RELATIONS, NARROWED, OWNED, THINGS, Row
from tests.policy.test_relations import TABLE

RELATION = {code: found[0] for code, found in TABLE.items()} | MORE_RELATIONS
# A reference (p) stands in a list and opens no page; the sealed value that may be put anew is R alone.
LETTERS = PERMITTED | {"view": PERMITTED["view"].replace("p", ""), "replace": "R"}
# Whoever works in a case knows that it is there; what she may not do in it is refused, not denied.
KNOWS = {"CT", "TT"}
NOT_THERE = frozenset({404})
REFUSED = frozenset({403})


def answer(endpoint: str, method: str, code: str) -> frozenset[int]:
    """What this route answers this person, who has passed its gate and sends no more than the token."""
    kept_out = _kept_out(endpoint, code)
    if kept_out:
        return kept_out
    for status, codes, routes in answers.OTHERWISE.values():
        if endpoint in routes.split() and (codes == answers.EVERYBODY or code.replace(" ", "_") in codes.split()):
            return frozenset({status})
    return _page(endpoint) if method in ("GET", "HEAD") else _press(endpoint)


def _kept_out(endpoint: str, code: str) -> frozenset[int]:
    """Why she does not get at it at all; empty where she does, and where a route is about nothing."""
    row = rows(CASES).get(endpoint)
    if row:
        return frozenset() if _opens(row, code) else REFUSED if RELATION[code] in KNOWS else NOT_THERE
    row = rows(THINGS).get(endpoint)
    if row:
        return frozenset() if _is_there(row, code) else NOT_THERE
    whose = owners().get(endpoint, ALL)
    return frozenset() if whose == ALL or code in whose.split() else NOT_THERE


def _opens(row: Row, code: str) -> bool:
    """Whether the table lets her do this in the case, and nothing narrows it."""
    if row.group in NARROWED.get(code, "").split() or (row.is_whole and code in HAS_A_PART):
        return False
    return CELLS[row.group, RELATION[code]].letter in LETTERS[row.act]


def _is_there(row: Row, code: str) -> bool:
    """The same for one thing of the case, which has an owner and perhaps a course."""
    if code in row.leads.split():
        return CELLS[row.group, "TT"].letter in LETTERS[row.act]
    if RELATION[code] in ("TT", "BG") or code in HAS_A_PART:
        return False
    return _opens(row, code)


def _page(endpoint: str) -> frozenset[int]:
    return frozenset({303 if endpoint in _leading_on() else 200})


def _press(endpoint: str) -> frozenset[int]:
    if endpoint in answers.BY_THE_WORD:
        return answers.BY_THE_WORD[endpoint]
    lists = {303: answers.DONE, 409: answers.NOT_NOW, 200: answers.SHOWN, 204: answers.SILENT}
    return frozenset({next((status for status, routes in lists.items() if endpoint in routes.split()), 422)})


@cache
def _leading_on() -> frozenset[str]:
    return frozenset(name for routes in answers.LEADS_ON.values() for name in routes.split())


@cache
def rows(table: tuple[Row, ...]) -> dict[str, Row]:
    """What each route of a table opens."""
    return {name: row for row in table for name in row.routes.split()}


@cache
def owners() -> dict[str, str]:
    """Whose thing each route names that is about no case, or about one's own part in it."""
    return {name: codes for codes, routes in OWNED.values() for name in routes.split()}


def named() -> Iterator[str]:
    """The routes of the three tables, as often as they stand there."""
    for row in (*CASES, *THINGS):
        yield from row.routes.split()
    for _codes, routes in OWNED.values():
        yield from routes.split()


def mentioned() -> set[str]:
    """The routes of the lists of answers."""
    lists = [*answers.LEADS_ON.values(), answers.DONE, answers.NOT_NOW, answers.SHOWN, answers.SILENT]
    lists += [routes for _status, _codes, routes in answers.OTHERWISE.values()]
    return {name for routes in lists for name in routes.split()} | set(answers.BY_THE_WORD)
