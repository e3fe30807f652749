"""What is written about a meeting, on its own page and where it is read: in the journal (R-824)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.kinds import TrackKind
from portal.db import db
from portal.models.cases import Case, Note
from tests.factories.furnishing import make_volunteer_course
from tests.factories.meetings import make_meeting
from tests.factories.people import make_case, make_member

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
AGO = timedelta(hours=-2)


def test_it_is_told_in_the_journal_and_no_box_holds_it_any_more(as_user: AsUser, count_queries: Any) -> None:
    member = make_member()
    case = make_case(member)
    page = f"/meetings/{make_meeting(member, case, ahead=AGO).public_id}"
    browser = as_user(member)
    assert browser.submit(page, f"{page}/hold", {"note": "Bisidder ønskes."}).status_code == 303
    note = db.session.scalars(sa.select(Note)).one()
    for there in (f"/cases/{case.public_id}", f"/cases/{case.public_id}/notes"):
        text = browser.get(there).text
        assert ("Notat fra et møde" in text, text.count("Bisidder ønskes.")) == (True, 1), there
    count_queries.start()
    text = browser.get(page).text
    assert count_queries.stop() <= 12
    assert ("Bisidder ønskes." in text, 'name="note"' in text, 'name="talk"' in text) == (True, False, True)
    assert f"/cases/{case.public_id}/notes?corrects={note.public_id}" in text


def test_a_page_from_before_adds_a_correction_and_overwrites_nothing(as_user: AsUser) -> None:
    member = make_member()
    page = f"/meetings/{make_meeting(member, make_case(member), ahead=AGO).public_id}"
    browser = as_user(member)
    browser.submit(page, f"{page}/hold", {"note": "Først."})
    assert browser.submit(page, f"{page}/note", {"note": "Sidst.", "readers": "house"}).status_code == 303
    first, second = db.session.scalars(sa.select(Note).order_by(Note.id))
    assert (first.text, second.text, second.corrects_id, second.readers) == ("Først.", "Sidst.", first.id, "house")
    text = browser.get(page).text
    assert ("Sidst." in text, "Først." in text, "Kun " in text) == (True, False, True)


def test_whoever_does_not_write_in_the_case_has_no_box_and_is_refused(as_user: AsUser) -> None:
    coordinator, course = make_volunteer_course(TrackKind.FURNISHING)
    case = db.session.get_one(Case, course.case_id)
    page = f"/meetings/{make_meeting(coordinator, case, enrolment_id=course.id, ahead=AGO).public_id}"
    browser = as_user(coordinator)
    text = browser.get(page).text
    assert ('name="note"' in text, 'name="minutes"' in text) == (False, True)
    assert browser.submit(page, f"{page}/hold", {"note": "Hun var ked af det."}).status_code == 403
    assert browser.submit(page, f"{page}/hold", {"minutes": "45"}).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count(Note.id))) == 0
