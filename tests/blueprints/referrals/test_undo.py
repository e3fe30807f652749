"""The button that undoes an answer: for whoever gave it, for ten minutes, and on the lead's page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.kinds import HerAnswer, TrackKind
from portal.core.states import RequestState
from portal.db import db
from portal.domain.labels import label
from portal.domain.referrals import undo_until
from portal.models.cases import TeamMember
from portal.models.enrolments import Enrolment
from portal.models.messages import Message
from portal.services import requests
from portal.web.filters import clock
from tests.factories.people import actor_of, make_member
from tests.factories.referrals import Made, make_offer, make_request
from tests.support.counting import Counter

Browser = Callable[..., Any]
NO = {"no-reason": "capacity", "no-text": "Fuldt", "no-alternative_text": "Prøv Qnet"}
HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.usefixtures("session")


def page_of(made: Made) -> str:
    return f"/referrals/requests/{made.request.public_id}"


def test_a_slip_is_undone_by_one_button_that_says_until_when(as_user: Browser) -> None:
    made = make_request(RequestState.IN_VISITATION)
    browser, page = as_user(made.intake), page_of(made)
    assert browser.submit(page, f"{page}/decline", NO).status_code == 303
    assert made.request.decided_at is not None
    until, shown = clock(undo_until(made.request.decided_at)), browser.get(page).text
    assert f"Afsenderen får besked kl. {until}, medmindre du fortryder." in shown
    assert (
        f"Ingen får besked om dit svar før kl. {until}; indtil da ser afsenderen kun, at et svar er på vej." in shown
        and f'action="{page}/undo"' in shown
    )
    sent = browser.submit(page, f"{page}/undo")
    assert (sent.status_code, sent.location) == (303, page)
    shown = browser.get(page).text
    assert "Svaret er fortrudt. Ingen har fået besked om det." in shown and "Svaret blev fortrudt" in shown
    assert f'action="{page}/undo"' not in shown and f'action="{page}/decline"' in shown
    assert made.request.state is RequestState.IN_VISITATION


def test_her_name_is_hidden_again(as_user: Browser) -> None:
    made = make_request(RequestState.OFFERED, offer=make_offer(TrackKind.TRANSITION_SUPPORT))
    made.case.client.name = "Amira Sand"
    requests.set_her_answer(made.request, HerAnswer.YES, actor=actor_of(made.intake), now=utc_now())
    browser, page = as_user(made.intake), page_of(made)
    assert browser.submit(page, f"{page}/accept").status_code == 303
    shown = browser.get(page).text
    assert "Amira Sand" in shown and "hendes navn skjules igen" in shown
    assert browser.submit(page, f"{page}/undo").status_code == 303
    assert "Amira Sand" not in browser.get(page).text


def test_pressed_twice_it_is_done_once(as_user: Browser) -> None:
    made = make_request(RequestState.IN_VISITATION)
    browser, page = as_user(made.intake), page_of(made)
    browser.submit(page, f"{page}/decline", NO)
    once = browser.hidden(page, f"{page}/undo")
    assert [browser.post(f"{page}/undo", data=once).status_code for _press in range(2)] == [303, 303]
    assert browser.post(f"{page}/undo", data=once | {"form_key": "a" * 22}).status_code == 409


def test_with_htmx_the_page_is_opened_anew(as_user: Browser) -> None:
    made = make_request(RequestState.IN_VISITATION)
    browser, page = as_user(made.intake), page_of(made)
    browser.submit(page, f"{page}/decline", NO)
    sent = browser.post(f"{page}/undo", data=browser.hidden(page, f"{page}/undo"), headers=HTMX)
    assert (sent.status_code, sent.headers["HX-Redirect"]) == (200, page)


def test_after_ten_minutes_there_is_no_button_and_the_answer_stands(as_user: Browser) -> None:
    made = make_request(RequestState.IN_VISITATION)
    browser, page = as_user(made.intake), page_of(made)
    browser.submit(page, f"{page}/decline", NO)
    old = browser.hidden(page, f"{page}/undo")
    assert made.request.decided_at is not None
    made.request.decided_at -= timedelta(minutes=10)
    db.session.flush()
    assert f'action="{page}/undo"' not in browser.get(page).text
    old["undo-version"] = str(made.request.version)
    late = browser.post(f"{page}/undo", data=old)
    assert late.status_code == 409 and "Et svar kan fortrydes i ti minutter." in late.text
    assert made.request.state is RequestState.DECLINED


def test_an_old_page_is_told(as_user: Browser) -> None:
    made = make_request(RequestState.IN_VISITATION)
    browser, page = as_user(made.intake), page_of(made)
    browser.submit(page, f"{page}/decline", NO)
    old = browser.hidden(page, f"{page}/undo")
    browser.submit(page, f"{page}/undo")
    browser.submit(page, f"{page}/decline", NO)
    assert browser.post(f"{page}/undo", data=old | {"form_key": "b" * 22}).status_code == 409
    assert browser.post(f"{page}/undo", data={}).status_code == 409
    assert made.request.state is RequestState.DECLINED


def test_who_else_may_and_who_may_not(as_user: Browser) -> None:
    made = make_request(RequestState.IN_VISITATION)
    page, house = page_of(made), made.offer.organisation
    others = [make_member(role, house) for role in (Role.INTAKE, Role.VOLUNTEER, Role.CONTACT_PERSON)]
    as_user(made.intake).submit(page, f"{page}/decline", NO)
    colleague = as_user(others[0])
    assert f'action="{page}/undo"' not in colleague.get(page).text
    assert colleague.post(f"{page}/undo").status_code == 403
    assert as_user(make_member(Role.INTAKE)).post(f"{page}/undo").status_code == 404
    assert as_user(make_member(Role.PROGRAMME_LEAD)).post(f"{page}/undo").status_code == 404
    for other in others[1:]:
        assert as_user(other).post(f"{page}/undo").status_code == 403


def test_the_lead_undoes_it_from_her_page_and_sees_nothing_of_her(as_user: Browser, count_queries: Counter) -> None:
    made = make_request(RequestState.IN_VISITATION)
    page, closing = page_of(made), "/referrals/closing"
    lead = as_user(make_member(Role.PROGRAMME_LEAD, made.offer.organisation))
    assert f'action="{page}/undo"' not in lead.get(closing).text
    as_user(made.intake).submit(page, f"{page}/decline", NO)
    lead.get(closing)
    count_queries.start()
    shown = lead.get(closing).text
    assert count_queries.stop() <= 12
    assert "Lige besvaret: ingen har fået besked endnu" in shown and made.case.reference not in shown
    sent = lead.submit(closing, f"{page}/undo")
    assert (sent.status_code, sent.location) == (303, closing)
    assert made.request.state is RequestState.IN_VISITATION
    assert f'action="{page}/undo"' not in lead.get(closing).text


def test_the_senders_inbox_is_silent_until_then(as_user: Browser) -> None:
    made = make_request(RequestState.IN_VISITATION)
    page = page_of(made)
    as_user(made.intake).submit(page, f"{page}/decline", NO)
    sender = as_user(made.sender)
    assert "Et tilbud har sagt nej" not in sender.get("/messages/").text
    db.session.execute(sa.update(Message).values(held_until=utc_now() - timedelta(seconds=1)))
    assert "Et tilbud har sagt nej" in sender.get("/messages/").text


def back(made: Made) -> None:
    """The ten minutes have gone."""
    earlier = timedelta(minutes=10, seconds=1)
    assert made.request.decided_at is not None
    made.request.decided_at -= earlier
    for course in db.session.scalars(sa.select(Enrolment).where(Enrolment.case_id == made.case.id)):
        course.created_at -= earlier
    for member in db.session.scalars(sa.select(TeamMember).where(TeamMember.case_id == made.case.id)):
        member.joined_at -= earlier
    db.session.flush()


def test_until_then_the_sender_reads_that_an_answer_is_on_its_way(as_user: Browser) -> None:
    made = make_request(RequestState.IN_VISITATION)
    as_user(made.intake).submit(page_of(made), f"{page_of(made)}/decline", NO)
    assert made.request.decided_at is not None
    sender, pages = as_user(made.sender), (f"/referrals/{made.referral.public_id}", "/referrals/")
    said = f"Et svar er på vej og står her kl. {clock(undo_until(made.request.decided_at))}"
    for page in pages:
        shown = sender.get(page).text
        assert said in shown and not any(word in shown for word in ("Afvist", "Fuldt", "Prøv Qnet")), page
    back(made)
    for page in pages:
        shown = sender.get(page).text
        assert "Et svar er på vej" not in shown and label(RequestState.DECLINED) in shown, page
    assert "Fuldt" in sender.get(pages[0]).text and "Prøv Qnet" in sender.get(pages[0]).text


def test_until_then_the_course_stands_nowhere_on_the_senders_side(as_user: Browser) -> None:
    offer = make_offer(TrackKind.TRANSITION_SUPPORT)
    worker = make_member(Role.PROGRAMME_WORKER, offer.organisation)
    made = make_request(RequestState.ACCEPTED, offer=offer)
    name, who = offer.programme.name_da, worker.user.name
    sender, case = as_user(made.sender), f"/cases/{made.case.public_id}"
    course = db.session.scalars(sa.select(Enrolment).where(Enrolment.request_id == made.request.id)).one()
    assert course.worker_id == worker.user_id
    about = f"/courses/{course.public_id}"
    assert "Et svar er på vej" in sender.get(f"/referrals/{made.referral.public_id}").text
    assert about not in sender.get(case).text and who not in sender.get(case).text
    assert name not in sender.get(f"/bridge/{made.case.public_id}").text
    assert as_user(worker).get(about).status_code == 200 and sender.get(about).status_code == 404
    back(made)
    assert "Et svar er på vej" not in sender.get(f"/referrals/{made.referral.public_id}").text
    assert about in sender.get(case).text and who in sender.get(case).text
    assert name in sender.get(f"/bridge/{made.case.public_id}").text
    assert sender.get(about).status_code == 200


def test_an_undone_yes_was_never_a_course_on_the_senders_side(as_user: Browser) -> None:
    made = make_request(RequestState.ACCEPTED, offer=make_offer(TrackKind.TRANSITION_SUPPORT))
    name = made.offer.programme.name_da
    as_user(made.intake).submit(page_of(made), f"{page_of(made)}/undo")
    assert made.request.state is RequestState.OFFERED
    assert name not in as_user(made.sender).get(f"/cases/{made.case.public_id}").text
    assert label(RequestState.OFFERED) in as_user(made.sender).get(f"/referrals/{made.referral.public_id}").text
