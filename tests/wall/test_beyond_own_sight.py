"""Acts that reach what their actor may not see arrive all the same, from the page on (R-512)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.messages import MessageKind
from portal.core.states import TaskState
from portal.db import db
from portal.models.cases import TeamMember
from portal.models.deadlines import Deadline
from portal.models.housing import HousingUnit
from portal.models.messages import Message
from portal.models.tasks import Task
from portal.services import addresses, blocks, claims
from tests.factories.housing import make_homes, make_tenancy
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.tasks import make_pool, make_task

pytestmark = pytest.mark.usefixtures("session")
Browser = Callable[..., Any]


def test_a_volunteers_concern_reaches_a_team_that_she_does_not_see(as_user: Browser) -> None:
    coordinator, member, volunteer = make_pool()
    contact = make_member(Role.CONTACT_PERSON, coordinator.organisation)
    task = make_task(coordinator, case_id=make_case(contact).id)
    claim = claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
    claims.confirm(claim, actor=actor_of(coordinator), now=utc_now())
    task_id, page, told = task.id, f"/tasks/claims/{claim.public_id}/report", contact.user_id
    task.starts_at, task.ends_at = (moment - timedelta(days=3, hours=3) for moment in (task.starts_at, task.ends_at))
    answer = as_user(member).post(page, data={"minutes": "1,5", "outcome": "concern", "report": "Hun var bange."})
    assert answer.status_code == 303
    due = sa.select(Deadline.owner_id).where(Deadline.kind == DeadlineKind.WELFARE_CHECK)
    assert db.session.scalars(due).all() == [told]
    heard = sa.select(Message.kind).where(Message.recipient_id == told)
    assert MessageKind.CONCERN_RAISED in db.session.scalars(heard).all()
    assert db.session.scalar(sa.select(Task.state).where(Task.id == task_id)) is TaskState.REPORTED


def test_an_administrator_who_sees_no_case_ends_what_somebody_did_in_all_of_them(as_user: Browser) -> None:
    admin = make_member(Role.ADMINISTRATOR)
    worker = make_member(Role.PROGRAMME_WORKER, admin.organisation)
    case_id, user_id = make_case(worker).id, worker.user_id
    assert as_user(admin).post(f"/admin/users/{worker.public_id}/end").status_code == 303
    left = sa.select(TeamMember.ended_at).where(TeamMember.case_id == case_id, TeamMember.user_id == user_id)
    assert db.session.scalars(left).one() is not None


def test_where_she_lives_is_forgotten_also_when_the_home_is_another_houses(as_user: Browser) -> None:
    homes = make_homes()
    tenancy = make_tenancy(homes)
    case, unit_id = tenancy.enrolment.case, tenancy.unit_id
    assert homes.contact.organisation_id != homes.offer.organisation_id
    sent = {"protection_level": "2", "version": str(case.client.version)}
    assert as_user(homes.contact).post(f"/cases/{case.public_id}/address", data=sent).status_code == 303
    assert db.session.scalar(sa.select(HousingUnit.address).where(HousingUnit.id == unit_id)) is None


def test_a_home_is_no_empty_one_to_a_coordinator_who_is_kept_out_of_her_case(as_user: Browser) -> None:
    homes = make_homes()
    tenancy = make_tenancy(homes)
    case, unit = tenancy.enrolment.case, db.session.get_one(HousingUnit, tenancy.unit_id)
    given = {"actor": actor_of(homes.contact), "now": utc_now()}
    addresses.set_address(case, protection_level=2, **given)
    blocks.keep_out(case, reason=None, user_id=homes.coordinator.user_id, **given)
    page, unit_id = f"/housing/units/{unit.public_id}", unit.id
    browser = as_user(homes.coordinator)
    sent = {"max_children": "2", "address": "Hemmeligvej 1", "version": str(unit.version)}
    answer = browser.post(f"{page}/facts", data=sent)
    assert answer.status_code == 422
    assert "Hemmeligvej 1" not in browser.get(page).text
    assert db.session.scalar(sa.select(HousingUnit.address).where(HousingUnit.id == unit_id)) is None
