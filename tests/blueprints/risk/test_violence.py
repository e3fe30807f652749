"""New violence in a minute, and the three questions wherever a talk is written down."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.risk import ReviewReason
from portal.models.cases import Note
from portal.models.risk import SafetyCheck, SafetyReview, ViolenceReport
from portal.services.cases import join_team
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, make_case, make_member

TODAY = local_date(utc_now())
TOLD = {"kinds": ["threat"], "by_whom": "former_partner", "when": "now"}
Browser = Callable[..., Any]


def test_it_is_one_tap_from_the_case_and_one_press_to_save(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    browser, url = as_user(member), f"/risk/{case.public_id}/violence"
    assert f'href="{url}"' in browser.get(f"/cases/{case.public_id}").text
    more = {"police": "not_wanted", "is_order_breached": "yes", "did_children_see": "no", "text": "Ved døren"}
    assert browser.post(url, data=TOLD | more).status_code == 303
    report = session.scalars(sa.select(ViolenceReport)).one()
    assert (report.happened_on, report.police.value) == (TODAY, "not_wanted")
    assert (report.is_order_breached, report.did_children_see, report.text) == (True, False, "Ved døren")
    assert session.scalars(sa.select(SafetyReview.reason)).one() is ReviewReason.NEW_VIOLENCE
    assert "Ny vold" in browser.get(f"/cases/{case.public_id}").text


def test_no_field_asks_who_he_is(as_user: Browser) -> None:
    member = make_member()
    page = as_user(member).get(f"/risk/{make_case(member).public_id}/violence").text
    assert 'name="name"' not in page and 'name="phone"' not in page and 'name="address"' not in page


def test_earlier_needs_a_day_and_keeps_what_was_typed(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    browser, url = as_user(member), f"/risk/{case.public_id}/violence"
    refused = browser.post(url, data=TOLD | {"when": "earlier", "text": "Han ringede hele natten"})
    assert refused.status_code == 422
    assert 'id="happened_on-error"' in refused.text and "Han ringede hele natten" in refused.text
    day = TODAY - timedelta(days=3)
    sent = TOLD | {"when": "earlier", "happened_on": f"{day:%d.%m.%Y}"}
    assert browser.post(url, data=sent).status_code == 303
    assert session.scalars(sa.select(ViolenceReport.happened_on)).one() == day


@pytest.mark.parametrize(
    ("path", "values"),
    [("notes", {"text": "Vi talte"}), ("contacts", {"result": "reached", "mode": "phone"})],
)
@pytest.mark.parametrize(
    ("answers", "asks"),
    [
        ({}, None),
        ({"feels_safe": "6", "new_violence": "no"}, False),
        ({"feels_safe": "3"}, True),
        ({"unwanted_contact": "yes"}, True),
    ],
)
def test_the_three_questions_stand_with_notes_and_contacts(
    as_user: Browser, session: Any, path: str, values: dict[str, str], answers: dict[str, str], asks: bool | None
) -> None:
    member = make_member()
    case = make_case(member)
    browser = as_user(member)
    page = browser.get(f"/cases/{case.public_id}/notes").text
    assert page.count('name="feels_safe"') == 14
    assert browser.post(f"/cases/{case.public_id}/{path}", data=values | answers).status_code == 303
    assert len(session.scalars(sa.select(Note)).all()) == 1
    assert len(session.scalars(sa.select(SafetyCheck)).all()) == (0 if asks is None else 1)
    assert len(session.scalars(sa.select(SafetyReview)).all()) == int(bool(asks))


def test_an_answer_off_the_scale_is_refused_and_the_note_is_not_lost(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    url = f"/cases/{case.public_id}/notes"
    refused = as_user(member).post(url, data={"text": "Vi talte længe", "feels_safe": "9"})
    assert refused.status_code == 422
    assert "Vi talte længe" in refused.text
    assert session.scalars(sa.select(Note)).all() == []


def test_they_stand_with_a_talk_that_is_registered(as_user: Browser, session: Any) -> None:
    member = make_member()
    meeting = make_meeting(member, make_case(member), ahead=timedelta(minutes=-50))
    browser, url, version = as_user(member), f"/meetings/{meeting.public_id}", meeting.version
    assert 'name="feels_safe"' in browser.get(url).text
    sent = {"version": version, "note": "", "feels_safe": "2"}
    assert browser.post(f"{url}/hold", data=sent).status_code == 303
    assert session.scalars(sa.select(SafetyCheck.feels_safe)).one() == 2
    assert session.scalars(sa.select(SafetyReview.reason)).one() is ReviewReason.SAFETY_QUESTIONS


def test_they_do_not_stand_with_a_meeting_of_somebody_who_sees_no_case(as_user: Browser) -> None:
    coordinator = make_member(Role.VOLUNTEER_COORDINATOR)
    meeting = make_meeting(coordinator, ahead=timedelta(minutes=-50))
    assert 'name="feels_safe"' not in as_user(coordinator).get(f"/meetings/{meeting.public_id}").text


@pytest.mark.parametrize(
    ("path", "values"),
    [("notes", {"text": "Vi talte"}), ("contacts", {"result": "reached", "mode": "phone"})],
)
def test_a_yes_leads_on_to_writing_it_down(as_user: Browser, path: str, values: dict[str, str]) -> None:
    member = make_member()
    case = make_case(member)
    browser, page = as_user(member), f"/cases/{case.public_id}"
    # The way to the form stands on the case's own page as well: the message says it in words of its own.
    words = "Skriv hændelsen ned (under et minut)"
    browser.post(f"{page}/{path}", data=values | {"new_violence": "no"})
    assert words not in browser.get(page).text
    browser.post(f"{page}/{path}", data=values | {"new_violence": "yes"})
    told = browser.get(page).text
    assert words in told and f'href="/risk/{case.public_id}/violence' in told


def test_the_form_begins_with_the_day_of_an_earlier_talk(as_user: Browser) -> None:
    member = make_member()
    case = make_case(member)
    browser, page = as_user(member), f"/cases/{case.public_id}"
    earlier = TODAY - timedelta(days=2)
    note = {"text": "Vi talte", "happened_on": f"{earlier:%d.%m.%Y}", "new_violence": "yes"}
    browser.post(f"{page}/notes", data=note)
    url = f"/risk/{case.public_id}/violence?on={earlier.isoformat()}"
    assert url in browser.get(page).text
    assert f'value="{earlier:%d.%m.%Y}"' in browser.get(url).text
    for odd in (TODAY.isoformat(), "i-morgen", ""):
        assert browser.get(f"/risk/{case.public_id}/violence?on={odd}").status_code == 200


def test_who_has_a_part_of_the_case_is_not_led_to_a_form_that_is_closed_to_her(as_user: Browser) -> None:
    contact, adviser = make_member(), make_member(Role.MUNICIPAL_ADVISER)
    case = make_case(contact)
    join_team(case.id, adviser.user_id, actor=actor_of(contact), now=utc_now())
    browser, page = as_user(adviser), f"/cases/{case.public_id}"
    answer = browser.post(f"{page}/contacts", data={"result": "reached", "mode": "phone", "new_violence": "yes"})
    assert answer.status_code == 303
    told = browser.get(page).text
    assert "Skriv hændelsen ned" not in told
    assert browser.get(f"/risk/{case.public_id}/violence").status_code == 403
