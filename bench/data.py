"""The data of the jobs: what `portal demo load` makes, at two sizes, kept in the portal's folder between runs."""

import os
from datetime import timedelta
from pathlib import Path

import flask_migrate
import sqlalchemy as sa
from flask import Flask

import config
from portal import create_app, embedded_postgres, roles
from portal.core.clock import utc_now
from portal.db import db
from portal.demo.national import load as national
from portal.demo.national.sizes import of_cases
from portal.jobs import vault
from portal.wall import as_system

# Contacts beside a case: with its notes, stays and days about a million rows at 100,000 cases, as in the targets.
CONTACTS = 10
OPEN = {"WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": False}

# So that there is a page 200: the reader of the work list has this many things to do in years to come.
FAR_AHEAD, PAGES = timedelta(days=400), 205
TAIL = """
INSERT INTO deadline (public_id, source_key, kind, state, organisation_id, owner_id, case_id, subject_type,
                      subject_public_id, due_on, created_at, remind_attempts)
    SELECT 'bench-tail-' || lpad(n::text, 11, '0'), 'bench:' || n, 'risk_review', 'open', c.owner_organisation_id,
           :reader, c.id, 'case', c.public_id, CAST(:first AS date) + (n / 20)::int, now(), 0
    FROM generate_series(1, :rows) n
    JOIN (SELECT c.*, row_number() OVER (ORDER BY c.id) - 1 AS place, count(*) OVER () AS every
          FROM client_case c JOIN team_member m ON m.case_id = c.id
          WHERE m.user_id = :reader AND m.ended_at IS NULL AND c.state = 'open') c ON c.place = n % c.every
"""


def name_of(cases: int) -> str:
    """The database of a size."""
    return f"bro_bench_{cases}"


def server() -> str:
    """The server of DATABASE_URL, or the embedded engine."""
    values = config.load()
    return values["SQLALCHEMY_DATABASE_URI"] or embedded_postgres.ensure(Path(values["EMBEDDED_DATABASE"]))


def bare_address(cases: int) -> str:
    """The data of a size for somebody before whom there is no wall, in the form that every PostgreSQL program reads."""
    address = sa.make_url(embedded_postgres.create_database(server(), name_of(cases)))
    return address.set(drivername="postgresql").render_as_string(hide_password=False)


def application(cases: int) -> Flask:
    """The portal on that data, as the demo runs it."""
    os.environ.setdefault("PORTAL_ENV", "demo")
    found = roles.prepare(server(), name_of(cases))
    own = {"DATABASE_NAME": name_of(cases), "SQLALCHEMY_DATABASE_URI": found.application}
    return create_app(config.load() | OPEN | own | {"DATABASE_OWNER_URL": found.owner})


def prepare(cases: int) -> Flask:
    """The same, loaded if this size was never measured here before."""
    app = application(cases)
    with app.app_context():
        flask_migrate.upgrade()
        vault.tend(utc_now())
        try:
            national.load(of_cases(cases, cases * CONTACTS), utc_now(), say=print)
        except national.NotEmpty:
            db.session.remove()
    return app


def lengthen(reader: int) -> None:
    """Give the reader a list of 200 pages, once."""
    with as_system():
        if not db.session.scalar(sa.text("SELECT EXISTS (SELECT FROM deadline WHERE source_key = 'bench:1')")):
            first = utc_now().date() + FAR_AHEAD
            db.session.execute(sa.text(TAIL), {"reader": reader, "first": first, "rows": PAGES * 50})
            db.session.commit()
        db.session.rollback()
