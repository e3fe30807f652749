"""Cases that nobody of the owner works on: the alarm when it happens, and giving such a case to somebody."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.enums import Permission, Role
from portal.core.errors import Forbidden, NotFound
from portal.core.kinds import DeadlineKind, SubjectType
from portal.core.messages import MessageKind
from portal.db import db
from portal.domain.permissions import require
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.users import Membership
from portal.queries import teamless as queries
from portal.queries.kept_out import is_kept_out
from portal.services import audit, deadlines, messages
from portal.services.team import join_team, step_aside
from portal.wall import as_system

TOLD = (Role.PROGRAMME_LEAD, Role.INTAKE, Role.SAFETY_OFFICER)


def alarm(case_ids: Collection[int | None], *, actor: Actor, now: datetime) -> None:
    """Tell leads, intake and safety officers of each open case that nobody of theirs is left on; intake has it to do.

    To be called after whatever may have taken the owner's last one off the team (R-464).
    """
    for case in queries.list_alone([case_id for case_id in case_ids if case_id is not None]):
        told = queries.list_told(case.owner_organisation_id, TOLD, case.id)
        audit.record(Audit.CASE_WITHOUT_TEAM, SubjectType.CASE, case.public_id, actor=actor, now=now, case_id=case.id)
        deadlines.put_up(
            DeadlineKind.TEAM_WANTED,
            SubjectType.ORGANISATION,
            case.public_id,
            due_on=local_date(now),
            organisation_id=case.owner_organisation_id,
            queue_role=Role.INTAKE if Role.INTAKE in told.values() else Role.PROGRAMME_LEAD,
            case_id=case.id,
            now=now,
        )
        for user_id in told:
            messages.notify(
                MessageKind.CASE_WITHOUT_TEAM,
                user_id,
                SubjectType.ORGANISATION,
                case.public_id,
                case_id=case.id,
                actor=actor,
                now=now,
                dedupe_key=f"without_team:{case.public_id}:{now.isoformat()}:{user_id}",
            )


@as_system()
def adopt(case_public_id: str, user_public_id: str, *, actor: Actor, now: datetime) -> None:
    """Give a case that nobody here works on to somebody of the own organisation, with the dates that wait (R-464).

    Whoever of another organisation is the one to ask stays it.
    Raises Forbidden for a wrong role and for oneself, NotFound when somebody is on it already or cannot take it.
    """
    require(actor, Permission.CASE_ADOPT)
    case, membership = queries.get_alone(actor, case_public_id), queries.get_taker(actor, user_public_id)
    if membership.user_id == actor.user_id:
        raise Forbidden
    if is_kept_out(case.id, membership.user_id):
        raise NotFound
    join_team(case.id, membership.user_id, actor=actor, now=now, is_primary=not queries.has_primary(case.id))
    _give_dates(case.id, membership)
    deadlines.finish(DeadlineKind.TEAM_WANTED, case.public_id, actor=actor, now=now)
    messages.notify(
        MessageKind.CASE_HANDED_OVER,
        membership.user_id,
        SubjectType.CASE,
        case.public_id,
        actor=actor,
        now=now,
        case_id=case.id,
        dedupe_key=f"adopted:{case.public_id}:{membership.user_id}:{now.isoformat()}",
    )
    db.session.flush()


@as_system()
def pass_on(case: Case, user_public_id: str | None, *, actor: Actor, now: datetime) -> None:
    """Give away a case that the actor has just opened and does not work on (R-573).

    To a colleague, or with the alarm to the cases without a team. Raises NotFound for a colleague who takes none.
    """
    step_aside(case.id, actor=actor, now=now)
    if user_public_id:
        adopt(case.public_id, user_public_id, actor=actor, now=now)
    else:
        alarm([case.id], actor=actor, now=now)


def _give_dates(case_id: int, membership: Membership) -> None:
    """What waits in the case for nobody, and the courses of those who have left, are hers now."""
    here = membership.organisation_id
    db.session.execute(
        sa.update(Deadline)
        .where(Deadline.case_id == case_id, Deadline.owner_id.is_(None), Deadline.organisation_id == here)
        .values(owner_id=membership.user_id)
    )
    working = sa.select(Membership.user_id).where(Membership.organisation_id == here, Membership.ended_at.is_(None))
    db.session.execute(
        sa.update(Enrolment)
        .where(
            Enrolment.case_id == case_id,
            Enrolment.organisation_id == here,
            Enrolment.worker_id.not_in(working),
        )
        .values(worker_id=membership.user_id)
    )
