"""Whoever works with her puts the offer on record; only the municipality begins, extends and ends."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.courses import CounsellingAnswer, CounsellingEnd
from portal.core.enums import Role
from portal.core.kinds import ContactMode, ContactResult, NeedArea, TrackKind
from portal.core.states import CaseState, CounsellingState
from portal.db import db
from portal.domain.labels import label
from portal.domain.modifiers import DAYS_AFTER_CLOSING
from portal.models.cases import Case
from portal.queries import counselling as queries
from portal.services import counselling, counselling_records, notes
from tests.factories.enrolments import make_enrolment
from tests.factories.followups import make_followed
from tests.factories.people import actor_of, make_case, make_member

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")


def today() -> str:
    return local_date(utc_now()).strftime("%d %m %Y")


def test_a_contact_person_records_offer_and_answer_and_begins_nothing(as_user: AsUser) -> None:
    contact = make_member()
    case = make_case(contact)
    browser, page = as_user(contact), f"/counselling/{case.public_id}"
    assert f"{page}/offer" in browser.get(page).text
    assert (
        browser.post(
            f"{page}/offer", data={"offered_on": today(), "how": "phone", "areas": NeedArea.HOUSING}
        ).status_code
        == 303
    )
    assert browser.post(f"{page}/answer", data={"given": "yes", "answered_on": today()}).status_code == 303
    found = queries.get(case.id)
    assert (found.state, found.offered_by_id) == (CounsellingState.ACCEPTED, contact.user_id)
    assert f"{page}/begin" not in browser.get(page).text
    assert browser.post(f"{page}/begin", data={"started_on": today()}).status_code == 403
    assert queries.get(case.id).state is CounsellingState.ACCEPTED


def test_one_that_has_begun_without_a_move_says_that_the_move_sets_its_end(as_user: AsUser) -> None:
    adviser = make_member(Role.MUNICIPAL_ADVISER)
    case, actor, now = make_case(adviser), actor_of(adviser), utc_now()
    row = counselling.offer(case.id, offered_on=local_date(now), actor=actor, now=now)
    counselling.answer(row, CounsellingAnswer.YES, answered_on=local_date(now), actor=actor, now=now)
    counselling.start(row, started_on=local_date(now), moved_on=None, actor=actor, now=now)
    page = as_user(adviser).get(f"/counselling/{case.public_id}").text
    assert 'id="no-end"' in page and f"/cases/{case.public_id}/move" in page
    counselling_records.note_move(case.id, local_date(now), actor=actor, now=now)
    assert 'id="no-end"' not in as_user(adviser).get(f"/counselling/{case.public_id}").text


@pytest.mark.parametrize("day", ["", "31 09 2026", "i morgen", "01 01 2999"])
def test_a_day_that_cannot_be_is_told_beside_the_field(as_user: AsUser, day: str) -> None:
    contact = make_member()
    case = make_case(contact)
    answer = as_user(contact).post(f"/counselling/{case.public_id}/offer", data={"offered_on": day, "how": "phone"})
    assert answer.status_code == 422
    assert 'id="offered_on-error"' in answer.text
    assert day in answer.text
    assert queries.find(case.id) is None


@pytest.mark.parametrize(
    ("state", "words"),
    [(None, None), (CounsellingState.NOT_OFFERED, "Ikke tilbudt endnu"), (CounsellingState.OFFERED, "Tilbudt")],
)
def test_the_case_says_where_the_counselling_stands(
    as_user: AsUser, state: CounsellingState | None, words: str | None
) -> None:
    contact, now = make_member(), utc_now()
    case = make_case(contact)
    if state is not None:
        counselling_records.ensure(case.id)
    if state is CounsellingState.OFFERED:
        counselling.offer(case.id, offered_on=local_date(now), actor=actor_of(contact), now=now)
    page = as_user(contact).get(f"/cases/{case.public_id}").text
    facts = page.partition("<dt>Rådgivning</dt>")[2].partition("</dd>")[0]
    assert (words in facts) if words else facts == ""


def test_a_follow_up_after_the_end_opens_no_counselling(as_user: AsUser) -> None:
    """A month after the end she is asked once more: that opens the questions, not what happened in the case (M6)."""
    made = make_followed(TrackKind.CTI)
    case, browser = made.case, as_user(made.worker)
    public_id = case.public_id
    assert browser.get(f"/counselling/{public_id}").status_code == 200
    over = utc_now() - timedelta(days=DAYS_AFTER_CLOSING + 1)
    db.session.execute(sa.update(Case).where(Case.id == case.id).values(state=CaseState.CLOSED, closed_at=over))
    assert browser.get(f"/cases/{public_id}").status_code == 200
    assert browser.get(f"/counselling/{public_id}").status_code == 404


def test_the_facts_say_what_was_offered_what_she_answered_and_why_it_ended(as_user: AsUser) -> None:
    adviser, now = make_member(Role.MUNICIPAL_ADVISER), utc_now()
    case, who = make_case(adviser), {"actor": actor_of(adviser), "now": now}
    on = local_date(now)
    row = counselling.offer(case.id, offered_on=on, areas=[NeedArea.HOUSING, NeedArea.SCHOOL], **who)
    browser, page = as_user(adviser), f"/counselling/{case.public_id}"
    text = browser.get(page).text
    assert "bolig, skole" in text.casefold()
    assert "Hendes svar</dt>" not in text
    counselling.answer(row, CounsellingAnswer.YES, answered_on=on, **who)
    assert f"Ja, {on:%d.%m.%Y}" in browser.get(page).text
    counselling.start(row, started_on=on, moved_on=None, **who)
    counselling.end(row, CounsellingEnd.HER_WISH, ended_on=on, **who)
    text = browser.get(page).text
    assert f"{on:%d.%m.%Y} · {label(CounsellingEnd.HER_WISH)}" in text
    assert "Rådgivningen er slut." in text
    assert "tager næste skridt" not in text


def test_a_contact_logged_in_the_journal_in_its_course_is_one_of_its_contacts(as_user: AsUser) -> None:
    worker, course = make_enrolment(TrackKind.COORDINATING_COUNSELLING, is_started=True)
    actor, now = actor_of(worker), utc_now()
    case = db.session.get_one(Case, course.case_id)
    facts = {"mode": ContactMode.PHONE, "result": ContactResult.REACHED, "enrolment_id": course.id}
    notes.log_contact(case, minutes=37, actor=actor, now=now, **facts)
    undone = notes.log_contact(case, minutes=41, actor=actor, now=now, **facts)
    notes.undo_contact(case, undone, actor=actor, now=now)
    notes.write_note(case, text="Et notat", enrolment_id=course.id, actor=actor, now=now)
    shown = queries.list_contacts(actor, queries.get(case.id), organisation_id=worker.organisation_id, reads_all=False)
    assert [one.minutes for one in shown] == [37]
    assert ">37<" in as_user(worker).get(f"/counselling/{case.public_id}").text


def test_more_hours_than_are_left_are_refused_beside_the_field(as_user: AsUser) -> None:
    worker, course = make_enrolment(TrackKind.ENTITLEMENT, is_started=True)
    (ledger,) = queries.list_ledgers(course.id)
    page = f"/counselling/hours/{course.public_id}/{ledger.public_id}/use"
    sent = {"held_on": today(), "minutes": "12", "authorisation": "10-2345"}
    answer = as_user(worker).post(page, data=sent)
    assert answer.status_code == 422
    beside = answer.text.split(f'id="use-minutes-{ledger.public_id}-error"')[1].split("</div>")[0]
    assert "10 timer tilbage" in beside
