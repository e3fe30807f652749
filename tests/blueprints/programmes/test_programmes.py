"""Free places: shown to all who refer, opened and closed by whoever answers."""

from collections.abc import Callable
from typing import Any

from portal.core.enums import Role
from portal.core.kinds import TrackKind
from tests.factories.people import make_member
from tests.factories.referrals import make_offer

Browser = Callable[..., Any]


def test_every_kind_of_programme_has_a_page(as_user: Browser) -> None:
    browser = as_user(make_member())
    for kind in (kind for kind in TrackKind if kind is not TrackKind.COURSE):
        offer = make_offer(kind)
        name = offer.organisation.name
        page = browser.get(f"/programmes/{offer.programme.public_id}")
        assert page.status_code == 200 and name in page.get_data(as_text=True)
    assert browser.get("/programmes/").status_code == 200
    assert browser.get("/programmes/nothing").status_code == 404


def test_an_offer_is_closed_and_opened_by_its_own_intake(as_user: Browser) -> None:
    offer = make_offer()
    address = f"/programmes/offers/{offer.public_id}/accepting"
    own = as_user(make_member(Role.INTAKE, offer.organisation))
    assert own.post(address, data={"accepting": "no"}).status_code == 303
    assert offer.is_accepting is False
    assert as_user(make_member(Role.INTAKE)).post(address, data={"accepting": "yes"}).status_code == 404
    assert as_user(make_member()).post(address, data={"accepting": "yes"}).status_code == 403
    assert own.post(address, data={"accepting": "yes"}).status_code == 303 and offer.is_accepting


def test_places_are_a_number_or_none(as_user: Browser) -> None:
    offer = make_offer()
    address, page = f"/programmes/offers/{offer.public_id}/capacity", f"/programmes/{offer.programme.public_id}"
    own = as_user(make_member(Role.INTAKE, offer.organisation))
    assert own.post(address, data={"capacity": "mange"}).status_code == 422
    assert own.submit(page, address, {"capacity": "7"}).status_code == 303 and offer.capacity == 7
    assert own.submit(page, address, {"capacity": ""}).status_code == 303 and offer.capacity is None


def test_a_programme_costs_the_same_for_many_who_give_it(as_user: Any, count_queries: Any) -> None:
    offer = make_offer()
    browser, seen = as_user(make_member()), []
    page = f"/programmes/{offer.programme.public_id}"
    programme = offer.programme
    for more in (0, 12):
        for _giver in range(more):
            make_offer(programme=programme)
        browser.get(page)
        count_queries.start()
        assert browser.get(page).status_code == 200
        seen.append(count_queries.stop())
    assert seen[0] == seen[1] <= 12, count_queries.statements
