"""Codes by telephone: inert until typed, used once, silent about who is known; lost factors take two people."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.core.clock import utc_now
from portal.core.enums import Language, Role
from portal.core.messages import MessageKind
from portal.db import db
from portal.models.messages import Message
from portal.models.organisations import Organisation
from portal.models.sign_in import AccountCode, CodeWish
from portal.models.users import Membership, User
from portal.services import account_codes, accounts, factors
from tests.factories.people import actor_of, make_member
from tests.factories.sign_in import give_app, give_recovery_codes
from tests.support.pages import without_fresh

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
CHOSEN = "tre blå fisk i en spand"


def invited(email: str = "ny@example.org", role: Role = Role.INTAKE) -> tuple[Membership, str]:
    admin = make_member(Role.ADMINISTRATOR)
    who = account_codes.Invited("Ny", email, role, Language.DANISH)
    code = account_codes.invite(who, admin.organisation_id, actor=actor_of(admin), now=utc_now())
    db.session.commit()
    return admin, code


def given(email: str, code: str, new: str = CHOSEN) -> dict[str, str]:
    return {"email": email, "code": code, "new": new, "again": new}


def test_opening_the_page_and_sending_it_without_a_code_uses_nothing_up(client: Any) -> None:
    _admin, code = invited()
    for method in ("GET", "HEAD"):
        assert client.open("/code", method=method).status_code == 200
    assert client.post("/code", data={}).status_code == 422
    assert client.post("/code", data=given("ny@example.org", "")).status_code == 422
    assert db.session.scalars(sa.select(AccountCode.used_at)).all() == [None]
    assert client.post("/code", data=given("NY@example.org ", code.lower().replace("-", " "))).status_code == 303
    assert client.post("/code", data=given("ny@example.org", code)).status_code == 422


def test_unknown_wrong_over_used_and_withdrawn_get_one_answer(client: Any) -> None:
    admin, code = invited()
    known = db.session.get_one(User, admin.user_id).email
    _other, spent = invited("spent@example.org")
    client.post("/code", data=given("spent@example.org", spent))
    client.post("/sign-out")
    _third, gone = invited("gone@example.org")
    db.session.execute(sa.update(AccountCode).where(AccountCode.used_at.is_(None)).values(withdrawn_at=utc_now()))
    tries = [
        ("ingen@example.org", code),
        ("ny@example.org", "AAAA-AAAA-AAAA"),
        ("ny@example.org", code),
        ("gone@example.org", gone),
        ("spent@example.org", spent),
        (known, code),
    ]
    pages = set()
    for email, typed in tries:
        answer = client.post("/code", data=given(email, typed))
        pages.add((answer.status_code, without_fresh(answer.text).replace(email, "").replace(typed, "")))
    assert len(pages) == 1
    assert pages.pop()[0] == 422


@pytest.mark.parametrize(("hours", "status"), [(71, 303), (73, 422)])
def test_an_invitation_lasts_three_days(client: Any, hours: int, status: int) -> None:
    _admin, code = invited()
    with time_machine.travel(utc_now() + timedelta(hours=hours)):
        assert client.post("/code", data=given("ny@example.org", code)).status_code == status


def test_a_weak_password_is_refused_beside_its_field_and_the_code_stays_good(client: Any) -> None:
    admin, code = invited()
    name = db.session.get_one(Organisation, admin.organisation_id).name
    for weak in ("kort", "passwordpassword", "Sommer2026Sommer2026", f"{name} {name}", "Ny Ny Ny Ny Ny Ny"):
        assert client.post("/code", data=given("ny@example.org", code, weak)).status_code == 422
    assert client.post("/code", data=given("ny@example.org", code)).status_code == 303


def test_a_forgotten_password_is_answered_alike_and_told_to_the_administrator_later(client: Any) -> None:
    admin = make_member(Role.ADMINISTRATOR)
    member = make_member(Role.INTAKE, admin.organisation)
    email = member.user.email
    pages = set()
    for one in (email, "ingen@example.org", email):
        answer = client.post("/forgotten", data={"email": one})
        pages.add((answer.status_code, without_fresh(answer.text)))
    assert len(pages) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CodeWish)) == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0
    for _ in range(2):
        account_codes.answer_wishes(now=utc_now())
    told = db.session.execute(sa.select(Message.recipient_id, Message.kind)).all()
    assert told == [(admin.user_id, MessageKind.SECOND_PERSON_NEEDED)]


def test_a_new_password_leaves_the_second_factor_in_place(client: Any) -> None:
    admin = make_member(Role.ADMINISTRATOR)
    member = make_member(Role.INTAKE, admin.organisation)
    give_app(member)
    code = account_codes.give(member.user, admin.organisation_id, actor=actor_of(admin), now=utc_now())
    answer = client.post("/code", data=given(member.user.email, code))
    assert answer.location == "/sign-in"
    assert client.get("/messages/").status_code == 303
    assert factors.kinds_of(member.user_id)


def test_lost_factors_take_two_people_and_neither_is_the_one_they_belong_to(as_user: AsUser, client: Any) -> None:
    admin = make_member(Role.ADMINISTRATOR)
    home = admin.organisation
    member, officer = make_member(Role.INTAKE, home), make_member(Role.SAFETY_OFFICER, home)
    give_app(member)
    give_recovery_codes(member)
    email, public_id, user_id = member.user.email, member.public_id, member.user_id
    first, second, stranger = as_user(admin), as_user(officer), as_user(make_member(Role.SAFETY_OFFICER))
    assert first.post(f"/admin/users/{public_id}/lost").status_code == 303
    row = db.session.scalars(sa.select(AccountCode)).one()
    url = f"/admin/codes/{row.public_id}/confirm"
    assert row.code_index is None
    assert (first.post(url).status_code, stranger.post(url).status_code) == (403, 404)
    page = second.post(url).text
    found = re.search(r'<code class="spoken">([A-Z0-9-]{14})</code>', page)
    assert found
    assert second.post(url).status_code == 409
    assert client.post("/code", data=given(email, found[1])).status_code == 303
    assert factors.kinds_of(user_id) == frozenset()
    assert accounts.is_password(accounts.find_user(email), CHOSEN)


def test_a_code_that_is_taken_back_is_worth_nothing(as_user: AsUser, client: Any) -> None:
    admin, code = invited()
    row = db.session.scalars(sa.select(AccountCode.public_id)).one()
    stranger, own = as_user(make_member(Role.ADMINISTRATOR)), as_user(admin)
    assert stranger.post(f"/admin/codes/{row}/withdraw").status_code == 404
    assert own.post(f"/admin/codes/{row}/withdraw").status_code == 303
    assert own.post(f"/admin/codes/{row}/withdraw").status_code == 404
    assert client.post("/code", data=given("ny@example.org", code)).status_code == 422


def test_no_route_lets_an_administrator_choose_a_password(as_user: AsUser) -> None:
    admin = make_member(Role.ADMINISTRATOR)
    member = make_member(Role.INTAKE, admin.organisation)
    email = member.user.email
    as_user(admin).post(f"/admin/users/{member.public_id}/password", data={"new": CHOSEN, "password": CHOSEN})
    assert not accounts.is_password(accounts.find_user(email), CHOSEN)
