"""A call to her in the browser: as she has said, or it stands on the work list with why."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.core.clock import utc_now
from portal.core.kinds import ContactChannel, TrackKind
from portal.core.states import RequestState
from portal.db import db
from portal.models.meetings import Meeting
from portal.services import cases
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.referrals import make_offer, make_request

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
CALL = {"day": "2 12 2030", "starts": "10.00", "ends": "11.00", "kind": "talk", "place_kind": "phone"}
CALL |= {"repeat": "once", "count": "1", "theme": "Økonomi"}
NOT_SO = "Det er ikke sådan, hun har sagt, at hun kan kontaktes."


def test_a_call_against_her_card_is_refused_beside_the_field_and_stands_on_the_list(as_user: AsUser) -> None:
    member = make_member()
    case = make_case(member)
    now, actor = utc_now(), actor_of(member)
    cases.set_safe_contact(
        case, channel=ContactChannel.PHONE, days="any", from_hour=12, to_hour=15, actor=actor, now=now
    )
    browser, url = as_user(member), f"/meetings/new?case={case.public_id}"
    answer = browser.submit(url, data=CALL)
    assert answer.status_code == 422
    assert NOT_SO in answer.text and "Økonomi" in answer.text
    assert db.session.query(Meeting).count() == 0
    day = browser.get("/day").text
    assert "Kontakten til hende blev standset: ikke på det tidspunkt" in day
    assert f"/cases/{case.public_id}/safe-contact" in day
    assert browser.submit(url, data=CALL | {"starts": "12.00", "ends": "12.30"}).status_code == 303
    assert db.session.query(Meeting).count() == 1


def test_a_call_is_not_moved_against_her_card(as_user: AsUser) -> None:
    member = make_member()
    case = make_case(member)
    now, actor = utc_now(), actor_of(member)
    cases.set_safe_contact(case, channel=ContactChannel.PHONE, days="weekdays", actor=actor, now=now)
    browser = as_user(member)
    assert browser.submit(f"/meetings/new?case={case.public_id}", data=CALL).status_code == 303
    (meeting,) = db.session.query(Meeting)
    before = meeting.starts_at
    page, sent = f"/meetings/{meeting.public_id}", {"day": "1 12 2030", "starts": "10.00", "ends": "11.00"}
    answer = browser.submit(page, f"{page}/move", data=sent)
    assert (answer.status_code, NOT_SO in answer.text) == (422, True), "1 December 2030 is a Sunday"
    assert db.session.get_one(Meeting, meeting.id).starts_at == before
    assert "Kontakten til hende blev standset: ikke den dag" in browser.get("/day").text


def test_a_talk_before_the_decision_tells_those_who_plan_it_no_more_than_that_it_is_not_safe(as_user: AsUser) -> None:
    made = make_request(RequestState.IN_VISITATION, offer=make_offer(TrackKind.HOUSING))
    browser, page = as_user(made.intake), f"/referrals/requests/{made.request.public_id}"
    sent = {"talk-step": "motivation", "talk-day": "2 12 2030", "talk-start": "10.00", "talk-end": "11.00"}
    answer = browser.post(f"{page}/talk", data=sent | {"talk-place_kind": "phone"})
    assert (answer.status_code, NOT_SO in answer.text) == (422, True), "her card says a message by telephone"
    assert db.session.query(Meeting).count() == 0
    assert "Kontakten til hende blev standset" in browser.get("/day").text
    assert browser.post(f"{page}/talk", data=sent | {"talk-place_kind": "our_rooms"}).status_code == 303
