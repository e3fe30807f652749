"""Guessing is slowed down; whose account it is comes in all the same."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.core.clock import utc_now
from portal.db import db
from portal.services import devices
from tests.factories.people import make_member

PASSWORD = "correct horse battery"


@pytest.fixture
def counting(app: Flask) -> Iterator[Flask]:
    """A portal that counts tries."""
    app.config |= {"COUNT_ATTEMPTS": True, "WTF_CSRF_ENABLED": False}
    yield app
    app.config["COUNT_ATTEMPTS"] = False


def half_a_minute_later() -> None:
    past = sa.text("UPDATE rate_counter SET expires_at = expires_at - interval '31 seconds' WHERE key LIKE 'sign-in%'")
    with db.engine.begin() as connection:
        connection.execute(past)


@pytest.mark.usefixtures("committed")
def test_five_hundred_wrong_tries_of_a_stranger_do_not_lock_the_owner_out(counting: Flask) -> None:
    member = make_member()
    email, user_id = member.user.email, member.user_id
    devices.note("k" * 43, user_id, "x" * 22, now=utc_now())
    db.session.commit()
    stranger, known = counting.test_client(), counting.test_client()
    known.set_cookie("bro_device", "k" * 43)
    wrong, right = {"email": email, "password": "x"}, {"email": email, "password": PASSWORD}
    # The network address has a limit of its own, which is not what is looked at here.
    codes = [
        stranger.post("/sign-in", data=wrong, environ_base={"REMOTE_ADDR": f"10.0.{turn // 200}.{turn % 200}"})
        for turn in range(500)
    ]
    assert {code.status_code for code in codes} == {422, 429}
    assert sum(code.status_code == 422 for code in codes) <= 12
    # The last wait may be nearly over by now: half a minute later one more wrong try begins a new one.
    half_a_minute_later()
    assert stranger.post("/sign-in", data=wrong, environ_base={"REMOTE_ADDR": "10.9.9.8"}).status_code == 422
    assert known.post("/sign-in", data=right).status_code == 303
    assert stranger.post("/sign-in", data=right).status_code == 429
    # Half a minute later the owner comes in from a new browser too.
    half_a_minute_later()
    assert stranger.post("/sign-in", data=right, environ_base={"REMOTE_ADDR": "10.9.9.9"}).status_code == 303


@pytest.mark.usefixtures("committed")
def test_a_right_password_begins_the_count_anew(counting: Flask) -> None:
    email = make_member().user.email
    db.session.commit()
    for _ in range(2):
        browser = counting.test_client()
        for _try in range(4):
            assert browser.post("/sign-in", data={"email": email, "password": "x"}).status_code == 422
        assert browser.post("/sign-in", data={"email": email, "password": PASSWORD}).status_code == 303
