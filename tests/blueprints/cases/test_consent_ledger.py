"""She takes a consent back while the receiver sits with her open: at once, and with a list of who has had what."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.kinds import TrackKind
from portal.core.states import RequestState
from portal.db import db
from portal.models.cases import Case, Consent
from portal.models.organisations import Organisation
from portal.models.users import Membership, User
from portal.queries.inbox import TABS
from tests.factories.enrolments import make_enrolment
from tests.factories.groups import make_group, make_participant
from tests.factories.people import make_member
from tests.factories.referrals import make_ready_case, make_request

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
OPEN = ("submitted", "needs_info", "in_visitation", "offered", "waitlisted")
WORKED_ON = set(TABS) - {"decided"}
NAME = {"name-part": "name", "name-reason": "Jeg skal ringe sikkert til hende"}


def take_back(browser: Any, case_public_id: str, organisation_id: int) -> str:
    """She takes back what she said towards one organisation; returns the page of the ledger afterwards."""
    consent = db.session.scalars(sa.select(Consent).where(Consent.recipient_organisation_id == organisation_id)).one()
    ledger = f"/cases/{case_public_id}/consents"
    assert browser.submit(ledger, f"{ledger}/{consent.public_id}/withdraw").status_code == 303
    return browser.get(ledger).text  # type: ignore[no-any-return]


@pytest.mark.parametrize("state", OPEN)
def test_a_referral_that_the_receiver_has_open_is_out_of_sight_with_the_next_request(
    as_user: AsUser, state: str
) -> None:
    sender = make_member()
    made = make_request(RequestState(state), sender=sender, case=make_ready_case(sender, name="Amira Karim"))
    reference, house = made.referral.reference, made.offer.organisation
    house_id, house_name, case = house.id, house.name, made.case.public_id
    writer = db.session.get_one(User, sender.user_id).name
    receiver, page = as_user(made.intake), f"/referrals/requests/{made.request.public_id}"
    assert "Ro til børnene" in receiver.get(page).text
    assert any(reference in receiver.get(f"/referrals/inbox?view={tab}").text for tab in WORKED_ON)

    told = take_back(as_user(sender), case, house_id)

    # Nothing of her is left but that there was something, and no button works.
    after = receiver.get(page).text
    assert not any(word in after for word in ("Ro til børnene", "Amira", "Sikker kontakt"))
    assert receiver.post(f"{page}/name", data=NAME).status_code in (403, 404, 409)
    assert receiver.post(f"{page}/take").status_code == 409
    # The row that stood in her list is gone.
    assert not any(reference in receiver.get(f"/referrals/inbox?view={tab}").text for tab in WORKED_ON)
    # Who has had it, and who wrote the consent down, is said where it was taken back.
    assert f"skrevet ned af {writer}" in told
    assert f"<strong>{house_name}</strong>" in told


def test_somebody_in_a_group_is_gone_from_its_leaders_list_with_the_next_request(as_user: AsUser) -> None:
    house = make_group()
    course = make_participant(house, name="Amira Karim")
    house_id = house.offer.organisation_id
    house_name = db.session.get_one(Organisation, house_id).name
    case = db.session.get_one(Case, course.case_id)
    leader, page = as_user(house.leader), f"/groups/{house.round.public_id}"
    url = f"{page}/leave/{course.public_id}"
    assert "Amira" in leader.get(page).text and leader.get(url).status_code == 200
    told = take_back(as_user(house.contact), case.public_id, house_id)
    # What she may not see is not there (decisions: 404 in place of 403), and her list no longer holds the row.
    assert "Amira" not in leader.get(page).text and leader.get(url).status_code == 404
    assert f"<strong>{house_name}</strong>" in told


def test_a_worker_whose_course_brought_her_onto_the_team_loses_the_case_with_the_next_request(as_user: AsUser) -> None:
    worker, course = make_enrolment(TrackKind.INDIVIDUAL_COUNSELLING)
    case = db.session.get_one(Case, course.case_id)
    house_id, house = course.organisation_id, worker.organisation.name
    contact = as_user(db.session.scalars(sa.select(Membership).where(Membership.user_id == case.opened_by_id)).one())
    receiver, page, ledger = as_user(worker), f"/cases/{case.public_id}", f"/cases/{case.public_id}/consents"
    assert receiver.get(page).status_code == 200 and case.reference in receiver.get("/cases").text
    before = contact.get(ledger).text
    assert "Mister sagen" in before and f"{house}: 1 person på teamet" in before and "Forløb, der mister den" in before
    told = take_back(contact, case.public_id, house_id)
    # What she may not see is not there (decisions: 404 in place of 403), and her list no longer holds the row.
    assert receiver.get(page).status_code == 404 and case.reference not in receiver.get("/cases").text
    assert "Mistede sagen" in told and "skal afsluttes" in told and f"{house}, " in told


def test_whoever_writes_it_down_for_her_own_house_is_led_away_from_the_case(as_user: AsUser) -> None:
    worker, course = make_enrolment(TrackKind.INDIVIDUAL_COUNSELLING)
    ledger = f"/cases/{db.session.get_one(Case, course.case_id).public_id}/consents"
    consent = db.session.scalars(sa.select(Consent).where(Consent.case_id == course.case_id)).one()
    done = as_user(worker).submit(ledger, f"{ledger}/{consent.public_id}/withdraw")
    assert done.status_code == 303 and done.headers["Location"].endswith("/cases")
