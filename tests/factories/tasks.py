"""Volunteers and their tasks."""

from datetime import date, datetime, timedelta
from typing import Any

from portal.core.actor import Actor
from portal.core.clock import utc_now
from portal.core.enums import OrganisationKind, Region, Role
from portal.core.volunteers import TaskKind
from portal.models.tasks import Task
from portal.models.users import Membership
from portal.models.volunteers import Volunteer
from portal.services import tasks, volunteers
from tests.factories.people import actor_of, make_member, make_organisation


def make_pool() -> tuple[Membership, Membership, Volunteer]:
    """An association with a coordinator and one volunteer who may take everything."""
    organisation = make_organisation(OrganisationKind.NGO)
    coordinator = make_member(Role.VOLUNTEER_COORDINATOR, organisation)
    member = make_member(Role.VOLUNTEER, organisation)
    return coordinator, member, make_volunteer(member, actor_of(coordinator))


def make_volunteer(member: Membership, actor: Actor, **changes: Any) -> Volunteer:
    """A volunteer with declaration, training and certificate."""
    values: dict[str, Any] = {
        "region": Region.CAPITAL,
        "skills": ["tools", "driving_licence"],
        "pledged_on": date(2026, 1, 5),
        "trained_on": date(2026, 1, 12),
        "certificate_until": date(2030, 1, 1),
    }
    return volunteers.save_profile(
        user_id=member.user_id, organisation_id=member.organisation_id, actor=actor, now=utc_now(), **values | changes
    )


def make_task(
    coordinator: Membership, *, now: datetime | None = None, ahead: timedelta = timedelta(days=3), **changes: Any
) -> Task:
    """A task on the board, three days ahead, for two hours."""
    now = now or utc_now()
    values: dict[str, Any] = {
        "kind": TaskKind.ASSEMBLE_BEDS,
        "region": Region.CAPITAL,
        "starts_at": now + ahead,
        "ends_at": now + ahead + timedelta(hours=2),
        "skills": ["tools"],
        "alias": "Kvinden",
        "meeting_point": "Ved kiosken",
        "address": "Hemmeligvej 1",
    }
    new = tasks.NewTask(**values | changes)
    return tasks.publish(new, organisation_id=coordinator.organisation_id, actor=actor_of(coordinator), now=now)
