"""A coordinator puts in her homes by number; an address goes in and is never shown in a field again."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.enums import Role
from portal.core.kinds import TrackKind
from portal.core.states import UnitState
from portal.db import db
from portal.models.audit import AuditEntry
from portal.models.housing import HousingUnit
from tests.factories.housing import make_homes, make_unit
from tests.factories.people import make_member
from tests.factories.referrals import make_offer
from tests.support.counting import Counter

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")


def sent(**changes: str) -> dict[str, str]:
    return {"number": "7", "max_children": "2", "address": "Hemmeligvej 7"} | changes


def units() -> list[HousingUnit]:
    return list(db.session.scalars(sa.select(HousingUnit).execution_options(populate_existing=True)))


def test_a_new_home_stands_on_the_board_without_its_address(as_user: AsUser) -> None:
    homes = make_homes()
    browser, data = as_user(homes.coordinator), sent(form_key="k" * 22)
    assert [browser.post("/housing/units/new", data=data).status_code for _click in range(2)] == [303, 303]
    (unit,) = units()
    assert (unit.number, unit.max_children, unit.address) == (7, 2, "Hemmeligvej 7")
    assert unit.state is UnitState.VACANT_NOT_READY
    for page in ("/housing/", f"/housing/units/{unit.public_id}"):
        shown = browser.get(page).text
        assert "Bolig 7" in shown
        assert "Hemmeligvej" not in shown


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": ""}, "number"),
        ({"number": "0"}, "number"),
        ({"number": "  "}, "number"),
        ({"number": "syv"}, "number"),
        ({"number": "--7"}, "number"),
        ({"number": "9" * 40}, "number"),
        ({"max_children": ""}, "max_children"),
        ({"max_children": " "}, "max_children"),
        ({"max_children": "-1"}, "max_children"),
        ({"max_children": "11"}, "max_children"),
        ({"address": "x" * 500}, "address"),
        ({"number": "3"}, "number"),
    ],
)
def test_what_cannot_be_is_told_beside_the_field(as_user: AsUser, change: dict[str, str], field: str) -> None:
    homes = make_homes()
    make_unit(homes, 3)
    data = sent(**change)
    answer = as_user(homes.coordinator).post("/housing/units/new", data=data)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f'value="{data["number"]}"' in answer.text
    assert "invalid literal" not in answer.text
    assert len(units()) == 1


def test_the_number_is_said_to_be_taken_in_its_own_programme_alone(as_user: AsUser) -> None:
    homes = make_homes()
    make_unit(homes, 3)
    other = make_offer(TrackKind.HOUSING, homes.coordinator.organisation)
    chosen, own = other.public_id, homes.offer.public_id
    browser = as_user(homes.coordinator)
    assert browser.get("/housing/units/new").text.count('name="offer"') == 2
    for wrong in ("", "A" * 22, make_homes().offer.public_id):
        answer = browser.post("/housing/units/new", data=sent(number="3", offer=wrong))
        assert (answer.status_code, 'id="offer-error"' in answer.text) == (422, True)
    taken = browser.post("/housing/units/new", data=sent(number="3", offer=own))
    assert (taken.status_code, "Der er allerede en bolig med det nummer." in taken.text) == (422, True)
    assert browser.post("/housing/units/new", data=sent(number="3", offer=chosen)).status_code == 303


def test_one_programme_is_not_asked_about_and_the_next_number_stands_there(as_user: AsUser) -> None:
    homes = make_homes()
    make_unit(homes, 3)
    page = as_user(homes.coordinator).get("/housing/units/new").text
    assert 'name="offer"' not in page
    assert 'name="number" ' in page
    assert 'value="4"' in page


def test_without_a_programme_there_is_nothing_to_put_in(as_user: AsUser) -> None:
    browser = as_user(make_member(Role.HOUSING_COORDINATOR))
    assert browser.get("/housing/units/new").text.count('name="number"') == 0
    assert browser.post("/housing/units/new", data=sent()).status_code == 422


def test_a_change_keeps_an_address_that_is_not_typed_anew_and_names_fields_only(as_user: AsUser) -> None:
    homes = make_homes()
    unit = make_unit(homes, is_open=False)
    browser, page = as_user(homes.coordinator), f"/housing/units/{unit.public_id}/facts"
    seen = {"version": str(unit.version)}
    assert browser.post(page, data=seen | {"max_children": "1", "address": ""}).status_code == 303
    (now,) = units()
    assert (now.max_children, now.address) == (1, "Hemmeligvej 1")
    shown = browser.get(f"/housing/units/{unit.public_id}").text
    assert ("1 barn" in shown, "Hemmeligvej" in shown) == (True, False)
    seen = {"version": str(units()[0].version)}
    assert browser.post(page, data=seen | {"max_children": "1", "address": "Nyvej 2"}).status_code == 303
    fields = db.session.scalars(
        sa.select(AuditEntry.fields).where(AuditEntry.action == Audit.UNIT_CHANGED).order_by(AuditEntry.id)
    ).all()
    assert fields == [["max_children"], ["address"]]
    assert units()[0].address == "Nyvej 2"


@pytest.mark.parametrize("version", ["1", "99", "", "x"])
def test_a_page_that_has_grown_old_overwrites_nothing(as_user: AsUser, version: str) -> None:
    homes = make_homes()
    unit, browser = make_unit(homes), as_user(homes.coordinator)
    sent_late = {"max_children": "5", "address": "Nyvej 2", "version": version}
    assert browser.post(f"/housing/units/{unit.public_id}/facts", data=sent_late).status_code == 409
    assert (units()[0].max_children, units()[0].address) == (3, "Hemmeligvej 1")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"max_children": ""}, "max_children"),
        ({"max_children": "  "}, "max_children"),
        ({"max_children": "mange"}, "max_children"),
        ({"max_children": "11"}, "max_children"),
        ({"address": "x" * 121}, "home-address"),
    ],
)
def test_a_change_that_cannot_be_is_told_beside_the_field(as_user: AsUser, change: dict[str, str], field: str) -> None:
    homes = make_homes()
    unit = make_unit(homes)
    data = {"max_children": "5", "version": str(unit.version)} | change
    answer = as_user(homes.coordinator).post(f"/housing/units/{unit.public_id}/facts", data=data)
    assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True)
    assert f'value="{data["max_children"]}"' in answer.text
    assert "Hemmeligvej" not in answer.text
    assert units()[0].max_children == 3


def test_another_organisation_and_another_role_put_in_nothing(as_user: AsUser) -> None:
    homes, stranger = make_homes(), make_homes()
    unit = make_unit(homes)
    browser, lead = (
        as_user(stranger.coordinator),
        as_user(make_member(Role.PROGRAMME_LEAD, stranger.offer.organisation)),
    )
    facts = f"/housing/units/{unit.public_id}/facts"
    assert browser.post(facts, data={"max_children": "4"}).status_code == 404
    assert browser.post("/housing/units/new", data=sent(offer=homes.offer.public_id)).status_code == 303
    assert {one.organisation_id for one in units()} == {homes.offer.organisation_id, stranger.offer.organisation_id}
    for other in (lead, as_user(make_member(Role.CONTACT_PERSON))):
        assert other.get("/housing/units/new").status_code == 403
        assert other.post("/housing/units/new", data=sent()).status_code == 403
        assert other.post(facts, data={"max_children": "4"}).status_code == 403
    assert "Ny bolig" not in lead.get("/housing/").text


def test_the_form_costs_little(as_user: AsUser, count_queries: Counter) -> None:
    browser = as_user(make_homes().coordinator)
    browser.get("/housing/units/new")
    count_queries.start()
    assert browser.get("/housing/units/new").status_code == 200
    assert count_queries.stop() <= 5, count_queries.statements
