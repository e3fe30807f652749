"""Who works here, waking, confirming, and cases that nobody works on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.people import Suspension
from portal.db import db
from portal.models.messages import Message
from portal.models.users import Membership
from portal.services import leavers, suspensions
from tests.factories.leavers import make_leaver, team_of
from tests.factories.people import actor_of, make_member
from tests.support.counting import Counter

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")


def test_the_list_costs_the_same_for_fifty_people_as_for_one(as_user: AsUser, count_queries: Counter) -> None:
    made, seen = make_leaver(0), []
    organisation, browser = made.organisation, as_user(made.lead)
    for more in (0, 60):
        for _number in range(more):
            make_member(Role.VOLUNTEER, organisation)
        browser.get("/people/")
        count_queries.start()
        page = browser.get("/people/")
        seen.append(count_queries.stop())
    assert seen[0] == seen[1] <= 12, count_queries.statements
    assert "after=" in page.text
    assert browser.get("/people/?after=nonsense").status_code == 400


def test_a_role_that_sleeps_lets_nobody_in_until_an_administrator_wakes_it(as_user: AsUser) -> None:
    made = make_leaver(0)
    theirs, browser, public_id = as_user(made.worker), as_user(made.administrator), made.worker.public_id
    suspensions.suspend(made.worker, Suspension.DORMANT, now=utc_now())
    assert theirs.get("/day").status_code == 303
    assert "i dvale" in browser.get("/people/").text
    assert as_user(made.lead).post(f"/people/{public_id}/wake").status_code == 403
    assert browser.post(f"/people/{public_id}/wake").status_code == 303
    assert browser.post(f"/people/{public_id}/wake").status_code == 404
    assert as_user(made.worker).get("/day").status_code == 200


def test_a_lead_confirms_everybody_in_one_page_but_herself(as_user: AsUser) -> None:
    made = make_leaver(0)
    db.session.execute(sa.update(Membership).values(given_at=utc_now() - timedelta(days=200)))
    members = [made.worker.public_id, made.ane.public_id, made.lead.public_id]
    browser, lead_id = as_user(made.lead), made.lead.id
    page = browser.get("/people/confirm").text
    assert members[0] in page
    assert members[2] not in page
    assert browser.submit("/people/confirm", data={}).status_code == 422
    assert browser.submit("/people/confirm", data={"members": members[:2]}).status_code == 303
    assert members[0] not in browser.get("/people/confirm").text
    assert browser.submit("/people/confirm", data={"members": members[2:]}).status_code == 422
    assert db.session.get_one(Membership, lead_id).attested_at is None


def test_a_case_without_a_team_is_given_on_from_the_message(as_user: AsUser) -> None:
    made = make_leaver(1)
    case_id, reference = made.cases[0].id, made.cases[0].lead_reference
    page = f"/people/without-team/{made.cases[0].public_id}"
    leavers.end_membership(made.worker.public_id, actor=actor_of(made.administrator), now=utc_now())
    message = db.session.scalars(sa.select(Message.public_id).where(Message.recipient_id == made.lead.user_id)).one()
    browser, ane = as_user(made.lead), made.ane
    ane_id, ane_public = ane.user_id, ane.user.public_id
    day = browser.get("/day").text
    assert "En sag venter på, at nogen tager den" in day and f"/people/house/{made.cases[0].public_id}" in day
    opened = browser.post(f"/messages/{message}/open")
    assert browser.get(opened.location).location == "/people/without-team"
    assert reference in browser.get("/people/without-team").text
    assert browser.submit("/people/without-team", page, {"user": ""}).status_code == 422
    assert browser.submit("/people/without-team", page, {"user": ane_public}).status_code == 303
    assert team_of(case_id) == [(ane_id, True)]
    assert browser.post(page, data={"user": ane_public}).status_code == 404


@pytest.mark.parametrize("path", ["/people/", "/people/confirm", "/people/without-team"])
def test_others_are_refused_at_the_door(as_user: AsUser, path: str) -> None:
    assert as_user(make_member(Role.PROGRAMME_WORKER)).get(path).status_code == 403


def test_another_house_is_never_in_the_list(as_user: AsUser) -> None:
    made, other = make_leaver(0), make_leaver(1)
    public_id = other.worker.public_id
    browser = as_user(made.administrator)
    assert public_id not in browser.get("/people/").text
    assert browser.post(f"/people/{public_id}/wake").status_code == 404
