"""All days of a case, what is late at a house, and the rule book."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.risk import ReviewReason
from portal.core.states import CaseState, DeadlineState, WishState
from portal.db import db
from portal.domain.labels import label
from portal.models.cases import Case
from portal.models.deadlines import Deadline, DeadlineChange
from portal.models.organisations import Organisation
from portal.models.users import User
from portal.services import blocks, cases, risk_reviews
from tests.factories.people import actor_of, make_case, make_member
from tests.support.counting import Counter

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
TODAY = local_date(utc_now())
WHY = "Hun har været indlagt i to uger af de seks"


def make_stay(days_ago: int = 0, *, worker: Any = None) -> tuple[Any, Any, Case]:
    """A stay that began so many days ago: worker, lead of her house, case."""
    worker = worker or make_member()
    house = db.session.get_one(Organisation, worker.organisation_id)
    lead = make_member(Role.PROGRAMME_LEAD, organisation=house)
    case = make_case(worker, name="Amira Karim")
    cases.record_stay(case, admitted_on=TODAY - timedelta(days=days_ago), actor=actor_of(worker), now=utc_now())
    return worker, lead, case


def stay_plan() -> Deadline:
    return db.session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.STAY_PLAN)).one()


def test_the_team_sees_every_day_of_the_case_also_what_is_done_and_called_off(as_user: AsUser) -> None:
    worker, _lead, case = make_stay(days_ago=60)
    plan = stay_plan()
    plan.state, plan.done_at = DeadlineState.CANCELLED, utc_now()
    db.session.flush()
    text = as_user(worker).get(f"/deadlines/{case.public_id}").get_data(as_text=True)
    assert "Opholdsplan" in text
    assert "Ikke længere nødvendigt" in text
    assert "dage for sent" in text
    case.state, case.closed_at = CaseState.CLOSED, utc_now()
    db.session.flush()
    assert "Opholdsplan" in as_user(worker).get(f"/deadlines/{case.public_id}").get_data(as_text=True)


def test_a_stranger_and_another_role_find_nothing(as_user: AsUser) -> None:
    _worker, lead, case = make_stay()
    address = f"/deadlines/{case.public_id}"
    assert as_user(make_member()).get(address).status_code == 404
    assert as_user(lead).get(address).status_code == 403
    longer = f"{address}/{stay_plan().public_id}/longer"
    assert as_user(make_member()).post(longer, data={"reason": WHY}).status_code == 404


def test_more_time_is_asked_for_and_given(as_user: AsUser) -> None:
    worker, lead, case = make_stay()
    plan, browser = stay_plan(), as_user(worker)
    address, until = f"/deadlines/{case.public_id}/{plan.public_id}/longer", plan.due_on + timedelta(days=7)
    assert "Senest" in browser.get(address).get_data(as_text=True)
    wrong = browser.post(address, data={"until": f"{plan.due_on + timedelta(days=20):%d.%m.%Y}", "reason": WHY})
    assert wrong.status_code == 422
    assert WHY in wrong.get_data(as_text=True)
    given = {"until": f"{until:%d.%m.%Y}", "reason": WHY}
    assert browser.post(address, data=given, follow_redirects=True).status_code == 200
    assert browser.post(address, data=given).status_code == 409
    page = as_user(lead).get("/deadlines/late").get_data(as_text=True)
    assert WHY in page and case.lead_reference in page
    assert "Amira" not in page and case.reference not in page
    wish = db.session.scalars(sa.select(DeadlineChange)).one()
    answer = f"/deadlines/wishes/{wish.public_id}"
    assert as_user(worker).post(answer, data={"answer": "agree"}).status_code == 403
    assert as_user(make_member(Role.PROGRAMME_LEAD)).post(answer, data={"answer": "agree"}).status_code == 404
    assert as_user(lead).post(answer, data={"answer": "perhaps"}).status_code == 422
    assert as_user(lead).post(answer, data={"answer": "agree"}, follow_redirects=True).status_code == 200
    db.session.expire_all()
    assert (stay_plan().due_on, wish.state) == (until, WishState.AGREED)
    days = as_user(worker).get(f"/deadlines/{case.public_id}").get_data(as_text=True)
    names = [db.session.get_one(User, one.user_id).name for one in (worker, lead)]
    assert f"bedt om af {names[0]}" in days and f"godkendt af {names[1]}" in days
    assert f"Forlænget til {until:%d.%m.%Y}, fordi: {WHY}" in days


def test_a_day_that_a_law_sets_cannot_be_asked_to_move(as_user: AsUser) -> None:
    worker, _lead, case = make_stay()
    notice = db.session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.ADMISSION_NOTICE)).one()
    assert as_user(worker).get(f"/deadlines/{case.public_id}/{notice.public_id}/longer").status_code == 409


def test_the_lead_sees_what_a_law_asks_for_from_its_first_day_and_the_rest_later(as_user: AsUser) -> None:
    _worker, lead, case = make_stay()
    for row in db.session.scalars(sa.select(Deadline)):
        row.due_on = TODAY - timedelta(days=1)
    db.session.flush()
    text = as_user(lead).get("/deadlines/late").get_data(as_text=True)
    assert "Orientering om optagelse" in text
    assert "Opholdsplan" not in text
    stay_plan().due_on = TODAY - timedelta(days=7)
    db.session.flush()
    text = as_user(lead).get("/deadlines/late").get_data(as_text=True)
    assert "Opholdsplan" in text
    assert "Amira" not in text and case.reference not in text
    only = as_user(lead).get("/deadlines/late?which=statutory").get_data(as_text=True)
    assert "Orientering om optagelse" in only and "Opholdsplan" not in only


def test_a_lead_who_is_kept_out_and_another_houses_lead_see_nothing_of_it(as_user: AsUser) -> None:
    worker, lead, case = make_stay(days_ago=30)
    blocks.keep_out(
        case,
        user_id=lead.user_id,
        organisation_id=None,
        reason="Hun er hans kusine",
        actor=actor_of(worker),
        now=utc_now(),
    )
    for reader in (lead, make_member(Role.PROGRAMME_LEAD)):
        assert case.lead_reference not in as_user(reader).get("/deadlines/late").get_data(as_text=True)


def test_the_lists_cost_the_same_for_many_as_for_one(as_user: AsUser, count_queries: Counter) -> None:
    worker, lead, case = make_stay(days_ago=30)
    seen: list[tuple[int, int]] = []
    for _ in range(2):
        counts = []
        for reader, address in ((worker, f"/deadlines/{case.public_id}"), (lead, "/deadlines/late")):
            db.session.expire_all()
            count_queries.start()
            assert as_user(reader).get(address).status_code == 200
            counts.append(count_queries.stop())
        seen.append((counts[0], counts[1]))
        for _more in range(5):
            make_stay(days_ago=30, worker=worker)
    assert seen[0] == seen[1]
    assert max(seen[0]) <= 12


def test_the_rule_book_names_length_source_and_the_paragraph_of_today(as_user: AsUser) -> None:
    text = as_user(make_member()).get("/deadlines/rules").get_data(as_text=True)
    assert "3 hverdage" in text
    assert "serviceloven § 109, stk. 8" in text
    assert "14 til 20 uger" in text
    assert "påmindes 1 dag før" in text
    assert "1 dage" not in text
    # The number of hours stands in the book, and nobody is told of it.
    assert "portalen minder ikke om den endnu" in text.split('id="psychologist_hours"')[1].split("</li>")[0]
    assert "påmindes 14 dage før" in text.split('id="psychologist_start"')[1].split("</li>")[0]
    assert "gælder fra 01.07.2024" in text.split('id="admission_notice"')[1].split("</li>")[0]
    gone = text.split('id="gone"')[1].split("</section>")[0]
    # The centres' own standard, and what stood in the law before: folded, with their own paragraphs.
    assert "gjaldt fra 01.01.2012 til 31.12.2017" in gone
    assert "gjaldt fra 01.07.2015 til 30.06.2024" in gone
    assert "serviceloven § 109, stk. 7" in gone
    assert "<details>" in gone
    assert as_user(make_member(Role.VOLUNTEER)).get("/deadlines/rules").status_code == 403


def test_a_corrected_admission_says_which_days_moved_along(as_user: AsUser) -> None:
    worker, _lead, case = make_stay(days_ago=0)
    browser = as_user(worker)
    page = browser.get(f"/cases/{case.public_id}/stay/admission").get_data(as_text=True)
    version = page.split('name="version"')[1].split('value="')[1].split('"')[0]
    answer = browser.post(
        f"/cases/{case.public_id}/stay/admission",
        data={"admitted_on": f"{TODAY - timedelta(days=9):%d.%m.%Y}", "previous_stay": "unknown", "version": version},
        follow_redirects=True,
    )
    text = answer.get_data(as_text=True)
    assert f"Opholdsplan fra {TODAY + timedelta(days=42):%d.%m.%Y} til {TODAY + timedelta(days=33):%d.%m.%Y}" in text


def test_each_look_at_her_safety_says_why_on_the_cases_lists(as_user: AsUser) -> None:
    worker, _lead, case = make_stay()
    for reason in (ReviewReason.NEW_VIOLENCE, ReviewReason.SAFETY_QUESTIONS):
        risk_reviews.ask(case, reason, actor=actor_of(worker), now=utc_now())
    db.session.flush()
    browser = as_user(worker)
    for page in (f"/deadlines/{case.public_id}", f"/cases/{case.public_id}"):
        text = browser.get(page).get_data(as_text=True)
        for reason in (ReviewReason.NEW_VIOLENCE, ReviewReason.SAFETY_QUESTIONS):
            assert f"Se på hendes sikkerhed nu: {label(reason)}" in text


def test_what_stands_on_the_leads_list_as_well_stands_in_the_case_once(as_user: AsUser) -> None:
    worker, _lead, case = make_stay(days_ago=60)
    cases.plan_move(case, TODAY + timedelta(days=30), actor=actor_of(worker), now=utc_now())
    receiver = sa.select(Deadline.id).where(Deadline.kind == DeadlineKind.BRIDGE_RECEIVER)
    assert len(db.session.scalars(receiver).all()) == 2
    text = as_user(worker).get(f"/deadlines/{case.public_id}").get_data(as_text=True)
    assert text.count(f"<strong>{label(DeadlineKind.BRIDGE_RECEIVER)}</strong>") == 1
