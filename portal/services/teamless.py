"""Cases that nobody of the owner works on: the alarm when it happens, and giving such a case to somebody."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission, Role
from portal.core.errors import Forbidden, NotFound
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.states import MeetingState
from portal.db import db
from portal.domain.enrolments import LIVE
from portal.domain.permissions import require
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.followups import FollowUp
from portal.models.meetings import Meeting
from portal.models.referrals import Referral
from portal.models.users import Membership
from portal.queries import teamless as queries
from portal.queries.apart import pairs_apart
from portal.queries.barriers import blocked_cases
from portal.queries.hand_overs import AHEAD, is_waiting
from portal.queries.kept_out import is_kept_out
from portal.queries.workerless import find_asked
from portal.services import audit, deadlines, messages
from portal.services.team import join_team, step_aside
from portal.wall import as_system

TOLD = (Role.PROGRAMME_LEAD, Role.INTAKE, Role.SAFETY_OFFICER)
# On whose list it stands: the first of these in which somebody works who may know of the case.
ASKED = (Role.INTAKE, Role.PROGRAMME_LEAD, Role.SAFETY_OFFICER)


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
            queue_role=find_asked(case.owner_organisation_id, ASKED, case.id) or Role.PROGRAMME_LEAD,
            case_id=case.id,
            now=now,
        )
        for user_id in told:
            messages.notify(
                MessageKind.CASE_WITHOUT_TEAM,
                user_id,
                SubjectType.ORGANISATION,
                case.public_id,
                actor=actor,
                now=now,
                case_id=case.id,
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
    # With nobody on the team there is nobody to ask: whom she must not meet cannot take it, and nobody is told.
    if is_kept_out(case.id, membership.user_id) or pairs_apart([case.id], [membership.user_id]):
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
    """What waits in the case for nobody, and what is of those who have left or are kept out, is hers now."""
    here, taker = membership.organisation_id, membership.user_id
    waits = sa.or_(Deadline.owner_id.is_(None), Deadline.case_id.in_(blocked_cases(Deadline.owner_id)))
    waits = sa.and_(waits, deadlines.is_to_do())
    db.session.execute(
        sa.update(Deadline)
        .where(Deadline.case_id == case_id, Deadline.organisation_id == here, waits)
        .values(owner_id=taker)
    )
    working = sa.select(Membership.user_id).where(
        Membership.organisation_id == here,
        Membership.ended_at.is_(None),
        sa.literal(case_id).not_in(blocked_cases(Membership.user_id)),
    )
    # A course that nobody gives is given by itself: not everybody who takes a case can give it.
    for model, name, lasts in (
        (Enrolment, "worker_id", Enrolment.state.in_(LIVE)),
        (FollowUp, "owner_id", FollowUp.state.in_(AHEAD)),
        (Meeting, "responsible_id", Meeting.state == MeetingState.PLANNED),
        (Referral, "referrer_id", is_waiting()),
    ):
        column = getattr(model, name)
        gone = column.not_in(working) if model is Enrolment else sa.func.coalesce(column.not_in(working), sa.true())
        db.session.execute(
            sa.update(model)
            .where(model.case_id == case_id, model.organisation_id == here, gone, lasts)
            .values({name: taker})
        )
