"""The overview that she takes home: what stands on it, and what never does (R-628)."""

import re
from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.core.clock import at_local, local_date, utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.kinds import ConsentForm, ConsentPurpose, MeetingKind, PlaceKind, SafetyLevel, TrackKind
from portal.core.measures import CtiArea
from portal.core.rights import ConsentScope
from portal.models.organisations import Organisation
from portal.models.programmes import Offer, Programme
from portal.models.users import User
from portal.services import cases, consents, meetings, notes, plans, risk
from tests.blueprints.cases.test_case_page import enrol
from tests.factories.people import actor_of, make_case, make_member, make_organisation
from tests.support.counting import Counter

Browser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
ALL = "?names=1&dates=1&helpline=1"
# Planted where the portal keeps it: a paper with one of them endangers her.
PLANTED = ("Zebravej 7", "Zebranote", "Zebratrussel", "Zebrahus", "Zebraby", "Zebrasted", "Zebraefternavn")


def sheet(response: Any) -> str:
    """What is printed: the paper, and what of the page around it is not kept off the print."""
    text = response.get_data(as_text=True)
    return re.sub(r"<[^>]+>", " ", text.partition('id="for-her"')[2].partition("</article>")[0])


def fill(session: Any) -> tuple[Any, Any]:
    """A case with a token planted in everything that must not stand on the paper."""
    member, now = make_member(), utc_now()
    session.get(Organisation, member.organisation_id).name = "Zebrahus"
    session.get(User, member.user_id).name = "Katrine Zebraefternavn"
    case, who = make_case(member), {"actor": actor_of(member), "now": now}
    cases.set_identity(case, identity=cases.Identity(name="Amira Karim", phone="12345678"), **who)
    cases.set_address(case, protection_level=0, address="Zebravej 7, 8000 Aarhus", **who)
    notes.write_note(case, text="Zebranote", **who)
    risk.assess_safety(case, level=SafetyLevel.HIGH, reason="Zebratrussel", assessed_on=local_date(now), **who)
    due = local_date(now) + timedelta(days=9)
    for area, wish, step in (
        (CtiArea.HOUSING, "Mit eget sted", "Skrive mig op til en bolig"),
        (CtiArea.SAFETY, "Alarm i Zebraby", "Sove igen"),
        (CtiArea.NETWORK, "Tale om volden", "Ringe til psykologen"),
        (CtiArea.WORK, "Tilbage i skole", "Spørge i Zebrahus om en plads"),
    ):
        goal = plans.set_goal(case, plans.Wanted(area, wish, "Ja", due_on=due), **who)
        plans.add_step(case, goal, step, due_on=due, **who)
    worker = make_member(Role.PROGRAMME_WORKER)
    session.get(User, worker.user_id).name = "Camilla Zebraefternavn"
    for name, kind in (("Cykelhold", TrackKind.CTI), ("Livet efter krisecentret", TrackKind.COURSE)):
        course = enrol(case, worker, kind)
        course.worker_id = worker.user_id
        offer = session.get(Offer, course.offer_id)
        session.get(Programme, offer.programme_id).name_da = name
    return member, case


def plan_meeting(case: Any, member: Any) -> None:
    starts = at_local(local_date(utc_now()) + timedelta(days=3), time(10))
    meetings.plan(
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        kind=MeetingKind.TALK,
        place_kind=PlaceKind.AGREED_PLACE,
        place="Zebrasted",
        case_id=case.id,
        organisation_id=member.organisation_id,
        responsible_id=member.user_id,
        actor=actor_of(member),
        now=utc_now(),
    )


def agree_to_share(case: Any, member: Any, receiver: Any = None) -> None:
    town = receiver or make_organisation(OrganisationKind.MUNICIPALITY)
    if receiver is None:
        town.name = "Zebraby Kommune"
    consents.give_consent(
        case,
        purpose=ConsentPurpose.REFERRAL,
        recipient_organisation_id=town.id,
        scope=[ConsentScope.NEEDS, ConsentScope.SAFETY],
        form=ConsentForm.WRITTEN,
        given_on=local_date(utc_now()),
        actor=actor_of(member),
        now=utc_now(),
    )


