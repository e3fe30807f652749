"""Volunteers: registered, brought up to date, paused, and matched with somebody."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import add_weekdays, local_date, utc_now
from portal.core.enums import Language, Region, Role
from portal.core.errors import Conflict, Forbidden, Invalid, NotNow
from portal.core.kinds import TrackKind
from portal.core.messages import MessageKind
from portal.db import db
from portal.models.audit import AuditEntry
from portal.models.messages import Message
from portal.models.users import Membership, User
from portal.models.volunteers import Volunteer
from portal.services import accounts, claims, volunteers
from tests.factories.furnishing import make_volunteer_course
from tests.factories.people import actor_of, make_member
from tests.factories.tasks import make_pool, make_task, make_volunteer

pytestmark = pytest.mark.usefixtures("session")
PROFILE: dict[str, Any] = {
    "region": Region.NORTH,
    "skills": ["tools", "driving_licence"],
    "pledged_on": date(2026, 1, 5),
    "trained_on": None,
    "certificate_until": None,
}


def register(coordinator: Membership, email: str) -> Volunteer:
    return volunteers.register(
        name="Frida",
        email=email,
        language=Language.DANISH,
        role=Role.VOLUNTEER,
        actor=actor_of(coordinator),
        now=utc_now(),
        **PROFILE,
    )


def test_a_new_volunteer_belongs_to_the_coordinators_organisation_and_has_no_password_yet() -> None:
    coordinator = make_member(Role.VOLUNTEER_COORDINATOR)
    volunteer = register(coordinator, "frida@example.org")
    membership = db.session.scalars(sa.select(Membership).where(Membership.user_id == volunteer.user_id)).one()
    user = db.session.get_one(User, volunteer.user_id)
    assert not accounts.is_password(user, "correct horse battery")
    assert (membership.role, membership.organisation_id) == (Role.VOLUNTEER, coordinator.organisation_id)
    assert (volunteer.organisation_id, volunteer.skills) == (coordinator.organisation_id, ["driving_licence", "tools"])


def test_an_address_that_is_known_elsewhere_is_taken_in_like_any_other() -> None:
    here, there = (make_member(Role.VOLUNTEER_COORDINATOR) for _house in range(2))
    first, second = register(here, "frida@example.org"), register(there, " Frida@Example.org")
    assert (first.user_id, first.organisation_id) == (second.user_id, here.organisation_id)
    assert second.organisation_id == there.organisation_id


def test_whoever_is_registered_here_is_not_registered_again() -> None:
    coordinator = make_member(Role.VOLUNTEER_COORDINATOR)
    register(coordinator, "frida@example.org")
    with pytest.raises(Invalid) as refusal:
        register(coordinator, "frida@example.org")
    assert refusal.value.field == "email"


def test_everybody_waits_from_two_to_five_weekdays() -> None:
    coordinator, today = make_member(Role.VOLUNTEER_COORDINATOR), local_date(utc_now())
    first, last = add_weekdays(today, 2), add_weekdays(today, 5)
    days = {register(coordinator, f"frida{number}@example.org").opens_on for number in range(24)}
    assert all(day is not None and first <= day <= last for day in days)
    assert len(days) > 1


def test_what_is_known_of_her_is_brought_up_to_date_in_the_same_profile() -> None:
    coordinator, member, volunteer = make_pool()
    again = make_volunteer(member, actor_of(coordinator), region=Region.NORTH, skills=["tools"])
    assert (again.id, again.region, again.skills) == (volunteer.id, Region.NORTH, ["tools"])
    trail = sa.select(AuditEntry.action).where(AuditEntry.subject_public_id == volunteer.public_id)
    found = db.session.scalars(trail.order_by(AuditEntry.id)).all()
    assert found == [Audit.VOLUNTEER_REGISTERED, Audit.VOLUNTEER_CHANGED]


def test_a_paused_volunteer_takes_no_tasks_until_she_is_back() -> None:
    coordinator, member, volunteer = make_pool()
    task = make_task(coordinator)
    volunteers.set_paused(volunteer, True, actor=actor_of(coordinator), now=utc_now())
    with pytest.raises(Forbidden):
        claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
    volunteers.set_paused(volunteer, False, actor=actor_of(coordinator), now=utc_now())
    assert claims.claim(task, volunteer, actor=actor_of(member), now=utc_now()).volunteer_id == volunteer.id


def test_somebody_who_waits_for_a_volunteer_is_told_to_her_coordinators() -> None:
    coordinator, course = make_volunteer_course(TrackKind.VOLUNTEER_NETWORK)
    told = sa.select(Message.recipient_id, Message.kind).where(Message.subject_public_id == course.public_id)
    assert (coordinator.user_id, MessageKind.ENROLMENT_ASSIGNED) in [tuple(row) for row in db.session.execute(told)]


def test_one_ready_volunteer_accompanies_her_at_a_time() -> None:
    coordinator, course = make_volunteer_course(TrackKind.VOLUNTEER_NETWORK)
    actor, now, today = actor_of(coordinator), utc_now(), local_date(utc_now())
    volunteer, other = (
        make_volunteer(make_member(Role.VOLUNTEER, coordinator.organisation), actor) for _number in range(2)
    )
    given = {"actor": actor, "now": now}
    with pytest.raises(Invalid) as refusal:
        volunteers.start_match(course, volunteer, started_on=today + timedelta(days=1), **given)
    assert refusal.value.field == "started_on"
    match = volunteers.start_match(course, volunteer, started_on=today, **given)
    with pytest.raises(Conflict):
        volunteers.start_match(course, other, started_on=today, **given)
    with pytest.raises(Invalid) as refusal:
        volunteers.end_match(match, course, ended_on=today - timedelta(days=1), **given)
    assert refusal.value.field == "ended_on"
    volunteers.end_match(match, course, ended_on=today, **given)
    with pytest.raises(NotNow):
        volunteers.end_match(match, course, ended_on=today, **given)
    assert volunteers.start_match(course, other, started_on=today, **given).volunteer_id == other.id


@pytest.mark.parametrize("missing", [{"pledged_on": None}, {"trained_on": None}, {"is_suspended": True}])
def test_a_volunteer_who_is_not_ready_accompanies_nobody(missing: dict[str, Any]) -> None:
    coordinator, course = make_volunteer_course(TrackKind.VOLUNTEER_NETWORK)
    actor, now = actor_of(coordinator), utc_now()
    volunteer = make_volunteer(make_member(Role.VOLUNTEER, coordinator.organisation), actor)
    for name, value in missing.items():
        setattr(volunteer, name, value)
    with pytest.raises(Invalid) as refusal:
        volunteers.start_match(course, volunteer, started_on=local_date(now), actor=actor, now=now)
    assert refusal.value.field == "volunteer"
