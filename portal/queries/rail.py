"""The counts in the rail, in one statement whatever the role."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.states import CaseState, ClaimState, GrantState, RequestState, TaskState
from portal.db import db
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.grants import GrantApplication
from portal.models.kept import KeptForm
from portal.models.messages import Message
from portal.models.referrals import TrackRequest
from portal.models.tasks import Claim, Task
from portal.models.volunteers import Volunteer
from portal.queries.barriers import is_open_to, is_shared_unseen
from portal.queries.clauses import built_once
from portal.queries.clock import NOW
from portal.queries.deadlines import mine
from portal.queries.late import is_for_lead
from portal.queries.messages import has_arrived
from portal.queries.tasks import in_order
from portal.queries.visibility import TEAM_ROLES, visible_cases, visible_grants, visible_requests, visible_tasks

WAITING = (RequestState.SUBMITTED, RequestState.IN_VISITATION, RequestState.OFFERED)
GRANT_QUEUE = {
    Role.GRANT_OFFICER: (GrantState.SUBMITTED, GrantState.SCREENING),
    Role.GRANT_APPROVER: (GrantState.ASSESSED,),
    Role.GRANT_PAYER: (GrantState.APPROVED, GrantState.PAYMENT_ORDERED),
}


def counts(actor: Actor, *, today: date) -> dict[str, int]:
    """What waits for this person, by the name that the rail uses. Only what her role shows is counted."""
    return dict(db.session.execute(_counts(actor, today)).one()._mapping)


@built_once
def _counts(actor: Actor, today: date) -> sa.Select[Any]:
    parts = {name: part.scalar_subquery() for name, part in _parts(actor, today).items()}
    return sa.select(*(part.label(name) for name, part in parts.items()))


def _parts(actor: Actor, today: date) -> dict[str, sa.Select[int]]:
    count = sa.select(sa.func.count())
    parts = {
        "messages": count.select_from(Message).where(
            Message.recipient_id == actor.user_id,
            Message.read_at.is_(None),
            has_arrived(Message.held_until),
            is_open_to(actor, Message.case_id, may_be_none=True),
        ),
        # Not shown in the rail: whether the page has to look for a form that was not sent.
        "kept": count.select_from(KeptForm).where(KeptForm.membership_id == actor.membership_id),
        "due": count.select_from(Deadline).where(mine(actor), Deadline.due_on <= today),
    }
    if actor.role is Role.PROGRAMME_LEAD:
        parts["late"] = count.select_from(Deadline).where(is_for_lead(actor, today))
    if actor.role in TEAM_ROLES:
        parts["cases"] = count.select_from(Case).where(visible_cases(actor), Case.state == CaseState.OPEN)
    if actor.role in (Role.INTAKE, Role.MUNICIPAL_ADVISER, Role.GROUP_LEADER, Role.HOUSING_COORDINATOR):
        parts["requests"] = count.select_from(TrackRequest).where(
            visible_requests(actor), TrackRequest.state.in_(WAITING)
        )
    if actor.role in GRANT_QUEUE:
        parts["grants"] = count.select_from(GrantApplication).where(
            visible_grants(actor), GrantApplication.state.in_(GRANT_QUEUE[actor.role])
        )
    if actor.role is Role.VOLUNTEER_COORDINATOR:
        parts["claims"] = (
            count.select_from(Claim)
            .join(Task, Task.id == Claim.task_id)
            .where(visible_tasks(actor), Claim.state == ClaimState.PENDING)
        )
    if actor.role is Role.VOLUNTEER:
        parts["open_tasks"] = _open_tasks(actor)
    return parts


def _open_tasks(actor: Actor) -> sa.Select[int]:
    """Of a case that she is kept out of, she must not be able to count a task that her board does not show."""
    here = sa.and_(Volunteer.organisation_id == Task.organisation_id, Volunteer.region == Task.region)
    shared = is_shared_unseen(actor.user_id, actor.organisation_id, Task.case_id)
    return (
        sa.select(sa.func.count())
        .select_from(Task)
        .join(Volunteer, here)
        .where(
            Volunteer.user_id == actor.user_id,
            in_order(),
            Task.state == TaskState.PUBLISHED,
            Task.starts_at > NOW,
            sa.or_(Task.case_id.is_(None), shared),
        )
    )
