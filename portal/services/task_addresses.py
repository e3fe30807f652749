"""Where a task is: who lets a volunteer see it, and the one look she has (security rule 2.6)."""

from datetime import datetime

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.errors import Forbidden, Invalid
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.states import ClaimState
from portal.db import db
from portal.domain.tasks import CASES_A_DAY, CASES_A_MONTH
from portal.models.tasks import Claim
from portal.queries import own_tasks
from portal.queries.visibility import TEAM_ROLES
from portal.services import audit, places
from portal.services.reveals import Secret


def approve_address(claim: Claim, *, actor: Actor, now: datetime) -> None:
    """The case's own team lets this volunteer see where this task is (security M4). Raises Forbidden for others."""
    if actor.role not in TEAM_ROLES:
        raise Forbidden
    if claim.state is not ClaimState.CONFIRMED:
        raise Invalid(_("Only a confirmed volunteer can be allowed to see the address."))
    if claim.task.case_id is not None and not places.may_keep(claim.task.case_id):
        raise Forbidden
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
    """Where a task is, as something to be revealed inside the window (R-131).

    Raises Forbidden when she has seen where another woman is today, or five in thirty days.
    """
    today, lately = own_tasks.seen_lately(actor.user_id or 0)
    others = {claim.task.case_id}
    if claim.task.case_id is not None and (len(today - others) >= CASES_A_DAY or len(lately - others) >= CASES_A_MONTH):
        raise Forbidden(_("You have seen as many addresses as one volunteer may. Telephone the coordinator."))
    return Secret("task.address", SubjectType.CLAIM, claim.public_id, claim.task.case_id, lambda: claim.task.address)
