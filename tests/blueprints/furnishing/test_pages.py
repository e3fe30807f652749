"""Furnishing and matching in the browser."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.enums import Role
from portal.core.kinds import TrackKind
from portal.db import db
from portal.models.cases import TeamMember
from portal.models.furnishing import FurnishingProject
from portal.models.users import Membership
from tests.factories.furnishing import make_volunteer_course
from tests.factories.people import actor_of, make_member
from tests.factories.tasks import make_volunteer
from tests.support.counting import Counter

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")


def page_of_project() -> str:
    public_id = db.session.scalar(sa.select(FurnishingProject.public_id))
    return f"/furnishing/{public_id}"


def test_a_project_goes_forward_by_its_one_button(as_user: AsUser) -> None:
    coordinator, _course = make_volunteer_course(TrackKind.FURNISHING)
    browser, page = as_user(coordinator), page_of_project()
    assert browser.post(f"{page}/step/accept").status_code == 303
    assert browser.post(f"{page}/step/accept").status_code == 409
    assert browser.post(f"{page}/template").status_code == 303
    shown = browser.get(page).get_data(as_text=True)
    assert "Køjeseng" in shown


@pytest.mark.parametrize(
    "data",
    [
        {"room": "attic", "what": "seng", "quantity": "1"},
        {"room": "kitchen", "what": "", "quantity": "1"},
        {"room": "kitchen", "what": "x" * 121, "quantity": "1"},
        {"room": "kitchen", "what": "stol", "quantity": "0"},
        {"room": "kitchen", "what": "stol", "quantity": "mange"},
    ],
)
def test_a_thing_that_cannot_be_read_is_told_and_not_kept(as_user: AsUser, data: dict[str, str]) -> None:
    coordinator, _course = make_volunteer_course(TrackKind.FURNISHING)
    assert as_user(coordinator).post(f"{page_of_project()}/items", data=data).status_code == 422


def test_a_stranger_finds_no_project_and_volunteers_have_no_such_page(as_user: AsUser) -> None:
    make_volunteer_course(TrackKind.FURNISHING)
    page = page_of_project()
    assert as_user(make_member(Role.VOLUNTEER_COORDINATOR)).get(page).status_code == 404
    assert as_user(make_member(Role.VOLUNTEER)).get(page).status_code == 403


def test_only_the_coordinator_reads_the_name_of_the_volunteer_who_plans_the_rooms(as_user: AsUser) -> None:
    coordinator, course = make_volunteer_course(TrackKind.FURNISHING)
    member = make_member(Role.VOLUNTEER, coordinator.organisation)
    member.user.name = "Gerda Fynboe"
    volunteer = make_volunteer(member, actor_of(coordinator))
    project = db.session.scalars(sa.select(FurnishingProject)).one()
    project.architect_id = volunteer.id
    team = sa.select(Membership).join(TeamMember, TeamMember.user_id == Membership.user_id)
    contact = db.session.scalars(team.where(TeamMember.case_id == course.case_id)).one()
    page = page_of_project()
    assert "Gerda Fynboe" in as_user(coordinator).get(page).text
    shown = as_user(contact).get(page).text
    assert ("Gerda" in shown, "G. F." in shown) == (False, True)


def test_a_volunteer_is_matched_once_and_the_match_ends(as_user: AsUser) -> None:
    coordinator, course = make_volunteer_course(TrackKind.VOLUNTEER_NETWORK)
    member = make_member(Role.VOLUNTEER, coordinator.organisation)
    volunteer = make_volunteer(member, actor_of(coordinator))
    browser, page = as_user(coordinator), f"/volunteers/match/{course.public_id}"
    data = {"volunteer": volunteer.public_id, "started_on": "1 2 2026"}
    assert browser.post(page, data=data | {"started_on": "31 09 2026"}).status_code == 422
    assert browser.post(page, data=data).status_code == 303
    assert browser.post(page, data=data).status_code == 409
    assert browser.post(f"{page}/end", data={"ended_on": "31 1 2026"}).status_code == 422
    assert browser.post(f"{page}/end", data={"ended_on": "1 3 2026"}).status_code == 303
    assert browser.get(page).status_code == 200


def test_the_list_costs_the_same_for_many_projects(as_user: AsUser, count_queries: Counter) -> None:
    coordinator, _course = make_volunteer_course(TrackKind.FURNISHING)
    browser, seen = as_user(coordinator), []
    for more in (0, 3):
        for _ in range(more):
            _other, course = make_volunteer_course(TrackKind.FURNISHING)
            db.session.execute(sa.update(FurnishingProject).values(organisation_id=coordinator.organisation_id))
            course.organisation_id = coordinator.organisation_id
        db.session.commit()
        count_queries.start()
        browser.get("/furnishing/")
        seen.append(count_queries.stop())
    assert seen[0] == seen[1] <= 12, count_queries.statements


def test_a_volunteer_is_registered_with_a_password_shown_once(as_user: AsUser) -> None:
    coordinator = make_member(Role.VOLUNTEER_COORDINATOR)
    browser = as_user(coordinator)
    data = {"name": "Frida Frivillig", "email": "frida@example.org", "region": "Midtjylland", "pledged_on": "1 1 2026"}
    shown = browser.post("/volunteers/new", data=data)
    assert shown.status_code == 200
    assert browser.post("/volunteers/new", data=data).status_code == 422
    listed = browser.get("/volunteers/").get_data(as_text=True)
    assert "Frida Frivillig" in listed
