"""No page about homes asks the database more than twelve times, however much it shows."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.core.clock import add_months, local_date, utc_now
from portal.core.enums import Role
from portal.db import db
from portal.models.housing import Tenancy
from portal.services import tenancies
from tests.factories.housing import Homes, make_accepted, make_homes, make_tenancy, make_unit
from tests.factories.people import actor_of, make_member
from tests.factories.referrals import make_request
from tests.support.counting import Counter

AsUser = Callable[..., Any]
MOST, MANY = 12, 10
READERS = (Role.HOUSING_COORDINATOR, Role.PROGRAMME_LEAD)


def cost(browser: Any, page: str, counter: Counter) -> int:
    """The statements of a page, its session known and warm."""
    browser.get(page)
    counter.start()
    assert browser.get(page).status_code == 200
    return counter.stop()


def asked(homes: Homes, number: int) -> Tenancy:
    """A tenancy for which more time is asked for."""
    tenancy = make_tenancy(homes, number, moved_in_on=add_months(local_date(utc_now()), -16))
    tenancies.ask_extension(tenancy, "Hun venter på en bolig", actor=actor_of(homes.contact), now=utc_now())
    return tenancy


def again(homes: Homes) -> Homes:
    """The programme with what belongs to it, also after a page has let go of what was loaded."""
    db.session.refresh(homes.offer, ["programme", "organisation"])
    return homes


def fill(homes: Homes, numbers: range) -> None:
    """For each number a free home, one lived in, a nomination, and somebody who has a place and no home."""
    for number in numbers:
        make_unit(homes, number)
        asked(homes, 100 + number)
        make_request(offer=again(homes).offer)
        make_accepted(again(homes))


@pytest.mark.parametrize("role", READERS)
def test_the_board_costs_the_same_for_many_homes(as_user: AsUser, count_queries: Counter, role: Role) -> None:
    homes, seen = make_homes(), []
    browser = as_user(make_member(role, homes.coordinator.organisation))
    for numbers in (range(1, 2), range(2, MANY + 1)):
        fill(homes, numbers)
        seen.append(cost(browser, "/housing/", count_queries))
    assert seen[0] == seen[1] <= MOST, count_queries.statements


def test_the_board_costs_the_same_for_many_nominations(as_user: AsUser, count_queries: Counter) -> None:
    homes, seen = make_homes(), []
    browser = as_user(homes.coordinator)
    for many in (1, MANY - 1):
        for _each in range(many):
            make_request(offer=again(homes).offer)
        seen.append(cost(browser, "/housing/", count_queries))
    assert seen[0] == seen[1] <= MOST, count_queries.statements


def test_a_home_costs_the_same_for_many_who_wait(as_user: AsUser, count_queries: Counter) -> None:
    homes, seen = make_homes(), []
    browser, page = as_user(homes.coordinator), f"/housing/units/{make_unit(homes).public_id}"
    for many in (1, MANY - 1):
        for _each in range(many):
            make_accepted(again(homes))
        seen.append(cost(browser, page, count_queries))
    assert seen[0] == seen[1] <= MOST, count_queries.statements


@pytest.mark.parametrize("role", [*READERS, Role.CONTACT_PERSON])
def test_a_tenancy_costs_the_same_beside_many(as_user: AsUser, count_queries: Counter, role: Role) -> None:
    homes, seen = make_homes(), []
    page = f"/housing/tenancies/{asked(homes, 1).public_id}"
    member = homes.contact if role is Role.CONTACT_PERSON else make_member(role, homes.coordinator.organisation)
    browser = as_user(member)
    for numbers in (range(2, 3), range(3, MANY + 2)):
        fill(homes, numbers)
        seen.append(cost(browser, page, count_queries))
    assert seen[0] == seen[1] <= MOST, count_queries.statements
