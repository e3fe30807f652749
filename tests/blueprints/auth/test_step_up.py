"""What asks for a fresh proof asks for it, loses nothing that was typed, and goes on afterwards."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.sign_in import Proof
from portal.db import db
from portal.domain.permissions import can
from portal.models.audit import AuditEntry
from portal.services import accounts
from portal.web.access import declaration_of
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.sign_in import code_at, give_app, grow_old
from tests.policy.proofs import ASKS, ASKS_FOR_THE_BUTTON, ASKS_NOT, names
from tests.web.test_every_door import doors

AsUser = Callable[..., Any]
PASSWORD = "correct horse battery"
# Pages that ask before they are shown; all other names are of what is sent.
PAGES = {
    "cases.ask_for_address",
    "children.ask_for_place",
    "cases.ask_to_reopen",
    "safety.ask",
    "rights.texts",
    "leaving.ask_back",
    "auth.app",
    "auth.new_passkey",
}
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://localhost/cases"}
pytestmark = pytest.mark.usefixtures("session")


def changing(app: Flask) -> set[str]:
    """The endpoints that take a form: what can change something."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}}


def test_these_routes_ask_for_a_fresh_proof(app: Flask) -> None:
    declared = {rule.endpoint: declaration_of(app, rule.endpoint) for rule in app.url_map.iter_rules()}
    found = {endpoint: access.step_up for endpoint, access in declared.items() if access and access.step_up}
    assert found == dict.fromkeys(names(ASKS), True) | ASKS_FOR_THE_BUTTON


def test_of_every_route_that_changes_something_it_is_decided_whether_it_asks(app: Flask) -> None:
    decided = [*names(ASKS), *ASKS_FOR_THE_BUTTON, *names(ASKS_NOT)]
    assert len(decided) == len(set(decided))
    assert set(decided) == changing(app) | PAGES


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_with_an_old_proof_each_of_them_asks_first(app: Flask, as_user: AsUser, role: Role) -> None:
    member = make_member(role)
    browser, actor = as_user(member), actor_of(member)
    grow_old()
    for rule, method, url in doors(app):
        declared = declaration_of(app, rule.endpoint)
        if (
            not declared
            or declared.step_up is not True
            or not any(can(actor, one) for one in declared.permissions or ())
        ):
            continue
        answer = browser.open(url, method=method)
        expected = (303, f"/step-up?next={url}") if method == "GET" else (409, None)
        assert (answer.status_code, answer.location) == expected, url


def test_five_minutes_and_not_a_moment_longer(as_user: AsUser) -> None:
    browser = as_user(make_member())
    assert browser.get("/account/passkeys/new").status_code == 200
    grow_old(minutes=4)
    assert browser.get("/account/passkeys/new").status_code == 200
    grow_old(minutes=5)
    assert browser.get("/account/passkeys/new").location == "/step-up?next=/account/passkeys/new"


def test_after_the_proof_one_is_where_one_wanted_to_be_with_a_new_token(as_user: AsUser) -> None:
    browser = as_user(make_member())
    old = browser.get_cookie("bro_session").value
    grow_old()
    data = browser.hidden("/step-up?next=/account/passkeys/new", "/step-up") | {"proof_code": PASSWORD}
    answer = browser.post("/step-up", data=data)
    assert (answer.status_code, answer.location) == (303, "/account/passkeys/new")
    assert browser.get_cookie("bro_session").value != old
    assert browser.get("/account/passkeys/new").status_code == 200
    browser.set_cookie("bro_session", old)
    assert browser.get("/account").status_code == 303


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_reason_that_was_typed_is_kept_and_sent_on(as_user: AsUser, headers: dict[str, str]) -> None:
    member = make_member()
    case = make_case(member)
    url, browser = f"/cases/{case.public_id}/address/reveal", as_user(member)
    typed = {"reason": "Hun venter & <taxaen> er der", "form_key": "k" * 22}
    grow_old()
    asked = browser.post(url, data=typed, headers=headers)
    assert asked.status_code == 409
    assert ("HX-Retarget" in asked.headers) is bool(headers)
    asked_for = {name: unescape(value) for name, value in browser.hidden_in(asked, "/step-up").items()}
    wrong = browser.post("/step-up", data=asked_for | {"proof_code": "x"})
    assert wrong.status_code == 422
    kept = {name: unescape(value) for name, value in browser.hidden_in(wrong, "/step-up").items()}
    assert kept["reason"] == typed["reason"]
    assert kept["form_key"] == "k" * 22
    sent = browser.post("/step-up", data=kept | {"proof_code": PASSWORD})
    assert (sent.status_code, sent.location) == (307, url)
    # The case has no address: what matters is that the form has arrived.
    assert browser.post(url, data=typed).status_code != 409


