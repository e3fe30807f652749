"""Several municipalities: none vouches for another's people, and no other site begins a journey.

ASVS 6.8.1, 7.6.2, 10.1.2, 10.2.2, 10.5.2.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.clock import utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.people import Assurance
from portal.db import db
from portal.models.identity import IdentityProvider, LinkedIdentity
from portal.models.users import Membership, UserSession
from portal.oidc import Provider
from portal.services import identity
from tests.factories.people import make_member, make_organisation
from tests.support.identity_provider import CLIENT_ID, CLIENT_SECRET, LocalProvider

pytestmark = pytest.mark.usefixtures("session")
NEUTRAL = "/sign-in/municipality/not-signed-in"


class House:
    """A municipality with its provider, and one adviser who is linked to `subject-1` there."""

    def __init__(self, provider: LocalProvider, name: str) -> None:
        self.provider, municipality = provider, make_organisation(OrganisationKind.MUNICIPALITY, name=name)
        self.member: Membership = make_member(Role.MUNICIPAL_ADVISER, municipality)
        known = Provider(provider.issuer, CLIENT_ID, CLIENT_SECRET)
        settings = identity.Settings(known, Assurance.SUBSTANTIAL, "example.org")
        identity.set_up(municipality, settings, actor=SYSTEM, now=utc_now())
        row = db.session.scalars(sa.select(IdentityProvider).filter_by(organisation_id=municipality.id)).one()
        self.path = f"/sign-in/municipality/go/{row.public_id}"
        self.row_id = row.id

    def link(self) -> None:
        db.session.add(
            LinkedIdentity(
                provider_id=self.row_id,
                issuer=self.provider.issuer,
                subject="subject-1",
                user_id=self.member.user_id,
                linked_at=utc_now(),
            )
        )
        db.session.flush()


@pytest.fixture
def houses() -> Iterator[tuple[House, House]]:
    with LocalProvider() as first, LocalProvider() as second:
        yield House(first, "Aarhus Kommune (prøve)"), House(second, "Odense Kommune (prøve)")


def back_from(away: str) -> str:
    """Signed in at the provider: the address by which the browser comes back."""
    place = urlsplit(requests.get(away, allow_redirects=False, timeout=5).headers["Location"])
    return f"{place.path}?{place.query}"


def who_is_in() -> list[int]:
    return list(db.session.scalars(sa.select(UserSession.user_id)).all())


def test_the_same_subject_of_another_provider_is_somebody_else(client: Any, houses: tuple[House, House]) -> None:
    ours, other = houses
    ours.link()
    assert client.get(back_from(client.get(other.path).location)).location == NEUTRAL
    assert who_is_in() == []
    other.link()
    assert client.get(back_from(client.get(other.path).location)).location == "/"
    assert who_is_in() == [other.member.user_id]


def test_what_one_provider_gave_is_not_handed_to_another(client: Any, houses: tuple[House, House]) -> None:
    ours, other = houses
    ours.link()
    other.link()
    client.get(ours.path)
    code = back_from(client.get(other.path).location).partition("code=")[2].partition("&")[0]
    state = client.get(ours.path).location.partition("state=")[2].partition("&")[0]
    assert client.get(f"/sign-in/municipality/back?code={code}&state={state}").location == NEUTRAL
    assert who_is_in() == []


@pytest.mark.parametrize(("site", "goes"), [
    ("cross-site", False), ("same-site", False), ("same-origin", True), ("none", True),
])  # fmt: skip
def test_only_our_own_page_begins_a_journey(client: Any, houses: tuple[House, House], site: str, goes: bool) -> None:
    ours, _other = houses
    answer = client.get(ours.path, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 303
    assert answer.location.startswith(ours.provider.issuer) is goes
    assert goes or answer.location == "/sign-in/municipality"
