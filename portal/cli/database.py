"""`portal db`: where the database is, bring it up to date, and whether tables and migrations agree."""

from pathlib import Path

import click
import flask_migrate
from flask.cli import with_appcontext
from sqlalchemy import make_url

import config
from portal import embedded_postgres, roles
from portal.core.clock import utc_now
from portal.jobs import vault
from portal.wall import as_system


@click.group()
def db() -> None:
    """The database in use."""


@db.command()
def url() -> None:
    """Print its address, in the form that every PostgreSQL program reads."""
    values = config.load()
    target = (
        values["DATABASE_OWNER_URL"]
        or values["SQLALCHEMY_DATABASE_URI"]
        or embedded_postgres.address(Path(values["EMBEDDED_DATABASE"]), values["DATABASE_NAME"])
    )
    click.echo(make_url(target).set(drivername="postgresql").render_as_string(hide_password=False))


@db.command("roles")
@click.option("--name", default="bro", show_default=True, help="The database.")
def print_roles(name: str) -> None:
    """Print what an administrator of the server runs once, in psql: the two roles and the database."""
    click.echo(roles.script(name))


@db.command()
@with_appcontext
@as_system()
def migrate() -> None:
    """Apply the migrations that are missing, as the owner of the tables (DATABASE_OWNER_URL), and tend the keys."""
    flask_migrate.upgrade()
    vault.tend(utc_now())


@db.command()
@with_appcontext
def check() -> None:
    """Fail when the tables differ from what the code declares."""
    flask_migrate.check()
