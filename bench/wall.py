"""`make bench`, third part: what the second wall costs, on the same data, side by side.

The work list, the list of cases and the page of a case are opened in turn with the wall (the portal's role, policies,
who acts told to the database) and without it (a superuser, for whom there are no policies, told nothing).
"""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

import config
from portal import create_app, embedded_postgres, roles, wall
from portal.db import db
from portal.demo import story
from portal.web import access

NAME = "bro_bench_wall"
CASES = 10_000
ROUNDS = 150
MOST = 1.20
PERSON, PASSWORD = "katrine@bro.example", "Bro-demo-2026"

# Beside the story's women: cases spread over all organisations, each with what a case has after half a year.
LOAD = """
INSERT INTO user_account (public_id, name, email, email_index, password_hash, language, is_active, created_at)
    SELECT 'bench-user-' || lpad(n::text, 11, '0'), u.name, u.email, decode(md5('bench' || n), 'hex'), u.password_hash,
           'da', true, now() FROM generate_series(1, 200) n, (SELECT * FROM user_account ORDER BY id LIMIT 1) u;
INSERT INTO membership (public_id, user_id, organisation_id, role)
    SELECT 'bench-memb-' || lpad(u.id::text, 11, '0'), u.id, o.id, 'contact_person' FROM user_account u
    JOIN LATERAL (SELECT * FROM organisation ORDER BY id OFFSET u.id % 7 LIMIT 1) o ON true
    WHERE u.public_id LIKE 'bench-user-%';
INSERT INTO client (public_id, protection_level, needs_interpreter)
    SELECT 'bench-clie-' || lpad(n::text, 11, '0'), 0, false FROM generate_series(1, :cases) n;
INSERT INTO client_case (public_id, client_id, reference, lead_reference, owner_organisation_id, state, opened_at,
                         opened_by_id)
    SELECT 'bench-case-' || lpad(c.id::text, 11, '0'), c.id, 'B' || c.id, 'L' || c.id, m.organisation_id, 'open',
           now() - interval '1 day' * (c.id % 300), m.user_id
    FROM (SELECT *, row_number() OVER (ORDER BY id) AS place FROM client WHERE public_id LIKE 'bench-clie-%') c
    JOIN (SELECT *, row_number() OVER (ORDER BY id DESC) - 1 AS place FROM membership
          WHERE role IN ('contact_person', 'municipal_adviser', 'programme_worker')) m ON m.place = c.place % 210;
INSERT INTO team_member (public_id, case_id, user_id, membership_id, organisation_id, is_primary, scope, joined_at)
    SELECT 'bench-team-' || lpad(c.id::text, 11, '0'), c.id, m.user_id, m.id, m.organisation_id, true, 'full',
           c.opened_at
    FROM client_case c JOIN membership m ON m.user_id = c.opened_by_id AND m.organisation_id = c.owner_organisation_id
    WHERE c.reference LIKE 'B%';
INSERT INTO safety_assessment (public_id, case_id, level, assessed_on, review_on, assessed_by_id,
                               created_at)
    SELECT 'bench-safe-' || lpad(c.id::text, 11, '0'), c.id, 'raised', current_date - 20, current_date + 20,
           c.opened_by_id, c.opened_at FROM client_case c WHERE c.reference LIKE 'B%';
INSERT INTO enrolment (public_id, case_id, offer_id, organisation_id, kind, state, created_at, version)
    SELECT 'bench-enro-' || lpad(c.id::text, 11, '0'), c.id, o.id, o.organisation_id, p.kind, 'active', c.opened_at, 1
    FROM client_case c
    JOIN LATERAL (SELECT * FROM offer o ORDER BY o.id OFFSET c.id % 5 LIMIT 1) o ON true
    JOIN programme p ON p.id = o.programme_id WHERE c.reference LIKE 'B%';
INSERT INTO deadline (public_id, source_key, kind, state, organisation_id, owner_id, case_id, subject_type,
                      subject_public_id, due_on, created_at, remind_attempts)
    SELECT 'bench-due-' || lpad(c.id::text, 12, '0'), 'bench:' || c.id, 'risk_review', 'open', c.owner_organisation_id,
           c.opened_by_id, c.id, 'case', c.public_id, current_date + (c.id % 30)::int, now(), 0
    FROM client_case c WHERE c.reference LIKE 'B%'
"""


