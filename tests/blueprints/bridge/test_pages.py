"""Before she leaves, on the screen: days, answers, red."""

from datetime import timedelta
from typing import Any

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.domain.cases import Unfinished
from portal.queries import cases as case_queries
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


def test_a_leads_rows_say_which_case_they_are_about_and_lead_to_her_list(as_user: Any) -> None:
    member = make_member()
    lead = make_member(Role.PROGRAMME_LEAD, member.organisation)
    references = {staying(member).lead_reference for _time in range(2)}
    day = as_user(lead).get("/day?span=all").text
    assert all(f'<a href="/bridge/">{reference}</a>' in day for reference in references)


def test_what_is_done_reads_as_done_and_where_she_has_left_it_says_so(as_user: Any) -> None:
    member = make_member()
    case = staying(member)
    browser, page = as_user(member), f"/bridge/{case.public_id}"
    shown = browser.get(page).text
    assert "Hun flytter ud" in shown and "Hvem der tager over" in shown
    done = {"civil_offer": "no", "civil_reason": "Hun sov"}
    assert browser.submit(page, data=done).status_code == 303
    seen_to = browser.get(page).text.split("Hjælp fra foreninger: spurgt, eller hvorfor ikke")[1]
    assert "Udført" in seen_to.split("</li>")[0]
    known = case_queries.get(actor_of(member), case.public_id)
    cases.end_stay(known, discharged_on=TODAY, actor=actor_of(member), now=utc_now())
    assert "Hun flyttede ud" in browser.get(page).text


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
    closing.close_case(case, Unfinished(), actor=actor_of(member), now=utc_now())
    assert as_user(member).post(page, data={"version": "1"}).status_code == 409
