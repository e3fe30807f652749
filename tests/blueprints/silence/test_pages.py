"""Quiet for long: on the case, on the worker's list, and without names for the lead."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.kinds import ContactMode, ContactResult
from portal.db import db
from portal.models.organisations import Organisation
from portal.queries import children as child_queries
from portal.services import blocks, children, notes
from portal.services.children import ChildRecord
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
    assert "Ingen kontakt endnu" in browser.get(page).text
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


@pytest.mark.parametrize(("role", "page"), [(Role.CONTACT_PERSON, "/quiet/"), (Role.PROGRAMME_LEAD, "/quiet/lead")])
def test_the_list_goes_on_where_it_stopped(as_user: AsUser, monkeypatch: Any, role: Role, page: str) -> None:
    monkeypatch.setattr("portal.queries.silence.PAGE_SIZE", 2)
    member = make_member()
    cases = [quiet_case(member, days=40 - number // 2) for number in range(5)]
    found = [case.reference if role is Role.CONTACT_PERSON else case.lead_reference for case in cases]
    house = db.session.get_one(Organisation, member.organisation_id)
    browser = as_user(member if role is Role.CONTACT_PERSON else make_member(role, house))
    seen, url = [], page
    for _number in range(3):
        text = browser.get(url).text
        seen += [one for one in found if one in text]
        more = re.search(r'href="([^"]+)" rel="next"', text)
        url = more[1] if more else ""
    assert seen == found
    assert url == ""


@pytest.mark.parametrize("page", ["/quiet/?after=nonsense", "/quiet/?after=WzFd"])
def test_a_cursor_of_no_list_is_a_bad_question(as_user: AsUser, page: str) -> None:
    assert as_user(make_member()).get(page).status_code == 400


def test_the_lead_counts_children_nobody_has_spoken_with(as_user: AsUser) -> None:
    member = make_member()
    house = db.session.get_one(Organisation, member.organisation_id)
    by = {"actor": actor_of(member), "now": utc_now()}
    old, new = quiet_case(member, days=70), make_case(member)
    first = [children.add(old, ChildRecord(birth_year=2015 + number, is_along=True), **by) for number in range(3)]
    children.add(new, ChildRecord(birth_year=2018, is_along=True), **by)
    children.add(old, ChildRecord(birth_year=2019, is_along=False), **by)
    first[0].last_spoken_on = local_date(utc_now()) - timedelta(days=2)
    first[1].last_spoken_on = local_date(utc_now()) - timedelta(days=60)
    quiet_case(make_member(), days=70)
    db.session.flush()
    lead = make_member(Role.PROGRAMME_LEAD, house)
    found = child_queries.count_unspoken(actor_of(lead), today=local_date(utc_now()))
    assert (found.children, found.unspoken, found.cases) == (4, 2, 1)
    text = as_user(lead).get("/quiet/lead").text
    assert "2 børn har ingen talt med i 60 dage" in text
    assert "<strong>2</strong><span>børn" in as_user(lead).get("/reports/").text
    stranger = actor_of(make_member(Role.PROGRAMME_LEAD))
    assert child_queries.count_unspoken(stranger, today=local_date(utc_now())).children == 0


def test_a_lead_who_is_kept_out_of_a_case_does_not_count_its_children() -> None:
    member = make_member()
    lead = make_member(Role.PROGRAMME_LEAD, db.session.get_one(Organisation, member.organisation_id))
    case, by = make_case(member), {"actor": actor_of(member), "now": utc_now()}
    children.add(case, ChildRecord(birth_year=2015, is_along=True), **by)
    today = local_date(utc_now())
    assert child_queries.count_unspoken(actor_of(lead), today=today).children == 1
    blocks.keep_out(case, user_id=lead.user_id, reason=None, **by)
    assert child_queries.count_unspoken(actor_of(lead), today=today).children == 0