def test_a_password_is_never_carried_along(as_user: AsUser) -> None:
    browser = as_user(make_member())
    grow_old()
    page = browser.post("/account/password", data={"current": PASSWORD, "new": "hemmeligt" * 3, "again": "x"}).text
    assert "hemmeligt" not in page
    assert PASSWORD not in page


def test_with_an_app_the_password_is_no_proof_and_a_code_is_one_once(as_user: AsUser) -> None:
    member = make_member()
    give_app(member)
    browser, now = as_user(member), utc_now()
    grow_old()
    for typed, status in ((PASSWORD, 422), ("000000", 422), (code_at(now), 303)):
        assert browser.post("/step-up", data={"proof_next": "/account", "proof_code": typed}).status_code == status
    grow_old()
    assert browser.post("/step-up", data={"proof_next": "/account", "proof_code": code_at(now)}).status_code == 422


def test_a_role_that_needs_a_passkey_does_not_step_up_with_a_code(app: Flask, client: Any) -> None:
    member = make_member(Role.SAFETY_OFFICER)
    give_app(member)
    client.set_cookie("bro_session", accounts.open_session(member.user, member, now=utc_now(), proof=Proof.PASSKEY))
    app.config["SECOND_FACTOR"] = "required"
    try:
        answer = client.post("/step-up", data={"proof_next": "/account", "proof_code": code_at(utc_now())})
    finally:
        app.config["SECOND_FACTOR"] = "offered"
    assert answer.status_code == 422


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example", "/nowhere", ""])
def test_it_leads_to_no_other_site_and_to_no_page_that_is_not_there(as_user: AsUser, target: str) -> None:
    data = {"proof_next": target, "proof_code": PASSWORD}
    browser = as_user(make_member())
    assert browser.post("/step-up", data=data).location == "/"
    assert browser.post("/step-up", data=data | {"proof_is_post": "1"}).location == "/"


def test_what_failed_and_what_was_right_is_in_the_trail(as_user: AsUser) -> None:
    browser = as_user(make_member())
    browser.post("/step-up", data={"proof_code": "x"})
    browser.post("/step-up", data={"proof_code": PASSWORD})
    lines = db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert [line.value for line in lines[-2:]] == ["session:step_up_failed", "session:stepped_up"]


@pytest.mark.parametrize("is_post", ["", "1"])
def test_an_empty_field_is_told_beside_it_and_is_no_attempt(as_user: AsUser, is_post: str) -> None:
    member = make_member()
    case = make_case(member)
    browser = as_user(member)
    grow_old()
    url = f"/cases/{case.public_id}/address/reveal"
    sent = {"proof_next": url, "proof_is_post": is_post, "proof_code": " ", "reason": "Hun venter på taxaen"}
    # More often than one may be wrong.
    for _time in range(12):
        page = browser.post("/step-up", data=sent)
        assert page.status_code == 422
    assert 'aria-describedby="proof-code-error"' in page.text
    assert 'id="proof-code-error"' in page.text
    assert '<a href="#proof-code">' in page.text
    assert ('value="Hun venter på taxaen"' in page.text) is bool(is_post)
    # Nothing stops her in the browser's own words either.
    assert browser.post("/step-up", data=sent | {"proof_code": PASSWORD}).status_code in (303, 307)
