"""The board: two clicks from the front page, nothing that tells where, and a watch with one press."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.core.clock import local_date, utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.kinds import TrackKind
from portal.domain.vacancies import Spoken
from portal.services import children, clients, vacancies
from portal.services.children import ChildRecord
from portal.services.clients import Identity
from portal.services.vacancies import Facts
from tests.factories.people import actor_of, make_member, make_organisation
from tests.factories.referrals import make_offer, make_ready_case
from tests.support.counting import Counter

Browser = Callable[..., Any]
TODAY = local_date(utc_now())


def text_of(browser: Any, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200, address
    return str(response.get_data(as_text=True))


def test_from_the_front_page_to_the_answer_in_two_clicks(as_user: Browser) -> None:
    """Somebody on duty at night: what has room stands on the first page that the rail leads to."""
    centre = make_member(now=utc_now())
    vacancies.tell_rooms(2, TODAY, Facts(most_children=3), actor=actor_of(centre), now=utc_now())
    browser = as_user(make_member(Role.MUNICIPAL_ADVISER, make_organisation(OrganisationKind.MUNICIPALITY)))
    front = text_of(browser, "/day")
    clicks, links = 1, re.findall(r'href="(/places/)"', front)
    assert links
    page = text_of(browser, links[0])
    assert "2 ledige nu" in page and clicks <= 2


def test_nothing_tells_where_a_centre_lies(as_user: Browser, session: Any) -> None:
    centre = make_member(now=utc_now())
    centre.organisation.name = "Krisecentret i Svendborg"
    session.flush()
    vacancies.tell_rooms(1, TODAY, Facts(), actor=actor_of(centre), now=utc_now())
    browser = as_user(make_member())
    page = text_of(browser, "/places/?kind=rooms")
    assert "Svendborg" not in page and "Plads på et krisecenter" in page


def test_whoever_is_on_duty_reads_whom_to_call_and_where_to_refer(as_user: Browser) -> None:
    centre = make_member(now=utc_now())
    browser, form = as_user(centre), {"rooms": "1", "free_on": f"{TODAY:%d.%m.%Y}", "is_accessible": "unsaid"}
    assert browser.submit("/places/rooms", "/places/rooms", form).status_code == 303
    silent = text_of(browser, "/places/?kind=rooms")
    assert 'href="tel:1888"' in silent.split("<table")[1] and "tel:+45" not in silent
    wrong = browser.submit("/places/rooms", "/places/rooms", form | {"duty_phone": "Solvangsvej 4"})
    assert wrong.status_code == 422 and "duty_phone-error" in wrong.text
    assert browser.submit("/places/rooms", "/places/rooms", form | {"duty_phone": "+45 1234 5678"}).status_code == 303
    make_offer(TrackKind.CTI)
    board = text_of(browser, "/places/").split("<table")[1]
    assert 'href="tel:+4512345678"' in board and "Ring 12 34 56 78" in board and 'href="/referrals/new"' in board
    assert 'value="12 34 56 78"' in text_of(browser, "/places/rooms")
    officer = text_of(as_user(make_member(Role.INTAKE)), "/places/").split("<table")[1]
    assert "tel:+45" in officer and "/referrals/new" not in officer


def test_codes_alone_stand_in_the_address_and_others_are_refused(as_user: Browser) -> None:
    browser = as_user(make_member())
    assert browser.get("/places/?kind=cti&children=2&language=ar&room=now").status_code == 200
    for wrong in ("kind=castle", "region=Vejle", "after=xx"):
        assert browser.get(f"/places/?{wrong}").status_code == 400
    assert as_user(make_member(Role.VOLUNTEER)).get("/places/").status_code == 403


@pytest.mark.parametrize(("field", "typed"), [("children", "mange"), ("age", "x"), ("age", "99")])
def test_a_number_that_is_none_is_said_beside_its_field_and_stays(as_user: Browser, field: str, typed: str) -> None:
    answer = as_user(make_member()).get(f"/places/?kind=cti&{field}={typed}")
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text and f'value="{typed}"' in answer.text


def test_the_readers_own_view_is_shown_until_she_looks_for_something_else(as_user: Browser) -> None:
    offer, other = (made.organisation.name for made in (make_offer(), make_offer(TrackKind.CTI)))
    browser = as_user(make_member())
    assert browser.submit("/places/?kind=cti", "/places/standard").status_code == 303
    own = text_of(browser, "/places/")
    assert other in own and offer not in own
    assert offer in text_of(browser, "/places/?kind=")


def test_a_watch_is_set_listed_and_stopped_with_one_press(as_user: Browser) -> None:
    browser = as_user(make_member())
    late = f"{TODAY + timedelta(days=90):%d %m %Y}"
    assert browser.submit("/places/?kind=cti", "/places/watches", {"ends_on": late}).status_code == 422
    assert browser.submit("/places/?kind=cti", "/places/watches", {"ends_on": ""}).status_code == 303
    page = text_of(browser, "/places/watches")
    stop = re.findall(r'action="(/places/watches/[\w-]+/stop)"', page)
    assert len(stop) == 1
    assert as_user(make_member()).post(stop[0]).status_code == 404
    assert browser.post(stop[0]).status_code == 303
    assert "/stop" not in text_of(browser, "/places/watches")


def test_a_centre_tells_of_its_rooms(as_user: Browser) -> None:
    member = make_member()
    browser, soon = as_user(member), f"{TODAY:%d %m %Y}"
    good = {"rooms": "3", "free_on": soon, "is_accessible": "yes", "most_children": "2", "languages": ["ar", "en"]}
    assert browser.submit("/places/rooms", None, {**good, "rooms": "mange"}).status_code == 422
    assert browser.submit("/places/rooms", None, good).status_code == 303
    assert "3 ledige nu" in text_of(browser, "/places/?kind=rooms")
    assert browser.submit("/places/rooms", None, {**good, "rooms": "0"}).status_code == 303
    ngo = as_user(make_member(Role.INTAKE, make_organisation(OrganisationKind.NGO)))
    assert ngo.get("/places/rooms").status_code == 404 and ngo.post("/places/rooms", data=good).status_code == 404
    assert as_user(make_member(Role.PROGRAMME_LEAD)).get("/places/rooms").status_code == 403


def test_a_house_says_whom_its_offer_can_take(as_user: Browser) -> None:
    offer = make_offer()
    address, good = f"/places/offers/{offer.public_id}", {"is_accessible": "no", "most_children": "1"}
    own = as_user(make_member(Role.INTAKE, offer.organisation))
    assert own.submit(address, None, {"is_accessible": "perhaps"}).status_code == 422
    assert own.submit(address, None, good).status_code == 303
    assert as_user(make_member(Role.INTAKE)).post(address, data=good).status_code == 404
    assert as_user(make_member()).post(address, data=good).status_code == 403


def test_what_fits_a_case_is_found_without_a_word_of_hers_in_the_address(as_user: Browser) -> None:
    member = make_member()
    case = make_ready_case(member)
    for year in (TODAY.year - 3, TODAY.year - 11):
        children.add(case, ChildRecord(birth_year=year, is_along=True), actor=actor_of(member), now=utc_now())
    small, large = make_offer(), make_offer()
    for offer, most in ((small, 1), (large, 2)):
        own = make_member(Role.INTAKE, offer.organisation)
        vacancies.tell_facts(offer, Facts(most_children=most), actor=actor_of(own), now=utc_now())
    address, near, far = f"/places/for/{case.public_id}", large.organisation.name, small.organisation.name
    page = text_of(as_user(member), address)
    assert near in page and far not in page
    assert as_user(make_member()).get(address).status_code == 404
    assert as_user(make_member(Role.INTAKE)).get(address).status_code == 403


def test_what_she_needs_to_come_in_and_to_speak_is_matched_as_her_children_are(as_user: Browser) -> None:
    member = make_member()
    case = make_ready_case(member)
    clients.set_identity(
        case,
        identity=Identity(language="Kurmanji, lidt dansk", needs_accessible=True),
        actor=actor_of(member),
        now=utc_now(),
    )
    said = {
        "stairs": Facts(is_accessible=False, languages=(Spoken.KURDISH,)),
        "polish": Facts(is_accessible=True, languages=(Spoken.POLISH,)),
        "fits": Facts(is_accessible=True, languages=(Spoken.KURDISH, Spoken.DANISH)),
        "silent": Facts(),
    }
    names = {}
    for key, facts in said.items():
        offer = make_offer()
        names[key] = offer.organisation.name
        own = make_member(Role.INTAKE, offer.organisation)
        vacancies.tell_facts(offer, facts, actor=actor_of(own), now=utc_now())
    page = text_of(as_user(member), f"/places/for/{case.public_id}")
    # What has not said whether it fits is shown too: one asks.
    assert {key for key, name in names.items() if name in page} == {"fits", "silent"}
    assert "Kurdisk" in page and "kørestol" in page.casefold()


def test_the_board_costs_the_same_for_many_places(as_user: Browser, count_queries: Counter) -> None:
    member = make_member()
    browser, seen = as_user(member), []
    case = make_ready_case(member)
    for page in ("/places/", f"/places/for/{case.public_id}", "/places/watches"):
        costs = []
        for more in (1, 8):
            for _number in range(more):
                make_offer()
            browser.get(page)
            count_queries.start()
            assert browser.get(page).status_code == 200
            costs.append(count_queries.stop())
        assert costs[0] == costs[1] <= 12, count_queries.statements
        seen.append(costs[0])
    assert seen[0] <= 8
