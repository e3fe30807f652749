"""The coordinator's pages about her volunteers and the matches."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.kinds import TrackKind
from portal.db import db
from portal.models.organisations import Organisation
from portal.models.users import User
from portal.models.volunteers import Volunteer, VolunteerMatch
from tests.factories.furnishing import make_volunteer_course
from tests.factories.people import actor_of, make_member
from tests.factories.tasks import make_pool, make_volunteer
from tests.support.counting import Counter

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
MOST = 12
NEW = {"name": "Frida Lund", "email": "frida@example.org", "region": "Nordjylland", "skills": ["tools"]}


def test_a_new_volunteer_gets_a_code_that_is_shown_once(as_user: AsUser) -> None:
    browser = as_user(make_member(Role.VOLUNTEER_COORDINATOR))
    page = browser.post("/volunteers/new", data=NEW).text
    assert re.search(r"\b[A-Z0-9]{4}(-[A-Z0-9]{4}){2}\b", page)
    listed = browser.get("/volunteers/").text
    assert "Frida Lund" in listed
    assert "tavshedserklæring" in listed
    assert not re.search(r"\b[A-Z0-9]{4}(-[A-Z0-9]{4}){2}\b", listed)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": "frida"}, "email"),
        ({"email": "f" * 250 + "@example.org"}, "email"),
        ({"region": "Skåne"}, "region"),
        ({"skills": ["flying"]}, "skills"),
        ({"pledged_on": "31 09 2026"}, "pledged_on"),
    ],
)
def test_what_cannot_be_is_told_beside_the_field_and_registers_nobody(
    as_user: AsUser, change: dict[str, Any], field: str
) -> None:
    browser = as_user(make_member(Role.VOLUNTEER_COORDINATOR))
    answer = browser.post("/volunteers/new", data=NEW | change)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert (NEW | change)["email"] in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Volunteer)) == 0


def test_an_address_in_use_is_refused_and_the_second_click_registers_nobody(as_user: AsUser) -> None:
    browser = as_user(make_member(Role.VOLUNTEER_COORDINATOR))
    sent = NEW | {"form_key": "k" * 22}
    assert [browser.post("/volunteers/new", data=sent).status_code for _click in range(2)] == [200, 303]
    assert browser.post("/volunteers/new", data=NEW | {"name": "En anden"}).status_code == 422
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Volunteer)) == 1


def test_a_profile_is_brought_up_to_date_and_paused(as_user: AsUser) -> None:
    coordinator, _member, volunteer = make_pool()
    browser, page = as_user(coordinator), f"/volunteers/{volunteer.public_id}"
    changed = {
        "region": "Nordjylland",
        "skills": ["children"],
        "pledged_on": "05 01 2026",
        "version": volunteer.version,
    }
    assert browser.post(page, data=changed).status_code == 303
    found = db.session.scalars(sa.select(Volunteer).execution_options(populate_existing=True)).one()
    assert (found.skills, found.pledged_on, found.certificate_until) == (["children"], date(2026, 1, 5), None)
    assert browser.post(f"{page}/pause").status_code == 303
    assert "er på pause" in browser.get("/volunteers/").text
    assert browser.post(f"{page}/resume").status_code == 303
    assert "er på pause" not in browser.get("/volunteers/").text


def test_another_associations_volunteer_is_not_there(as_user: AsUser) -> None:
    _coordinator, _member, volunteer = make_pool()
    stranger = as_user(make_member(Role.VOLUNTEER_COORDINATOR))
    page = f"/volunteers/{volunteer.public_id}"
    assert stranger.get(page).status_code == stranger.get("/volunteers/" + "A" * 22).status_code == 404
    assert stranger.post(f"{page}/pause").status_code == 404


def test_a_match_begins_with_a_volunteer_and_ends_on_a_day(as_user: AsUser) -> None:
    coordinator, enrolment = make_volunteer_course(TrackKind.VOLUNTEER_NETWORK)
    member = make_member(Role.VOLUNTEER, db.session.get_one(Organisation, coordinator.organisation_id))
    volunteer = make_volunteer(member, actor_of(coordinator))
    browser, page = as_user(coordinator), f"/volunteers/match/{enrolment.public_id}"
    today = local_date(utc_now())
    sent = {"volunteer": volunteer.public_id, "started_on": today.strftime("%d %m %Y")}
    assert browser.post(page, data=sent | {"volunteer": "A" * 22}).status_code == 422
    assert browser.post(page, data=sent).status_code == 303
    match = db.session.scalars(sa.select(VolunteerMatch)).one()
    assert (match.volunteer_id, match.started_on) == (volunteer.id, today)
    name = db.session.get_one(User, member.user_id).name
    assert name in browser.get(page).text
    before = {"ended_on": (today - timedelta(days=1)).strftime("%d %m %Y")}
    assert browser.post(f"{page}/end", data=before).status_code == 422
    assert browser.post(f"{page}/end", data={"ended_on": sent["started_on"]}).status_code == 303


def test_the_list_costs_the_same_for_fifty_volunteers_as_for_one(as_user: AsUser, count_queries: Counter) -> None:
    coordinator, _member, _volunteer = make_pool()
    organisation = db.session.get_one(Organisation, coordinator.organisation_id)
    browser, seen = as_user(coordinator), []
    for more in (0, 49):
        for _person in range(more):
            make_volunteer(make_member(Role.VOLUNTEER, organisation), actor_of(coordinator))
        db.session.commit()
        browser.get("/volunteers/")
        count_queries.start()
        assert browser.get("/volunteers/").status_code == 200
        seen.append(count_queries.stop())
    assert seen[0] == seen[1] <= MOST, count_queries.statements
