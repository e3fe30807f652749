"""The case itself: opened, its team, her move, closed."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.enums import Permission, Role
from portal.core.errors import Invalid, NotFound, NotNow
from portal.core.i18n import _
from portal.core.ids import new_public_id, new_reference
from portal.core.kinds import SubjectType, TeamScope
from portal.core.states import CaseState, DeadlineState
from portal.db import db
from portal.domain.cases import KEPT_AFTER_CLOSING, WORKFLOW, CaseAction, Unfinished
from portal.domain.permissions import require
from portal.domain.workflow import check_step
from portal.models.cases import Case, ReferenceCounter, TeamMember
from portal.models.clients import Client
from portal.models.deadlines import Deadline
from portal.models.users import Membership
from portal.services import audit, deadlines
from portal.services.clients import (
    Identity,
    add_child,
    change_child,
    check_version,
    set_address,
    set_identity,
    set_safe_contact,
    write_identity,
)
from portal.services.stays import end_stay, record_stay, send_notice

__all__ = [
    "Identity", "add_child", "change_child", "close_case", "end_stay", "hand_over_primary", "join_team", "leave_team", "open_case",
    "plan_move", "record_move", "record_stay", "send_notice", "set_address", "set_identity", "set_municipalities",
    "set_safe_contact",
]

TEAM_FIRST = (Role.CONTACT_PERSON, Role.MUNICIPAL_ADVISER, Role.PROGRAMME_WORKER)


def _next_reference(year: int) -> str:
    statement = insert(ReferenceCounter).values(year=year, last=1)
    number = db.session.scalar(
        statement.on_conflict_do_update(index_elements=["year"], set_={"last": ReferenceCounter.last + 1})
        .returning(ReferenceCounter.last)
    )
    return f"{year}-{number:04d}"


def open_case(
    *, actor: Actor, now: datetime, name: str | None = None, birth_year: int | None = None, cpr: str | None = None,
    phone: str | None = None, language: str | None = None, needs_interpreter: bool = False,
    responsible_municipality_code: str | None = None, owner_organisation_id: int | None = None,
    allow_invented_cpr: bool = False,
) -> Case:
    """Open a case by the safe minimum: nothing about who she is has to be known (R-105).

    The person who opens it becomes the one whom the others ask. Returns the case with client loaded. Raises Invalid.
    """
    require(actor, Permission.CASE_OPEN)
    client = Client(public_id=new_public_id(), protection_level=0, needs_interpreter=False, version=1)
    case = Case(
        public_id=new_public_id(), client=client, reference=_next_reference(local_date(now).year),
        lead_reference=new_reference(), owner_organisation_id=owner_organisation_id or actor.organisation_id,
        state=CaseState.OPEN, opened_at=now, opened_by_id=actor.user_id,
        responsible_municipality_code=responsible_municipality_code or None,
    )
    db.session.add(case)
    db.session.flush()
    audit.record(Audit.CASE_OPENED, SubjectType.CASE, case.public_id, actor=actor, now=now, case_id=case.id)
    db.session.add(TeamMember(
        case_id=case.id, user_id=actor.user_id, membership_id=actor.membership_id,
        organisation_id=actor.organisation_id, is_primary=True, scope=_scope_of(actor.role), joined_at=now,
    ))
    db.session.flush()
    # Written without asking for the right to edit: intake opens cases that it never edits.
    write_identity(
        case, Identity(name, birth_year, cpr, phone, language, needs_interpreter), actor=actor, now=now,
        allow_invented_cpr=allow_invented_cpr,
    )
    return case


def _scope_of(role: Role) -> TeamScope:
    return TeamScope.MUNICIPAL if role is Role.MUNICIPAL_ADVISER else TeamScope.FULL


def _membership_for(user_id: int, actor: Actor) -> Membership:
    """The live membership by which somebody joins: the one in use for oneself, else a team role first."""
    rows = list(db.session.scalars(
        sa.select(Membership).where(Membership.user_id == user_id, Membership.ended_at.is_(None)).order_by(Membership.id)
    ))
    if not rows:
        raise Invalid(_("That person no longer works here."), field="user")
    rows.sort(key=lambda row: (row.id != actor.membership_id, row.role not in TEAM_FIRST))
    return rows[0]


def join_team(
    case_id: int, user_id: int, *, actor: Actor, now: datetime, is_primary: bool = False, scope: TeamScope | None = None
) -> None:
    """Put somebody on the team; nothing happens when she is there already. Assumes that the caller may do so.

    Raises Invalid for somebody without a live membership. A primary takes over from the one before.
    """
    membership = _membership_for(user_id, actor)
    if is_primary:
        db.session.execute(
            sa.update(TeamMember).where(TeamMember.case_id == case_id, TeamMember.ended_at.is_(None), TeamMember.is_primary)
            .values(is_primary=False)
        )
    joined = db.session.scalar(
        insert(TeamMember).values(
            public_id=new_public_id(), case_id=case_id, user_id=user_id, membership_id=membership.id,
            organisation_id=membership.organisation_id, is_primary=is_primary,
            scope=scope or _scope_of(membership.role), joined_at=now,
        ).on_conflict_do_nothing(
            index_elements=["case_id", "user_id"], index_where=TeamMember.ended_at.is_(None)
        ).returning(TeamMember.id)
    )
    if joined is None:
        if is_primary:
            _mark_primary(case_id, user_id)
        return
    _record_team(Audit.TEAM_JOINED, case_id, user_id, actor=actor, now=now)


def _mark_primary(case_id: int, user_id: int) -> None:
    db.session.execute(
        sa.update(TeamMember)
        .where(TeamMember.case_id == case_id, TeamMember.user_id == user_id, TeamMember.ended_at.is_(None))
        .values(is_primary=True)
    )


def _record_team(action: Audit, case_id: int, user_id: int, *, actor: Actor, now: datetime) -> None:
    public_id = db.session.scalar(sa.select(Membership.public_id).join(
        TeamMember, TeamMember.membership_id == Membership.id
    ).where(TeamMember.case_id == case_id, TeamMember.user_id == user_id).order_by(TeamMember.id.desc()).limit(1))
    audit.record(action, SubjectType.USER, public_id, actor=actor, now=now, case_id=case_id)
    db.session.flush()


def leave_team(case_id: int, user_id: int, *, actor: Actor, now: datetime) -> None:
    """Take somebody off the team. The one whom the others ask hands over first (R-111).

    Raises NotFound when she is not on it, NotNow for the primary.
    """
    member = db.session.scalar(sa.select(TeamMember).where(
        TeamMember.case_id == case_id, TeamMember.user_id == user_id, TeamMember.ended_at.is_(None)
    ))
    if member is None:
        raise NotFound
    if member.is_primary:
        raise NotNow(_("Hand the case over to a colleague first: somebody must be the one to ask."))
    member.ended_at = now
    _record_team(Audit.TEAM_LEFT, case_id, user_id, actor=actor, now=now)


def hand_over_primary(case: Case, user_id: int, *, actor: Actor, now: datetime) -> None:
    """Make somebody on the team the one whom the others ask; what was due for the former one follows (R-111).

    Raises NotFound when she is not on the team.
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    former = db.session.scalar(sa.select(TeamMember.user_id).where(
        TeamMember.case_id == case.id, TeamMember.ended_at.is_(None), TeamMember.is_primary
    ))
    on_team = db.session.scalar(sa.select(TeamMember.id).where(
        TeamMember.case_id == case.id, TeamMember.user_id == user_id, TeamMember.ended_at.is_(None)
    ))
    if on_team is None:
        raise NotFound
    join_team(case.id, user_id, actor=actor, now=now, is_primary=True)
    deadlines.hand_over(case.public_id, owner_id=user_id)
    db.session.execute(
        sa.update(Deadline)
        .where(Deadline.case_id == case.id, Deadline.owner_id == former, Deadline.state == DeadlineState.OPEN,
               Deadline.subject_type == SubjectType.NOTICE)
        .values(owner_id=user_id)
    )
    audit.record(Audit.CASE_OWNER_CHANGED, SubjectType.CASE, case.public_id, actor=actor, now=now, case_id=case.id)
    db.session.flush()


