"""A token is new whenever somebody proves who she is, and dead whenever she ends it (ASVS 7.2.4, 7.4.1 to 7.4.5)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.db import db
from portal.models.organisations import Organisation
from portal.models.users import Membership, User, UserSession
from portal.services import accounts
from tests.factories.people import make_member, make_organisation
from tests.factories.sign_in import grow_old

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
COOKIE, PASSWORD = "bro_session", "correct horse battery"
NEW = "fjorten grønne kajakker sover"


def token_of(browser: Any) -> str:
    cookie = browser.get_cookie(COOKIE)
    return cookie.value if cookie else ""


def is_alive(client: Any, token: str) -> bool:
    """Whether somebody who holds this token is let in."""
    client.set_cookie(COOKIE, token)
    answer = client.get("/account")
    client.delete_cookie(COOKIE)
    return bool(answer.status_code == 200)


def post(path: str, **data: str) -> Callable[[Any, Membership], None]:
    def act(browser: Any, _member: Membership) -> None:
        assert browser.post(path, data=data).status_code in (204, 303), path

    return act


def change(model: type, **values: Any) -> Callable[[Any, Membership], None]:
    keys = {User: "user_id", Organisation: "organisation_id", Membership: "id"}

    def act(_browser: Any, member: Membership) -> None:
        db.session.execute(sa.update(model).where(model.id == getattr(member, keys[model])).values(**values))

    return act


def lock(browser: Any, _member: Membership) -> None:
    assert browser.post("/lock", json={"page": "/day", "forms": []}).status_code == 204


def wait(minutes: int) -> Callable[[Any, Membership], None]:
    def act(_browser: Any, member: Membership) -> None:
        past = utc_now() - timedelta(minutes=minutes)
        db.session.execute(sa.update(UserSession).values(seen_at=past, ends_at=UserSession.ends_at))

    return act


def sign_in_again(browser: Any, member: Membership) -> None:
    email = db.session.get_one(User, member.user_id).email
    assert browser.post("/sign-in", data={"email": email, "password": PASSWORD}).status_code == 303
    assert browser.get("/account").status_code == 200


def step_up(browser: Any, _member: Membership) -> None:
    grow_old()
    sent = {"proof_code": PASSWORD, "proof_next": "/account", "proof_is_post": "0"}
    assert browser.post("/step-up", data=sent).status_code == 303
    assert browser.get("/account").status_code == 200


def switch_role(browser: Any, member: Membership) -> None:
    user = db.session.get_one(User, member.user_id)
    other = accounts.add_membership(user, make_organisation(), Role.INTAKE)
    assert browser.post(f"/account/roles/{other.public_id}").status_code == 303
    assert browser.get("/account").status_code == 200


ENDS: dict[str, Callable[[Any, Membership], None]] = {
    "signing out": post("/sign-out"),
    "leaving at once": post("/leave"),
    "the lock": lock,
    "fifteen minutes and one": wait(16),
    "signing in again": sign_in_again,
    "a new proof": step_up,
    "another role": switch_role,
    "a closed account": change(User, is_active=False),
    "a role that has ended": change(Membership, ended_at=sa.func.now()),
    "a house that has left": change(Organisation, is_active=False),
}


@pytest.mark.parametrize("event", ENDS)
def test_a_stolen_token_is_worth_nothing_after(as_user: AsUser, client: Any, event: str) -> None:
    member = make_member()
    browser = as_user(member)
    stolen = token_of(browser)
    assert is_alive(client, stolen)
    ENDS[event](browser, member)
    assert not is_alive(client, stolen)
    assert client.get("/account").location.startswith("/sign-in")


OTHERS = {
    "a new password": post("/account/password", current=PASSWORD, new=NEW, again=NEW),
    "ending all others": post("/account/sessions/end"),
}


@pytest.mark.parametrize("event", OTHERS)
def test_a_session_elsewhere_ends_with(as_user: AsUser, client: Any, event: str) -> None:
    member = make_member()
    browser, elsewhere = as_user(member), token_of(as_user(member))
    OTHERS[event](browser, member)
    assert not is_alive(client, elsewhere)
    assert browser.get("/account").status_code == 200


@pytest.mark.parametrize("planted", ["x" * 43, "A" * 22 + "-_" * 10, ""])
def test_a_token_that_was_planted_before_is_never_the_one_that_is_used(client: Any, planted: str) -> None:
    email = make_member().user.email
    client.set_cookie(COOKIE, planted)
    client.get("/sign-in")
    assert client.post("/sign-in", data={"email": email, "password": PASSWORD}).status_code == 303
    fresh = token_of(client)
    assert fresh != planted and len(fresh) == 43
    assert client.get("/account").status_code == 200
    assert not is_alive(client, planted)


def test_a_token_is_taken_from_the_cookie_alone(client: Any, as_user: AsUser) -> None:
    token = token_of(as_user(make_member()))
    for given in (
        {"query_string": {COOKIE: token, "session": token}},
        {"headers": {"Authorization": f"Bearer {token}"}},
        {"headers": {"X-Session": token}},
    ):
        assert client.get("/account", **given).status_code == 303


def test_tokens_hold_256_random_bits_and_only_their_hash_is_stored(as_user: AsUser) -> None:
    member = make_member()
    tokens = {token_of(as_user(member)) for _turn in range(20)}
    assert len(tokens) == 20 and all(len(token) == 43 for token in tokens)
    stored = db.session.scalars(sa.select(UserSession.token_hash)).all()
    assert {len(one) for one in stored} == {32}
    assert {accounts.token_hash(token) for token in tokens} <= set(stored)
