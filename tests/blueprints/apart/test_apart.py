"""The page on which a team says whom she must not meet, and answers those who ask."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.safety import ApartState, PlacementPath
from portal.core.states import CaseState
from portal.db import db
from portal.domain.apart import Placement
from portal.models.apart import ApartQuestion, KeepApart
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.models.users import Membership
from portal.services import apart, placements
from portal.services.apart import Kept
from tests.factories.people import actor_of, agree, make_case, make_member, make_organisation
from tests.support.counting import Counter

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
HTMX = {"HX-Request": "true"}


def make_page() -> tuple[Membership, Case, str]:
    owner = make_member()
    case = make_case(owner, name="Amira Karim")
    return owner, case, f"/apart/{case.public_id}"


def flags() -> list[KeepApart]:
    return list(db.session.scalars(sa.select(KeepApart).order_by(KeepApart.id)))


def ask(owner: Membership, case: Case, colleague: Membership, *, actor: Membership | None = None) -> ApartQuestion:
    """Somebody of the house wants her on the team, and the owner has said that the two must not meet."""
    apart.from_person(case, colleague.user.email, Kept("Hendes kusine"), actor=actor_of(owner), now=utc_now())
    wanted = Placement(PlacementPath.TEAM, case.public_id, colleague.user.public_id)
    placements.ask(wanted, actor=actor_of(actor or owner), now=utc_now())
    return db.session.scalars(sa.select(ApartQuestion)).one()


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("name", "sent", "kept"),
    [
        ("case", {"case-reference": "2026-9999"}, "2026-9999"),
        ("person", {"person-email": "en@example.net"}, "en@example.net"),
        ("area", {"area-areas": "2600-2650, 2400"}, "2400, 2600-2650"),
    ],
)
def test_the_team_notes_it_and_sees_it(
    as_user: AsUser, name: str, sent: dict[str, str], kept: str, headers: dict[str, str]
) -> None:
    owner, _case, page = make_page()
    browser, action = as_user(owner), f"{page}/{name}"
    more = browser.hidden(page, action) | sent | {f"{name}-note": "Kun for os", f"{name}-review_on": "01.06.2027"}
    answer = browser.post(action, data=more, headers=headers)
    assert answer.status_code == (200 if headers else 303)
    text = browser.get(page).text
    assert kept in text and "Kun for os" in text and "se på det igen 01.06.2027" in text
    assert [flag.state for flag in flags()] == [ApartState.ASKED if name == "case" else ApartState.IN_FORCE]


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("case", {"case-reference": " "}),
        ("person", {"person-email": "ingen adresse"}),
        ("area", {"area-areas": "nord for byen"}),
        ("area", {"area-areas": "2400", "area-review_on": "i morgen"}),
        ("area", {"area-areas": "2400", "area-review_on": "01.01.2020"}),
    ],
)
def test_what_was_typed_is_kept_when_it_is_refused(as_user: AsUser, name: str, sent: dict[str, str]) -> None:
    owner, _case, page = make_page()
    answer = as_user(owner).submit(page, f"{page}/{name}", sent | {f"{name}-note": "Skrevet med omhu"})
    assert answer.status_code == 422
    assert "Skrevet med omhu" in answer.text
    assert all(value.strip() in answer.text for value in sent.values())
    assert answer.text.count("error-summary") == 1
    assert flags() == []


def test_the_case_itself_is_refused_beside_the_field(as_user: AsUser) -> None:
    owner, case, page = make_page()
    answer = as_user(owner).submit(page, f"{page}/case", {"case-reference": case.reference})
    assert answer.status_code == 422
    assert 'id="case-reference-error"' in answer.text


@pytest.mark.parametrize("path", ["", "/case", "/person", "/area", "/flags/{flag}/end", "/questions/{question}"])
def test_a_stranger_finds_nothing_there(as_user: AsUser, path: str) -> None:
    owner, case, page = make_page()
    colleague = make_member(organisation=owner.organisation)
    question = ask(owner, case, colleague)
    url = page + path.format(flag=flags()[0].public_id, question=question.public_id)
    stranger = as_user(make_member())
    answer = stranger.get(url) if not path else stranger.post(url, data={"answer": "go_ahead"})
    nothing = stranger.get(f"/apart/{'A' * 22}")
    assert (answer.status_code, nothing.status_code) == (404, 404)
    assert flags()[0].state is ApartState.IN_FORCE


def test_what_belongs_to_another_case_is_not_there(as_user: AsUser) -> None:
    owner, case, page = make_page()
    colleague = make_member(organisation=owner.organisation)
    question = ask(owner, case, colleague)
    elsewhere = f"/apart/{make_case(owner).public_id}"
    browser = as_user(owner)
    flag_id, question_id = flags()[0].public_id, question.public_id
    assert browser.post(f"{elsewhere}/flags/{flag_id}/end").status_code == 404
    assert browser.post(f"{elsewhere}/questions/{question_id}", data={"answer": "no"}).status_code == 404
    assert browser.post(f"{page}/flags/{flag_id}/erase").status_code == 404


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.PROGRAMME_LEAD, Role.HOUSING_COORDINATOR, Role.ADMINISTRATOR])
def test_a_wrong_role_is_refused_at_the_door(as_user: AsUser, role: Role) -> None:
    owner, _case, page = make_page()
    browser = as_user(make_member(role, owner.organisation))
    assert browser.get(page).status_code == 403
    assert browser.post(f"{page}/area", data={"area-areas": "2400"}).status_code == 403


def test_whoever_has_a_part_of_the_case_is_not_let_in(as_user: AsUser) -> None:
    _owner, case, page = make_page()
    house = make_organisation(OrganisationKind.MUNICIPALITY)
    adviser = make_member(Role.MUNICIPAL_ADVISER, house)
    agree(case, house.id)
    browser = as_user(adviser)
    assert browser.get(page).status_code == 404
    assert browser.post(f"{page}/area", data={"area-areas": "2400"}).status_code == 404


def test_a_closed_case_is_told_nothing_new_and_lets_go(as_user: AsUser) -> None:
    owner, case, page = make_page()
    apart.from_areas(case, "2400", Kept(), actor=actor_of(owner), now=utc_now())
    case.state, case.closed_at = CaseState.CLOSED, utc_now()
    db.session.flush()
    browser, flag_id = as_user(owner), flags()[0].public_id
    sent = {"area-areas": "2500", "area-note": "Skrevet med omhu"}
    answer = browser.post(f"{page}/area", data=sent)
    assert answer.status_code == 409
    assert "Skrevet med omhu" in answer.text
    assert browser.post(f"{page}/flags/{flag_id}/renew").status_code == 409
    assert f'action="{page}/area"' not in browser.get(page).text
    assert browser.post(f"{page}/flags/{flag_id}/end").status_code == 303
    assert flags()[0].state is ApartState.ENDED


def test_it_is_renewed_and_taken_away(as_user: AsUser) -> None:
    owner, case, page = make_page()
    apart.from_areas(case, "2400", Kept(), actor=actor_of(owner), now=utc_now())
    browser, at = as_user(owner), f"{page}/flags/{flags()[0].public_id}"
    assert browser.submit(page, f"{at}/renew").status_code == 303
    assert browser.submit(page, f"{at}/end").status_code == 303
    assert browser.post(f"{at}/end").status_code == 404
    assert "Intet er noteret" in browser.get(page).text


@pytest.mark.parametrize("said", ["go_ahead", "no"])
def test_the_team_answers_from_its_work_list(as_user: AsUser, said: str) -> None:
    owner, case, page = make_page()
    colleague = make_member(organisation=owner.organisation, name="Karla")
    question = ask(owner, case, colleague, actor=make_member(organisation=owner.organisation, name="Birgit"))
    email, action = colleague.user.email, f"{page}/questions/{question.public_id}"
    browser = as_user(owner)
    day = browser.get("/day").text
    assert "Nogen spørger, før de giver en plads" in day and page in day
    text = browser.get(page).text
    assert "Birgit" in text and email in text and "hvem der kommer med i teamet" in text
    refused = browser.submit(page, action, {})
    assert refused.status_code == 422
    assert browser.submit(page, action, {"answer": said}).status_code == 303
    assert db.session.scalars(sa.select(ApartQuestion.answer)).one().value == said
    assert browser.post(action, data={"answer": said}).status_code == 409
    assert action not in browser.get(page).text


def test_another_team_is_asked_without_being_told_who_it_is(as_user: AsUser) -> None:
    owner, other_owner = make_member(name="Rigmor"), make_member(name="Signe")
    case, other = make_case(owner, name="Amira Karim"), make_case(other_owner)
    page = f"/apart/{case.public_id}"
    apart.from_case(case, other.reference, Kept("Hemmelig note"), actor=actor_of(owner), now=utc_now())
    apart.look_for(now=utc_now())
    reference, secret, there = case.reference, case.public_id, f"/apart/{other.public_id}"
    question_id = db.session.scalars(sa.select(ApartQuestion.public_id)).one()
    browser = as_user(other_owner)
    text = browser.get(there).text
    for word in (reference, secret, "Amira", "Hemmelig", "Rigmor"):
        assert word not in text
    before = as_user(owner).get(page).text
    assert "spurgt, gælder ikke endnu" in before
    action = f"{there}/questions/{question_id}"
    assert browser.submit(there, action, {"answer": "go_ahead"}).status_code == 303
    assert flags()[0].state is ApartState.IN_FORCE
    assert browser.submit(there, action, {"answer": "no"}).status_code == 303
    assert flags()[0].state is ApartState.ASKED


def test_no_form_asks_why_or_who(as_user: AsUser) -> None:
    owner, _case, page = make_page()
    text = as_user(owner).get(page).text
    for word in ('name="case-reason"', 'name="person-name"', 'name="person-reason"', 'name="area-reason"'):
        assert word not in text


def test_the_trail_names_nobody_and_no_reason(as_user: AsUser) -> None:
    owner, case, page = make_page()
    sent = {"person-email": "en@example.net", "person-note": "Hendes bror"}
    as_user(owner).submit(page, f"{page}/person", sent)
    rows = db.session.scalars(sa.select(AuditEntry)).all()
    assert not any("example" in str(row.fields) + str(row.reason) or "bror" in str(row.reason) for row in rows)
    assert case.id in {row.case_id for row in rows if row.action == "keep_apart:set"}


def test_the_page_costs_as_many_statements_for_many_as_for_one(as_user: AsUser, count_queries: Counter) -> None:
    counted = []
    for number in (1, 12):
        owner, case, page = make_page()
        for at in range(number):
            apart.from_areas(case, f"{2400 + at}", Kept(), actor=actor_of(owner), now=utc_now())
        browser = as_user(owner)
        browser.get(page)
        count_queries.start()
        assert browser.get(page).status_code == 200
        counted.append(count_queries.stop())
    assert counted[0] == counted[1] <= 12, counted
