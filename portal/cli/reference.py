"""`portal reference`: the data that comes with the project."""

import click
from flask.cli import with_appcontext

from portal.core.actor import SYSTEM
from portal.core.clock import utc_now
from portal.db import transaction
from portal.services import reference as service
from portal.wall import as_system


@click.group()
def reference() -> None:
    """Programmes and municipalities."""


@reference.command()
@with_appcontext
def load() -> None:
    """Take in the reference files. Can be run again."""
    with as_system(), transaction():
        loaded = service.load(actor=SYSTEM, now=utc_now())
    click.echo(f"{loaded.programmes} programmes, {loaded.municipalities} municipalities.")
