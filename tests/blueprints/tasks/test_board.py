"""The volunteer's board in the browser: plain, htmx, refused, strangers, wrong moment."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.states import ClaimState
from portal.core.volunteers import TaskKind
from portal.db import db
from portal.models.access import CaseBlock
from portal.models.audit import AuditEntry
from portal.models.tasks import Task
from portal.services import claims, task_addresses, volunteers
from tests.factories.people import actor_of, agree, make_case, make_member
from tests.factories.tasks import make_open_window, make_pool, make_task, make_volunteer
from tests.support.counting import Counter

AsUser = Callable[..., Any]
HTMX = {"HX-Request": "true"}


@pytest.mark.usefixtures("session")
def test_the_card_shows_no_name_no_place_and_no_exact_day(as_user: AsUser) -> None:
    coordinator, member, _volunteer = make_pool()
    task = make_task(coordinator)
    page = as_user(member).get("/tasks/").get_data(as_text=True)
    assert "Samle senge" in page
    for secret in ("Kvinden", "Ved kiosken", "Hemmeligvej", f"{task.starts_at:%d.%m} "):
        assert secret not in page


@pytest.mark.usefixtures("session")
def test_taking_a_task_plainly_leads_to_my_tasks(as_user: AsUser) -> None:
    coordinator, member, _volunteer = make_pool()
    task = make_task(coordinator)
    browser = as_user(member)
    answer = browser.post(f"/tasks/{task.public_id}/claim")
    assert (answer.status_code, answer.location) == (303, "/tasks/mine")
    assert "Din opgave" in browser.get("/tasks/mine").get_data(as_text=True)


@pytest.mark.usefixtures("session")
def test_taking_a_task_with_htmx_swaps_the_card(as_user: AsUser) -> None:
    coordinator, member, _volunteer = make_pool()
    task = make_task(coordinator)
    answer = as_user(member).post(f"/tasks/{task.public_id}/claim", headers=HTMX)
    assert answer.status_code == 200
    assert f'id="task-{task.public_id}"' in answer.get_data(as_text=True)


@pytest.mark.usefixtures("session")
def test_the_same_form_twice_is_one_claim(as_user: AsUser) -> None:
    coordinator, member, _volunteer = make_pool()
    task, key = make_task(coordinator), "k" * 22
    browser = as_user(member)
    for _ in range(2):
        assert browser.post(f"/tasks/{task.public_id}/claim", data={"form_key": key}).status_code == 303
    db.session.refresh(task)
    assert task.taken == 1


@pytest.mark.usefixtures("session")
def test_coming_second_is_told_kindly_with_similar_tasks(as_user: AsUser) -> None:
    coordinator, member, volunteer = make_pool()
    other = make_member(Role.VOLUNTEER, coordinator.organisation)
    make_volunteer(other, actor_of(coordinator))
    task = make_task(coordinator)
    make_task(coordinator, kind=TaskKind.ASSEMBLE_FURNITURE)
    claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
    answer = as_user(other).post(f"/tasks/{task.public_id}/claim")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Nogen nåede det først" in page
    assert "Samle møbler" in page


@pytest.mark.usefixtures("session")
def test_a_task_of_another_organisation_does_not_exist(as_user: AsUser) -> None:
    elsewhere, *_rest = make_pool()
    _coordinator, member, _volunteer = make_pool()
    browser = as_user(member)
    theirs = browser.post(f"/tasks/{make_task(elsewhere).public_id}/claim")
    nowhere = browser.post("/tasks/aaaaaaaaaaaaaaaaaaaaaa/claim")
    assert (theirs.status_code, nowhere.status_code) == (404, 404)


@pytest.mark.usefixtures("session")
def test_another_role_is_refused_at_the_door(as_user: AsUser) -> None:
    coordinator, _member, _volunteer = make_pool()
    assert as_user(coordinator).get("/tasks/").status_code == 403


GOING = {"where-why": "going_now"}


def move(task: Task, starts_at: datetime) -> None:
    """The database's clock decides, so the task is moved and not the clock."""
    task.starts_at, task.ends_at = starts_at, starts_at + timedelta(hours=2)
    db.session.commit()


@pytest.mark.usefixtures("session")
def test_hours_that_cannot_be_read_stay_in_the_field(as_user: AsUser) -> None:
    coordinator, member, volunteer = make_pool()
    task = make_task(coordinator)
    claim = claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
    claims.confirm(claim, actor=actor_of(coordinator), now=utc_now())
    move(task, utc_now() - timedelta(hours=2, minutes=5))
    browser, page = as_user(member), f"/tasks/claims/{claim.public_id}"
    wrong = browser.post(f"{page}/report", data={"minutes": "halvanden", "outcome": "went_well"})
    right = browser.post(f"{page}/report", data={"minutes": "1,5", "outcome": "went_well"})
    again = browser.post(f"{page}/report", data={"minutes": "1,5", "outcome": "went_well"})
    # Once it is done there is nothing left of it but her hours.
    assert (wrong.status_code, right.status_code, again.status_code) == (422, 303, 404)
    assert 'value="halvanden"' in wrong.get_data(as_text=True)


