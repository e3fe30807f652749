"""The pages of the stay plan and of the municipality's plan: plain, by htmx, mistakes, strangers, wrong moments."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.measures import CtiArea
from portal.core.plans import ConfirmedHow, StayPlanState
from portal.core.states import CaseState
from portal.models.plans import MunicipalPlanLink, StayPlan
from portal.services import plans, stay_plans, stays
from tests.factories.people import actor_of, make_case, make_member
from tests.support.counting import Counter

Browser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
HTMX = {"HX-Request": "true"}
TODAY = local_date(utc_now())
DAY = f"{TODAY:%d %m %Y}"
TYPED = {"wish": "Ro til at sove", "offers": "Samtale hver uge", "children": "Skole", "version": "0"}
YES = {"confirmed_how": "paper", "confirmed_on": DAY}
KNOWN = {"kind": "action_plan", "plan_on": DAY, "consent_on": DAY, "sent_on": DAY, "version": "0"}


def goal_of(case: Any, member: Any) -> Any:
    wanted = plans.Wanted(CtiArea.HOUSING, "Mit eget sted", "En lejekontrakt")
    return plans.set_goal(case, wanted, actor=actor_of(member), now=utc_now())


def test_a_plan_goes_from_draft_to_agreed_and_on(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    goal = goal_of(case, member)
    browser, page = as_user(member), f"/plans/{case.public_id}/stay"
    assert f"{page}/draft" in browser.get(page).get_data(as_text=True)
    assert browser.post(f"{page}/draft", data=TYPED | {"goals": goal.public_id}).status_code == 303
    text = browser.get(page).get_data(as_text=True)
    assert "Ro til at sove" in text.partition('id="draft"')[2]
    version = {"version": "1"}
    assert browser.post(f"{page}/draft/agree", data=YES | version, headers=HTMX).headers["HX-Redirect"] == page
    text = browser.get(page).get_data(as_text=True)
    assert 'id="draft"' not in text
    assert "Mit eget sted" in text.partition('id="agreed"')[2]
    # The next begins with what stands there.
    assert "Samtale hver uge" in browser.get(f"{page}/draft").get_data(as_text=True)
    browser.post(f"{page}/draft", data=TYPED | {"wish": "Mit eget"})
    browser.post(f"{page}/draft/agree", data=YES | version)
    states = session.scalars(sa.select(StayPlan.state).order_by(StayPlan.number)).all()
    assert states == [StayPlanState.REPLACED, StayPlanState.AGREED]
    old = session.scalars(sa.select(StayPlan.public_id).order_by(StayPlan.number)).first()
    assert f"{page}/{old}" in browser.get(page).get_data(as_text=True)
    assert "Ro til at sove" in browser.get(f"{page}/{old}").get_data(as_text=True)
    timeline = browser.get(f"/cases/{case.public_id}").get_data(as_text=True)
    assert timeline.count("Opholdsplan aftalt") == 2


def test_mistakes_keep_what_was_typed_and_late_ones_meet_what_is_saved(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    goal_of(case, member)
    browser, page = as_user(member), f"/plans/{case.public_id}/stay"
    for wrong, field in (({"wish": ""}, "wish"), ({"next_review_on": "01 02 2020"}, "next_review_on")):
        response = browser.post(f"{page}/draft", data=TYPED | wrong)
        assert response.status_code == 422
        assert f'id="{field}-error"' in response.get_data(as_text=True)
        assert "Samtale hver uge" in response.get_data(as_text=True)
    assert browser.post(f"{page}/draft", data=TYPED | {"goals": "A" * 22}).status_code == 422
    assert browser.post(f"{page}/draft/agree", data=YES | {"version": "0"}).status_code == 409
    browser.post(f"{page}/draft", data=TYPED)
    assert browser.post(f"{page}/draft", data=TYPED | {"wish": "Andet"}).status_code == 409
    assert browser.post(f"{page}/draft/agree", data=YES | {"version": "9"}).status_code == 409
    assert browser.post(f"{page}/draft/agree", data={"version": "1"}).status_code == 422
    assert session.scalars(sa.select(StayPlan.wish)).all() == ["Ro til at sove"]


def test_what_is_known_of_the_municipalitys_plan(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    browser, page = as_user(member), f"/plans/{case.public_id}"
    assert browser.post(f"{page}/municipal", data=KNOWN).status_code == 422
    who = {"actor": actor_of(member), "now": utc_now()}
    stay_plans.write(case, stay_plans.Written("Ro"), **who)
    stay_plans.agree(case, how=ConfirmedHow.ORALLY, confirmed_on=TODAY, **who)
    session.commit()
    refused = browser.post(f"{page}/municipal", data=KNOWN | {"consent_on": ""})
    assert 'id="consent_on-error"' in refused.get_data(as_text=True)
    assert browser.post(f"{page}/municipal", data=KNOWN).status_code == 303
    assert browser.post(f"{page}/municipal", data=KNOWN | {"sent_on": ""}).status_code == 409
    text = browser.get(f"{page}/stay").get_data(as_text=True).partition('id="municipal"')[2]
    assert f"{TODAY:%d.%m.%Y}" in text
    assert session.scalars(sa.select(MunicipalPlanLink.sent_on)).all() == [TODAY]
    assert browser.get(f"{page}/municipal").status_code == 200


def test_a_stranger_another_role_and_a_closed_case(as_user: Browser, session: Any) -> None:
    member = make_member()
    case, other = make_case(member), make_case(member)
    made = stay_plans.write(other, stay_plans.Written("Ro"), actor=actor_of(member), now=utc_now())
    page = f"/plans/{case.public_id}"
    for part in ("stay", "stay/draft", "municipal"):
        assert as_user(make_member()).get(f"{page}/{part}").status_code == 404
        assert as_user(make_member(Role.VOLUNTEER)).get(f"{page}/{part}").status_code == 403
    assert as_user(member).get(f"{page}/stay/{made.public_id}").status_code == 404
    case.state, case.closed_at = CaseState.CLOSED, utc_now()
    session.commit()
    for part, data in (("stay/draft", TYPED), ("stay/draft/agree", YES | {"version": "0"}), ("municipal", KNOWN)):
        assert as_user(member).post(f"{page}/{part}", data=data).status_code == 409


def test_the_row_of_the_work_list_leads_to_the_plan_and_is_not_done_by_a_press(as_user: Browser) -> None:
    member = make_member()
    case = make_case(member)
    stays.record_stay(case, admitted_on=TODAY, actor=actor_of(member), now=utc_now())
    text = as_user(member).get(f"/cases/{case.public_id}").get_data(as_text=True)
    rows = text.partition('id="next"')[2].partition("</section>")[0]
    assert f"/plans/{case.public_id}/stay" in rows
    assert "/done" not in rows


def test_the_page_takes_as_many_statements_for_one_version_as_for_six(as_user: Browser, count_queries: Counter) -> None:
    member, counts = make_member(), []
    who = {"actor": actor_of(member), "now": utc_now()}
    for many in (1, 6):
        case = make_case(member)
        goals = [goal_of(case, member).public_id for _number in range(many)]
        for _number in range(many):
            stay_plans.write(case, stay_plans.Written("Ro", goals=goals), **who)
            stay_plans.agree(case, how=ConfirmedHow.ORALLY, confirmed_on=TODAY, **who)
        stay_plans.write(case, stay_plans.Written("Mere ro", goals=goals), **who)
        browser, page = as_user(member), f"/plans/{case.public_id}/stay"
        browser.get(page)
        count_queries.start()
        assert browser.get(page).status_code == 200
        counts.append(count_queries.stop())
    assert counts[0] == counts[1] <= 12
