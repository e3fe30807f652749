"""Homes in the browser."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import add_months, local_date, utc_now
from portal.core.enums import Role
from portal.core.states import CaseState, TenancyState
from portal.db import db
from portal.models.access import CaseBlock
from portal.models.audit import AuditEntry
from portal.models.cases import Case, Consent
from portal.models.housing import Tenancy
from portal.models.organisations import Organisation
from portal.models.users import User
from tests.factories.housing import make_accepted, make_homes, make_tenancy, make_unit
from tests.factories.people import make_member

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")


def typed(day: Any) -> str:
    return str(day.strftime("%d %m %Y"))


def test_a_home_is_made_ready_reserved_and_moved_into(as_user: AsUser) -> None:
    homes = make_homes()
    unit, course, today = make_unit(homes, is_open=False), make_accepted(homes), local_date(utc_now())
    browser, page = as_user(homes.coordinator), f"/housing/units/{unit.public_id}"
    assert browser.post(f"{page}/step/accept").status_code == 409
    assert browser.post(f"{page}/step/make_ready").status_code == 303
    assert browser.post(f"{page}/step/accept").status_code == 303
    assert browser.get(page).status_code == 200
    good = {"enrolment": course.public_id, "move_in_on": typed(today)}
    assert browser.post(f"{page}/reserve", data=good | {"move_in_on": "31 09 2030"}).status_code == 422
    assert browser.post(f"{page}/reserve", data=good).status_code == 303


def test_a_tenancy_goes_its_way(as_user: AsUser) -> None:
    homes, today = make_homes(), local_date(utc_now())
    tenancy = make_tenancy(homes)
    browser, page = as_user(homes.coordinator), f"/housing/tenancies/{tenancy.public_id}"
    assert browser.get(page).status_code == 200
    assert browser.post(f"{page}/move-in", data={"moved_in_on": typed(today)}).status_code == 422
    good = {"moved_in_on": typed(add_months(today, -17)), "gap_reason": "Hun var hos sin søster"}
    assert browser.post(f"{page}/move-in", data=good).status_code == 303
    caseworker = as_user(homes.contact)
    assert caseworker.post(f"{page}/ask", data={"reason": "Hun venter på en bolig"}).status_code == 303
    assert browser.get("/housing/").status_code == 200
    given = {"is_extended": "yes", "months": "12", "reason": "Børnene går i skole"}
    assert browser.post(f"{page}/decide", data=given).status_code == 303
    assert caseworker.post(f"{page}/ask", data={"reason": "Igen"}).status_code == 409
    assert browser.post(f"{page}/notice", data={"leaves_on": typed(today)}).status_code == 303
    out = {"moved_out_on": typed(today), "destination": "own_home"}
    assert browser.post(f"{page}/move-out", data=out | {"destination": "Nørregade"}).status_code == 422
    early = browser.post(f"{page}/move-out", data=out)
    assert early.status_code == 422 and "sikkerhed" in early.text
    assert browser.post(f"{page}/move-out", data=out | {"unchecked": "not_wanted"}).status_code == 303
    assert browser.get(page).status_code == 200


def test_the_address_is_shown_after_it_is_written_down(as_user: AsUser) -> None:
    homes = make_homes()
    unit = make_unit(homes)
    browser, page = as_user(homes.coordinator), f"/housing/units/{unit.public_id}"
    assert "Hemmeligvej" not in browser.get(page).get_data(as_text=True)
    assert browser.post(f"{page}/address", data={"reason": ""}).status_code == 422
    assert "Hemmeligvej" in browser.post(f"{page}/address", data={"reason": "Nøglen skal hentes"}).get_data(
        as_text=True
    )
    written = sa.select(sa.func.count()).where(AuditEntry.action == Audit.ADDRESS_REVEALED)
    assert db.session.scalar(written) == 1


KEYS = {"reason": "Nøglen skal hentes"}


def test_the_address_of_a_home_somebody_lives_in_is_a_look_in_her_case(as_user: AsUser) -> None:
    homes = make_homes()
    tenancy = make_tenancy(homes)
    case_id, case = tenancy.enrolment.case_id, tenancy.enrolment.case.public_id
    name = db.session.get_one(User, homes.coordinator.user_id).name
    where = f"/housing/units/{tenancy.unit.public_id}/address"
    assert "Hemmeligvej" in as_user(homes.coordinator).post(where, data=KEYS).text
    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.ADDRESS_REVEALED)).one()
    assert line.case_id == case_id
    assert name in as_user(homes.contact).get(f"/cases/{case}/looks").text


@pytest.mark.parametrize(("why", "status"), [("blocked", 404), ("level 2", 403), ("no consent", 404)])
def test_the_address_of_her_home_stays_shut(as_user: AsUser, why: str, status: int) -> None:
    homes = make_homes()
    tenancy = make_tenancy(homes)
    case, me = tenancy.enrolment.case, homes.coordinator.user_id
    page, browser = f"/housing/units/{tenancy.unit.public_id}", as_user(homes.coordinator)
    assert "/address" in browser.get(page).text
    case = db.session.get_one(Case, case.id)
    if why == "blocked":
        db.session.add(CaseBlock(case_id=case.id, user_id=me, created_at=utc_now(), created_by_id=case.opened_by_id))
    elif why == "level 2":
        case.client.protection_level = 2
    else:
        db.session.execute(sa.update(Consent).where(Consent.case_id == case.id).values(withdrawn_at=utc_now()))
    assert browser.post(f"{page}/address", data=KEYS).status_code == status
    assert "/address" not in browser.get(page).text
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.action == Audit.ADDRESS_REVEALED)) == 0


def test_her_contact_person_asks_on_the_page_of_the_tenancy_where_she_lives(as_user: AsUser) -> None:
    homes = make_homes()
    tenancy = make_tenancy(homes)
    case_id, page = tenancy.enrolment.case_id, f"/housing/tenancies/{tenancy.public_id}"
    colleague = make_member(organisation=db.session.get_one(Organisation, homes.contact.organisation_id))
    browser = as_user(homes.contact)
    assert "Hemmeligvej" not in browser.get(page).text
    short = browser.post(f"{page}/address", data={"reason": "x"})
    assert short.status_code == 422
    assert "Hemmeligvej" not in short.text
    assert "Hemmeligvej 1" in browser.post(f"{page}/address", data=KEYS).text
    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.ADDRESS_REVEALED)).one()
    assert (line.case_id, line.actor_id, line.reason) == (case_id, homes.contact.user_id, KEYS["reason"])
    assert as_user(colleague).post(f"{page}/address", data=KEYS).status_code == 404
    # Whoever looks after the home asks on the page of the home.
    assert f"{page}/address" not in as_user(homes.coordinator).get(page).text


@pytest.mark.parametrize(("why", "status"), [("blocked", 404), ("level 2", 403), ("closed", 404), ("moved out", 409)])
def test_where_she_lives_stays_shut_to_her_team(as_user: AsUser, why: str, status: int) -> None:
    homes = make_homes()
    tenancy = make_tenancy(homes)
    page, browser, me = f"/housing/tenancies/{tenancy.public_id}", as_user(homes.contact), homes.contact.user_id
    assert f"{page}/address" in browser.get(page).text
    tenancy, case = db.session.get_one(Tenancy, tenancy.id), db.session.get_one(Case, tenancy.enrolment.case_id)
    if why == "blocked":
        db.session.add(CaseBlock(case_id=case.id, user_id=me, created_at=utc_now(), created_by_id=case.opened_by_id))
    elif why == "level 2":
        case.client.protection_level = 2
    elif why == "closed":
        case.state, case.closed_at = CaseState.CLOSED, utc_now() - timedelta(days=31)
    else:
        tenancy.state = TenancyState.NOT_TAKEN
    assert browser.post(f"{page}/address", data=KEYS).status_code == status
    assert f"{page}/address" not in browser.get(page).text
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.action == Audit.ADDRESS_REVEALED)) == 0


def test_strangers_and_other_roles(as_user: AsUser) -> None:
    homes = make_homes()
    tenancy, organisation = make_tenancy(homes), homes.coordinator.organisation
    page, lead = f"/housing/tenancies/{tenancy.public_id}", make_member(Role.PROGRAMME_LEAD, organisation)
    assert as_user(make_member(Role.HOUSING_COORDINATOR)).get(page).status_code == 404
    assert as_user(lead).get(page).status_code == 404
    assert as_user(make_member()).get("/housing/").status_code == 403