@pytest.mark.usefixtures("session")
def test_the_address_opens_only_inside_the_window_and_for_who_was_approved(as_user: AsUser) -> None:
    coordinator, member, volunteer = make_pool()
    task = make_task(coordinator)
    claim = claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
    claims.confirm(claim, actor=actor_of(coordinator), now=utc_now())
    address = f"/tasks/claims/{claim.public_id}/address"
    assert as_user(member).post(address).status_code == 404
    claim.may_see_address = True
    assert as_user(member).post(address).status_code == 404
    move(task, utc_now() + timedelta(hours=2))
    assert as_user(member).post(address).status_code == 422
    assert "Hemmeligvej 1" in as_user(member).post(address, data=GOING).get_data(as_text=True)
    move(task, utc_now() - timedelta(hours=4, minutes=1))
    assert as_user(member).post(address, data=GOING).status_code == 404


@pytest.mark.usefixtures("session")
def test_the_address_of_a_task_of_a_case_opens_in_her_window_and_stands_among_the_looks(as_user: AsUser) -> None:
    case, member, claim, _consent = make_open_window()
    where, case_id = f"/tasks/claims/{claim.public_id}/address", case.id
    assert "Hemmeligvej 1" in as_user(member).post(where, data=GOING).text
    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.ADDRESS_REVEALED)).one()
    assert (line.actor_id, line.case_id, line.fields) == (member.user_id, case_id, ["task.address"])


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("why", ["before", "after", "blocked", "no consent", "level 1", "level 2", "not approved"])
def test_the_address_of_a_task_of_a_case_stays_shut(as_user: AsUser, why: str) -> None:
    case, member, claim, consent = make_open_window()
    where, browser = f"/tasks/claims/{claim.public_id}/address", as_user(member)
    if why in ("before", "after"):
        move(claim.task, utc_now() + (timedelta(hours=25) if why == "before" else -timedelta(hours=4, minutes=1)))
    elif why == "blocked":
        given = {"created_at": utc_now(), "created_by_id": case.opened_by_id}
        db.session.add(CaseBlock(case_id=case.id, user_id=member.user_id, **given))
    elif why == "no consent":
        consent.withdrawn_at = utc_now()
    elif why == "not approved":
        claim.may_see_address = False
    else:
        case.client.protection_level = int(why[-1])
    assert browser.post(where, data=GOING).status_code == 404
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.action == Audit.ADDRESS_REVEALED)) == 0


@pytest.mark.usefixtures("session")
def test_the_board_costs_the_same_for_fifty_tasks_as_for_one(as_user: AsUser, count_queries: Counter) -> None:
    coordinator, member, _volunteer = make_pool()
    make_task(coordinator)
    browser, seen = as_user(member), []
    for more in (0, 49):
        for _ in range(more):
            make_task(coordinator)
        db.session.commit()
        count_queries.start()
        browser.get("/tasks/")
        seen.append(count_queries.stop())
    assert seen[0] == seen[1] <= 12, count_queries.statements


@pytest.mark.usefixtures("session")
def test_the_coordinator_confirms_after_the_checklist(as_user: AsUser) -> None:
    coordinator, member, volunteer = make_pool()
    task = make_task(coordinator)
    claim = claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
    browser, page = as_user(coordinator), f"/tasks/claims/{claim.public_id}/confirm"
    assert browser.post(page, data={"identity": "y"}).status_code == 422
    assert browser.post(page, data={"identity": "y", "relation": "y"}).status_code == 303
    assert browser.post(page, data={"identity": "y", "relation": "y"}).status_code == 409
    assert claim.state is ClaimState.CONFIRMED


def test_a_volunteer_who_is_paused_sees_nothing_more_of_her_task(as_user: AsUser) -> None:
    coordinator, member, volunteer = make_pool()
    contact = make_member()
    case = make_case(contact)
    agree(case, coordinator.organisation_id)
    task = make_task(coordinator, ahead=timedelta(hours=2), case_id=case.id)
    claim = claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
    claims.confirm(claim, actor=actor_of(coordinator), now=utc_now())
    task_addresses.approve_address(claim, actor=actor_of(contact), now=utc_now())
    page, browser = f"/tasks/claims/{claim.public_id}", as_user(member)
    assert browser.get(page).status_code == 200
    volunteers.set_paused(volunteer, True, actor=actor_of(coordinator), now=utc_now())
    assert browser.get(page).status_code == 404
    assert browser.post(f"{page}/address", data={}).status_code == 404
    assert claim.public_id not in browser.get("/tasks/mine").get_data(as_text=True)
