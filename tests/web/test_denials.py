"""Whoever is refused a thing of a case leaves a line about the case, by whatever address; to her all is one answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.kinds import TrackKind
from portal.db import db
from portal.models.access import CaseBlock
from portal.models.alerts import Alert
from portal.models.audit import AuditEntry
from portal.models.children import Child
from portal.models.enrolments import Enrolment
from portal.models.meetings import Meeting
from portal.services import alert_rules, children
from portal.services.children import ChildRecord
from tests.factories.enrolments import make_enrolment
from tests.factories.groups import make_group, make_participant
from tests.factories.housing import make_homes, make_tenancy
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.tasks import make_task
from tests.support.counting import Counter
from tests.support.pages import without_fresh

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
NOBODYS = "A" * 22


@dataclass
class Thing:
    """Something of a case with an address: `path` has a place for its public id. `role` comes as far as the door."""

    case_id: int
    path: str
    public_id: str
    role: Role = Role.CONTACT_PERSON
    method: str = "GET"


def a_case() -> Thing:
    case = make_case()
    return Thing(case.id, "/cases/{}/team", case.public_id)


def a_course() -> Thing:
    _worker, course = make_enrolment(TrackKind.CTI)
    return Thing(course.case_id, "/courses/{}", course.public_id)


def a_meeting() -> Thing:
    member = make_member()
    case = make_case(member)
    return Thing(case.id, "/meetings/{}", make_meeting(member, case).public_id)


def a_task() -> Thing:
    coordinator = make_member(Role.VOLUNTEER_COORDINATOR)
    case = make_case(make_member(organisation=coordinator.organisation))
    task = make_task(coordinator, case_id=case.id)
    return Thing(case.id, "/tasks/{}", task.public_id, Role.VOLUNTEER_COORDINATOR)


def a_home() -> Thing:
    tenancy = make_tenancy(make_homes())
    case_id = db.session.scalars(sa.select(Enrolment.case_id).where(Enrolment.id == tenancy.enrolment_id)).one()
    return Thing(case_id, "/housing/tenancies/{}", tenancy.public_id, Role.HOUSING_COORDINATOR)


def a_seat_in_a_group() -> Thing:
    """The group is first in the address, and is nobody's case."""
    house = make_group()
    course = make_participant(house)
    return Thing(course.case_id, f"/groups/{house.round.public_id}/leave/{{}}", course.public_id, Role.GROUP_LEADER)


def a_child() -> Thing:
    """Within a case that is nowhere."""
    member = make_member()
    case = make_case(member)
    children.add(
        case, ChildRecord(name="Lille Ib", birth_year=2018, is_along=True), actor=actor_of(member), now=utc_now()
    )
    public_id = db.session.scalars(sa.select(Child.public_id)).one()
    return Thing(case.id, "/children/" + "B" * 22 + "/of/{}", public_id)


def a_talk_that_is_moved() -> Thing:
    member = make_member()
    case = make_case(member)
    make_meeting(member, case)
    public_id = db.session.scalars(sa.select(Meeting.public_id)).one()
    return Thing(case.id, "/meetings/{}/move", public_id, method="POST")


THINGS = [a_case, a_course, a_meeting, a_task, a_home, a_seat_in_a_group, a_child, a_talk_that_is_moved]


@pytest.mark.parametrize("made", THINGS)
def test_whoever_is_kept_out_rings_by_any_address_and_nobody_else_does(as_user: AsUser, made: Any) -> None:
    thing = made()
    kept_out, stranger = make_member(thing.role), make_member(thing.role)
    db.session.add(
        CaseBlock(case_id=thing.case_id, user_id=kept_out.user_id, created_at=utc_now(), created_by_id=stranger.user_id)
    )
    db.session.flush()
    about, path, user_id = thing.case_id, thing.path, kept_out.user_id
    browsers = [as_user(stranger), as_user(kept_out)]
    for browser, rings in zip(browsers, (0, 1), strict=True):
        assert browser.open(path.format(thing.public_id), method=thing.method).status_code == 404
        assert alert_rules.blocked_tries(utc_now()) == rings
    assert db.session.execute(sa.select(Alert.case_id, Alert.about_user_id)).all() == [(about, user_id)]


@pytest.mark.parametrize("made", THINGS)
def test_what_is_there_and_what_is_not_take_the_same_way(as_user: AsUser, count_queries: Counter, made: Any) -> None:
    thing = made()
    browser, answers, statements = as_user(make_member(thing.role)), [], []
    browser.get("/help")
    for asked in (thing.public_id, NOBODYS):
        count_queries.start()
        answer = browser.open(thing.path.format(asked), method=thing.method)
        count_queries.stop()
        statements.append(list(count_queries.statements))
        answers.append((answer.status_code, without_fresh(answer.text).replace(asked, "…")))
    assert answers[0] == answers[1]
    assert statements[0] == statements[1]
    refused = sa.select(AuditEntry.subject_type).where(AuditEntry.action == Audit.ACCESS_DENIED)
    assert set(db.session.scalars(refused)) == {"system"}
