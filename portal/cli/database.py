"""`portal db`: where the database is, bring it up to date, and whether tables and migrations agree."""

from pathlib import Path

import click
import flask_migrate
from flask.cli import with_appcontext
from sqlalchemy import make_url

import config
from portal import embedded_postgres
from portal.core.clock import utc_now
from portal.jobs import vault


@click.group()
def db() -> None:
    """The database in use."""


@db.command()
def url() -> None:
    """Print its address, in the form that every PostgreSQL program reads."""
    values = config.load()
    target = values["SQLALCHEMY_DATABASE_URI"] or embedded_postgres.address(
        Path(values["EMBEDDED_DATABASE"]), values["DATABASE_NAME"]
    )
    click.echo(make_url(target).set(drivername="postgresql").render_as_string(hide_password=False))


@db.command()
@with_appcontext
def migrate() -> None:
    """Apply the migrations that are missing, and do what is due to keys and sealed values."""
    flask_migrate.upgrade()
    vault.tend(utc_now())


@db.command()
@with_appcontext
def check() -> None:
    """Fail when the tables differ from what the code declares."""
    flask_migrate.check()
