"""Ids of another case where a form or a question holds them: the answer is that for an id that does not exist (R-374).

Every form is sent with the words and numbers that most forms take, and with a foreign id in every field that can hold
one: once as one question, and once each by itself, so that the first one that is refused does not hide the others.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.core.ids import new_public_id
from tests.policy import doors
from tests.policy.asking import Asker, alike, undone
from tests.policy.crawler import Ids, comes_in, row_of
from tests.policy.everything import Filled
from tests.support.sizes import size

pytestmark = pytest.mark.soak

# Fields of forms and questions, and of which table the id is that stands there.
FIELDS = {
    "case": "client_case",
    "course": "enrolment",
    "enrolment": "enrolment",
    "for": "enrolment",
    "request": "track_request",
    "corrects": "note",
    "child": "child",
}
# One person for each part of the portal: she comes in, and has nothing to do with the other case.
PEOPLE = ("CT", "BX at K2", "TT", "VC", "GL", "PW", "SO", "DP", "OA", "PL", "IN", "VW", "GO")
# Their answers hold a number that is new each time.
RANDOM = {
    "auth.make_recovery_codes",
    "auth.passkey_options",
    "auth.sign_in_options",
    "auth.step_up_options",
    "people.link_code",
}
# What is made anew has another id each time.
ID = re.compile(r"[\w-]{22}")
ALONE = ("case", "enrolment", "request", "for")


@dataclass(frozen=True)
class Form:
    """One route by one method with ids of the ordinary case, and somebody who comes in."""

    rule: Rule
    method: str
    path: str
    asker: Asker

    def ask(self, fields: dict[str, str]) -> TestResponse:
        question = "&".join(f"{name}={value}" for name, value in fields.items())
        data = doors.TYPED | fields if self.method == "POST" else {}
        return self.asker.ask(f"{self.path}?{question}", self.method, is_part=True, data=data)


@pytest.fixture(scope="module")
def forms(app: Flask, filled: Filled, ids: Ids) -> list[Form]:
    """Every route by somebody who comes in."""
    app.config["WTF_CSRF_ENABLED"] = False
    askers = {code: Asker(app, filled.people[code]) for code in PEOPLE}
    adapter, own, found = app.url_map.bind("localhost"), filled.world.cases["ordinary"], []
    for method in ("GET", "POST"):
        for rule in doors.rules(app, method):
            coming = [code for code in PEOPLE if comes_in(app, filled, rule.endpoint, code)]
            named = {name: row_of(ids, doors.tables_of(rule, name)[0], own) for name in doors.ids_in(rule)}
            # Whoever works with the woman comes furthest: the first of them, in a soak all.
            for code in coming[: size(1, len(coming))]:
                words = next(doors.words_of(rule))
                path = adapter.build(rule.endpoint, words | named, method=method)
                found.append(Form(rule, method, path, askers[code]))
    return found


def questions(form: Form, foreign: dict[str, str]) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Foreign ids, and beside them as many that do not exist."""
    is_start = form.rule.rule.endswith("/new") if size(True, False) else not doors.ids_in(form.rule)
    alone = ALONE if is_start else ()
    for names in [tuple(foreign), *((name,) for name in alone)]:
        yield {name: foreign[name] for name in names}, {name: new_public_id() for name in names}


def test_a_foreign_id_in_a_form_is_one_that_does_not_exist(
    app: Flask, filled: Filled, ids: Ids, forms: list[Form]
) -> None:
    told, count, other = [], 0, filled.world.cases["other"]
    foreign = {name: row_of(ids, table, other) for name, table in FIELDS.items()}
    for form in forms:
        for there, nothing in questions(form, foreign):
            answers = answers_to(app, form, there, nothing)
            if answers[0] != answers[1]:
                # A page that shows the moment says another one when the minute turns between the two.
                answers = answers_to(app, form, there, nothing)
            count += 2
            if answers[0] != answers[1] and form.rule.endpoint not in RANDOM:
                told.append(f"{form.method} {form.path} {sorted(there)} {[answer[:4] for answer in answers]}")
    assert "\n".join(told) == ""
    assert count > 700


def answers_to(app: Flask, form: Form, *asked: dict[str, str]) -> list[str]:
    """What the form answers to each, as far as it may not differ."""
    answers = []
    for fields in asked:
        with undone(app):
            answers.append(ID.sub("…", repr(alike(form.ask(fields)))))
    return answers
