"""Ids of another case where a form or a question holds them: the answer is that for an id that does not exist (R-374).

Every form is sent with the words and numbers that most forms take, and with a foreign id in every field that can hold
one: once as one question, and once each by itself, so that the first one that is refused does not hide the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.core.enums import OrganisationKind, Role
from portal.core.ids import new_public_id
from portal.db import db
from portal.models.users import Membership, User
from portal.web.fields import PortalForm
from tests.factories.people import actor_of, make_member, make_organisation
from tests.factories.tasks import make_volunteer
from tests.policy import doors, picks
from tests.policy.asking import Asker, alike, checksums, undone
from tests.policy.crawler import Ids, comes_in, row_of
from tests.policy.everything import Filled
from tests.support.sizes import size

pytestmark = pytest.mark.soak

# One person for each part of the portal: she comes in, and has nothing to do with the other case.
PEOPLE = ("CT", "BX at K2", "TT", "VC", "GL", "PW", "SO", "DP", "OA", "PL", "IN", "VW", "GO")
# Their answers hold a number that is new each time.
RANDOM = {
    "admin.reset",
    "auth.make_recovery_codes",
    "auth.passkey_options",
    "auth.sign_in_options",
    "auth.step_up_options",
    "people.link_code",
}
ALONE = ("case", "enrolment", "request", "for")
# Its route reads the id by hand and asks for a course that she sees: an id from elsewhere is not there.
READ_BY_HAND = {("PlaceForm", "enrolment")}
# Not to be come at in this world: her stay has not ended (the fields are those of `AdmissionForm`), no request is late,
# a meeting is planned from a page that names its case, and what papers share is no form by itself.
NOT_COME_AT = {
    ("EndedStayForm", "earlier"), ("EndedStayForm", "leader"), ("GiveForm", "taker"), ("MeetingForm", "about"),
    ("SaidFields", "course"),
}  # fmt: skip


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


@pytest.fixture(scope="module")
def strangers(filled: Filled) -> dict[str, list[str]]:
    """Somebody in every role of a house that has to do with none of the others, as they stand in a field."""
    house = make_organisation(OrganisationKind.NGO)
    made = {role: make_member(role, house) for role in Role if role is not Role.SYSTEM}
    volunteer = make_volunteer(made[Role.VOLUNTEER], actor_of(made[Role.VOLUNTEER_COORDINATOR]))
    db.session.commit()
    of_users = sa.select(User.public_id).join(Membership).where(Membership.organisation_id == house.id)
    return {
        "user_account": list(db.session.scalars(of_users)),
        "membership": [one.public_id for one in made.values()],
        "volunteer": [volunteer.public_id],
    }


def questions(form: Form, foreign: dict[str, str]) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Foreign ids, and beside them as many that do not exist."""
    is_start = form.rule.rule.endswith("/new") if size(True, False) else not doors.ids_in(form.rule)
    alone = ALONE if is_start else ()
    for names in [tuple(foreign), *((name,) for name in alone)]:
        yield {name: foreign[name] for name in names}, {name: new_public_id() for name in names}


def test_a_foreign_id_in_a_form_is_one_that_does_not_exist(
    app: Flask, filled: Filled, ids: Ids, forms: list[Form], strangers: dict[str, list[str]]
) -> None:
    told, count, other = [], 0, filled.world.cases["other"]
    about = {name: table for name, table in picks.TABLES.items() if table not in picks.OPEN_TO_ALL}
    foreign = {name: (strangers.get(table) or [row_of(ids, table, other)])[0] for name, table in about.items()}
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
            answers.append(picks.ID.sub("…", repr(alike(form.ask(fields)))))
    return answers


def test_every_field_that_can_hold_an_id_is_known(app: Flask) -> None:
    """A field that is new is said in `picks` to hold an id of a table, or none."""
    open_names = {name for _form, name in picks.open_fields()}
    assert open_names <= {*picks.TABLES, *picks.NO_IDS}
    assert picks.named_by_hand() <= {*picks.TABLES, *picks.WORDS}


@dataclass(frozen=True)
class Pick:
    """A field of a form as somebody sent it: what it offers her, and what the other fields take."""

    form: Form
    kind: str
    name: str
    sent_as: str
    offered: tuple[str, ...]
    others: dict[str, str]


