"""The page on which the municipalities are set and corrected, with what was before."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.models.cases import Case
from portal.models.users import Membership
from portal.queries import municipalities as queries
from tests.factories.people import make_case, make_member, make_municipality

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")


def told() -> tuple[Membership, Case, str]:
    make_municipality()
    make_municipality("461", "Odense")
    contact = make_member()
    case = make_case(contact, responsible_municipality_code="751")
    return contact, case, f"/cases/{case.public_id}/municipality"


def sent(case: Case, **more: str) -> dict[str, str]:
    return {"version": str(case.version), "responsible": "461", **more}


def test_a_change_stands_in_the_history_with_its_reason(as_user: AsUser) -> None:
    contact, case, page = told()
    browser = as_user(contact)
    answer = browser.post(page, data=sent(case))
    assert answer.status_code == 422
    assert 'id="reason-error"' in answer.text
    assert browser.post(page, data=sent(case, reason="moved")).status_code == 303
    shown = browser.get(page).text
    assert "Flyttet til en anden kommune" in shown
    assert [line.municipality for line in queries.list_history(case.id)] == ["Odense", "Aarhus"]


def test_after_another_one_must_act_the_page_says_that_it_sees_nothing(as_user: AsUser) -> None:
    contact, case, page = told()
    browser = as_user(contact)
    assert "sees-nothing" not in browser.get(page).text
    yesterday = f"{local_date(utc_now()) - timedelta(days=1):%d.%m.%Y}"
    answer = browser.post(page, data=sent(case, reason="moved", from_on=yesterday))
    assert answer.location == page
    shown = browser.get(page).text
    assert "Odense ser ikke noget af sagen af den grund" in shown
    assert f"/transfers/{case.public_id}" in shown
    assert "Handlekommune" in shown
    again = browser.post(page, data=sent(case, from_on=yesterday) | {"version": "2"})
    assert 'id="from_on-error"' in again.text


def test_a_line_is_corrected_and_the_old_one_is_still_read(as_user: AsUser) -> None:
    contact, case, page = told()
    browser = as_user(contact)
    (line,) = queries.list_history(case.id)
    correct = f"{page}/{line.public_id}"
    assert "Odense" in browser.get(correct).text
    bad = browser.post(correct, data={"municipality": "461", "from_on": "01 01 2999"})
    assert bad.status_code == 422
    assert 'id="from_on-error"' in bad.text
    assert browser.post(correct, data={"municipality": "461", "from_on": "01 02 2026"}).status_code == 303
    assert "<s>Aarhus</s>" in browser.get(page).text
    assert browser.get(correct).status_code == 404


def test_strangers_and_other_roles_come_to_nothing(as_user: AsUser) -> None:
    _contact, case, page = told()
    correct = f"{page}/{queries.list_history(case.id)[0].public_id}"
    for address in (page, correct):
        assert as_user(make_member()).get(address).status_code == 404
        assert as_user(make_member(Role.VOLUNTEER)).get(address).status_code == 403
    other, _case, elsewhere = told()
    line = correct.rpartition("/")[2]
    assert as_user(other).post(f"{elsewhere}/{line}", data={"from_on": "01 02 2026"}).status_code == 404


def test_the_page_issues_a_fixed_number_of_statements(as_user: AsUser, count_queries: Any) -> None:
    contact, case, page = told()
    browser = as_user(contact)
    browser.post(page, data=sent(case, reason="moved"))
    browser.get(page)
    count_queries.start()
    assert browser.get(page).status_code == 200
    assert count_queries.stop() <= 12
