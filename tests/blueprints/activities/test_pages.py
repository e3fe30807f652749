"""Events on the screen: planned, ticked in a minute, counted."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.models.activities import Activity
from tests.factories.people import make_case, make_member

TODAY = f"{local_date(utc_now()):%d.%m.%Y}"
GIVEN = {"kind": "communal_dinner", "guests": ["residents"], "day": TODAY, "starts": "00.10", "ends": "00.20"}


def planned(session: Any, browser: Any, who: str, **data: Any) -> str:
    assert browser.submit("/activities/new", data=GIVEN | {"who": who} | data).status_code == 303
    return f"/activities/{session.scalars(sa.select(Activity.public_id)).one()}"


def test_who_came_is_ticked_and_counted(session: Any, as_user: Any) -> None:
    member = make_member()
    who = member.user.public_id
    lead = make_member(Role.PROGRAMME_LEAD, member.organisation)
    case = make_case(member, name="Amira").public_id
    browser = as_user(member)
    page = planned(session, browser, who, title="Suppe og snak")
    assert "Amira" in browser.get(page).text
    assert browser.submit(page, f"{page}/coming", data={"came": [case], "others": "4"}).status_code == 303
    assert "Deltog i: fællesspisning" in browser.get(f"/cases/{case}").text
    lead = as_user(lead)
    shown = lead.get(page).text
    assert "Amira" not in shown
    listed = lead.get("/activities/").text
    assert "Suppe og snak" in listed
    assert '<td class="number">5</td>' in listed


@pytest.mark.parametrize(
    ("change", "field"),
    [({"kind": ""}, "kind"), ({"guests": []}, "guests"), ({"ends": "00.05"}, "ends"), ({"who": "nobody"}, "who")],
)
def test_a_slip_stands_beside_its_field(as_user: Any, change: dict[str, Any], field: str) -> None:
    member = make_member()
    who = member.user.public_id
    answer = as_user(member).submit("/activities/new", data=GIVEN | {"who": who} | change)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_strangers_wrong_roles_and_wrong_moments(session: Any, as_user: Any) -> None:
    member = make_member()
    who = member.user.public_id
    lead = make_member(Role.PROGRAMME_LEAD, member.organisation)
    browser = as_user(member)
    page = planned(session, browser, who, day=f"{local_date(utc_now()) + timedelta(days=3):%d.%m.%Y}")
    stranger = as_user(make_member())
    assert stranger.get(page).status_code == 404
    for step in ("change", "coming", "cancel"):
        assert stranger.post(f"{page}/{step}", data=GIVEN).status_code == 404
    lead = as_user(lead)
    assert lead.post(f"{page}/cancel", data={}).status_code == 403
    assert browser.submit(page, f"{page}/cancel").status_code == 303
    assert browser.post(f"{page}/cancel", data={}).status_code == 409
    assert browser.post(f"{page}/coming", data={"others": "1", "version": "2"}).status_code == 409


def test_it_is_changed_until_it_is_held(session: Any, as_user: Any) -> None:
    member = make_member()
    who = member.user.public_id
    browser = as_user(member)
    page = planned(session, browser, who)
    given = GIVEN | {"who": who}
    old = browser.hidden(f"{page}/change", f"{page}/change")
    assert browser.submit(f"{page}/change", data=given | {"title": "Grillaften"}).status_code == 303
    late = browser.post(f"{page}/change", data=old | given | {"title": "Picnic"})
    assert late.status_code == 409
    assert "Grillaften" in late.text and "Picnic" in late.text


@pytest.mark.parametrize("query", ["month=2026-1", "month=1899-01", "after=nonsense"])
def test_nonsense_in_the_address_is_refused(as_user: Any, query: str) -> None:
    assert as_user(make_member()).get(f"/activities/?{query}").status_code == 400


def test_the_pages_cost_the_same_for_one_and_six(session: Any, as_user: Any, count_queries: Any) -> None:
    member = make_member()
    who = member.user.public_id
    make_case(member, name="Navn 0")
    browser = as_user(member)
    page = planned(session, browser, who)
    browser.get(page)
    count_queries.start()
    browser.get(page)
    one = count_queries.stop()
    count_queries.start()
    browser.get("/activities/")
    one_listed = count_queries.stop()
    for number in range(1, 6):
        make_case(member, name=f"Navn {number}")
        browser.submit("/activities/new", data=GIVEN | {"who": who})
    count_queries.start()
    assert browser.get(page).text.count("Navn ") == 6
    six = count_queries.stop()
    count_queries.start()
    browser.get("/activities/")
    six_listed = count_queries.stop()
    assert one == six <= 12
    assert one_listed == six_listed <= 12
