"""Every route for every role that comes in: nothing unknown behind the door. Nobody is asked to sign in at each."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, Rule

from portal.core.enums import Role
from portal.domain.permissions import can
from portal.web.access import declaration_of
from tests.factories.people import actor_of, make_member, make_organisation
from tests.factories.tasks import make_volunteer

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
NOBODYS = "A" * 22
# What is asked for in other words than by an id; a number is a step of the wizard.
NAMED = {"number": 1}
PEOPLE = [role for role in Role if role is not Role.SYSTEM]
# With nothing filled in, a page without an id shows itself, leads on, or says what is missing.
OPEN = {200, 204, 303, 400, 422}
# What is planned must be for a case, a course or a request; the mails are shown in the demo alone.
# Nobody has been refused a placement that she could ask about.
LACKING = {"meetings.new", "meetings.create", "demo.mail", "apart.ask"}
# They ask first how long a file is: the same for whoever comes, whatever she asks for.
TAKE_FILES = {("imports.add", "POST"), ("documents.add", "POST")}
# Ends the session that the test goes on with.
LAST = {"auth.sign_out", "auth.leave", "auth.lock"}


def doors(app: Flask) -> Iterator[tuple[Rule, str, str]]:
    """Each route with an address of things that do not exist, and each of its methods."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static" or rule.endpoint in LAST:
            continue
        values = {name: NAMED.get(name, NOBODYS) for name in rule.arguments}
        chosen = {
            name: converter for name, converter in rule._converters.items() if isinstance(converter, AnyConverter)
        }
        values |= {name: min(converter.items) for name, converter in chosen.items()}
        for method in sorted({"GET", "POST"} & (rule.methods or set())):
            yield rule, method, adapter.build(rule.endpoint, values, method=method)


@pytest.mark.parametrize("role", PEOPLE)
def test_a_role_comes_in_where_the_table_says(app: Flask, as_user: AsUser, role: Role) -> None:
    member = make_member(role, make_organisation())
    if role is Role.VOLUNTEER:
        make_volunteer(member, actor_of(make_member(Role.VOLUNTEER_COORDINATOR, member.organisation)))
    actor, browser = actor_of(member), as_user(member)
    wrong = []
    for rule, method, url in doors(app):
        declared = declaration_of(app, rule.endpoint)
        assert declared is not None
        # Whom the table keeps out is refused at every door in `tests/policy/test_grid.py`.
        if declared.permissions is not None and not any(can(actor, one) for one in declared.permissions):
            continue
        answer = browser.open(url, method=method)
        is_there = NOBODYS not in url and rule.endpoint not in LACKING
        expected = {413} if (rule.endpoint, method) in TAKE_FILES else OPEN if is_there else {404}
        if answer.status_code not in expected:
            wrong.append(f"{method} {url.replace(NOBODYS, '…')}: {answer.status_code} instead of {expected}")
    assert "\n".join(wrong) == ""


def test_nobody_is_asked_to_sign_in(app: Flask, client: Any) -> None:
    wrong = []
    for rule, method, url in doors(app):
        declared = declaration_of(app, rule.endpoint)
        assert declared is not None
        if declared.permissions is None:
            continue
        answer = client.open(url, method=method)
        if (rule.endpoint, method) in TAKE_FILES:
            assert answer.status_code == 413
        elif (answer.status_code, answer.location and answer.location.startswith("/sign-in")) != (303, True):
            wrong.append((method, url, answer.status_code, answer.location))
        if NOBODYS in answer.text.replace(f"next=%2F{url.strip('/')}", "") and method == "POST":
            wrong.append((method, url, "echoed"))
    assert wrong == []
