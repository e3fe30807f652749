"""Somebody is away and a colleague stands in: on the teams and for the reminders, with an end that comes by itself."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import SYSTEM, Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.states import CaseState
from portal.db import db
from portal.models.cases import Case, TeamMember
from portal.models.hand_overs import Absence
from portal.models.users import Membership
from portal.queries import absences as queries
from portal.queries import hand_overs
from portal.queries.barriers import blocked_cases
from portal.services import audit, messages
from portal.wall import as_system

LONGEST_DAYS = 92


@dataclass(frozen=True, slots=True)
class Days:
    """The first and the last day away, both included."""

    from_on: date
    to_on: date


def plan(public_id: str, deputy_public_id: str, days: Days, *, actor: Actor, now: datetime) -> Absence:
    """Say who stands in for somebody, and from when until when (R-473).

    For oneself, or as lead, administrator or safety officer of the same organisation; the deputy has a role that could
    take over, and is never the one who plans. Raises NotFound, and Invalid beside the field that is wrong.
    """
    membership, _name = hand_overs.get_leaver(actor, public_id)
    if not local_date(now) <= days.to_on or days.from_on > days.to_on:
        raise Invalid(_("The last day must not lie before the first, nor in the past."), field="to_on")
    if (days.to_on - days.from_on).days >= LONGEST_DAYS:
        raise Invalid(_("At most three months at a time. Hand the cases over when it takes longer."), field="to_on")
    successors = hand_overs.get_plan(actor, membership).successors
    deputy = next((one for one in successors if one.public_id == deputy_public_id), None)
    if deputy is None:
        raise Invalid(_("Choose one of those that are shown."), field="deputy")
    if queries.overlaps(membership.id, days.from_on, days.to_on):
        raise Invalid(_("An absence is planned for some of these days already."), field="from_on")
    absence = Absence(
        membership_id=membership.id,
        deputy_id=deputy.membership_id,
        organisation_id=membership.organisation_id,
        from_on=days.from_on,
        to_on=days.to_on,
        made_at=now,
        made_by_id=actor.user_id,
    )
    db.session.add(absence)
    db.session.flush()
    audit.record(Audit.ABSENCE_PLANNED, SubjectType.USER, membership.public_id, actor=actor, now=now)
    _turn_one(absence, now)
    return absence


def end(public_id: str, *, actor: Actor, now: datetime) -> None:
    """She is back earlier, or does not go. Raises NotFound."""
    absence = queries.get_open(actor, public_id)
    _finish(absence, actor=actor, now=now)


def turn(now: datetime) -> int:
    """Begin what begins today and end what has ended. Returns how many changed. By the calendar, every hour."""
    return sum(_turn_one(absence, now) for absence in queries.list_to_turn(local_date(now)))


def _turn_one(absence: Absence, now: datetime) -> bool:
    today = local_date(now)
    if absence.to_on < today:
        _finish(absence, actor=SYSTEM, now=now)
        return True
    if absence.started_at is None and absence.from_on <= today:
        _start(absence, now)
        return True
    return False


@as_system()
def _start(absence: Absence, now: datetime) -> None:
    deputy = db.session.get_one(Membership, absence.deputy_id)
    absence.started_at = now
    joining = [
        {
            "public_id": new_public_id(),
            "case_id": case_id,
            "user_id": deputy.user_id,
            "membership_id": deputy.id,
            "organisation_id": deputy.organisation_id,
            "is_primary": False,
            "scope": scope,
            "joined_at": now,
            "absence_id": absence.id,
        }
        for case_id, scope in _cases(absence, deputy)
    ]
    if joining:
        joined = db.session.scalars(
            insert(TeamMember)
            .values(joining)
            .on_conflict_do_nothing(index_elements=["case_id", "user_id"], index_where=TeamMember.ended_at.is_(None))
            .returning(TeamMember.case_id)
        ).all()
        for case_id in joined:
            audit.record(Audit.TEAM_JOINED, SubjectType.USER, deputy.public_id, actor=SYSTEM, now=now, case_id=case_id)
    audit.record(Audit.ABSENCE_BEGUN, SubjectType.USER, absence.public_id, actor=SYSTEM, now=now)
    messages.notify(
        MessageKind.CASE_HANDED_OVER,
        deputy.user_id,
        SubjectType.SYSTEM,
        None,
        actor=SYSTEM,
        now=now,
        dedupe_key=f"absence:{absence.public_id}",
    )
    db.session.flush()


def _cases(absence: Absence, deputy: Membership) -> list[tuple[int, str]]:
    """The open cases of the one who is away, without those that the deputy is kept out of."""
    rows = db.session.execute(
        sa.select(TeamMember.case_id, TeamMember.scope)
        .join(Case, Case.id == TeamMember.case_id)
        .where(
            TeamMember.membership_id == absence.membership_id,
            TeamMember.ended_at.is_(None),
            TeamMember.absence_id.is_(None),
            Case.state == CaseState.OPEN,
            Case.id.not_in(blocked_cases(deputy.user_id)),
        )
    )
    return [(case_id, scope) for case_id, scope in rows]


@as_system()
def _finish(absence: Absence, *, actor: Actor, now: datetime) -> None:
    absence.ended_at = now
    left = db.session.scalars(
        sa.update(TeamMember)
        .where(TeamMember.absence_id == absence.id, TeamMember.ended_at.is_(None))
        .values(ended_at=now)
        .returning(TeamMember.case_id)
    ).all()
    for case_id in left:
        audit.record(Audit.TEAM_LEFT, SubjectType.USER, absence.public_id, actor=actor, now=now, case_id=case_id)
    audit.record(Audit.ABSENCE_ENDED, SubjectType.USER, absence.public_id, actor=actor, now=now)
    db.session.flush()
