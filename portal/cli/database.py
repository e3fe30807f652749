"""`portal db`: where the database is, bring it up to date, and whether tables and migrations agree."""

from pathlib import Path

import click
import flask_migrate
from flask.cli import with_appcontext
from sqlalchemy import make_url

import config
from portal import embedded_postgres, roles
from portal.core.clock import utc_now
from portal.core.jobs import OutsideWork
from portal.db import transaction
from portal.jobs import vault
from portal.services import outside_work
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


@db.command("backed-up")
@click.option("--failed", is_flag=True, help="It went wrong.")
@with_appcontext
def backed_up(failed: bool) -> None:
    """Tell the portal that a backup was made. From the first on, the administrators hear when one is late."""
    _note(OutsideWork.BACKUP, is_done=not failed)


@db.command("drilled")
@click.option("--failed", is_flag=True, help="It went wrong.")
@with_appcontext
def drilled(failed: bool) -> None:
    """Tell the portal that a backup was restored to see whether it can be."""
    _note(OutsideWork.RESTORE_DRILL, is_done=not failed)


def _note(work: OutsideWork, *, is_done: bool) -> None:
    with transaction():
        outside_work.note(work, is_done=is_done, now=utc_now())
    click.echo("Written down.")


@db.command()
@with_appcontext
def check() -> None:
    """Fail when the tables differ from what the code declares."""
    flask_migrate.check()
