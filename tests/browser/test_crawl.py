"""Looking changes nothing: every page that links lead to, by GET and HEAD, as several roles, and by a prefetcher."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal.db import db
from portal.demo.logins import PASSWORD
from portal.wall import as_system

LINK = re.compile(r'href="(/[^"#]*)"')
MOST = 60
# A look is written down, a session is seen, attempts are counted: nothing else may differ.
MOVES = {"audit_event", "audit_head", "user_session", "rate_counter"}


def checksums(portal: Flask) -> dict[str, str]:
    """What every table holds, as one number a table."""
    found = {}
    with portal.app_context(), as_system():
        for table in db.metadata.sorted_tables:
            if table.name not in MOVES:
                rows = f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table.name}" t'
                found[table.name] = str(db.session.scalar(sa.text(rows)))
        db.session.rollback()
    assert found["client_case"] != "None"
    return found


def crawl(browser: FlaskClient) -> Iterator[tuple[str, int]]:
    """Follow every link from the front page on, at most so many, each by HEAD and by GET."""
    waiting, seen = ["/day", "/messages/", "/account", "/help"], set()
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        # One page of each kind is enough.
        kind = re.sub(r"[\w-]{22}|\d+", "*", urlsplit(path).path)
        if kind in seen or path.startswith("/static"):
            continue
        seen.add(kind)
        browser.head(path, headers={"Sec-Purpose": "prefetch;prerender", "Purpose": "prefetch"})
        answer = browser.get(path)
        yield path, answer.status_code
        waiting += LINK.findall(answer.get_data(as_text=True)) if answer.mimetype == "text/html" else []


@pytest.mark.parametrize("key", ["katrine", "ditte", "ida", "mette"])
def test_a_crawl_of_all_pages_changes_nothing(portal: Flask, key: str) -> None:
    browser = portal.test_client()
    page = browser.get("/sign-in").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    sent = {"csrf_token": token[1], "email": f"{key}@bro.example", "password": PASSWORD}
    assert browser.post("/sign-in", data=sent).status_code == 303
    before = checksums(portal)
    visited = dict(crawl(browser))
    assert checksums(portal) == before
    assert len(visited) > 5
    assert {path: status for path, status in visited.items() if status >= 500} == {}


def test_who_looks_ahead_without_a_session_sees_the_sign_in_page(portal: Flask) -> None:
    before = checksums(portal)
    for path in ("/", "/cases", "/day", "/sign-in"):
        answer = portal.test_client().get(path, headers={"Purpose": "prefetch"}, follow_redirects=True)
        text = answer.get_data(as_text=True)
        assert "<title>Portal</title>" in text and "og:" not in text and "description" not in text
    assert checksums(portal) == before