@pytest.mark.parametrize("language", ["da", "en"])
def test_nothing_that_endangers_her_stands_on_the_paper(as_user: Browser, session: Any, language: str) -> None:
    member, case = fill(session)
    plan_meeting(case, member)
    agree_to_share(case, member)
    response = as_user(member).get(f"/plans/{case.public_id}/for-her{ALL}&language={language}")
    text = sheet(response)
    assert "Mit eget sted" in text
    for token in (*PLANTED, "Zebra", case.reference, "Amira", "Karim", "12345678", "Aarhus"):
        assert token not in text
    for stem in ("vold", "violen", "krise", "crisis", "shelter", "trus", "threat", "fare", "danger", "sikkerhed"):
        assert stem not in text.casefold()
    # The two of them stand in the portal, and the page says that something is left out.
    assert response.get_data(as_text=True).count('class="chip warm"') == 1


def test_she_chooses_names_days_and_the_number(as_user: Browser, session: Any) -> None:
    member, case = fill(session)
    plan_meeting(case, member)
    agree_to_share(case, member)
    browser, page = as_user(member), f"/plans/{case.public_id}/for-her"
    least, most = sheet(browser.get(page)), sheet(browser.get(f"{page}{ALL}"))
    day = f"{local_date(utc_now()) + timedelta(days=9):%d.%m.%Y}"
    for said in ("Camilla", "Katrine", day, "1888", f"{local_date(utc_now()) + timedelta(days=3):%d.%m.%Y}"):
        assert said not in least
        assert said in most
    for said in ("Mit eget sted", "Skrive mig op til en bolig", "Tilbage i skole", "Cykelhold", "112", "ommunen"):
        assert said in least


def test_two_houses_of_one_kind_are_one_line(as_user: Browser, session: Any) -> None:
    member, case = fill(session)
    for _house in range(2):
        agree_to_share(case, member, make_organisation(OrganisationKind.NGO))
    text = sheet(as_user(member).get(f"/plans/{case.public_id}/for-her"))
    assert text.count("En forening:") == 1


def test_the_paper_is_in_the_language_that_was_chosen(as_user: Browser, session: Any) -> None:
    member, case = fill(session)
    browser, page = as_user(member), f"/plans/{case.public_id}/for-her"
    english, danish = sheet(browser.get(f"{page}?language=en")), sheet(browser.get(f"{page}?language=da"))
    assert "My overview" in english
    assert "My overview" not in danish
    assert "Mit overblik" in danish
    assert sheet(browser.get(f"{page}?language=nonsense")) == danish


def test_nothing_around_the_paper_is_printed() -> None:
    """The heading of the page tells what it is: it is kept off the print."""
    page = Path("portal/templates/plans/for_her.html").read_text()
    assert '{% block heading %}<span class="no-print">' in page
    before = page.partition("<article")[0].partition("{% block main %}")[2]
    assert before.count("<section") == before.count('class="pane no-print"') == 1


def test_a_stranger_and_another_role(as_user: Browser) -> None:
    member = make_member()
    case = make_case(member)
    page = f"/plans/{case.public_id}/for-her"
    assert as_user(member).get(page).status_code == 200
    assert as_user(make_member()).get(page).status_code == 404
    assert as_user(make_member(Role.VOLUNTEER)).get(page).status_code == 403


def test_the_paper_takes_as_many_statements_for_one_goal_as_for_six(as_user: Browser, count_queries: Counter) -> None:
    member, counts = make_member(), []
    for many in (1, 6):
        case = make_case(member)
        for _number in range(many):
            wanted = plans.Wanted(CtiArea.HOUSING, "Mit eget sted", "En lejekontrakt")
            plans.set_goal(case, wanted, actor=actor_of(member), now=utc_now())
        browser, page = as_user(member), f"/plans/{case.public_id}/for-her{ALL}"
        browser.get(page)
        count_queries.start()
        assert browser.get(page).status_code == 200
        counts.append(count_queries.stop())
    assert counts[0] == counts[1] <= 12
