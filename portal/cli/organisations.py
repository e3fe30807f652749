"""`portal organisation`: take one in with the first person who can let others in, and open what it gives."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from flask.cli import with_appcontext

from portal.core.actor import SYSTEM
from portal.core.clock import utc_now
from portal.core.enums import Language, OrganisationKind, Region
from portal.core.errors import DomainError
from portal.core.money import parse_kroner
from portal.db import transaction
from portal.queries import organisations as queries
from portal.services import organisations as service
from portal.wall import as_system

SECOND_APPROVAL_ABOVE_ORE = 500_000


@click.group()
def organisation() -> None:
    """Centres, municipalities and associations that use the portal."""


def _told(work: Callable[..., None]) -> Callable[..., None]:
    """Do it in one transaction; a refusal is a sentence on the terminal, and nothing is changed."""

    @wraps(work)
    def command(**given: Any) -> None:
        try:
            with as_system(), transaction():
                work(**given)
        except (DomainError, ValueError) as refusal:
            raise click.ClickException(str(refusal)) from refusal

    return command


@organisation.command()
@click.argument("name")
@click.option("--kind", type=click.Choice([kind.value for kind in OrganisationKind]), required=True)
@click.option("--region", type=click.Choice([region.value for region in Region]), required=True)
@click.option("--municipality", help="The three-digit code of a municipality.")
@click.option("--cpr", is_flag=True, help="By law it may hold CPR numbers.")
@click.option("--administrator", required=True, help="The name of the first administrator.")
@click.option("--email", required=True, help="Her e-mail address, to sign in with.")
@with_appcontext
@_told
def add(name: str, kind: str, region: str, municipality: str | None, cpr: bool, administrator: str, email: str) -> None:
    """Take an organisation in; prints the one-time password of its first administrator."""
    joined = service.found(
        name,
        OrganisationKind(kind),
        Region(region),
        municipality_code=municipality,
        may_hold_cpr=cpr,
        actor=SYSTEM,
        now=utc_now(),
    )
    password = service.appoint(joined, administrator, email, Language.DANISH, actor=SYSTEM, now=utc_now())
    click.echo(f"{name} is in. {administrator} signs in as {email} with {password}, and chooses her own password.")


@organisation.command()
@click.argument("name")
@click.argument("programme")
@click.option("--places", type=click.IntRange(min=1), help="Places at once; none for no fixed number.")
@click.option("--kroner", help="The budget of a fund, for a programme that gives grants.")
@with_appcontext
@_told
def give(name: str, programme: str, places: int | None, kroner: str | None) -> None:
    """Open a programme at an organisation, by its key in the reference data."""
    giver = queries.get_by_name(name)
    offer = service.open_offer(giver, programme, capacity=places, actor=SYSTEM, now=utc_now())
    if kroner is not None:
        budget = parse_kroner(kroner)
        service.open_fund(offer, name, budget, SECOND_APPROVAL_ABOVE_ORE, actor=SYSTEM, now=utc_now())
    click.echo(f"{name} gives {programme}.")
