"""The pages on her safety: what stands there, the forms and their mistakes, the sheet for her, and who may not."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.ids import new_public_id
from portal.core.kinds import SafetyLevel
from portal.core.risk import ByWhom, PlanHome, PlanSection, ReviewReason, ViolenceKind
from portal.domain.risk import Answers
from portal.models.cases import Case
from portal.models.risk import SafetyAssessment, SafetyPlan, SafetyReview, ViolenceReport
from portal.models.users import Membership
from portal.services import cases, risk, risk_reviews, safety_plans, violence
from tests.factories.people import actor_of, make_case, make_member

HTMX = {"HX-Request": "true"}
TODAY = local_date(utc_now())
DAY = f"{TODAY:%d %m %Y}"
# Address under the case, valid values, table that it writes to.
FORMS: list[tuple[str, dict[str, Any], Any]] = [
    (
        "assessment",
        {"level": "ordinary", "assessed_on": DAY, "moment": "intake", "method": "judgement"},
        SafetyAssessment,
    ),
    ("event", {"reason": "court_date"}, SafetyReview),
    ("plan", {"home": "centre", "ways_out": "Bagdøren", "has_code_word": "yes", "confirmed_on": DAY}, SafetyPlan),
    ("violence", {"kinds": ["threat", "message"], "by_whom": "former_partner", "when": "now"}, ViolenceReport),
]
IDS = [address for address, _values, _table in FORMS]
Browser = Callable[..., Any]


def count(session: Any, table: Any) -> int:
    return int(session.scalar(sa.select(sa.func.count()).select_from(table)))


def fill(case: Case, member: Membership, times: int) -> None:
    actor, now = actor_of(member), utc_now()
    for number in range(times):
        day = TODAY - timedelta(days=100 + number)
        risk.assess_safety(case, level=SafetyLevel.HIGH, reason="Trusler", assessed_on=day, actor=actor, now=now)
        sections: dict[PlanSection, str | None] = {PlanSection.WAYS_OUT: "Bagdøren"}
        said: dict[str, Any] = {"home": PlanHome.CENTRE, "has_code_word": True, "confirmed_on": TODAY}
        safety_plans.write_plan(case, sections=sections, actor=actor, now=now, **said)
        told = violence.Told([ViolenceKind.THREAT], ByWhom.FORMER_PARTNER, text="Han stod ved skolen")
        violence.record_violence(case, told, actor=actor, now=now)
        violence.keep_answers(case, Answers(feels_safe=2, new_violence=True), actor=actor, now=now)
    risk_reviews.ask(case, ReviewReason.MOVED, actor=actor, now=now)


@pytest.mark.parametrize(("address", "values", "table"), FORMS, ids=IDS)
def test_a_form_is_saved_plainly_and_by_htmx(
    as_user: Browser, session: Any, address: str, values: dict[str, Any], table: Any
) -> None:
    member = make_member()
    plain, swapped = make_case(member), make_case(member)
    browser = as_user(member)
    assert browser.get(f"/risk/{plain.public_id}/{address}").status_code == 200
    assert browser.post(f"/risk/{plain.public_id}/{address}", data=values).location == f"/risk/{plain.public_id}"
    response = browser.post(f"/risk/{swapped.public_id}/{address}", data=values, headers=HTMX)
    assert (response.status_code, response.headers["HX-Redirect"]) == (200, f"/risk/{swapped.public_id}")
    assert count(session, table) >= 2
    assert browser.get(f"/risk/{plain.public_id}").status_code == 200
    assert browser.get(f"/cases/{plain.public_id}").status_code == 200


@pytest.mark.parametrize(("address", "values", "table"), FORMS, ids=IDS)
def test_an_empty_form_is_refused_beside_its_fields(
    as_user: Browser, session: Any, address: str, values: dict[str, Any], table: Any
) -> None:
    member = make_member()
    case = make_case(member)
    answer = as_user(member).post(f"/risk/{case.public_id}/{address}", data={})
    assert answer.status_code == 422
    assert "form-error-message" in answer.text
    assert count(session, table) == 0


@pytest.mark.parametrize(("address", "values", "table"), FORMS, ids=IDS)
def test_a_stranger_finds_nothing_and_a_wrong_role_is_refused(
    as_user: Browser, session: Any, address: str, values: dict[str, Any], table: Any
) -> None:
    member, adviser = make_member(), make_member(Role.MUNICIPAL_ADVISER)
    case = make_case(member)
    cases.join_team(case.id, adviser.user_id, actor=actor_of(member), now=utc_now())
    url = f"/risk/{case.public_id}/{address}"
    assert as_user(make_member()).post(url, data=values).status_code == 404
    assert as_user(make_member()).post(f"/risk/{new_public_id()}/{address}", data=values).status_code == 404
    for role in (Role.VOLUNTEER, Role.HOUSING_COORDINATOR, Role.GRANT_OFFICER):
        assert as_user(make_member(role)).post(url, data=values).status_code in (403, 404), role
    # She works with the municipality's part of the case, and what tells of him is no part of it.
    assert as_user(adviser).post(url, data=values).status_code == 403
    assert as_user(adviser).get(url).status_code == 403
    assert count(session, table) == 0


@pytest.mark.parametrize(("address", "values", "table"), FORMS, ids=IDS)
def test_a_closed_case_takes_nothing_in(
    as_user: Browser, session: Any, address: str, values: dict[str, Any], table: Any
) -> None:
    member = make_member()
    case = make_case(member)
    browser = as_user(member)
    assert browser.post(f"/cases/{case.public_id}/close", data={}).status_code == 303
    assert browser.post(f"/risk/{case.public_id}/{address}", data=values).status_code == 409
    assert count(session, table) == 0


def test_what_has_run_out_and_what_is_asked_for_stand_at_the_top_of_the_case(as_user: Browser) -> None:
    member = make_member()
    case = make_case(member)
    fill(case, member, 1)
    browser = as_user(member)
    page = browser.get(f"/cases/{case.public_id}").text
    strip = re.search(r'<div class="safety-strip.*?</div>', page, re.S)
    assert strip
    assert 'class="chip warm"' in strip.group(0)
    assert "udløbet" in strip.group(0)
    assert f"/risk/{case.public_id}/violence" in page
    overview = browser.get(f"/risk/{case.public_id}").text
    for words in ("udløbet", "Ny vold", "Hun er flyttet", "Han stod ved skolen", "føler sig tryg: 2 af 7"):
        assert words in overview, words


def test_the_overview_costs_the_same_for_much_as_for_little(as_user: Browser, count_queries: Any) -> None:
    counted = []
    for times in (1, 6):
        member = make_member()
        case = make_case(member)
        fill(case, member, times)
        browser = as_user(member)
        browser.get(f"/risk/{case.public_id}")
        count_queries.start()
        browser.get(f"/risk/{case.public_id}")
        counted.append(count_queries.stop())
    assert counted[0] == counted[1] <= 12


def test_the_form_asks_about_visits_only_while_they_wait(as_user: Browser, session: Any) -> None:
    member = make_member()
    calm, worried = make_case(member), make_case(member)
    fill(worried, member, 1)
    browser, sent = as_user(member), FORMS[0][1]
    assert 'name="may_visit"' not in browser.get(f"/risk/{calm.public_id}/assessment").text
    url = f"/risk/{worried.public_id}/assessment"
    assert 'name="may_visit"' in browser.get(url).text
    refused = browser.post(url, data=sent)
    assert refused.status_code == 422
    assert 'id="may_visit-error"' in refused.text
    assert browser.post(url, data=sent | {"may_visit": "yes"}).status_code == 303
    assert session.scalars(sa.select(SafetyReview).where(SafetyReview.closed_at.is_(None))).all() == []


def test_a_plan_begins_with_the_last_one_and_the_old_one_is_read(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    fill(case, member, 1)
    browser, url = as_user(member), f"/risk/{case.public_id}"
    assert "Bagdøren" in browser.get(f"{url}/plan").text
    new = {"home": "own_home", "ways_out": "Trappen", "has_code_word": "no"}
    assert browser.post(f"{url}/plan", data=new).status_code == 303
    first, second = session.scalars(sa.select(SafetyPlan.public_id).order_by(SafetyPlan.number)).all()
    assert "Bagdøren" in browser.get(f"{url}/plans/{first}").text
    assert "Trappen" in browser.get(f"{url}/plans/{second}").text
    other = make_case(member)
    assert browser.get(f"/risk/{other.public_id}/plans/{first}").status_code == 404
    assert browser.get(f"/risk/{other.public_id}/plans/{first}/paper").status_code == 404


def test_the_sheet_for_her_says_nothing_of_what_it_is(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    fill(case, member, 1)
    plan = session.scalars(sa.select(SafetyPlan.public_id)).one()
    page = as_user(member).get(f"/risk/{case.public_id}/plans/{plan}/paper?part=ways_out").text
    assert "Bagdøren" in page
    heading = re.search(r"<h1.*?</h1>", page, re.S)
    sheet = re.search(r'<div class="sheet">.*?</div>', page, re.S)
    assert heading and sheet
    printed = heading.group(0) + sheet.group(0)
    assert not re.search(r"sikker|vold|plan|fare|krise|center|veje ud", printed, re.IGNORECASE)
    none = as_user(member).get(f"/risk/{case.public_id}/plans/{plan}/paper").text
    assert "Bagdøren" not in none


def test_all_that_is_wrong_with_a_plan_is_said_at_once(as_user: Browser) -> None:
    member = make_member()
    page = f"/risk/{make_case(member).public_id}/plan"
    ahead = f"{TODAY + timedelta(days=2):%d %m %Y}"
    text = as_user(member).post(page, data={"confirmed_on": ahead}).get_data(as_text=True)
    assert all(f'id="{field}-error"' in text for field in ("home", "warning_signs", "has_code_word", "confirmed_on"))


def test_how_old_an_assessment_is_and_what_a_bare_number_means(as_user: Browser) -> None:
    member = make_member()
    browser, judged = as_user(member), risk.Judged(result="12")
    for days, said in ((1, "i går"), (0, "i dag")):
        case, day = make_case(member), TODAY - timedelta(days=days)
        given: dict[str, Any] = {"level": SafetyLevel.ORDINARY, "assessed_on": day, "judged": judged}
        risk.assess_safety(case, **given, actor=actor_of(member), now=utc_now())
        text = browser.get(f"/risk/{case.public_id}").get_data(as_text=True)
        assert f"{day:%d.%m.%Y} · {said}" in text
        assert "0 dage siden" not in text
        assert "Resultat: 12" in text
