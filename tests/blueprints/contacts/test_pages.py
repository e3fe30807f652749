"""Contact with others on the screen."""

from datetime import timedelta
from typing import Any

import pytest

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.states import CaseState
from portal.domain.cases import Unfinished
from portal.services import closing
from tests.factories.people import actor_of, make_case, make_member

GIVEN = {
    "party": "police",
    "direction": "out",
    "channel": "phone",
    "themes": ["safety", "police_report"],
    "basis": "police_cooperation",
    "text": "Aftalt et møde",
}


def test_it_is_logged_with_the_ground_in_words(session: Any, as_user: Any) -> None:
    member = make_member()
    case = make_case(member).public_id
    browser, page = as_user(member), f"/contacts/{case}"
    assert browser.submit(page, data=GIVEN).status_code == 303
    shown = browser.get(page).text
    assert "retsplejeloven § 115" in shown
    assert "Aftalt et møde" in shown
    assert "Aftalt et møde" in browser.get(f"/cases/{case}").text
    assert page in browser.get(f"/cases/{case}/notes").text


@pytest.mark.parametrize(("days", "is_shown"), [(29, True), (31, False)])
def test_a_month_after_closing_it_is_shut_with_the_notes(session: Any, as_user: Any, days: int, is_shown: bool) -> None:
    member = make_member()
    case = make_case(member)
    browser, page = as_user(member), f"/contacts/{case.public_id}"
    assert browser.submit(page, data=GIVEN | {"party_name": "Vagten"}).status_code == 303
    case.state, case.closed_at = CaseState.CLOSED, utc_now() - timedelta(days=days)
    session.commit()
    shown = browser.get(page).text
    assert [word in shown for word in ("Aftalt et møde", "Vagten")] == [is_shown, is_shown]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"party": ""}, "party"),
        ({"themes": []}, "themes"),
        ({"basis": ""}, "basis"),
        ({"party": "bank"}, "basis"),
        ({"happened_on": "01 01 2099"}, "happened_on"),
    ],
)
def test_a_slip_stands_beside_its_field(session: Any, as_user: Any, change: dict[str, Any], field: str) -> None:
    member = make_member()
    page = f"/contacts/{make_case(member).public_id}"
    answer = as_user(member).submit(page, data=GIVEN | change)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "Aftalt et møde" in answer.text
    # What is asked with a question mark is not followed by a colon too.
    summary = answer.text.partition('class="error-summary"')[2].partition("</div>")[0]
    assert f'href="#{field}' in summary and "?</a>:" not in summary


def test_strangers_wrong_roles_and_closed_cases(session: Any, as_user: Any) -> None:
    member = make_member()
    case = make_case(member)
    page = f"/contacts/{case.public_id}"
    stranger = as_user(make_member())
    assert (stranger.get(page).status_code, stranger.post(page, data=GIVEN).status_code) == (404, 404)
    assert as_user(make_member(Role.PROGRAMME_LEAD)).get(page).status_code == 403
    closing.close_case(case, Unfinished(), actor=actor_of(member), now=utc_now())
    browser = as_user(member)
    assert browser.post(page, data=GIVEN).status_code == 409
    assert "Genåbn den" in browser.get(page).text


def test_the_page_costs_the_same_for_one_and_six(session: Any, as_user: Any, count_queries: Any) -> None:
    member = make_member()
    page = f"/contacts/{make_case(member).public_id}"
    browser = as_user(member)
    browser.submit(page, data=GIVEN)
    browser.get(page)
    count_queries.start()
    browser.get(page)
    one = count_queries.stop()
    for _number in range(5):
        browser.submit(page, data=GIVEN)
    count_queries.start()
    assert browser.get(page).text.count("Aftalt et møde") == 6
    six = count_queries.stop()
    assert one == six <= 12
