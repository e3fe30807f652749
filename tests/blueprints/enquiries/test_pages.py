"""Enquiries on the screen: taken down in two presses, put right, counted, turned into a case."""

from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.models.enquiries import Enquiry
from tests.factories.enquiries import make_enquiry
from tests.factories.people import actor_of, make_case, make_member

CALL = {"asker": "herself", "channel": "phone", "conclusions": ["advice"]}


def the_page(session: Any) -> str:
    return f"/enquiries/{session.scalars(sa.select(Enquiry.public_id)).one()}"


def test_two_presses_are_enough(session: Any, as_user: Any) -> None:
    browser = as_user(make_member(Role.INTAKE))
    assert browser.submit("/enquiries/new", data=CALL).status_code == 303
    shown = browser.get(the_page(session)).text
    assert "Kun rådgivning" in shown
    assert "Hun selv" in shown
    assert "Kun rådgivning" in browser.get("/enquiries/").text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"asker": ""}, "asker"),
        ({"conclusions": []}, "conclusions"),
        ({"conclusions": ["rejected"], "reject_reasons": ["full"]}, "offered_instead"),
        ({"call_back_on": "01 01 2099"}, "call_back_on"),
    ],
)
def test_a_slip_stands_beside_its_field_and_nothing_typed_is_lost(
    as_user: Any, change: dict[str, Any], field: str
) -> None:
    browser = as_user(make_member())
    answer = browser.submit("/enquiries/new", data=CALL | {"wish": "Plads i nat"} | change)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "Plads i nat" in answer.text


def test_strangers_and_wrong_roles(session: Any, as_user: Any) -> None:
    page = f"/enquiries/{make_enquiry(make_member()).public_id}"
    stranger = as_user(make_member())
    for path in (page, f"{page}/change"):
        assert stranger.get(path).status_code == 404
    for step in ("change", "called-back", "case", "link"):
        assert stranger.post(f"{page}/{step}", data=CALL).status_code == 404
    lead = as_user(make_member(Role.PROGRAMME_LEAD))
    assert lead.get(page).status_code == 403
    assert lead.get("/enquiries/").status_code == 403
    assert lead.get("/enquiries/counts").status_code == 200
    assert as_user(make_member(Role.VOLUNTEER)).get("/enquiries/counts").status_code == 403


def test_wrong_moments(session: Any, as_user: Any) -> None:
    member = make_member()
    page = f"/enquiries/{make_enquiry(member).public_id}"
    browser = as_user(member)
    assert browser.post(f"{page}/called-back", data={}).status_code == 409
    assert browser.post(f"{page}/case", data={}).status_code == 409
    assert browser.post(f"{page}/link", data={"reference": "2026-0001"}).status_code == 409


def test_a_promised_call_stands_on_the_list_and_is_made(session: Any, as_user: Any) -> None:
    member = make_member()
    colleague = make_member(organisation=member.organisation)
    browser = as_user(member)
    today = f"{local_date(utc_now()):%d.%m.%Y}"
    browser.submit("/enquiries/new", data=CALL | {"conclusions": ["call_back"], "call_back_on": today})
    page = the_page(session)
    day = as_user(colleague).get("/day").text
    assert "Ring tilbage som lovet" in day
    assert page in day
    assert browser.submit(page, f"{page}/called-back").status_code == 303
    assert "Ring tilbage som lovet" not in browser.get("/day").text


def test_an_admission_leads_to_the_stay_of_the_new_case(session: Any, as_user: Any) -> None:
    browser = as_user(make_member())
    browser.submit("/enquiries/new", data=CALL | {"conclusions": ["admitted"], "name": "Amira"})
    page = the_page(session)
    answer = browser.submit(page, f"{page}/case")
    assert answer.status_code == 303
    assert answer.location.endswith("/stay")
    assert "sag 2026-" in browser.get(page).text


def test_it_is_joined_to_a_case_by_its_reference(session: Any, as_user: Any) -> None:
    member = make_member()
    reference = make_case(member).reference
    make_enquiry(member, conclusions=["admitted"])
    browser, page = as_user(member), the_page(session)
    assert browser.submit(page, f"{page}/link", data={"reference": "2026-9999"}).status_code == 422
    assert browser.submit(page, f"{page}/link", data={"reference": reference}).status_code == 303


def test_two_at_once_do_not_overwrite_each_other(session: Any, as_user: Any) -> None:
    member = make_member()
    make_enquiry(member)
    browser, page = as_user(member), the_page(session)
    old = browser.hidden(f"{page}/change", f"{page}/change")
    assert browser.submit(f"{page}/change", data=CALL | {"wish": "Først"}).status_code == 303
    late = browser.post(f"{page}/change", data=old | CALL | {"wish": "Sidst"})
    assert late.status_code == 409
    assert "Først" in late.text and "Sidst" in late.text


def test_a_month_in_numbers_prints_its_base(session: Any, as_user: Any) -> None:
    member = make_member()
    make_enquiry(member, conclusions=["advice", "referred_on"])
    make_enquiry(member)
    shown = as_user(member).get("/enquiries/counts").text
    assert ">Antal</th>" in shown
    assert "Grundlag: 2 henvendelser." in shown
    assert "100 %" in shown and "50 %" in shown


@pytest.mark.parametrize("query", ["month=2026-13", "month=nonsense", "conclusion=nonsense", "after=nonsense"])
def test_nonsense_in_the_address_is_refused(as_user: Any, query: str) -> None:
    assert as_user(make_member()).get(f"/enquiries/?{query}").status_code == 400


def test_the_list_is_filtered_and_costs_the_same_for_one_and_six(
    session: Any, as_user: Any, count_queries: Any
) -> None:
    member = make_member()
    make_enquiry(member, name="Amira")
    browser = as_user(member)
    browser.get("/enquiries/")
    count_queries.start()
    browser.get("/enquiries/")
    one = count_queries.stop()
    for number in range(5):
        make_enquiry(member, name=f"Navn {number}", conclusions=["unknown"])
    count_queries.start()
    assert browser.get("/enquiries/").text.count("Navn ") == 5
    six = count_queries.stop()
    assert one == six <= 12
    assert "Amira" not in browser.get("/enquiries/?conclusion=unknown").text
    assert "Amira" not in browser.get("/enquiries/?month=2020-01").text
    assert actor_of(member)


@pytest.mark.parametrize("path", ["/enquiries/", "/enquiries/counts", "/activities/"])
def test_a_month_is_named_with_its_year_once(as_user: Any, path: str) -> None:
    shown = as_user(make_member()).get(f"{path}?month=2025-03").text
    assert shown.partition("<h1")[2].partition("</h1>")[0].count("2025") == 1


def test_all_that_is_wrong_is_said_at_once(as_user: Any) -> None:
    typed = {"asker": "", "conclusions": ["rejected", "call_back"], "phone": "12", "received_on": "01 01 2099"}
    text = as_user(make_member()).submit("/enquiries/new", data=typed).text
    fields = ("asker", "reject_reasons", "offered_instead", "call_back_on", "phone", "received_on")
    assert [field for field in fields if f'id="{field}-error"' not in text] == []
