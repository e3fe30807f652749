"""`portal vault`: the state of the keys, and new ones while the portal runs."""

import click
from flask.cli import with_appcontext

from portal.core.errors import NotFound
from portal.core.protection import KeyKind
from portal.db import transaction
from portal.jobs import vault as tending
from portal.queries import organisations
from portal.services import key_rotation, reindex, reseal
from portal.wall import as_system

REPLACED = (KeyKind.SUBJECT, KeyKind.LOCATION, KeyKind.CASE, KeyKind.ORGANISATION)


@click.group()
def vault() -> None:
    """Keys. Every command can be broken off and given again."""


@vault.command("rotate-root")
@with_appcontext
@as_system()
def rotate_root() -> None:
    """Wrap the organisations' keys with the newest root key. Afterwards the old one can leave BRO_KEYS."""
    click.echo(f"{tending.rewrap()} keys wrapped anew.")
    left = reseal.count_left()
    if left:
        click.echo("Keep the old root key: values in old envelopes are left. `portal vault reseal` seals them anew.")


@vault.command("rotate-organisation")
@click.argument("name", required=False)
@click.option("--all", "everyone", is_flag=True, help="Every organisation, and the platform itself.")
@with_appcontext
@as_system()
def rotate_organisation(name: str | None, everyone: bool) -> None:
    """Give an organisation a new key and wrap its data keys with it."""
    if everyone == (name is not None):
        raise click.ClickException("Name one organisation, or say --all.")
    with transaction():
        chosen = key_rotation.organisations_with_keys() if name is None else [_organisation_id(name)]
    for organisation_id in chosen:
        with transaction():
            key_rotation.retire_organisation_key(organisation_id)
    click.echo(f"{tending.rewrap()} keys wrapped anew.")


@vault.command("replace-key")
@click.argument("kind", type=click.Choice([kind.value for kind in REPLACED]))
@click.argument("public_id")
@with_appcontext
@as_system()
def replace_key(kind: str, public_id: str) -> None:
    """Give one person, place, case or organisation a new key on suspicion, and seal everything of hers with it."""
    try:
        with transaction():
            key_rotation.replace_data_key(KeyKind(kind), public_id)
    except NotFound as unknown:
        raise click.ClickException("Nobody has such a key.") from unknown
    click.echo(f"{tending.reseal_all()} values sealed anew.")


@vault.command("reseal")
@with_appcontext
@as_system()
def reseal_command() -> None:
    """Seal anew what stands in old envelopes or under a retired key."""
    click.echo(f"{tending.reseal_all()} values sealed anew.")


@vault.command("reindex")
@with_appcontext
@as_system()
def reindex_command() -> None:
    """Give every index a new key and make its values anew. Signing in waits meanwhile: do it at night."""
    with transaction():
        click.echo(f"{reindex.reindex_sign_in()} accounts.")
    for organisation in organisations.list_all():
        with transaction():
            click.echo(f"{reindex.reindex_organisation(organisation)} women of {organisation.name}.")


@vault.command()
@with_appcontext
@as_system()
def status() -> None:
    """Print what is left to do."""
    with transaction():
        left = reseal.count_left()
    for table, number in left.items():
        click.echo(f"{table}: {number} values in old envelopes or under a retired key")
    if not left:
        click.echo("Nothing is left to do.")


def _organisation_id(name: str) -> int:
    try:
        return organisations.get_by_name(name).id
    except NotFound as unknown:
        raise click.ClickException(f"No organisation is called {name}.") from unknown
