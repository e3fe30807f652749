"""A new case: what must be said of her, and who has it when intake has opened it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.enums import Role
from portal.db import db
from portal.models.cases import Case, TeamMember
from portal.models.deadlines import Deadline
from portal.models.messages import Message
from tests.factories.people import make_member

AsUser = Callable[..., Any]
HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.usefixtures("session")


def the_case() -> Case:
    return db.session.scalars(sa.select(Case)).one()


def team() -> list[int]:
    live = sa.select(TeamMember.user_id).where(TeamMember.case_id == the_case().id, TeamMember.ended_at.is_(None))
    return list(db.session.scalars(live))


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize("role", [Role.CONTACT_PERSON, Role.INTAKE])
@pytest.mark.parametrize("sent", [{}, {"name": "  "}, {"birth_year": "1988"}, {"name": "Amira", "is_unnamed": "y"}])
def test_neither_a_name_nor_a_word_opens_nothing(
    as_user: AsUser, role: Role, sent: dict[str, str], headers: dict[str, str]
) -> None:
    answer = as_user(make_member(role)).post("/cases/new", data=sent, headers=headers)
    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text
    assert '<a href="#name">' in answer.text
    if "birth_year" in sent:
        assert 'value="1988"' in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Case)) == 0


@pytest.mark.parametrize("sent", [{"name": "Amira"}, {"is_unnamed": "y"}])
def test_either_opens_the_case_of_whoever_works_on_it(as_user: AsUser, sent: dict[str, str]) -> None:
    member = make_member()
    answer = as_user(member).post("/cases/new", data=sent)
    assert answer.location == f"/cases/{the_case().public_id}"
    assert team() == [member.user_id]


def test_intake_opens_a_case_for_a_colleague_who_has_it_and_is_told(as_user: AsUser) -> None:
    lone = make_member(Role.INTAKE)
    maja = make_member(Role.CONTACT_PERSON, lone.organisation, name="Maja Holm")
    browser, chosen = as_user(lone), maja.user.public_id
    assert "Hvem skal arbejde med sagen?" in browser.get("/cases/new").text
    answer = browser.post("/cases/new", data={"name": "Amira", "taker": chosen})
    case = the_case()
    assert (answer.status_code, answer.location) == (303, "/day")
    assert f"Sag {case.reference} er åbnet. Maja Holm har den nu og har fået besked." in browser.get("/day").text
    assert team() == [maja.user_id]
    assert db.session.scalars(sa.select(Message.recipient_id)).all() == [maja.user_id]
    # The house's rules: intake does not look into what it opened.
    assert browser.get(f"/cases/{case.public_id}").status_code in (403, 404)
    assert as_user(maja).get(f"/cases/{case.public_id}").status_code == 200


def test_a_case_for_nobody_yet_waits_where_intake_gives_it_away(as_user: AsUser) -> None:
    lone = make_member(Role.INTAKE)
    maja = make_member(Role.CONTACT_PERSON, lone.organisation)
    browser, chosen = as_user(lone), maja.user.public_id
    answer = browser.post("/cases/new", data={"is_unnamed": "y"})
    case = the_case()
    assert answer.location == f"/people/without-team#case-{case.public_id}"
    page = browser.get("/people/without-team").text
    assert f"Sag {case.reference} er åbnet, og ingen arbejder med den endnu." in page
    assert f"hvor den hedder {case.lead_reference}." in page
    assert f'id="case-{case.public_id}"' in page
    assert team() == []
    assert db.session.scalars(sa.select(Deadline.queue_role)).all() == [Role.INTAKE]
    given = browser.post(f"/people/without-team/{case.public_id}", data={"user": chosen})
    assert given.status_code == 303
    assert team() == [maja.user_id]


def test_only_a_colleague_who_takes_cases_can_be_chosen(as_user: AsUser) -> None:
    lone, stranger = make_member(Role.INTAKE), make_member()
    second = make_member(Role.INTAKE, lone.organisation)
    browser, chosen = as_user(lone), [one.user.public_id for one in (stranger, second, lone)]
    for wrong in chosen:
        answer = browser.post("/cases/new", data={"name": "Amira", "taker": wrong})
        assert answer.status_code == 422
        assert 'id="taker-error"' in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Case)) == 0


def test_the_form_sent_twice_opens_one_case_and_leads_home(as_user: AsUser) -> None:
    lone = make_member(Role.INTAKE)
    maja = make_member(Role.CONTACT_PERSON, lone.organisation)
    browser, sent = as_user(lone), {"form_key": "k" * 22, "name": "Amira", "taker": maja.user.public_id}
    assert [browser.post("/cases/new", data=sent).location for _click in range(2)] == ["/day", "/day"]
    assert the_case().reference


def test_who_works_on_cases_herself_is_not_asked_for_whom(as_user: AsUser) -> None:
    page = as_user(make_member()).get("/cases/new").text
    assert 'name="taker"' not in page
    assert re.search(r'<label class="form-label" for="name">Navn</label>', page)
