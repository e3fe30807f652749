"""Databases of the demo: told once in a test process, which takes most of a minute, and copied for whoever looks."""

import psycopg
from flask import Flask
from flask_migrate import upgrade
from psycopg import sql
from sqlalchemy import make_url

import config as settings
from portal import create_app, roles
from portal.core.clock import utc_now
from portal.db import db
from portal.demo import story

TEST_KEY = "1:QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY="
# The moment at which the story ends.
NOW = utc_now()


def build(server_url: str, name: str, *, copy_of: str | None = None, **environment: str) -> Flask:
    """An application of the demo on the database `name`: a fresh one, or a copy of one that nobody has open."""
    if copy_of is not None:
        _copy(server_url, copy_of, name)
    found = roles.prepare(server_url, name)
    given = {
        "PORTAL_ENV": "demo",
        "BRO_KEYS": TEST_KEY,
        "SECRET_KEY": "test" * 10,
        "MAIL_BACKEND": "memory",
        "DATABASE_URL": found.application,
        "DATABASE_OWNER_URL": found.owner,
    }
    application = create_app(settings.load(given | environment) | {"DATABASE_NAME": name})
    with application.app_context():
        upgrade()
    return application


def tell(server_url: str, name: str) -> str:
    """Tell the story to a fresh database of that name, and let go of it. Returns the name."""
    application = build(server_url, name)
    with application.app_context():
        assert story.tell(NOW)
        db.session.remove()
        db.engine.dispose()
    return name


def _copy(server_url: str, source: str, name: str) -> None:
    address = make_url(server_url).set(drivername="postgresql").render_as_string(hide_password=False)
    making = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source))
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(making)
