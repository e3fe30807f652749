"""`portal routes`: every route with its declared access and audit event, one a line."""

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.web.access import describe_routes


@click.command()
@with_appcontext
def routes() -> None:
    """Print every route: methods, address, endpoint, access, audit event; `undeclared` where there is none."""
    for line in describe_routes(current_app):
        click.echo(line)
