"""`portal organisation`: take one in with the first person who can let others in, and open what it gives."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.core.actor import SYSTEM
from portal.core.clock import utc_now
from portal.core.enums import Language, OrganisationKind, Region
from portal.core.errors import DomainError
from portal.core.money import parse_kroner
from portal.core.people import Assurance
from portal.db import transaction
from portal.oidc import Provider
from portal.queries import organisations as queries
from portal.services import identity as identity_service
from portal.services import organisation_exits as exits
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
    """Take an organisation in; prints the code with which its first administrator chooses her password."""
    joined = service.found(
        name,
        OrganisationKind(kind),
        Region(region),
        municipality_code=municipality,
        may_hold_cpr=cpr,
        actor=SYSTEM,
        now=utc_now(),
    )
    code = service.appoint(joined, administrator, email, Language.DANISH, actor=SYSTEM, now=utc_now())
    page = f"{current_app.config['PUBLIC_URL']}/code"
    click.echo(f"{name} is in. {administrator} opens {page} within three days and types {email} and {code}.")


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


@organisation.command()
@click.argument("name")
@click.option("--issuer", required=True, help="The provider's issuer, an https address.")
@click.option("--client-id", required=True, help="What the provider calls the portal.")
@click.option("--client-secret", prompt=True, hide_input=True, envvar="BRO_CLIENT_SECRET", help="Asked for, or read.")
@click.option(
    "--assurance",
    type=click.Choice([Assurance.SUBSTANTIAL.value, Assurance.HIGH.value]),
    default=Assurance.SUBSTANTIAL.value,
    help="The weakest level that is let in.",
)
@click.option("--email-domain", help="Shown beside the name, such as aarhus.dk.")
@click.option("--off", is_flag=True, help="Keep the settings, let nobody in by them.")
@with_appcontext
@_told
def identity(
    name: str, issuer: str, client_id: str, client_secret: str, assurance: str, email_domain: str | None, off: bool
) -> None:
    """Let the people of a municipality sign in through its own identity provider."""
    settings = identity_service.Settings(
        Provider(issuer, client_id, client_secret), Assurance(assurance), email_domain, is_active=not off
    )
    identity_service.set_up(queries.get_by_name(name), settings, actor=SYSTEM, now=utc_now())
    click.echo(f"{name} signs in through {issuer}." if not off else f"{name} no longer signs in through {issuer}.")


@organisation.command()
@click.argument("name")
@with_appcontext
@_told
def leave(name: str) -> None:
    """Say for an organisation that it is to leave; somebody of its own confirms it on the page."""
    exits.ask(queries.get_by_name(name), actor=SYSTEM, now=utc_now())
    click.echo(f"{name} leaves when its administrator or data-protection officer has confirmed it in the portal.")