def main() -> None:
    """Print p50 of both and the ratio per page; fail when it is above what the wall may cost."""
    values = config.load() | {"WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": False, "DATABASE_NAME": NAME}
    server = embedded_postgres.ensure(Path(values["EMBEDDED_DATABASE"]))
    found, bare = roles.prepare(server, NAME), embedded_postgres.create_database(server, NAME)
    behind = _app(values, found.application, found.owner)
    beside = _app(values, bare, found.owner)
    _fill(behind, beside)
    walled, plain = _sign_in(behind), _sign_in(beside)
    pages = ["/day", "/cases", _a_case(walled)]
    print(f"\nThe second wall at {CASES:,} cases, {ROUNDS} rounds in turn")
    print(f"{'with':>8} {'without':>8} {'ratio':>6}  page")
    ratios = [_compare(walled, plain, page) for page in pages]
    if max(ratios) > MOST:
        raise SystemExit(f"The wall costs more than {MOST - 1:.0%}.")


def _app(values: dict[str, object], url: str, owner: str) -> Flask:
    return create_app(values | {"SQLALCHEMY_DATABASE_URI": url, "DATABASE_OWNER_URL": owner})


def _fill(behind: Flask, beside: Flask) -> None:
    with behind.app_context():
        flask_migrate.upgrade()
        story.tell()
    with beside.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
        if connection.scalar(sa.text("SELECT count(*) FROM client")) < CASES:
            for statement in LOAD.split(";\n"):
                connection.execute(sa.text(statement), {"cases": CASES} if ":cases" in statement else {})
    with beside.app_context(), db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("SET statement_timeout = 0"))
        connection.execute(sa.text("ANALYZE"))


def _sign_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.post("/sign-in", data={"email": PERSON, "password": PASSWORD})
    return client


def _a_case(client: FlaskClient) -> str:
    """The star of the story: the fullest page there is."""
    with client.application.app_context(), wall.as_system():
        statement = (
            "SELECT c.public_id FROM client_case c JOIN note n ON n.case_id = c.id GROUP BY c.id ORDER BY count(*) DESC"
        )
        paths = [f"/cases/{public_id}" for public_id in db.session.scalars(sa.text(statement))]
    return next(path for path in paths if client.get(path).status_code == 200)


def _compare(walled: FlaskClient, plain: FlaskClient, page: str) -> float:
    times: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(ROUNDS + 10):
        for has_wall in (True, False) if turn % 2 else (False, True):
            spent = _time(walled, page) if has_wall else _bare(plain, page)
            # The first rounds prepare statements and fill caches.
            if turn >= 10:
                times[has_wall].append(spent)
    with_wall, without = statistics.median(times[True]), statistics.median(times[False])
    print(f"{with_wall:6.1f}ms {without:6.1f}ms {with_wall / without:6.2f}  {page}")
    return with_wall / without


def _bare(client: FlaskClient, page: str) -> float:
    with _untold():
        return _time(client, page)


def _time(client: FlaskClient, page: str) -> float:
    began = time.perf_counter()
    answer = client.get(page)
    spent = (time.perf_counter() - began) * 1000
    assert answer.status_code == 200, f"{page}: {answer.status_code}"
    return spent


@contextmanager
def _untold() -> Iterator[None]:
    """As if the wall had never been thought of: the database is not told who acts."""
    told, tell = access.act_as, wall._tell
    access.act_as = lambda _actor: None
    sa.event.remove(db.session, "after_begin", tell)
    try:
        yield
    finally:
        access.act_as = told
        sa.event.listen(db.session, "after_begin", tell)


if __name__ == "__main__":
    main()
