"""The coordinator's side of the tasks: the pool, one task, and what her pages cost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid
from portal.core.states import ClaimState
from portal.db import db
from portal.services import cases, claims, task_addresses
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.tasks import make_pool, make_task, make_volunteer
from tests.support.counting import Counter

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
MOST = 12


def typed(**changes: Any) -> dict[str, Any]:
    day = local_date(utc_now()) + timedelta(days=5)
    whole = {"kind": "assemble_beds", "region": "Midtjylland", "on": day.strftime("%d %m %Y"), "starts": "10.00"}
    return whole | {"ends": "12.00", "places": "2", "skills": ["tools"], "alias": "Kvinden"} | changes


def test_a_task_is_put_on_the_board_once(as_user: AsUser) -> None:
    coordinator, member, _volunteer = make_pool()
    browser = as_user(coordinator)
    sent = typed(form_key="k" * 22)
    assert [browser.post("/tasks/new", data=sent).status_code for _click in range(2)] == [303, 303]
    assert browser.get("/tasks/pool?view=open").text.count("Samle senge") == 1
    assert as_user(member).get("/tasks/").text.count("Samle senge") == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"kind": "juggling"}, "kind"),
        ({"on": "31 09 2026"}, "on"),
        ({"on": "01 01 2020"}, "on"),
        ({"starts": "25.00"}, "starts"),
        ({"ends": "09.00"}, "ends"),
        ({"places": "0"}, "places"),
        ({"places": "9" * 30}, "places"),
        ({"alias": "x" * 5000}, "alias"),
        ({"meeting_point": "Nørregade 12, 2. tv."}, "meeting_point"),
        ({"meeting_point": "Ved Skovvangskolen"}, "meeting_point"),
    ],
)
def test_what_cannot_be_is_told_beside_the_field(as_user: AsUser, change: dict[str, Any], field: str) -> None:
    coordinator, _member, _volunteer = make_pool()
    browser = as_user(coordinator)
    answer = browser.post("/tasks/new", data=typed(**change))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "Samle senge" not in browser.get("/tasks/pool?view=open").text


def test_a_volunteer_is_confirmed_with_both_promises(as_user: AsUser) -> None:
    coordinator, member, volunteer = make_pool()
    task = make_task(coordinator)
    claim = claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
    browser, page = as_user(coordinator), f"/tasks/claims/{claim.public_id}/confirm"
    assert browser.post(page, data={"identity": "y"}).status_code == 422
    assert browser.post(page, data={"identity": "y", "relation": "y"}).status_code == 303
    db.session.refresh(claim)
    assert claim.state is ClaimState.CONFIRMED
    assert browser.post(page, data={"identity": "y", "relation": "y"}).status_code == 409


def test_another_associations_task_is_not_there(as_user: AsUser) -> None:
    coordinator, _member, _volunteer = make_pool()
    task = make_task(coordinator)
    stranger = as_user(make_member(Role.VOLUNTEER_COORDINATOR))
    assert stranger.get(f"/tasks/{task.public_id}").status_code == 404
    assert stranger.post(f"/tasks/{task.public_id}/cancel").status_code == 404


@pytest.mark.parametrize("page", ["/tasks/pool?view=open", "/tasks/mine", "/tasks/hours"])
def test_a_list_costs_the_same_for_many_as_for_one(as_user: AsUser, count_queries: Counter, page: str) -> None:
    coordinator, member, volunteer = make_pool()
    reader = as_user(coordinator if "pool" in page else member)
    seen = []
    for more in (1, 19):
        for _task in range(more):
            task = make_task(coordinator)
            if "pool" not in page:
                claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
        db.session.commit()
        reader.get(page)
        count_queries.start()
        assert reader.get(page).status_code == 200
        seen.append(count_queries.stop())
    assert seen[0] == seen[1] <= MOST, count_queries.statements


def test_under_special_protection_no_volunteer_learns_where(as_user: AsUser) -> None:
    coordinator, member, volunteer = make_pool()
    contact = make_member()
    case = make_case(contact)
    task = make_task(coordinator, ahead=timedelta(hours=2), case_id=case.id)
    claim = claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
    claims.confirm(claim, actor=actor_of(coordinator), now=utc_now())
    task_addresses.approve_address(claim, actor=actor_of(contact), now=utc_now())
    cases.set_address(case, protection_level=1, actor=actor_of(contact), now=utc_now())
    assert (claim.may_see_address, task.address) == (False, "Hemmeligvej 1")
    task_addresses.approve_address(claim, actor=actor_of(contact), now=utc_now())
    cases.set_address(case, protection_level=2, actor=actor_of(contact), now=utc_now())
    assert (claim.may_see_address, task.address) == (False, None)
    with pytest.raises(Forbidden):
        task_addresses.approve_address(claim, actor=actor_of(contact), now=utc_now())
    with pytest.raises(Invalid):
        make_task(coordinator, case_id=case.id)
    assert as_user(member).post(f"/tasks/claims/{claim.public_id}/address", data={}).status_code == 404


def test_a_promise_that_is_missing_is_told_beside_its_box_and_with_nobody_else(as_user: AsUser) -> None:
    coordinator, member, volunteer = make_pool()
    second = make_member(Role.VOLUNTEER, coordinator.organisation)
    helper = make_volunteer(second, actor_of(coordinator))
    task = make_task(coordinator, places=2)
    claim = claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
    beside = claims.claim(task, helper, actor=actor_of(second), now=utc_now())
    browser = as_user(coordinator)
    page = browser.post(f"/tasks/claims/{claim.public_id}/confirm", data={"identity": "y"}).text
    box = f"relation-{claim.public_id}"
    assert f'id="{box}-error"' in page
    assert f'<a href="#{box}">' in page
    assert f'aria-describedby="{box}-error"' in page
    # What was ticked stays ticked; the other box and the other volunteer have nothing to put right.
    assert f'id="identity-{claim.public_id}-error"' not in page
    assert f'id="relation-{beside.public_id}-error"' not in page
    assert page.count('class="error-summary"') == 1
    for form in page.split("<form ")[1:]:
        if f"identity-{claim.public_id}" in form:
            assert " checked" in form.split("</form>")[0]
