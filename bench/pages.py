"""`make bench`, second part: every page that a role can open, on the demo's story: time, statements and size.

The figures are of one process without a network: compare them with each other, on the same machine.
"""

import re
import statistics
import time
from collections.abc import Iterator

import flask_migrate
from flask import Flask
from flask.testing import FlaskClient

import config
from bench.statements import counted
from portal import create_app
from portal.db import db
from portal.demo import story
from portal.demo.logins import LOGINS

ROUNDS = 15
MOST_STATEMENTS = 12
DETAILS_PER_PAGE = 3
LEAVE_OUT = re.compile(r"^/(static|sign|language|leave|weather|health)")


def main() -> None:
    """Print one line per page, the slowest first."""
    app = create_app(config.load() | {"WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": False})
    with app.app_context():
        flask_migrate.upgrade()
        story.tell()
        db.session.remove()
    rows = [row for login in LOGINS for row in _walk(app, login)]
    print(f"{'median':>8} {'p95':>8} {'SQL':>4} {'kB':>6}  role, page")
    for median, slow, statements, size, role, path in sorted(rows, reverse=True):
        mark = "  ← too many statements" if statements > MOST_STATEMENTS else ""
        print(f"{median:6.1f}ms {slow:6.1f}ms {statements:4d} {size / 1000:6.1f}  {role}  {path}{mark}")


def _walk(app: Flask, login: dict[str, str]) -> Iterator[tuple[float, float, int, int, str, str]]:
    client = app.test_client()
    client.post("/sign-in", data={"email": login["email"], "password": login["password"]})
    home = client.get("/", follow_redirects=True)
    seen = set()
    waiting = [home.request.path, *_links(home.get_data(as_text=True))]
    depth = dict.fromkeys(waiting, 0)
    while waiting:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        if depth[path] == 0:
            for link in _details(path, _links(answer.get_data(as_text=True))):
                depth.setdefault(link, 1)
                waiting.append(link)
        yield *_measure(client, path), str(login["role"]), path


def _links(page: str) -> list[str]:
    found = dict.fromkeys(re.findall(r'href="(/[^"#?]*)"', page))
    return [path for path in found if not LEAVE_OUT.match(path)]


def _details(path: str, links: list[str]) -> list[str]:
    """Take a few links of each shape: fifty rows of one list are one page to us."""
    shapes: dict[str, list[str]] = {}
    for link in links:
        shapes.setdefault(re.sub(r"[A-Za-z0-9_-]{22}", "…", link), []).append(link)
    return [link for shape in shapes.values() for link in shape[:DETAILS_PER_PAGE]]


def _measure(client: FlaskClient, path: str) -> tuple[float, float, int, int]:
    with counted() as statements:
        size = len(client.get(path).data)
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        client.get(path)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=20)[-1], len(statements), size


if __name__ == "__main__":
    main()
