"""A coordinator puts in her homes by number; an address goes in and is never shown in a field again."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.enums import Role
from portal.core.states import UnitState
from portal.db import db
from portal.models.audit import AuditEntry
from portal.models.housing import HousingUnit
from tests.factories.housing import Homes, make_homes, make_unit
from tests.factories.people import make_member
from tests.support.counting import Counter

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")


def sent(homes: Homes, **changes: str) -> dict[str, str]:
    whole = {"offer": homes.offer.public_id, "number": "7", "max_children": "2", "address": "Hemmeligvej 7"}
    return whole | changes


def units() -> list[HousingUnit]:
    return list(db.session.scalars(sa.select(HousingUnit).execution_options(populate_existing=True)))


def test_a_new_home_stands_on_the_board_without_its_address(as_user: AsUser) -> None:
    homes = make_homes()
    browser, data = as_user(homes.coordinator), sent(homes, form_key="k" * 22)
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
        ({"offer": "A" * 22}, "offer"),
        ({"number": ""}, "number"),
        ({"number": "0"}, "number"),
        ({"number": "syv"}, "number"),
        ({"number": "9" * 40}, "number"),
        ({"max_children": "11"}, "max_children"),
        ({"address": "x" * 500}, "home-address"),
        ({"number": "3"}, "number"),
    ],
)
def test_what_cannot_be_is_told_beside_the_field(as_user: AsUser, change: dict[str, str], field: str) -> None:
    homes = make_homes()
    make_unit(homes, 3)
    data = sent(homes, **change)
    answer = as_user(homes.coordinator).post("/housing/units/new", data=data)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f'value="{data["number"]}"' in answer.text
    assert len(units()) == 1


def test_a_change_keeps_an_address_that_is_not_typed_anew_and_names_fields_only(as_user: AsUser) -> None:
    homes = make_homes()
    unit = make_unit(homes, is_open=False)
    browser, page = as_user(homes.coordinator), f"/housing/units/{unit.public_id}/facts"
    version = str(unit.version)
    assert browser.post(page, data={"max_children": "4", "address": "", "version": version}).status_code == 303
    (now,) = units()
    assert (now.max_children, now.address) == (4, "Hemmeligvej 1")
    assert browser.post(page, data={"max_children": "5", "version": version}).status_code == 409
    assert browser.post(page, data={"max_children": "mange"}).status_code == 422
    assert browser.post(page, data={"max_children": "4", "address": "Nyvej 2"}).status_code == 303
    fields = db.session.scalars(
        sa.select(AuditEntry.fields).where(AuditEntry.action == Audit.UNIT_CHANGED).order_by(AuditEntry.id)
    ).all()
    assert fields[-2:] == [["max_children"], ["address"]]
    assert units()[0].address == "Nyvej 2"


def test_another_organisation_and_another_role_put_in_nothing(as_user: AsUser) -> None:
    homes, stranger = make_homes(), make_homes()
    unit = make_unit(homes)
    browser = as_user(stranger.coordinator)
    assert browser.post(f"/housing/units/{unit.public_id}/facts", data={"max_children": "4"}).status_code == 404
    assert browser.post("/housing/units/new", data=sent(homes)).status_code == 422
    assert as_user(make_member(Role.CONTACT_PERSON)).get("/housing/units/new").status_code == 403


def test_the_form_costs_little(as_user: AsUser, count_queries: Counter) -> None:
    browser = as_user(make_homes().coordinator)
    browser.get("/housing/units/new")
    count_queries.start()
    assert browser.get("/housing/units/new").status_code == 200
    assert count_queries.stop() <= 5, count_queries.statements
