"""Signing in through a municipality, against a real provider on this machine; what is wrong ends on one page."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import sqlalchemy as sa
from flask import Flask

from portal.core.actor import SYSTEM
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.people import Assurance, SignInProblem
from portal.db import db
from portal.models.audit import AuditEntry
from portal.models.identity import IdentityProvider, LinkedIdentity
from portal.models.organisations import Organisation
from portal.models.users import Membership, UserSession
from portal.oidc import Provider
from portal.services import identity, leavers
from portal.services.accounts import email_index
from tests.factories.people import actor_of, make_member, make_organisation
from tests.support.identity_provider import CLIENT_ID, CLIENT_SECRET, LocalProvider

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
NEUTRAL = "/sign-in/municipality/not-signed-in"


@pytest.fixture
def provider() -> Iterator[LocalProvider]:
    with LocalProvider() as running:
        yield running


@pytest.fixture
def henrik(provider: LocalProvider) -> Membership:
    """A municipal adviser whose municipality has the provider, not linked yet."""
    municipality = make_organisation(OrganisationKind.MUNICIPALITY, name="Aarhus Kommune (prøve)")
    member = make_member(Role.MUNICIPAL_ADVISER, municipality)
    member.user.email = "henrik@example.org"
    member.user.email_index = email_index("henrik@example.org")
    known = Provider(provider.issuer, CLIENT_ID, CLIENT_SECRET)
    identity.set_up(
        municipality, identity.Settings(known, Assurance.SUBSTANTIAL, "aarhus.dk"), actor=SYSTEM, now=utc_now()
    )
    return member


def linked(member: Membership, provider: LocalProvider) -> None:
    row = db.session.scalars(sa.select(IdentityProvider)).one()
    db.session.add(
        LinkedIdentity(
            provider_id=row.id,
            issuer=provider.issuer,
            subject="subject-1",
            user_id=member.user_id,
            linked_at=utc_now(),
        )
    )
    db.session.flush()


def go_path() -> str:
    return f"/sign-in/municipality/go/{db.session.scalars(sa.select(IdentityProvider.public_id)).one()}"


def travel(browser: Any) -> str:
    """To the provider and signed in there: the address by which the browser comes back."""
    away = browser.get(go_path())
    assert away.status_code == 303
    answer = requests.get(away.location, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def problems() -> list[str]:
    lines = sa.select(AuditEntry.fields).where(AuditEntry.action == Audit.SIGN_IN_FAILED).order_by(AuditEntry.id)
    return [field for fields in db.session.scalars(lines) for field in fields]


def sessions() -> int:
    return len(db.session.scalars(sa.select(UserSession.public_id)).all())


def test_a_linked_person_comes_in_by_a_session_like_any_other(
    client: Any, henrik: Membership, provider: LocalProvider
) -> None:
    linked(henrik, provider)
    answer = client.get(travel(client))
    assert (answer.status_code, answer.location) == (303, "/")
    assert "HttpOnly" in answer.headers["Set-Cookie"] or "HttpOnly" in "".join(answer.headers.getlist("Set-Cookie"))
    assert client.get("/day").status_code == 200


def test_only_municipalities_with_a_provider_are_shown(client: Any, henrik: Membership) -> None:
    shelter = make_organisation(name="Krisecenter Hemmelig")
    other = make_organisation(OrganisationKind.MUNICIPALITY, name="Odense Kommune (prøve)")
    names = [shelter.name, other.name, db.session.get_one(Organisation, henrik.organisation_id).name]
    page = client.get("/sign-in/municipality").text
    assert [name in page for name in names] == [False, False, True]
    assert "/sign-in/municipality" in client.get("/sign-in").text


TWISTS: dict[str, dict[str, Any]] = {
    "wrong audience": {"aud": "another-portal"},
    "wrong nonce": {"nonce": "not-ours"},
    "no nonce": {"nonce": None},
    "expired": {"exp": 1_600_000_000},
    "another issuer": {"iss": "http://127.0.0.1:1"},
    "no subject": {"sub": None},
}


@pytest.mark.parametrize("name", TWISTS)
def test_a_token_that_does_not_hold_signs_nobody_in(
    client: Any, henrik: Membership, provider: LocalProvider, name: str
) -> None:
    linked(henrik, provider)
    provider.twist = TWISTS[name]
    answer = client.get(travel(client))
    assert (answer.status_code, answer.location) == (303, NEUTRAL)
    assert (problems(), sessions()) == ([SignInProblem.TOKEN_WRONG], 0)


def test_a_forged_signature_signs_nobody_in(client: Any, henrik: Membership, provider: LocalProvider) -> None:
    linked(henrik, provider)
    provider.signing_key = provider.other_key
    assert client.get(travel(client)).location == NEUTRAL
    assert (problems(), sessions()) == ([SignInProblem.TOKEN_WRONG], 0)


@pytest.mark.parametrize("way", ["none", "secret"])
def test_an_unsigned_token_or_one_signed_with_a_secret_signs_nobody_in(
    client: Any, henrik: Membership, provider: LocalProvider, way: str
) -> None:
    linked(henrik, provider)
    provider.forge = way
    assert client.get(travel(client)).location == NEUTRAL
    assert (problems(), sessions()) == ([SignInProblem.TOKEN_WRONG], 0)


@pytest.mark.parametrize("acr", ["low", "https://data.gov.dk/concept/core/nsis/loa/low", "", "urn:very-sure", None])
def test_a_low_or_unknown_level_signs_nobody_in(
    client: Any, henrik: Membership, provider: LocalProvider, acr: str | None
) -> None:
    linked(henrik, provider)
    provider.twist = {"acr": acr}
    assert client.get(travel(client)).location == NEUTRAL
    assert (problems(), sessions()) == ([SignInProblem.ASSURANCE_LOW], 0)


def test_a_journey_comes_back_once(app: Flask, client: Any, henrik: Membership, provider: LocalProvider) -> None:
    linked(henrik, provider)
    back = travel(client)
    kept = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert kept is not None
    assert client.get(back).location == "/"
    # The thief has the browser's cookie of before and the address, and the provider would even give the code again.
    thief = app.test_client()
    thief.set_cookie(app.config["SESSION_COOKIE_NAME"], kept.value)
    code = parse_qs(urlsplit(back).query)["code"][0]
    provider.codes[code] = {"nonce": "", "code_challenge": ""}
    assert thief.get(back).location == NEUTRAL
    assert (problems(), sessions()) == ([SignInProblem.STATE_USED], 1)


def test_a_code_that_was_used_is_refused_by_the_provider(
    client: Any, henrik: Membership, provider: LocalProvider
) -> None:
    linked(henrik, provider)
    back = travel(client)
    provider.codes.clear()
    assert client.get(back).location == NEUTRAL
    assert problems() == [SignInProblem.PROVIDER_REFUSED]


def test_a_journey_of_another_browser_or_none_is_refused(
    app: Flask, client: Any, henrik: Membership, provider: LocalProvider
) -> None:
    linked(henrik, provider)
    back = travel(client)
    assert app.test_client().get(back).location == NEUTRAL
    assert client.get("/sign-in/municipality/back?code=x&state=y").location == NEUTRAL
    assert client.get("/sign-in/municipality/back?state=%C3%A6").location == NEUTRAL
    assert (set(problems()), sessions()) == ({SignInProblem.STATE_WRONG}, 0)


def test_a_refusal_by_the_provider_ends_on_the_same_page(client: Any, henrik: Membership) -> None:
    state = parse_qs(urlsplit(client.get(go_path()).location).query)["state"][0]
    answer = client.get(f"/sign-in/municipality/back?error=access_denied&state={state}")
    assert answer.location == NEUTRAL
    assert problems() == [SignInProblem.PROVIDER_REFUSED]


def test_an_unknown_person_ends_on_the_same_page(client: Any, henrik: Membership) -> None:
    assert client.get(travel(client)).location == NEUTRAL
    assert (problems(), sessions()) == ([SignInProblem.SUBJECT_UNKNOWN], 0)


def test_the_page_is_the_same_for_everybody(client: Any, app: Flask, henrik: Membership) -> None:
    client.get(travel(client))
    known, stranger = client.get(NEUTRAL).text, app.test_client().get(NEUTRAL).text

    def without_keys(page: str) -> list[str]:
        return [line for line in page.splitlines() if "csrf" not in line and "form_key" not in line]

    assert without_keys(known) == without_keys(stranger)


@pytest.mark.parametrize("what", ["account", "role", "sleep"])
def test_who_has_left_does_not_come_in_by_the_municipality(
    client: Any, henrik: Membership, provider: LocalProvider, what: str
) -> None:
    linked(henrik, provider)
    if what == "account":
        henrik.user.is_active = False
    elif what == "role":
        henrik.ended_at = utc_now()
    else:
        henrik.suspended_at, henrik.suspended_for = utc_now(), "dormant"
    db.session.flush()
    assert client.get(travel(client)).location == NEUTRAL
    assert (problems(), sessions()) == ([SignInProblem.ACCOUNT_CLOSED], 0)


def code_for(henrik: Membership) -> str:
    administrator = make_member(Role.ADMINISTRATOR, db.session.get_one(Organisation, henrik.organisation_id))
    return identity.give_code(henrik.public_id, actor=actor_of(administrator), now=utc_now())


def test_the_first_time_needs_the_address_and_the_code_and_then_neither(
    client: Any, henrik: Membership, provider: LocalProvider
) -> None:
    code = code_for(henrik)
    client.get(travel(client))
    assert client.post("/sign-in/municipality/code", data={"code": "aaaa-bbbb-cccc-dddd"}).status_code == 422
    assert client.post("/sign-in/municipality/code", data={"code": f" {code.upper()} "}).location == "/"
    assert client.get("/day").status_code == 200
    client.delete_cookie("bro_session")
    provider.person["email"] = "somebody.else@example.org"
    assert client.get(travel(client)).location == "/"


def test_a_code_links_once(client: Any, henrik: Membership, provider: LocalProvider) -> None:
    code = code_for(henrik)
    client.get(travel(client))
    client.post("/sign-in/municipality/code", data={"code": code})
    client.delete_cookie("bro_session")
    provider.person["sub"] = "subject-2"
    client.get(travel(client))
    assert client.post("/sign-in/municipality/code", data={"code": code}).status_code == 422
    assert len(db.session.scalars(sa.select(LinkedIdentity.id)).all()) == 1


@pytest.mark.parametrize("told", [{"email": "other@example.org"}, {"email_verified": False}, {"email": None}])
def test_the_code_alone_links_nothing(
    client: Any, henrik: Membership, provider: LocalProvider, told: dict[str, Any]
) -> None:
    code = code_for(henrik)
    provider.twist = told
    client.get(travel(client))
    assert client.post("/sign-in/municipality/code", data={"code": code}).status_code == 422
    assert (db.session.scalars(sa.select(LinkedIdentity.id)).all(), sessions()) == ([], 0)


def test_the_address_alone_links_nothing(client: Any, henrik: Membership) -> None:
    client.get(travel(client))
    for wrong in ("", "x" * 60, "aaaa-bbbb-cccc-dddd"):
        assert client.post("/sign-in/municipality/code", data={"code": wrong}).status_code == 422
    assert db.session.scalars(sa.select(LinkedIdentity.id)).all() == []


def test_without_a_journey_a_code_opens_nothing(app: Flask, client: Any, henrik: Membership) -> None:
    code = code_for(henrik)
    assert client.post("/sign-in/municipality/code", data={"code": code}).status_code == 422
    assert sessions() == 0


def test_a_code_that_is_too_old_or_of_another_municipality_links_nothing(client: Any, henrik: Membership) -> None:
    administrator = make_member(Role.ADMINISTRATOR, db.session.get_one(Organisation, henrik.organisation_id))
    old = identity.give_code(henrik.public_id, actor=actor_of(administrator), now=utc_now() - timedelta(days=4))
    client.get(travel(client))
    assert client.post("/sign-in/municipality/code", data={"code": old}).status_code == 422


def test_a_description_that_leads_elsewhere_is_not_followed(
    client: Any, henrik: Membership, provider: LocalProvider
) -> None:
    with LocalProvider() as elsewhere:
        for name in ("token_endpoint", "jwks_uri", "authorization_endpoint"):
            provider.description = {name: f"{elsewhere.issuer}/token"}
            assert client.get(go_path()).location == NEUTRAL
        provider.description = {"issuer": elsewhere.issuer}
        assert client.get(go_path()).location == NEUTRAL
        assert elsewhere.asked == []


def test_a_provider_that_is_away_is_no_fault_of_ours(client: Any, henrik: Membership, provider: LocalProvider) -> None:
    back = travel(client)
    provider.server.shutdown()
    provider.server.server_close()
    assert client.get(back).location == NEUTRAL
    assert client.get(go_path()).location == NEUTRAL
    assert problems() == [SignInProblem.PROVIDER_SILENT] * 2


def test_an_unknown_or_switched_off_provider_is_not_found(client: Any, henrik: Membership) -> None:
    page = go_path()
    db.session.execute(sa.update(IdentityProvider).values(is_active=False))
    assert client.get(page).status_code == 404
    assert client.get("/sign-in/municipality/go/nobody").status_code == 404


def test_ending_the_role_takes_the_link_with_it(henrik: Membership, provider: LocalProvider) -> None:
    linked(henrik, provider)
    officer = make_member(Role.SAFETY_OFFICER, db.session.get_one(Organisation, henrik.organisation_id))
    leavers.end_membership(henrik.public_id, actor=actor_of(officer), now=utc_now())
    assert db.session.scalars(sa.select(LinkedIdentity.id)).all() == []


def test_an_administrator_reads_the_code_out_once(as_user: AsUser, henrik: Membership) -> None:
    administrator = make_member(Role.ADMINISTRATOR, db.session.get_one(Organisation, henrik.organisation_id))
    public_id, browser = henrik.public_id, as_user(administrator)
    assert "Kode til kommunens log-ind" in browser.get("/people/").text
    page = browser.post(f"/people/{public_id}/link-code")
    assert page.status_code == 200
    assert "<code>" in page.text
    stranger = as_user(make_member(Role.ADMINISTRATOR))
    assert stranger.post(f"/people/{public_id}/link-code").status_code == 404
