"""Where a task is: who lets a volunteer see it, and the one look she has (security rule 2.6)."""

from datetime import datetime
from functools import partial

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.errors import Forbidden, Invalid
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.states import ClaimState
from portal.db import db
from portal.domain.decisions import Act, Sight
from portal.domain.disclosure import FieldGroup
from portal.domain.tasks import CASES_A_DAY, CASES_A_MONTH
from portal.models.tasks import Claim, Task
from portal.queries import own_tasks
from portal.queries.visibility import TEAM_ROLES
from portal.services import audit, gates
from portal.services.reveals import Secret


def approve_address(claim: Claim, *, actor: Actor, now: datetime) -> None:
    """The case's own team lets this volunteer see where this task is (security M4).

    Raises Forbidden, NotFound for whoever may not open it herself, Invalid.
    """
    if actor.role not in TEAM_ROLES:
        raise Forbidden
    if claim.state is not ClaimState.CONFIRMED:
        raise Invalid(_("Only a confirmed volunteer can be allowed to see the address."))
    if claim.task.case_id is not None:
        gates.must(actor, claim.task.case_id, Act.REVEAL, FieldGroup.TASK_ADDRESS)
    claim.may_see_address = True
    db.session.flush()
    audit.record(
        Audit.TASK_CONFIRMED,
        SubjectType.CLAIM,
        claim.public_id,
        actor=actor,
        now=now,
        case_id=claim.task.case_id,
        fields=["may_see_address"],
    )


def its_address(claim: Claim, *, actor: Actor) -> Secret:
    """Where a task is, as something to be revealed inside the window (R-131, R-615)."""
    task_id, case_id = claim.task_id, claim.task.case_id
    return Secret(
        "task.address",
        SubjectType.CLAIM,
        claim.public_id,
        case_id,
        FieldGroup.TASK_ADDRESS,
        lambda: db.session.scalar(sa.select(Task.address).where(Task.id == task_id)),
        ask=partial(_ask, claim.public_id, case_id, actor),
    )


def _ask(public_id: str, case_id: int | None, actor: Actor) -> Sight:
    """What she is to this one task. Raises Forbidden when she has seen where another is today, or five in a month."""
    found = own_tasks.sight_of(actor, public_id)
    today, lately = own_tasks.seen_lately(actor.user_id or 0)
    others = {case_id}
    if case_id is not None and (len(today - others) >= CASES_A_DAY or len(lately - others) >= CASES_A_MONTH):
        raise Forbidden(_("You have seen as many addresses as one volunteer may. Telephone the coordinator."))
    return found
