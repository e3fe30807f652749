"""Passwords can be pasted and kept, last as long as they are good, and every page lets one sign out.

ASVS 6.2.6, 6.2.7, 6.2.10, 6.3.2, 6.4.2, 7.4.4.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.db import db
from portal.models.users import User
from tests.factories.people import make_member
from tests.web.test_every_door import doors

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
PASSWORD = "correct horse battery"
ROOT = Path(__file__).parents[2]
INPUT = re.compile(r"<input\b[^>]*>")


def secret_inputs(page: str) -> list[str]:
    """What is typed into a page that nobody should see."""
    named = re.compile(r'type="password"|name="(password|current|new|again)"')
    return [one for one in INPUT.findall(page) if named.search(one)]


@pytest.mark.parametrize("path", ["/sign-in", "/account", "/code"])
def test_a_password_is_masked_and_may_come_from_a_keeper_of_passwords(client: Any, as_user: AsUser, path: str) -> None:
    browser = as_user(make_member()) if path == "/account" else client
    found = secret_inputs(browser.get(path).text)
    assert found
    for one in found:
        assert 'type="password"' in one, one
        assert re.search(r'autocomplete="(current|new)-password"', one), one
        assert not re.search(r"onpaste|readonly|pattern=", one), one


def test_no_script_stands_in_the_way_of_pasting() -> None:
    scripts = list((ROOT / "portal" / "static").glob("*.js"))
    assert scripts
    assert [path.name for path in scripts if re.search(r"[\"']paste[\"']|clipboard", path.read_text())] == []


def test_a_password_that_is_ten_years_old_is_still_good(client: Any) -> None:
    member = make_member(now=utc_now() - timedelta(days=3653))
    answer = client.post("/sign-in", data={"email": member.user.email, "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/")
    names = [column.name for column in User.__table__.columns]
    assert [name for name in names if "password" in name] == ["password_hash"], "nothing counts its days"


def test_no_column_holds_a_hint_or_a_secret_question() -> None:
    names = [f"{table.name}.{column.name}" for table in db.metadata.sorted_tables for column in table.columns]
    assert [name for name in names if re.search(r"hint|security_question|secret_answer|maiden", name)] == []


@pytest.mark.parametrize("role", [Role.CONTACT_PERSON, Role.ADMINISTRATOR, Role.VOLUNTEER])
def test_one_can_sign_out_from_every_page(app: Flask, as_user: AsUser, role: Role) -> None:
    browser, without, seen = as_user(make_member(role)), [], 0
    for rule, method, url in doors(app):
        answer = browser.get(url) if method == "GET" else None
        # The page to which one leaves knows nothing of the portal, and of no session.
        if answer and answer.status_code == 200 and "<html" in answer.text and url != "/weather":
            seen += 1
            without += [] if 'action="/sign-out"' in answer.text or 'action="/leave"' in answer.text else [rule.rule]
    assert seen > 5
    assert without == []


def test_nobody_has_an_account_before_somebody_was_let_in() -> None:
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 0
