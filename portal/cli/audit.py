"""`portal audit`: seal the trail outside the database, check it, and acknowledge the gap that a restore leaves."""

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.core.clock import utc_now
from portal.db import transaction
from portal.domain.labels import label
from portal.services import audit_seal
from portal.wall import as_system


@click.group()
def audit() -> None:
    """The audit trail's chain (docs/audit.md)."""


@audit.command()
@with_appcontext
@as_system()
def anchor() -> None:
    """Sign the heads that have moved since the last time, and write them to AUDIT_ANCHORS."""
    with transaction():
        count = audit_seal.anchor(current_app.extensions["anchors"], now=utc_now())
    click.echo(f"Signed {count} heads into {current_app.config['AUDIT_ANCHORS']}.")


@audit.command()
@with_appcontext
@as_system()
def verify() -> None:
    """Check every line against the chain and the anchors. Ends with an error when anything is wrong."""
    with transaction():
        checked = audit_seal.verify(current_app.extensions["anchors"], now=utc_now())
    with transaction():
        audit_seal.report(checked, now=utc_now())
    for fault in checked.faults:
        click.echo(f"chain {fault.chain}, line {fault.seq}: {label(fault.kind)}")
    if checked.faults:
        raise click.ClickException(f"{len(checked.faults)} faults in {checked.lines} lines.")
    click.echo(f"{checked.lines} lines hold together.")


@audit.command()
@click.option("--reason", required=True, help="Which backup was restored, when, and why.")
@with_appcontext
@as_system()
def reseal(reason: str) -> None:
    """After a restore: acknowledge what the backup did not hold. The trail says that and why."""
    with transaction():
        count = audit_seal.reseal(current_app.extensions["anchors"], reason=reason, now=utc_now())
    click.echo(f"{count} chains had lost lines; where they end now has been signed.")