def set_municipalities(
    case: Case, *, responsible: str | None, paying: str | None, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Set which municipality must act and which one pays, by official code. Raises Conflict, NotNow."""
    step = check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    check_version(version, case.version)
    pairs = (("responsible_municipality_code", responsible or None), ("paying_municipality_code", paying or None))
    changed = [field for field, value in pairs if getattr(case, field) != value]
    for field, value in pairs:
        setattr(case, field, value)
    if changed:
        audit.record(step.audit, SubjectType.CASE, case.public_id, actor=actor, now=now, case_id=case.id, fields=changed)
    db.session.flush()


def plan_move(case: Case, planned_move_on: date | None, *, actor: Actor, now: datetime, version: int | None = None) -> None:
    """Set when she plans to move into her own home; None when nobody knows. Raises Conflict, NotNow."""
    from portal.services import counselling

    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    check_version(version, case.version)
    case.planned_move_on = planned_move_on
    db.session.flush()
    counselling.note_plan(case, actor=actor, now=now)
    audit.record(Audit.MOVE_PLANNED, SubjectType.CASE, case.public_id, actor=actor, now=now, case_id=case.id)
    db.session.flush()


def record_move(case: Case, moved_on: date, *, actor: Actor, now: datetime, version: int | None = None) -> None:
    """Record the day she moved into her own home, from which CTI and the counselling count (R-112).

    Raises Invalid for a day that has not come, Conflict, NotNow.
    """
    from portal.services import counselling, cti

    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    check_version(version, case.version)
    if moved_on > local_date(now):
        raise Invalid(_("The day has not come yet. Write it as the planned day."), field="moved_on")
    case.moved_on = moved_on
    db.session.flush()
    cti.note_move(case.id, moved_on, actor=actor, now=now)
    counselling.note_move(case.id, moved_on, actor=actor, now=now)
    audit.record(Audit.MOVED_IN, SubjectType.CASE, case.public_id, actor=actor, now=now, case_id=case.id)
    db.session.flush()


def close_case(case: Case, unfinished: Unfinished, *, actor: Actor, now: datetime) -> None:
    """Close a case when nothing in it is open any more (R-103). Follow-ups after the end stay due (R-104).

    Raises NotNow while something is open, or when it is closed already.
    """
    step = check_step(WORKFLOW, CaseAction.CLOSE, case.state, actor)
    if not unfinished.is_empty:
        raise NotNow(_("Something in the case is still open. End it first; the page lists what it is."))
    case.state, case.closed_at = step.target, now
    db.session.execute(
        sa.update(Deadline)
        .where(Deadline.case_id == case.id, Deadline.state == DeadlineState.OPEN, Deadline.kind.not_in(KEPT_AFTER_CLOSING))
        .values(state=DeadlineState.CANCELLED, done_at=now, done_by_id=actor.user_id)
    )
    audit.record(step.audit, SubjectType.CASE, case.public_id, actor=actor, now=now, case_id=case.id)
    db.session.flush()
