"""Where a second factor is required: who gets in with what, and answers that tell nothing."""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters
from flask import Flask

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.sign_in import Proof
from portal.db import db
from portal.domain.sign_in import PASSKEY_ROLES
from portal.services import accounts
from tests.factories.people import make_member
from tests.factories.sign_in import code_at, give_app, give_recovery_codes
from tests.support.pages import without_fresh

AsUser = Callable[..., Any]
PASSWORD = "correct horse battery"
pytestmark = pytest.mark.usefixtures("session")
PEOPLE = [role for role in Role if role is not Role.SYSTEM]


@pytest.fixture
def required(app: Flask) -> Iterator[None]:
    """A portal that asks everybody for a second factor."""
    app.config["SECOND_FACTOR"] = "required"
    yield
    app.config["SECOND_FACTOR"] = "offered"


def steps(client: Any, email: str, password: str, code: str) -> list[tuple[int, str, tuple[str, ...], str]]:
    """What the two steps answer: status, place, cookies' names and the page without its keys."""
    found = []
    for path, data in (("/sign-in", {"email": email, "password": password}), ("/sign-in/second", {"code": code})):
        answer = client.post(path, data=data)
        cookies = tuple(sorted(line.partition("=")[0] for line in answer.headers.getlist("Set-Cookie")))
        page = without_fresh(answer.text).replace(email, "")
        found.append((answer.status_code, answer.location or "", cookies, page))
    return found


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("proof", Proof)
def test_every_role_gets_in_with_its_proof_and_no_weaker_one(app: Flask, client: Any, role: Role, proof: Proof) -> None:
    member = make_member(role)
    token = accounts.open_session(member.user, member, now=utc_now(), proof=proof)
    client.set_cookie("bro_session", token)
    is_in = proof is Proof.PASSKEY or (proof is not Proof.PASSWORD and role not in PASSKEY_ROLES)
    answer = client.get("/messages/")
    assert (answer.status_code, answer.location) == ((200, None) if is_in else (303, "/account/set-up"))
    assert client.get("/account/set-up").status_code == 200


@pytest.mark.usefixtures("required")
def test_whoever_has_no_factor_reaches_nothing_but_her_own_account(client: Any) -> None:
    member = make_member()
    answer = client.post("/sign-in", data={"email": member.user.email, "password": PASSWORD})
    assert answer.status_code == 303
    assert client.get("/cases").location == "/account/set-up"
    assert client.get("/cases", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/account/set-up"
    assert client.post("/search", data={}).location in ("/account/set-up", None)
    page = client.get("/account/set-up").text
    assert "/account/code-app" in page
    assert "/cases" not in page


@pytest.mark.usefixtures("required")
def test_unknown_wrong_closed_and_wrong_code_get_one_answer_in_both_steps(client: Any) -> None:
    known, closed = make_member(), make_member()
    for member in (known, closed):
        give_app(member)
    closed.user.is_active = False
    right = code_at(utc_now())
    tries = [
        ("ingen@example.org", PASSWORD, right),
        (known.user.email, "forkert kode", right),
        (closed.user.email, PASSWORD, right),
        (known.user.email, PASSWORD, "000000"),
        (known.user.email, PASSWORD, "ABCDE-ABCDE-ABCDE-ABCDE"),
    ]
    # A browser's first visit gives it a cookie for its forms.
    client.get("/sign-in")
    answers = [steps(client, *one) for one in tries]
    assert answers == [answers[0]] * len(tries)
    assert [status for status, *_rest in answers[0]] == [303, 422]
    assert client.get("/messages/").status_code == 303


@pytest.mark.usefixtures("required")
def test_password_and_code_open_a_session_whose_token_nobody_knew(client: Any) -> None:
    member = make_member()
    give_app(member)
    client.set_cookie("bro_session", "f" * 43)
    first = client.post("/sign-in", data={"email": member.user.email, "password": PASSWORD, "next": "/messages/"})
    assert first.location == "/sign-in/second?next=/messages/"
    assert client.get("/messages/").status_code == 303
    answer = client.post("/sign-in/second", data={"code": code_at(utc_now()), "next": "/messages/"})
    assert answer.location == "/messages/"
    assert client.get_cookie("bro_session").value != "f" * 43
    assert client.get("/messages/").status_code == 200


def test_where_it_is_offered_an_app_is_asked_for_once_it_is_there(client: Any) -> None:
    member = make_member()
    give_app(member)
    codes = give_recovery_codes(member)
    assert (
        "/sign-in/second" in client.post("/sign-in", data={"email": member.user.email, "password": PASSWORD}).location
    )
    assert client.post("/sign-in/second", data={"code": codes[3]}).status_code == 303
    assert client.get("/messages/").status_code == 200


def test_the_second_step_without_a_first_one_leads_back(client: Any) -> None:
    assert client.get("/sign-in/second").location == "/sign-in"
    client.set_cookie("bro_half", "x" * 43)
    assert client.post("/sign-in/second", data={"code": "123456"}).location == "/sign-in"


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/second", "/sign-in/passkey", "/code", "/forgotten"])
def test_nothing_typed_is_a_refusal_and_never_a_fault(client: Any, path: str) -> None:
    for data in ({}, {"email": "\x00", "code": "x" * 50, "credential": "{"}, {"email": "a" * 300}):
        assert client.post(path, data=data).status_code in (200, 303, 400, 422)


@pytest.mark.soak
@pytest.mark.stopwatch
@pytest.mark.usefixtures("required")
@pytest.mark.skipif(not os.environ.get("SOAK"), reason="a statistic of six hundred sign-ins; `make soak`")
def test_known_and_unknown_take_the_same_time(client: Any) -> None:
    # The hash is quick here, so that what stands around it shows; that it is the same for nobody is seen below.
    known = make_member()
    give_app(known)
    times: dict[str, list[float]] = {known.user.email: [], "ingen@example.org": []}
    db.session.commit()
    for turn in range(300):
        for email in sorted(times, reverse=bool(turn % 2)):
            start = time.perf_counter()
            client.post("/sign-in", data={"email": email, "password": "forkert kode"})
            times[email].append(time.perf_counter() - start)
    first, second = (statistics.median(seen) for seen in times.values())
    print(f"medians: {first * 1000:.2f} and {second * 1000:.2f} ms")
    assert abs(first - second) < 0.005


def test_nobodys_password_is_hashed_like_everybodys() -> None:
    assert extract_parameters(accounts.NOBODY) == extract_parameters(accounts.hasher.hash(PASSWORD))
    fresh = PasswordHasher()
    assert (fresh.memory_cost, fresh.time_cost) >= (46 * 1024, 1)
