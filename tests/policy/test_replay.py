"""Every id of one organisation, asked for by another: nobody learns from an answer that a thing is there (R-374)."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from itertools import cycle, product

import pytest
from flask import Flask
from werkzeug.routing import Rule

from portal.core.enums import OrganisationKind, Role
from portal.core.ids import new_public_id
from portal.db import db
from portal.domain.permissions import can
from portal.models.users import Membership
from portal.web.access import declaration_of
from tests.factories.people import actor_of, make_member, make_organisation
from tests.policy import doors
from tests.policy.asking import Asker, alike, undone
from tests.policy.crawler import Ids, comes_in, row_of
from tests.policy.everything import Filled
from tests.support.sizes import size

pytestmark = pytest.mark.soak

# What everybody who works here may look up: it is about no case and about nobody.
OPEN_TO_ALL = {"programme", "offer"}
# To whoever has not signed in every municipality is a door.
DOORS = {"identity.go"}
# Most routes must lead somewhere in this world; for the rest it holds no row in the right state.
NOWHERE_AT_MOST = 0.2


@dataclass(frozen=True)
class Route:
    """One route by one method, and the strangers who pass its gate."""

    rule: Rule
    method: str
    words: dict[str, str]
    askers: tuple[Asker, ...]

    def path(self, app: Flask, named: dict[str, str]) -> str:
        return app.url_map.bind("localhost").build(self.rule.endpoint, self.words | named, method=self.method)


@pytest.fixture(scope="module")
def strangers(filled: Filled) -> dict[Role, Membership]:
    """Somebody in every role, in a house that has to do with none of the others."""
    house = make_organisation(OrganisationKind.MUNICIPALITY)
    made = {role: make_member(role, house) for role in Role if role is not Role.SYSTEM}
    db.session.commit()
    return made


@pytest.fixture(scope="module")
def routes(app: Flask, strangers: dict[Role, Membership]) -> list[Route]:
    """All routes that take an id and that somebody comes in to."""
    app.config["WTF_CSRF_ENABLED"] = False
    askers = {role: Asker(app, member) for role, member in strangers.items()}
    actors = {role: actor_of(member) for role, member in strangers.items()}
    found = []
    for method in ("GET", "POST"):
        for rule in (one for one in doors.rules(app, method) if doors.ids_in(one) and one.endpoint not in DOORS):
            declared = declaration_of(app, rule.endpoint)
            assert declared is not None
            may = [role for role in askers if declared.permissions is None
                   or any(can(actors[role], one) for one in declared.permissions)]  # fmt: skip
            if may and any(_closed(rule, name) for name in doors.ids_in(rule)):
                found += [
                    Route(rule, method, words, tuple(askers[role] for role in may)) for words in doors.words_of(rule)
                ]
    return found


def asked_for(route: Route, ids: Ids, turn: int) -> Iterator[dict[str, str]]:
    """The ids that the route takes, with parts that belong to the same case where it takes two.

    Of each table and of every second case one, others for each route; in a soak every one for every route.
    """
    names = doors.ids_in(route.rule)
    pools = {name: [one for table in _closed(route.rule, name) for one in ids[table]] for name in names}
    first = max(names, key=lambda name: len(pools[name]))
    by_case: dict[int | None, list[str]] = {}
    for public_id, case_id in pools[first]:
        by_case.setdefault(case_id, []).append(public_id)
    some = [
        (one, case)
        for step, (case, every) in enumerate(by_case.items(), turn)
        for one in size([every[step % len(every)]], every)
    ]
    few = size(2, 1) if len(some) > 1 else 1
    for number, (public_id, case_id) in enumerate(some[turn % few :: few]):
        named = {first: public_id}
        for name in (one for one in names if one != first):
            fitting = [one for one in pools[name] if one[1] == case_id] or pools[name]
            if fitting:
                named[name] = fitting[number % len(fitting)][0]
        if len(named) == len(names):
            yield named


def _closed(rule: Rule, name: str) -> list[str]:
    return [table for table in doors.tables_of(rule, name) if table not in OPEN_TO_ALL]


def test_the_answer_is_that_for_what_does_not_exist(app: Flask, ids: Ids, routes: list[Route]) -> None:
    told, count = set(), 0
    for turn, route in enumerate(routes):
        with undone(app):
            askers = [*route.askers[turn % len(route.askers) :], *route.askers][: size(3, len(route.askers))]
            unknown = {asker: nothing(app, route, asker) for asker in askers}
            # An id that does not exist is refused before the form is read, so its fields do not matter here.
            assert {status for status, *_rest in unknown.values()} == {404}, route
            for named, asker in zip(asked_for(route, ids, turn), cycle(askers), strict=False):
                for one in size([asker], askers):
                    answer = one.ask(route.path(app, named), route.method, is_part=True)
                    count += 1
                    if alike(answer, *named.values()) != unknown[one]:
                        told.add(f"{route.method} {route.rule.rule} {answer.status_code}")
    assert told == set()
    assert count > 1000


def nothing(app: Flask, route: Route, asker: Asker, *, is_part: bool = True) -> tuple[int, list[tuple[str, str]], str]:
    """The answer for ids that do not exist."""
    named = {name: new_public_id() for name in doors.ids_in(route.rule)}
    answer = asker.ask(route.path(app, named), route.method, is_part=is_part)
    return alike(answer, *named.values())


def test_the_page_around_it_is_the_same_too(app: Flask, ids: Ids, routes: list[Route]) -> None:
    """The same as whole pages, with counters, menus and all."""
    told = []
    with undone(app):
        # A refusal as a page has the same words as one in part, which all routes are asked for above.
        for number, route in enumerate(routes[:: size(3, 1)]):
            every = list(asked_for(route, ids, number))
            asker, named = route.askers[number % len(route.askers)], every[number % len(every)]
            answer = alike(asker.ask(route.path(app, named), route.method), *named.values())
            unknown = nothing(app, route, asker, is_part=False)
            if answer != unknown:
                lines = unified_diff(answer[2].splitlines(), unknown[2].splitlines(), n=0, lineterm="")
                told += [f"{route.method} {route.rule.rule} {answer[0]} {unknown[0]}", *lines]
    assert "\n".join(told) == ""


@pytest.fixture(scope="module")
def insiders(app: Flask, filled: Filled) -> dict[str, Asker]:
    """Everybody of the world, so that it is seen that there is something behind the doors."""
    return {code: Asker(app, member) for code, member in filled.people.items()}


def is_about_a_case(ids: Ids, route: Route, name: str) -> bool:
    """Whether what stands there belongs to one case. Somebody of the staff, or a place in a group, does not."""
    table = doors.tables_of(route.rule, name)[0]
    return table != "enrolment/group" and all(case_id is not None for _id, case_id in ids[table])


def test_a_part_of_another_case_is_not_found_through_ones_own(
    app: Flask, filled: Filled, ids: Ids, routes: list[Route], insiders: dict[str, Asker]
) -> None:
    """The first id is of one case, the part of another: the answer is that for a part that does not exist."""
    told, own, other = [], filled.world.cases["ordinary"], filled.world.cases["level_1"]
    double = [route for route in routes if len(doors.ids_in(route.rule)) > 1]
    assert len(double) > 20
    for turn, (route, (code, asker)) in enumerate(product(double, insiders.items())):
        parts = [name for name in doors.ids_in(route.rule) if name != "public_id"]
        if turn % size(2, 1) or not comes_in(app, filled, route.rule.endpoint, code):
            continue
        if not all(is_about_a_case(ids, route, name) for name in parts):
            continue
        named = {"public_id": row_of(ids, doors.tables_of(route.rule, "public_id")[0], own)}
        mixed = named | {name: row_of(ids, doors.tables_of(route.rule, name)[0], other) for name in parts}
        empty = named | {name: new_public_id() for name in parts}
        # What waits for an end slows the database down, so each is taken back before the next.
        with undone(app):
            answers = [
                alike(asker.ask(route.path(app, one), route.method, is_part=True, data=doors.TYPED), *one.values())
                for one in (mixed, empty)
            ]
        if answers[0] != answers[1] or answers[0][0] not in (403, 404):
            told.append(f"{code} {route.method} {route.rule.rule} {[answer[0] for answer in answers]}")
    assert "\n".join(told) == ""


def test_behind_every_route_there_is_something_for_somebody(
    app: Flask, filled: Filled, ids: Ids, routes: list[Route], insiders: dict[str, Asker]
) -> None:
    """What is nowhere found would be refused to strangers for no reason of theirs."""
    nowhere, some = set(), routes[:: size(4, 1)]
    for route in some:
        coming = [code for code in insiders if comes_in(app, filled, route.rule.endpoint, code)][:6]
        for code, case_id in product(coming, [filled.world.cases["ordinary"]]):
            named = {
                name: row_of(ids, doors.tables_of(route.rule, name)[0], case_id) for name in doors.ids_in(route.rule)
            }
            with undone(app):
                answer = insiders[code].ask(route.path(app, named), route.method, is_part=True)
            if answer.status_code not in (403, 404):
                break
        else:
            nowhere.add(f"{route.method} {route.rule.rule} {route.words}")
    assert len(nowhere) < len(some) * NOWHERE_AT_MOST, "\n".join(sorted(nowhere))