@pytest.fixture
def chosen(app: Flask, filled: Filled, ids: Ids, taken_in: list[PortalForm]) -> list[Pick]:
    """Every field with an id in the forms that somebody of the house is asked to fill in."""
    app.config["WTF_CSRF_ENABLED"] = False
    # To PB's house a case is offered.
    askers = {code: Asker(app, filled.people[code]) for code in (*PEOPLE, "RF", "PB")}
    adapter, own = app.url_map.bind("localhost"), filled.world.cases["ordinary"]
    known = {public_id for rows in ids.values() for public_id, _case in rows}
    found: dict[tuple[str, str, str], Pick] = {}
    for rule in doors.rules(app, "POST"):
        named = {name: row_of(ids, doors.tables_of(rule, name)[0], own) for name in doors.ids_in(rule)}
        coming = [asker for code, asker in askers.items() if comes_in(app, filled, rule.endpoint, code)]
        for words in doors.words_of(rule):
            path = adapter.build(rule.endpoint, words | named, method="POST")
            for asker in coming:
                form = Form(rule, "POST", path, asker)
                with undone(app):
                    is_there = form.ask({}).status_code not in (403, 404)
                    for one in picks_in(app, form, taken_in, known) if is_there else ():
                        found.setdefault((rule.rule, one.kind, one.name), one)
                taken_in.clear()
                if is_there:
                    break
    return list(found.values())


def picks_in(app: Flask, form: Form, made: list[PortalForm], known: set[str]) -> Iterator[Pick]:
    """The choices of the form that was just sent."""
    with app.test_request_context():
        for sent in made[:1]:
            others = {one.name: value for one in sent for value in picks.filled_in(one)}
            for field, offered in picks.choices_in(sent, known):
                # A hand-over has a choice for each row.
                name = "everyone" if field.short_name.startswith("to_") else field.short_name
                yield Pick(form, picks.kind_of(sent), name, field.name, tuple(offered), others)


def elsewhere(pick: Pick, ids: Ids, strangers: dict[str, list[str]], cases: dict[str, int]) -> list[str]:
    """Ids of the kind that the field takes which are not this person's to choose."""
    table = picks.TABLES[pick.name]
    if table in strangers:
        return strangers[table]
    others = [one for one, case_id in ids[table] if case_id in (None, cases["other"])]
    return [one for one in others if one not in pick.offered]


def test_a_foreign_id_is_refused_and_changes_nothing(
    app: Flask, filled: Filled, ids: Ids, strangers: dict[str, list[str]], chosen: list[Pick],
    taken_in: list[PortalForm],
) -> None:  # fmt: skip
    wrong, before = [], checksums()
    for turn, pick in enumerate(chosen):
        foreign = elsewhere(pick, ids, strangers, filled.world.cases)
        assert foreign or picks.TABLES[pick.name] in picks.OPEN_TO_ALL, pick
        few = size(5, 1) if len(foreign) > 5 else 1
        for one in foreign[turn % few :: few]:
            status, errors = answered(pick, one, taken_in)
            is_refused = status == 404 or (status == 422 and errors)
            # What is sent already is refused before anybody looks at which programmes were chosen.
            is_too_late = status == 409 and picks.TABLES[pick.name] in picks.OPEN_TO_ALL
            if not (is_refused or is_too_late):
                wrong.append(f"{pick.form.path} {pick.kind}.{pick.name}: {status} {errors}")
        if pick.offered and foreign:
            # What she is offered may be refused for a reason of its own, and not for being somebody else's.
            with undone(app):
                assert answered(pick, pick.offered[0], taken_in)[1] != errors or not errors, pick
    assert checksums() == before
    assert "\n".join(wrong) == ""
    expected = {(kind, name) for kind, name in picks.open_fields() if name not in picks.NO_IDS}
    assert expected - {(pick.kind, pick.name) for pick in chosen} == READ_BY_HAND | NOT_COME_AT


def answered(pick: Pick, value: str, made: list[PortalForm]) -> tuple[int, list[str]]:
    """How the form is answered with this in the field, and what stands beside the field then."""
    made.clear()
    data = doors.TYPED | pick.others | {pick.sent_as: value}
    answer = pick.form.asker.ask(pick.form.path, "POST", is_part=True, data=data)
    beside = [error for one in made[:1] for field in one if field.name == pick.sent_as for error in field.errors]
    return answer.status_code, [str(error) for error in beside]
