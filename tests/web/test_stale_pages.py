"""Of two who opened the same page the second to save is told, and what the first wrote stands."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.kinds import TrackKind
from portal.db import db
from portal.models.cti import PhasePlan
from portal.models.furnishing import FurnishingProject
from portal.models.meetings import Meeting
from portal.models.volunteers import Volunteer
from portal.services import meetings
from tests.factories.enrolments import make_enrolment
from tests.factories.furnishing import make_volunteer_course
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.tasks import make_pool

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")


def shown(browser: Any, page: str, action: str) -> str:
    """The version that a form of the page carries."""
    form = browser.get(page).text.partition(f'action="{action}"')[2].partition("</form>")[0]
    found = re.search(r'name="version" value="(\d+)"', form)
    assert found is not None, action
    return found[1]


def save_twice(browser: Any, page: str, action: str, first: dict[str, Any], second: dict[str, Any]) -> None:
    """Two open the page; both save what they typed."""
    version = {"version": shown(browser, page, action)}
    assert browser.post(action, data=first | version).status_code == 303
    assert browser.post(action, data=second | version).status_code == 409
    assert browser.post(action, data=second).status_code == 409
    db.session.expire_all()


def test_a_note_of_a_meeting(as_user: AsUser) -> None:
    member = make_member()
    meeting = make_meeting(member, make_case(member), ahead=timedelta(hours=-2))
    meetings.hold(meeting, actor=actor_of(member), now=utc_now())
    page = f"/meetings/{meeting.public_id}"
    save_twice(as_user(member), page, f"{page}/note", {"note": "Først"}, {"note": "Sidst"})
    assert db.session.scalars(sa.select(Meeting)).one().note == "Først"


def test_the_time_of_a_meeting(as_user: AsUser) -> None:
    member = make_member()
    meeting = make_meeting(member, make_case(member), ahead=timedelta(days=1))
    page = f"/meetings/{meeting.public_id}"
    days = [local_date(utc_now()) + timedelta(days=ahead) for ahead in (3, 4)]
    typed = [{"day": f"{day:%d %m %Y}", "starts": "10.00", "ends": "11.00"} for day in days]
    save_twice(as_user(member), page, f"{page}/move", *typed)
    assert local_date(db.session.scalars(sa.select(Meeting)).one().starts_at) == days[0]


def test_the_plan_of_a_phase_that_is_new_and_that_is_there(as_user: AsUser) -> None:
    worker, course = make_enrolment(TrackKind.CTI, is_started=True)
    page, browser = f"/cti/{course.public_id}", as_user(worker)
    first = {"areas": ["safety"], "plan": "Først"}
    version = shown(browser, page, f"{page}/plan")
    assert (version, browser.post(f"{page}/plan", data=first | {"version": version}).status_code) == ("0", 303)
    assert browser.post(f"{page}/plan", data=first | {"plan": "Sidst", "version": version}).status_code == 409
    save_twice(browser, page, f"{page}/plan", first | {"plan": "Igen"}, first | {"plan": "For sent"})
    assert db.session.scalars(sa.select(PhasePlan.plan)).all() == ["Igen"]


def test_the_plan_of_a_furnishing(as_user: AsUser) -> None:
    coordinator, _course = make_volunteer_course(TrackKind.FURNISHING)
    page = f"/furnishing/{db.session.scalars(sa.select(FurnishingProject.public_id)).one()}"
    save_twice(as_user(coordinator), page, f"{page}/plan", {"wishes": "Lyst"}, {"wishes": "Mørkt"})
    assert db.session.scalars(sa.select(FurnishingProject.wishes)).all() == ["Lyst"]


def test_the_profile_of_a_volunteer(as_user: AsUser) -> None:
    coordinator, _member, volunteer = make_pool()
    page, whole = f"/volunteers/{volunteer.public_id}", {"region": "Nordjylland"}
    save_twice(as_user(coordinator), page, page, whole | {"skills": ["tools"]}, whole | {"skills": ["children"]})
    assert db.session.scalars(sa.select(Volunteer.skills)).all() == [["tools"]]
