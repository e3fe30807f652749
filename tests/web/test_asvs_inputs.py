"""Hostile input: SQL in every parameter, numbers beyond every limit, addresses with lines of their own.

ASVS 1.2.4, 1.3.11, 1.4.2, 2.2.1.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms.fields.core import UnboundField

from portal.core.enums import Role
from portal.db import Base, db
from portal.domain.permissions import can
from portal.models.clients import Client
from portal.models.outbox import OutgoingMail
from portal.models.users import User
from portal.web.access import declaration_of
from portal.web.fields import Parsed, PortalForm
from tests.factories.people import actor_of, make_case, make_member
from tests.web.test_every_door import doors

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")

SQL = [
    "' OR '1'='1",
    "1; SELECT pg_sleep(9)--",
    "') UNION SELECT password_hash FROM user_account--",
    "\\'; DROP TABLE client_case; --",
    "1) AND 1=(SELECT 1 FROM pg_sleep(9))--",
    "%' ESCAPE '!",
]
# Everything that a page reads from an address.
ASKED = ("after", "view", "state", "missing", "queue", "case", "course", "language", "for", "step", "from", "to",
         "kind", "next", "kept", "corrects", "sort", "order", "page", "per_page", "fields", "user", "until",
         "day")  # fmt: skip
TYPED = ("text", "name", "email", "password", "reason", "reference", "code", "version", "address", "cpr", "phone",
         "role", "offers", "level", "kind", "user", "organisation", "form_key", "kept", "from_page")  # fmt: skip
ROLES = (Role.CONTACT_PERSON, Role.PROGRAMME_LEAD, Role.INTAKE, Role.VOLUNTEER_COORDINATOR, Role.ADMINISTRATOR,
         Role.SAFETY_OFFICER, Role.HOUSING_COORDINATOR, Role.GRANT_OFFICER)  # fmt: skip
# Ends the session that the test goes on with.
ENDING = {"auth.leave", "auth.lock", "auth.sign_out"}


def counts() -> dict[str, int]:
    """How many rows each table has. Asking, refusing and signing in leave traces in a few."""
    traces = {"audit_event", "audit_head", "user_session", "rate_counter", "submission", "alert", "sign_in_challenge"}
    tables = [table for table in Base.metadata.sorted_tables if table.name not in traces]
    return {table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables}


@pytest.fixture
def browsers(as_user: AsUser) -> list[tuple[Any, Any]]:
    """Somebody of each role that has pages of its own: who acts, and the browser."""
    members = [make_member(role) for role in ROLES]
    make_case(members[0], name="Amira Hassan")
    return [(actor_of(member), as_user(member)) for member in members]


def opened(app: Flask, browsers: list[tuple[Any, Any]], wanted: str) -> Iterator[tuple[str, str, Any]]:
    """Each route of a method, with a browser that is let in."""
    for rule, method, url in doors(app):
        declared = declaration_of(app, rule.endpoint)
        if method != wanted or declared is None or rule.endpoint in ENDING:
            continue
        for actor, browser in browsers:
            if declared.permissions is None or any(can(actor, one) for one in declared.permissions):
                yield rule.endpoint, url, browser
                break


@pytest.mark.parametrize("payload", SQL)
def test_sql_in_an_address_is_text_or_refused(app: Flask, browsers: list[tuple[Any, Any]], payload: str) -> None:
    before, wrong, asked = counts(), [], 0
    for endpoint, url, browser in opened(app, browsers, "GET"):
        asked += 1
        answer = browser.get(url, query_string=dict.fromkeys(ASKED, payload))
        if answer.status_code >= 500 or "$argon2" in answer.text:
            wrong.append((endpoint, answer.status_code))
    assert wrong == []
    assert asked > 70
    assert counts() == before


@pytest.mark.parametrize("payload", SQL[:2])
def test_sql_in_a_form_is_text_or_refused(app: Flask, browsers: list[tuple[Any, Any]], payload: str) -> None:
    before, wrong, asked = counts(), [], 0
    for endpoint, url, browser in opened(app, browsers, "POST"):
        asked += 1
        answer = browser.post(url, data=dict.fromkeys(TYPED, payload))
        if answer.status_code >= 500:
            wrong.append((endpoint, answer.status_code))
    assert wrong == []
    assert asked > 100
    after = counts()
    lost = {name: (before[name], after[name]) for name in before if after[name] < before[name]}
    assert lost == {}


@pytest.mark.parametrize("payload", SQL)
def test_a_search_finds_nobody_by_sql(as_user: AsUser, payload: str) -> None:
    member = make_member()
    case, browser = make_case(member, name="Amira Hassan"), as_user(member)
    answer = browser.post("/search", data={"sought": payload})
    assert answer.status_code in (200, 422)
    assert case.reference not in answer.text


NUMBERS = ["2147483648", "-2147483649", "9223372036854775808", "1e309", "-1", "NaN", "Infinity", "0x10", "1_000",
           "٣", "１２", "9" * 400, "99999999999", "1.5", "--1", "+1", "1e3", "∞", "²"]  # fmt: skip


def forms(kind: type[PortalForm] = PortalForm) -> Iterator[type[PortalForm]]:
    for one in kind.__subclasses__():
        yield one
        yield from forms(one)


def typed_fields() -> list[tuple[str, UnboundField]]:
    """Every field of every form in which a number, a day, an hour or an amount is typed."""
    found = {}
    for form in forms():
        for name in dir(form):
            field = getattr(form, name)
            if isinstance(field, UnboundField) and issubclass(field.field_class, Parsed):
                found[f"{form.__module__}.{form.__name__}.{name}"] = field
    return sorted(found.items())


def read(app: Flask, field: UnboundField, typed: str) -> object:
    """What a field makes of what was typed."""
    with app.test_request_context("/", method="POST"):
        form = type("One", (PortalForm,), {"field": field})(MultiDict({"field": typed}), meta={"csrf": False})
        return form.field.data


def test_an_ordinary_number_is_read(app: Flask) -> None:
    assert sum(isinstance(read(app, field, "10"), int) for _name, field in typed_fields()) > 20


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_that_nobody_means_is_refused_in_every_field(app: Flask, number: str) -> None:
    fields = typed_fields()
    assert len(fields) > 60
    taken = [(name, value) for name, field in fields if not is_meant(value := read(app, field, number))]
    assert taken == []


def is_meant(value: object) -> bool:
    """Whether what was read is small and whole: "1.5" may be a time of day, -1 a number where less than nothing is."""
    return not isinstance(value, int) or -1 <= value < 10**9


@pytest.mark.parametrize("number", ["2147483648", "9223372036854775808", "-1", "1e309", "NaN", "9" * 400])
def test_such_a_number_is_told_beside_its_field(as_user: AsUser, number: str) -> None:
    member = make_member()
    case, browser = make_case(member), as_user(member)
    for path, name in (
        ("children/{}/new", "birth_year"),
        ("cases/{}/identity", "birth_year"),
        ("cases/{}/safe-contact", "sms_from_hour"),
    ):
        assert browser.post(f"/{path.format(case.public_id)}", data={name: number}).status_code == 422
    assert browser.get(f"/referrals/{'A' * 22}/step/{number}").status_code == 404


ADDRESSES = [
    "a@example.org\r\nBcc: evil@example.net",
    "a@example.org\nSubject: x",
    "a@example.org\rTo: b@example.org",
    "a@example.org%0d%0aBcc:evil@example.net",
    "a@example.org, b@example.org",
    "a@example.org;b@example.org",
    "<a@example.org>",
    "A <a@example.org>",
    '"a\r\nb"@example.org',
    "a@example.org\u2028x",
    "a@[127.0.0.1]",
    "a@localhost",
    "a@" + "b" * 300 + ".dk",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_holds_more_than_an_address_is_refused_and_nothing_is_queued(
    as_user: AsUser, address: str
) -> None:
    admin, coordinator = make_member(Role.ADMINISTRATOR), make_member(Role.VOLUNTEER_COORDINATOR)
    people, mails = (sa.select(sa.func.count()).select_from(table) for table in (User, OutgoingMail))
    before = db.session.scalar(people), db.session.scalar(mails)
    invited = {"name": "Maja Holm", "email": address, "role": "programme_worker", "language": "da"}
    volunteer = {"name": "Ida Holm", "email": address, "region": "capital"}
    assert as_user(admin).post("/admin/users", data=invited).status_code == 422
    assert as_user(coordinator).post("/volunteers/new", data=volunteer).status_code == 422
    assert (db.session.scalar(people), db.session.scalar(mails)) == before


UNASKED = {"owner_organisation_id": "999", "state": "closed", "protection_level": "2", "erased_at": "2026-01-01",
           "reference": "2020-0001", "public_id": "A" * 22, "id": "1", "opened_by_id": "1", "client_id": "1",
           "is_active": "0", "role": "administrator", "case": "A" * 22}  # fmt: skip


def test_what_a_form_does_not_ask_for_is_not_taken_in(as_user: AsUser) -> None:
    member = make_member()
    case, browser = make_case(member), as_user(member)
    names = [
        column.key for column in sa.inspect(type(case)).column_attrs if column.key not in ("version", "changed_at")
    ]
    before = {name: getattr(case, name) for name in names}
    page, role = f"/cases/{case.public_id}/identity", member.role
    sent = browser.hidden(page, page) | UNASKED | {"name": "Amira Hassan"}
    assert browser.post(page, data=sent).status_code == 303
    client = db.session.get_one(Client, case.client_id)
    assert (client.name, client.protection_level) == ("Amira Hassan", 0)
    assert {name: getattr(case, name) for name in names} == before
    assert member.role is role
