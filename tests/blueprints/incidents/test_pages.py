"""The register of incidents: the clock in words, two tracks, closed when both are settled."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, local_time, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.messages import MessageKind
from portal.core.rights import IncidentState
from portal.core.states import DeadlineState
from portal.models.deadlines import Deadline
from portal.models.incidents import Incident
from portal.models.messages import Message
from tests.factories.people import make_member


def said(moment: Any) -> tuple[str, str]:
    return f"{local_date(moment):%d %m %Y}", f"{local_time(moment):%H.%M}"


def opened(browser: Any, hours_ago: float, **data: str) -> Any:
    day, at = said(utc_now() - timedelta(hours=hours_ago))
    given = {"known_on": day, "known_at": at, "kind": "wrong_recipient", "people": "one_to_four"}
    return browser.submit("/incidents/new", data=given | data)


def the_page(session: Any) -> str:
    return f"/incidents/{session.scalars(sa.select(Incident.public_id)).one()}"


def test_an_incident_is_registered_told_and_timed(session: Any, as_user: Any) -> None:
    officer = make_member(Role.DATA_PROTECTION_OFFICER)
    watcher = make_member(Role.SAFETY_OFFICER, officer.organisation)
    browser = as_user(officer)
    assert opened(browser, 50, is_location="y", groups="addr_exact").status_code == 303
    shown = browser.get("/incidents/").text
    assert re.search(r"Skynd dig: 2[12] t \d+ min tilbage", shown)
    told = session.scalars(sa.select(Message.recipient_id).where(Message.kind == MessageKind.INCIDENT_OPENED)).all()
    assert told == [watcher.user_id]
    row = session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.BREACH_NOTICE)).one()
    assert row.state is DeadlineState.OPEN
    assert as_user(watcher).get(the_page(session)).status_code == 200


def test_a_late_notice_needs_its_reason_and_stops_the_clock(session: Any, as_user: Any) -> None:
    browser = as_user(make_member(Role.DATA_PROTECTION_OFFICER))
    opened(browser, 80)
    page = the_page(session)
    assert "for sent: anmeld nu" in browser.get(page).text
    day, at = said(utc_now() - timedelta(minutes=2))
    given = {"notified_on": day, "notified_at": at}
    assert browser.submit(page, f"{page}/notified", data=given).status_code == 422
    assert browser.submit(page, f"{page}/notified", data=given | {"reason": "week-end"}).status_code == 303
    assert "Stoppet" in browser.get(page).text
    assert session.scalars(sa.select(Deadline.state)).all() == [DeadlineState.DONE]


def test_the_women_are_told_with_a_plan_and_then_it_is_closed(session: Any, as_user: Any) -> None:
    browser = as_user(make_member(Role.SAFETY_OFFICER))
    opened(browser, 1)
    page = the_page(session)
    assert browser.submit(page, f"{page}/telling", data={"telling": "told"}).status_code == 422
    given = {"telling": "told", "telling_plan": "ved mødet i morgen", "plan_holder": "kontaktperson"}
    assert browser.submit(page, f"{page}/telling", data=given).status_code == 303
    assert browser.post(f"{page}/close", data={}).status_code == 409
    assert browser.submit(page, f"{page}/not-required", data={"reason": "ingen risiko"}).status_code == 303
    assert browser.submit(page, f"{page}/close").status_code == 303
    assert session.scalars(sa.select(Incident.state)).all() == [IncidentState.CLOSED]
    assert browser.post(f"{page}/contain", data={}).status_code == 409


def test_two_at_once_do_not_overwrite_each_other(session: Any, as_user: Any) -> None:
    browser = as_user(make_member(Role.DATA_PROTECTION_OFFICER))
    opened(browser, 1)
    page = the_page(session)
    old = browser.hidden(page, f"{page}/describe")
    given = {"kind": "attack", "people": "not_known"}
    assert browser.submit(page, f"{page}/describe", data=given).status_code == 303
    late = browser.post(f"{page}/describe", data=old | given | {"what_happened": "min tekst"})
    assert late.status_code == 409
    assert "min tekst" in late.text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"known_on": "01 01 2099"}, "known_on"),
        ({"known_at": ""}, "known_at"),
        ({"happened_on": "01 01 2026"}, "happened_at"),
    ],
)
def test_moments_that_cannot_be_are_refused(as_user: Any, change: dict[str, str], field: str) -> None:
    answer = opened(as_user(make_member(Role.DATA_PROTECTION_OFFICER)), 1, **change)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_the_text_for_the_authority_can_be_printed(session: Any, as_user: Any) -> None:
    browser = as_user(make_member(Role.DATA_PROTECTION_OFFICER))
    opened(browser, 1, what_happened="en mail til en forkert")
    notice = browser.get(f"{the_page(session)}/notice")
    assert "en mail til en forkert" in notice.text


def test_other_organisations_and_roles_find_nothing(session: Any, as_user: Any) -> None:
    opened(as_user(make_member(Role.DATA_PROTECTION_OFFICER)), 1)
    page = the_page(session)
    assert as_user(make_member(Role.DATA_PROTECTION_OFFICER)).get(page).status_code == 404
    for role in (Role.ADMINISTRATOR, Role.CONTACT_PERSON, Role.PROGRAMME_LEAD):
        assert as_user(make_member(role)).get(page).status_code == 403
