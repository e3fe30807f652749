"""Asks routes of a world that stays as it was: every request is undone, and what it changed is seen before."""

import contextvars
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from portal.core.clock import utc_now
from portal.db import Base, db
from portal.models.users import Membership, User, UserSession
from portal.services import accounts
from tests.support.lowering import lowered
from tests.support.pages import without_fresh

# A look and a refusal are written down, a session is seen, attempts are counted: nothing else may differ.
MOVES = {"audit_event", "audit_head", "user_session", "rate_counter"}
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


class Asker:
    """One person's browser that forgets what it was told: the same cookies with every request."""

    def __init__(self, app: Flask, member: Membership | None, *, has_proved: bool = True) -> None:
        self.browser = app.test_client(use_cookies=False)
        cookies = {"bro_session": session_of(member, has_proved=has_proved)} if member else {}
        first = self._open("/account" if member else "/sign-in", "GET", cookies)
        found = TOKEN.search(first.text)
        assert found, "the page has no token"
        kept = first.headers.getlist("Set-Cookie")
        cookies |= dict(line.partition(";")[0].split("=", 1) for line in kept if not line.startswith("bro_session="))
        self.cookies, self.token = cookies, found[1]

    def ask(
        self,
        path: str,
        method: str = "GET",
        *,
        has_token: bool = True,
        is_part: bool = False,
        data: Mapping[str, Any] | None = None,
    ) -> TestResponse:
        """One request with or without the form's token; `is_part`: as htmx asks, whose refusals are short."""
        sent = dict(data or {}) | ({"csrf_token": self.token} if has_token else {})
        given: dict[str, Any] = {"data": sent} if method not in ("GET", "HEAD", "OPTIONS") else {}
        return self._open(path, method, self.cookies, is_part=is_part, **given)

    def _open(
        self, path: str, method: str, cookies: dict[str, str], *, is_part: bool = False, **given: Any
    ) -> TestResponse:
        line = "; ".join(f"{name}={value}" for name, value in cookies.items())
        headers = ({"Cookie": line} if line else {}) | ({"HX-Request": "true"} if is_part else {})
        connection = db.engine
        assert isinstance(connection, sa.Connection)
        with lowered(connection):
            return contextvars.Context().run(self.browser.open, path, method=method, headers=headers, **given)


def session_of(member: Membership, *, has_proved: bool = True) -> str:
    """A session, as a rule of somebody who has just proved who she is: behind that door nothing unknown may stand.

    It is last seen hours from now. That a request was made is taken back with it, and a full-size run takes long.
    """
    user = db.session.get_one(User, member.user_id)
    token = accounts.open_session(user, member, now=utc_now())
    mine = UserSession.token_hash == accounts.token_hash(token)
    later = sa.func.clock_timestamp() + sa.text("interval '6 hours'")
    db.session.execute(
        sa.update(UserSession).where(mine).values(seen_at=later, stepped_up_at=later if has_proved else None)
    )
    db.session.commit()
    return token


@contextmanager
def undone(app: Flask) -> Iterator[None]:
    """Whatever requests save inside is taken back."""
    connection: Any = db._app_engines[app][None]
    db.session.commit()
    point = connection.begin_nested()
    try:
        yield
    finally:
        db.session.rollback()
        point.rollback()


def checksums() -> dict[str, str]:
    """What every table holds, as one number a table, without what moves with every look."""
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name not in MOVES:
            rows = f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table.name}" t'
            found[table.name] = str(db.session.scalar(sa.text(rows)))
    return found


def alike(answer: TestResponse, *ids: str) -> tuple[int, list[tuple[str, str]], str]:
    """An answer without what differs every time: tokens, seconds, and the ids that were asked for."""
    text = answer.get_data().decode(errors="replace")
    head = [(name, value) for name, value in answer.headers if name not in ("Content-Length", "Set-Cookie", "Date")]
    for one in ids:
        text, head = text.replace(one, "…"), [(name, value.replace(one, "…")) for name, value in head]
    return answer.status_code, sorted(head), without_fresh(text)
