"""One box on every page: what each role finds by it, and what nobody does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.kinds import TrackKind
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.models.organisations import Organisation
from portal.services import alert_rules
from tests.factories.groups import make_group, make_participant
from tests.factories.meetings import make_meeting
from tests.factories.people import make_case, make_member, make_organisation
from tests.factories.referrals import make_offer, make_programme, make_request
from tests.support.pages import without_fresh

Browser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
TODAY = local_date(utc_now())
BOX = 'action="/search"'


def find(browser: Any, text: str) -> Any:
    return browser.post("/search", data={"sought": text})


@pytest.mark.parametrize(
    ("role", "has_box"),
    [
        (Role.CONTACT_PERSON, True),
        (Role.PROGRAMME_LEAD, True),
        (Role.VOLUNTEER_COORDINATOR, True),
        (Role.VOLUNTEER, False),
        (Role.ADMINISTRATOR, False),
    ],
)
def test_whoever_has_something_to_find_has_the_box(as_user: Browser, role: Role, has_box: bool) -> None:
    browser = as_user(make_member(role))
    page = browser.get("/messages/").text
    assert (BOX in page) is has_box
    assert ('href="/search"' in page) is has_box
    assert browser.get("/search").status_code == (200 if has_box else 403)
    assert find(browser, "Amira").status_code == (200 if has_box else 403)


def test_the_one_case_of_a_reference_opens_at_once(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member, name="Amira Karim")
    answer = find(as_user(member), f" {case.reference} ")
    assert (answer.status_code, answer.location) == (303, f"/cases/{case.public_id}")
    stranger = find(as_user(make_member()), case.reference)
    assert stranger.status_code == 200 and case.public_id not in stranger.text
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.CASE_SEARCHED)).first()
    assert (entry.fields, entry.shown) == (["reference"], 1)


def test_names_and_numbers_are_found_whole_and_in_ones_own_scope(as_user: Browser) -> None:
    member = make_member(organisation=make_organisation(OrganisationKind.SHELTER, may_hold_cpr=True))
    case = make_case(member, name="Åse-Marie Holm", phone="20 30 40 50", cpr="0101804000", birth_year=1980)
    mine, other = as_user(member), as_user(make_member())
    link = f'href="/cases/{case.public_id}"'
    for text in ("holm aasemarie", "Åse-Marie Holm 1980", "+45 20304050", "010180-4000"):
        assert link in find(mine, text).text, text
        assert link not in find(other, text).text
    for text in ("Åse", "Åse-Marie", "Åse%", "Åse-Marie_Holm", "Åse.*", "Åse-Marie Holm 1981", "2030405"):
        assert link not in find(mine, text).text, text


def test_where_her_birth_year_finds_her_no_house_is_looked_for(as_user: Browser) -> None:
    member = make_member()
    case = make_case(member, name="Amira Karim", birth_year=1980)
    make_organisation(name="Foreningen Amira Karim 1980")
    here, elsewhere = (
        find(as_user(member), "Amira Karim 1980").text,
        find(as_user(make_member()), "Amira Karim 1980").text,
    )
    assert f'href="/cases/{case.public_id}"' in here and "Foreningen" not in here
    assert "Foreningen Amira Karim 1980" in elsewhere


@pytest.mark.parametrize("known", ["Amira Karim", "Amira Karim 1980", "20304050", "reference"])
def test_a_woman_elsewhere_is_answered_like_nobody(as_user: Browser, known: str) -> None:
    case = make_case(make_member(), name="Amira Karim", phone="20 30 40 50", birth_year=1980)
    browser, text = as_user(make_member()), case.reference if known == "reference" else known
    nobody = {"reference": "1999-0001", "20304050": "20304051"}.get(known, known.replace("Amira", "Sille"))
    answers = [without_fresh(find(browser, one).text.replace(one, "X")) for one in (text, nobody)]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("text", ["", " ", "\u200b", "x" * 500, "a\x07b"])
def test_what_is_no_text_is_refused_with_a_word(as_user: Browser, text: str) -> None:
    answer = find(as_user(make_member()), text)
    assert answer.status_code == 422
    assert 'id="search-error"' in answer.text


@pytest.mark.parametrize("text", ["%", "_", "*", "a", "%%", "__", "(a+)+$", "' OR 1=1 --", "\\", "x" * 120])
def test_signs_stand_for_themselves(as_user: Browser, text: str) -> None:
    member = make_member()
    case, offered = make_case(member, name="Amira Karim").public_id, make_offer(TrackKind.CTI).programme.public_id
    answer = find(as_user(member), text)
    assert answer.status_code == 200
    assert case not in answer.text
    assert offered not in answer.text
    assert 'class="empty"' in answer.text


def test_programmes_and_houses_are_found_by_a_part_of_the_name(as_user: Browser, session: Any) -> None:
    offer = make_offer(TrackKind.CTI)
    house, page = offer.organisation, f"/programmes/{offer.programme.public_id}"
    offer.programme.name_da, house.name = "Fodfæste 100%", "Krisecenter Nordlys"
    session.flush()
    browser = as_user(make_member())
    assert page in find(browser, "fodfæ").text
    assert page in find(browser, "100%").text
    by_house = find(browser, "nordlys").text
    assert "Krisecenter Nordlys" in by_house
    assert page in by_house
    assert "højst tyve" not in by_house
    assert page not in find(browser, "Amira").text
    session.execute(sa.update(Organisation).where(Organisation.name == "Krisecenter Nordlys").values(is_active=False))
    gone = find(browser, "nordlys").text
    assert "Krisecenter Nordlys" not in gone and page not in gone


def test_a_group_that_is_cut_says_so(as_user: Browser) -> None:
    for number in range(20):
        make_organisation(name=f"Nordlys {number}")
    assert "højst tyve" in find(as_user(make_member()), "nordlys").text


@pytest.mark.parametrize("form", ["{0.day}.{0.month}.", "{0:%d.%m.%Y}"])
def test_a_day_shows_my_meetings_of_it(as_user: Browser, form: str) -> None:
    member, other, ahead = make_member(), make_member(), timedelta(days=3)
    mine = make_meeting(member, make_case(member), ahead=ahead)
    theirs = make_meeting(other, make_case(other), ahead=ahead).public_id
    day, public_id = local_date(mine.starts_at), mine.public_id
    browser = as_user(member)
    page = find(browser, form.format(day)).text
    assert f"/meetings/{public_id}" in page
    assert theirs not in page
    assert public_id not in find(browser, form.format(day + timedelta(days=9))).text


def test_the_word_for_a_kind_of_meeting_shows_those_to_come(as_user: Browser) -> None:
    member = make_member()
    public_id = make_meeting(member, make_case(member), ahead=timedelta(days=3)).public_id
    browser = as_user(member)
    assert public_id in find(browser, "samtale").text
    assert public_id in find(browser, "Sam").text
    for text in ("Sa", "talk", "Zzz"):
        assert public_id not in find(browser, text).text, text


def test_a_referral_is_found_by_its_reference_on_both_sides_and_nowhere_else(as_user: Browser) -> None:
    made = make_request()
    reference, sent, received = made.referral.reference, made.referral.public_id, made.request.public_id
    sender, receiver = as_user(made.sender), as_user(made.intake)
    assert f"/referrals/{sent}" in find(sender, reference.lower()).text
    answered = find(receiver, reference).text
    assert f"/referrals/requests/{received}" in answered
    assert sent not in answered
    for role in (Role.CONTACT_PERSON, Role.INTAKE, Role.PROGRAMME_LEAD):
        answer = find(as_user(make_member(role)), reference).text
        assert sent not in answer and received not in answer


def test_a_leader_of_a_group_finds_by_reference_and_nobody_by_name(as_user: Browser, session: Any) -> None:
    house = make_group()
    enrolment = make_participant(house, name="Amira Karim")
    case = session.get_one(Case, enrolment.case_id)
    reference, public_id = case.reference, case.public_id
    browser = as_user(house.leader)
    assert find(browser, reference).location == f"/cases/{public_id}"
    assert public_id not in find(browser, "Amira Karim").text


def test_only_searches_for_people_ring(session: Any, as_user: Browser) -> None:
    browser = as_user(make_member())
    for _number in range(11):
        find(browser, "1.1.2020")
    assert alert_rules.search_misses(utc_now() + timedelta(minutes=1)) == 0
    for _number in range(11):
        find(browser, "Ukendt Navn")
    assert alert_rules.search_misses(utc_now() + timedelta(minutes=1)) == 1


@pytest.mark.parametrize("text", ["Amira Karim", "20 30 40 50", "nordlys", "22.11.", "BCDF23", "1999-0001"])
def test_a_search_costs_the_same_whatever_there_is(as_user: Browser, count_queries: Any, text: str) -> None:
    counted = []
    for number in (1, 8):
        member = make_member(Role.PROGRAMME_WORKER)
        for _case in range(number):
            make_case(member, name="Amira Karim", phone="20 30 40 50")
            make_programme()
        browser = as_user(member)
        find(browser, text)
        count_queries.start()
        assert find(browser, text).status_code == 200
        counted.append(count_queries.stop())
    assert counted[0] == counted[1] <= 12, counted
