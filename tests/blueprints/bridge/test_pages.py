"""Before she leaves, on the screen: days, answers, red."""

from datetime import timedelta
from typing import Any

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.domain.cases import Unfinished
from portal.services import cases, closing
from tests.factories.people import actor_of, make_case, make_member

TODAY = local_date(utc_now())


def staying(member: Any) -> Any:
    case, who = make_case(member), {"actor": actor_of(member), "now": utc_now()}
    cases.record_stay(case, admitted_on=TODAY - timedelta(days=30), **who)
    cases.plan_move(case, TODAY, **who)
    return case


def test_it_is_red_until_somebody_has_taken_over(as_user: Any, count_queries: Any) -> None:
    member = make_member()
    lead = make_member(Role.PROGRAMME_LEAD, member.organisation)
    case = staying(member)
    public_id, reference = case.public_id, case.lead_reference
    browser, page = as_user(member), f"/bridge/{case.public_id}"
    assert "Ingen har taget over" in browser.get(f"/cases/{public_id}").text
    count_queries.start()
    assert "Ingen har taget over" in browser.get(page).text
    assert count_queries.stop() <= 12
    assert reference in as_user(lead).get("/bridge/").text
    browser = as_user(member)
    given = {"receiver": "Kommunen", "received_on": f"{TODAY:%d.%m.%Y}"}
    assert browser.submit(page, data=given).status_code == 303
    assert "Ingen har taget over" not in browser.get(f"/cases/{public_id}").text
    assert reference not in as_user(lead).get("/bridge/").text


def test_slips_strangers_roles_and_moments(as_user: Any) -> None:
    member = make_member()
    case = staying(member)
    browser, page = as_user(member), f"/bridge/{case.public_id}"
    answer = browser.submit(page, data={"civil_offer": "declined"})
    assert answer.status_code == 422
    assert 'id="civil_reason-error"' in answer.text
    stranger = as_user(make_member())
    assert (stranger.get(page).status_code, stranger.post(page, data={}).status_code) == (404, 404)
    assert stranger.get("/bridge/").status_code == 403
    assert as_user(make_member(Role.PROGRAMME_LEAD)).get(page).status_code == 403
    closing.close_case(case, Unfinished(0, 0, 0, 0, 0, 0, 0), actor=actor_of(member), now=utc_now())
    assert as_user(member).post(page, data={"version": "1"}).status_code == 409
