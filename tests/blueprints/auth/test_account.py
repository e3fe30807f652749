"""One's own account: a new password ends the other sessions, a device is signed out, a role is changed."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.core.clock import utc_now
from portal.core.enums import OrganisationKind, Role
from portal.domain.passwords import problem
from portal.queries import accounts as queries
from portal.services import accounts
from tests.factories.people import actor_of, make_member, make_organisation

AsUser = Callable[..., Any]
OLD, NEW = "correct horse battery", "tre blå fisk i en spand"
pytestmark = pytest.mark.usefixtures("session")


@pytest.mark.parametrize(("password", "is_good"), [
    ("kort", False), ("Sommer2026!!!", False), ("Krisecenter2026", False), ("111111111111", False),
    ("aaaabbbbaaaabbbb", False), ("x" * 129, False), ("123456789012", False), (NEW, True),
    ("Blåbærgrød med fløde " * 5, True),
])  # fmt: skip
def test_a_password_is_long_and_not_guessable(password: str, is_good: bool) -> None:
    assert (problem(password, about=("Anna Holm", "Krisecenter Lærken")) is None) is is_good


def test_a_new_password_ends_all_other_sessions(as_user: AsUser) -> None:
    member = make_member()
    email = member.user.email
    here, elsewhere = as_user(member), as_user(member)
    wrong = here.post("/account/password", data={"current": "x", "new": NEW, "again": NEW})
    unlike = here.post("/account/password", data={"current": OLD, "new": NEW, "again": NEW + "!"})
    right = here.post("/account/password", data={"current": OLD, "new": NEW, "again": NEW})
    assert (wrong.status_code, unlike.status_code, right.status_code) == (422, 422, 303)
    assert NEW not in unlike.get_data(as_text=True)
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    assert accounts.is_password(accounts.find_user(email), NEW)


def test_a_device_is_signed_out_by_its_owner_alone(as_user: AsUser) -> None:
    member = make_member()
    here, elsewhere, stranger = as_user(member), as_user(member), as_user(make_member())
    ids = [row.public_id for row in queries.list_sessions(actor_of(member), now=utc_now())]
    hashes = {row.public_id: row.token_hash for row in queries.list_sessions(actor_of(member), now=utc_now())}
    mine = accounts.token_hash(here.get_cookie("bro_session").value)
    other = next(public_id for public_id in ids if hashes[public_id] != mine)
    assert stranger.post(f"/account/sessions/{other}/end").status_code == 404
    assert here.post(f"/account/sessions/{other}/end").status_code == 303
    assert elsewhere.get("/account").status_code == 303


def test_one_role_at_a_time_and_only_ones_own(as_user: AsUser) -> None:
    member = make_member(Role.CONTACT_PERSON)
    second = accounts.add_membership(member.user, make_organisation(OrganisationKind.NGO), Role.VOLUNTEER_COORDINATOR)
    browser = as_user(member)
    assert browser.get("/volunteers/").status_code == 403
    assert browser.post(f"/account/roles/{make_member().public_id}").status_code == 404
    assert browser.post(f"/account/roles/{second.public_id}").status_code == 303
    assert browser.get("/volunteers/").status_code == 200
