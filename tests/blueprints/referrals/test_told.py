"""What the sender is told while she waits for a place, and what was asked and answered, on both sides."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.kinds import TrackKind
from portal.core.states import RequestState
from portal.db import db
from tests.factories.people import make_member
from tests.factories.referrals import Made, make_offer, make_request
from tests.support.counting import Counter

Browser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")


def pages(made: Made) -> tuple[str, str]:
    """The request as its receiver and the referral as its sender open it."""
    return f"/referrals/requests/{made.request.public_id}", f"/referrals/{made.referral.public_id}"


def test_why_she_waits_and_what_she_can_have_meanwhile_is_read_by_the_sender(as_user: Browser) -> None:
    made, other = make_request(RequestState.IN_VISITATION), make_offer(TrackKind.HOUSING)
    other_name = other.programme.name_da
    (inbox, sent), receiver = pages(made), as_user(made.intake)
    said = {
        "wait-recontact_on": f"{local_date(utc_now()) + timedelta(days=14):%d %m %Y}",
        "wait-reason": "next_round",
        "wait-meanwhile": other.public_id,
        "wait-meanwhile_text": "Cafeen er åben for hende",
    }
    nothing = {name: text for name, text in said.items() if "meanwhile" not in name}
    refused = receiver.submit(inbox, f"{inbox}/waitlist", nothing)
    assert refused.status_code == 422 and "Skriv, hvad hun kan få, mens hun venter." in refused.text
    assert receiver.submit(inbox, f"{inbox}/waitlist", said).status_code == 303
    sender = as_user(made.sender)
    for shown in (receiver.get(inbox).text, sender.get(sent).text):
        assert "Det næste hold begynder senere" in shown
        assert f"{other_name}. Cafeen er åben for hende" in shown
    # A no from the list has its own words; undone, she waits with what was said.
    no = {"no-reason": "capacity", "no-text": "Fuldt", "no-alternative_text": "Prøv Qnet"}
    assert receiver.submit(inbox, f"{inbox}/decline", no).status_code == 303
    assert "Cafeen er åben" not in sender.get(sent).text
    assert receiver.submit(inbox, f"{inbox}/undo").status_code == 303
    shown = sender.get(sent).text
    assert "Cafeen er åben for hende" in shown and "Prøv Qnet" not in shown


def test_what_was_asked_and_answered_stays_readable_as_long_as_the_form(as_user: Browser) -> None:
    made = make_request(RequestState.NEEDS_INFO)
    (inbox, sent), receiver, sender = pages(made), as_user(made.intake), as_user(made.sender)
    answer, field = f"/referrals/answers/{made.request.public_id}/info", f"i{made.request.public_id}-text"
    assert sender.submit(sent, answer, {field: "Den 2. i måneden."}).status_code == 303
    assert receiver.submit(inbox, f"{inbox}/ask", {"ask-text": "Er tolk nødvendig?"}).status_code == 303
    first, then = ("Hvornår flytter hun?", "Den 2. i måneden."), ("Er tolk nødvendig?", "Ja, til arabisk.")
    shown = sender.get(sent).text
    assert all(text in shown for text in (*first, "De spørger:", then[0]))
    assert sender.submit(sent, answer, {field: then[1]}).status_code == 303
    for browser, page in ((receiver, inbox), (sender, sent)):
        shown = browser.get(page).text
        assert [text for text in (*first, *then) if text not in shown] == [], page
        assert shown.index(first[1]) < shown.index(then[0])
    made.request.state, made.request.decided_by_id = RequestState.DECLINED, made.intake.user_id
    for days, is_there in ((29, True), (40, False)):
        made.request.decided_at = utc_now() - timedelta(days=days)
        db.session.flush()
        shown = sender.get(sent).text
        assert [text in shown for text in (*first, *then)] == [is_there] * 4, days


def test_the_case_and_her_leaving_say_what_waits_for_an_answer(as_user: Browser, count_queries: Counter) -> None:
    made = make_request(RequestState.SUBMITTED)
    make_request(RequestState.OFFERED, sender=made.sender, case=made.case)
    make_request(RequestState.WAITLISTED, sender=made.sender, case=made.case)
    no = make_request(RequestState.DECLINED, sender=made.sender, case=made.case)
    sender = as_user(made.sender)
    for page in (f"/cases/{made.case.public_id}", f"/bridge/{made.case.public_id}"):
        # A no that can still be undone is not told: it waits.
        assert "3 henvisninger venter på svar" in sender.get(page).text, page
        count_queries.start()
        sender.get(page)
        assert count_queries.stop() <= 12, page
    assert no.request.decided_at is not None
    no.request.decided_at -= timedelta(minutes=11)
    db.session.flush()
    for page in (f"/cases/{made.case.public_id}", f"/bridge/{made.case.public_id}"):
        assert "2 henvisninger venter på svar" in sender.get(page).text, page


def test_a_course_that_has_not_begun_says_so_where_somebody_has_taken_over(as_user: Browser) -> None:
    then = utc_now() - timedelta(minutes=11)
    offer = make_offer(TrackKind.TRANSITION_SUPPORT)
    worker = make_member(Role.PROGRAMME_WORKER, offer.organisation)
    made = make_request(RequestState.ACCEPTED, offer=offer, now=then)
    name = worker.user.name
    shown = as_user(made.sender).get(f"/bridge/{made.case.public_id}").text
    assert f"{name} · Skal begyndes" in shown and "har taget over" in shown
