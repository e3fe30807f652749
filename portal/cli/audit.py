"""`portal audit`: seal the trail outside the database, check it, and acknowledge the gap that a restore leaves."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.core.clock import utc_now
from portal.db import transaction
from portal.domain.labels import label
from portal.services import audit_seal, trail_moving
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


@audit.command("move-out")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
@as_system()
def move_out(folder: Path) -> None:
    """Move what is older than 24 months into signed files in FOLDER, as the owner of the tables. Whole months only."""
    owner = current_app.config["DATABASE_OWNER_URL"]
    if not owner:
        raise click.ClickException("DATABASE_OWNER_URL is missing: only the owner of the tables may move lines.")
    try:
        with transaction():
            moved = trail_moving.move_out(current_app.extensions["anchors"], folder, owner, now=utc_now())
    except trail_moving.Unmoved as problem:
        raise click.ClickException(str(problem)) from problem
    for one in moved:
        held = (
            f"; {one.segment.held} of cases under a legal hold: keep it until that is lifted"
            if one.segment.held
            else ""
        )
        click.echo(f"{one.file}: {one.segment.lines} lines{held}")
    click.echo(f"{len(moved)} files. Put them where the portal's machines cannot reach them, and keep them 36 months.")


@audit.command("check-file")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def check_file(files: tuple[Path, ...]) -> None:
    """Check files of moved lines: every line, and that the portal signed where they end."""
    for file in files:
        try:
            lines = trail_moving.check_file(current_app.extensions["anchors"], file)
        except trail_moving.Unmoved as problem:
            raise click.ClickException(f"{file}: {problem}") from problem
        click.echo(f"{file}: {lines} lines hold together.")
