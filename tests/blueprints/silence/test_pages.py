"""Quiet for long: on the case, on the worker's list, and without names for the lead."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.kinds import ContactMode, ContactResult
from portal.db import db
from portal.models.organisations import Organisation
from portal.services import notes
from tests.factories.people import actor_of, make_case, make_member

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")


def quiet_case(member: Any, days: int = 30, **values: Any) -> Any:
    case = make_case(member, **values)
    case.opened_at = utc_now() - timedelta(days=days)
    db.session.flush()
    return case


def test_the_worker_sees_her_own_and_the_case_says_it(as_user: AsUser) -> None:
    member = make_member()
    case, fresh = quiet_case(member, name="Amira Karim"), make_case(member)
    log = {"mode": ContactMode.PHONE, "result": ContactResult.NOT_REACHED, "actor": actor_of(member), "now": utc_now()}
    notes.log_contact(case, **log)
    browser, reference, other, page = as_user(member), case.reference, fresh.reference, f"/cases/{case.public_id}"
    text = browser.get("/quiet/").text
    assert reference in text and "Amira Karim" in text
    assert other not in text
    assert "Kontakt for 30 dage siden" in browser.get(page).text
    assert "forsøgt 1 gang siden" in browser.get(page).text
    notes.log_contact(case, **log | {"result": ContactResult.REACHED, "minutes": 2})
    assert reference not in browser.get("/quiet/").text
    assert "Kontakt i dag" in browser.get(page).text
    assert 'href="/quiet/"' in browser.get("/cases").text


def test_the_lead_sees_days_and_no_name(as_user: AsUser) -> None:
    member = make_member()
    house = db.session.get_one(Organisation, member.organisation_id)
    case = quiet_case(member, name="Amira Karim")
    hidden, shown, public_id = case.reference, case.lead_reference, case.public_id
    text = as_user(make_member(Role.PROGRAMME_LEAD, house)).get("/quiet/lead").text
    assert shown in text
    for word in (hidden, "Amira", public_id):
        assert word not in text
    assert shown not in as_user(make_member(Role.PROGRAMME_LEAD)).get("/quiet/lead").text


@pytest.mark.parametrize(
    ("role", "page"),
    [(Role.PROGRAMME_LEAD, "/quiet/"), (Role.VOLUNTEER, "/quiet/"), (Role.CONTACT_PERSON, "/quiet/lead")],
)
def test_others_are_refused_at_the_door(as_user: AsUser, role: Role, page: str) -> None:
    assert as_user(make_member(role)).get(page).status_code == 403


def test_nobody_elses_cases_are_there(as_user: AsUser) -> None:
    reference = quiet_case(make_member()).reference
    answer = as_user(make_member()).get("/quiet/").text
    assert reference not in answer
    assert 'class="empty"' in answer


def test_the_list_costs_the_same_for_many(as_user: AsUser, count_queries: Any) -> None:
    counted = []
    for number in (1, 20):
        member = make_member()
        for _number in range(number):
            quiet_case(member, name="Amira")
        browser = as_user(member)
        browser.get("/quiet/")
        count_queries.start()
        assert browser.get("/quiet/").status_code == 200
        counted.append(count_queries.stop())
    assert counted[0] == counted[1] <= 8, counted
