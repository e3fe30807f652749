"""Volunteers and their tasks."""

from datetime import date, datetime, timedelta
from typing import Any

from portal.core.actor import Actor
from portal.core.clock import utc_now
from portal.core.enums import OrganisationKind, Region, Role
from portal.core.volunteers import TaskKind
from portal.models.cases import Case, Consent
from portal.models.tasks import Claim, Task
from portal.models.users import Membership
from portal.models.volunteers import Volunteer
from portal.services import claims, task_addresses, tasks, volunteers
from tests.factories.people import actor_of, agree, make_case, make_member, make_organisation


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


def make_open_window() -> tuple[Case, Membership, Claim, Consent]:
    """A task of somebody's case, two hours ahead, with a volunteer whom the case's team lets see where it is."""
    coordinator, member, volunteer = make_pool()
    contact = make_member()
    case = make_case(contact)
    consent = agree(case, coordinator.organisation_id)
    task = make_task(coordinator, ahead=timedelta(hours=2), case_id=case.id)
    claim = claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
    claims.confirm(claim, actor=actor_of(coordinator), now=utc_now())
    task_addresses.approve_address(claim, actor=actor_of(contact), now=utc_now())
    return case, member, claim, consent
