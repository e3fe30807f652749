"""The team's own page of whom the case is closed to, and the watch list of which it is told nothing."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from selectolax.lexbor import LexborHTMLParser

from portal.core.clock import utc_now
from portal.core.enums import OrganisationKind, Role
from portal.db import db
from portal.models.access import CaseBlock, WatchedPerson
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.models.users import Membership
from portal.services import cases
from tests.factories.people import actor_of, make_case, make_member, make_organisation
from tests.support.counting import Counter

AsUser = Callable[..., Any]


def make_page() -> tuple[Membership, Case, str]:
    owner = make_member()
    case = make_case(owner)
    return owner, case, f"/cases/{case.public_id}/keep-out"


@pytest.mark.parametrize("has_account", [True, False])
def test_the_team_sees_whom_it_has_closed_the_case_to_and_not_whether_he_signs_in_here(
    as_user: AsUser, has_account: bool
) -> None:
    owner, _case, page = make_page()
    address = make_member(name="Bjarne Bror").user.email if has_account else "bjarne@example.net"
    browser = as_user(owner)
    sent = {"out-email": address, "out-reason": "Hendes bror"}
    for _ in range(2):
        assert browser.submit(page, page, sent).status_code == 303
    (row,) = LexborHTMLParser(browser.get(page).text).css("#kept-out li")
    words = " ".join(row.text().split())
    assert re.fullmatch(rf"{re.escape(address)} en e-mail Hendes bror siden .*, af .+", words)


def test_an_organisation_may_be_chosen(as_user: AsUser) -> None:
    owner, _case, page = make_page()
    house = make_organisation(OrganisationKind.MUNICIPALITY)
    assert as_user(owner).submit(page, page, {"out-organisation": house.public_id}).status_code == 303
    assert db.session.scalars(sa.select(CaseBlock.organisation_id)).all() == [house.id]


@pytest.mark.parametrize(
    "typed",
    [{"out-reason": "En grund uden nogen"}, {"out-email": "intet", "out-reason": "Grund"},
     {"out-organisation": "A" * 22, "out-reason": "Grund"}, {"out-email": "x" * 300 + "@y.dk"}],
)  # fmt: skip
def test_what_was_typed_is_kept_when_it_is_refused(as_user: AsUser, typed: dict[str, str]) -> None:
    owner, _case, page = make_page()
    answer = as_user(owner).submit(page, page, typed)
    assert answer.status_code == 422
    assert typed.get("out-reason", "") in answer.text
    assert db.session.scalars(sa.select(CaseBlock.id)).all() == []


def test_the_own_house_is_refused_beside_the_field(as_user: AsUser) -> None:
    owner, _case, page = make_page()
    answer = as_user(owner).submit(page, page, {"out-organisation": owner.organisation.public_id})
    assert answer.status_code == 422
    assert db.session.scalars(sa.select(CaseBlock.id)).all() == []


def test_a_name_goes_on_the_list_and_is_never_shown_again(as_user: AsUser) -> None:
    owner, case, page = make_page()
    browser, watch = as_user(owner), f"/cases/{case.public_id}/watch"
    sent = {"watch-relation": "former_partner", "watch-name": "Anders Højgård", "watch-email": "a@example.net"}
    assert browser.submit(page, watch, sent).status_code == 303
    text = browser.get(page).text
    assert "Anders" not in text and "a@example.net" not in text
    assert db.session.scalars(sa.select(WatchedPerson.name)).all() == ["Anders Højgård"]
    lines = db.session.scalars(sa.select(AuditEntry)).all()
    assert not any("Anders" in str(line.fields) + str(line.reason) for line in lines)


@pytest.mark.parametrize(
    "typed",
    [{"watch-name": "Anders"}, {"watch-relation": "former_partner"}, {"watch-relation": "nobody", "watch-name": "A"},
     {"watch-relation": "other", "watch-phone": "12", "watch-name": "Anders"}],
)  # fmt: skip
def test_a_refused_name_is_kept_in_the_form(as_user: AsUser, typed: dict[str, str]) -> None:
    owner, case, page = make_page()
    answer = as_user(owner).submit(page, f"/cases/{case.public_id}/watch", typed)
    assert answer.status_code == 422
    assert typed.get("watch-name", "") in answer.text
    assert db.session.scalars(sa.select(WatchedPerson.id)).all() == []


def test_the_answer_is_the_same_whether_or_not_he_is_here(as_user: AsUser) -> None:
    owner, case, page = make_page()
    there = make_member(name="Anders Friis")
    browser, watch, answers = as_user(owner), f"/cases/{case.public_id}/watch", []
    for name in ("Anders Friis", "Carl Nobody"):
        sent = {"watch-relation": "former_partner", "watch-name": name}
        answer = browser.submit(page, watch, sent)
        answers.append((answer.status_code, answer.location, dict(answer.headers).keys()))
    assert answers[0] == answers[1]
    assert db.session.scalars(sa.select(CaseBlock.user_id)).all() == [there.user_id]
    # What the list closed is the officer's to know: on the page it would tell the writer that he is here.
    assert "Anders Friis" not in browser.get(page).text


def test_a_double_click_writes_once(as_user: AsUser) -> None:
    owner, case, page = make_page()
    browser, watch = as_user(owner), f"/cases/{case.public_id}/watch"
    sent = browser.hidden(page, watch) | {"watch-relation": "other", "watch-name": "Anders"}
    assert [browser.post(watch, data=sent).status_code for _click in range(2)] == [303, 303]
    assert len(db.session.scalars(sa.select(WatchedPerson.id)).all()) == 1


@pytest.mark.parametrize("role", [Role.MUNICIPAL_ADVISER, Role.PROGRAMME_WORKER])
def test_the_whole_team_may_and_the_municipality_with_a_part_may_not(as_user: AsUser, role: Role) -> None:
    owner, case, page = make_page()
    member = make_member(role)
    cases.join_team(case.id, member.user_id, actor=actor_of(owner), now=utc_now())
    expected = 403 if role is Role.MUNICIPAL_ADVISER else 200
    assert as_user(member).get(page).status_code == expected


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM}))
def test_strangers_find_nothing(as_user: AsUser, role: Role) -> None:
    _owner, case, page = make_page()
    browser = as_user(make_member(role))
    for path in (page, f"/cases/{case.public_id}/watch"):
        assert browser.post(path, data={}).status_code in (403, 404)
    assert browser.get(page).status_code in (403, 404)


def test_the_page_costs_few_statements_however_many_are_kept_out(as_user: AsUser, count_queries: Counter) -> None:
    owner, _case, page = make_page()
    browser, taken = as_user(owner), []
    for more in (1, 5):
        for _number in range(more):
            browser.submit(page, page, {"out-email": make_member().user.email})
        count_queries.start()
        browser.get(page)
        taken.append(count_queries.stop())
    assert taken[0] == taken[1] <= 12
