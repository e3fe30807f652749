"""Who works on a case: joining, leaving, handing over."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotFound, NotNow
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType, TeamScope
from portal.core.safety import PlacementPath
from portal.db import db
from portal.domain.cases import WORKFLOW, CaseAction
from portal.domain.memberships import NEVER_ON_TEAM
from portal.domain.plans import OWN_ROWS
from portal.domain.workflow import check_step
from portal.models.cases import Case, TeamMember
from portal.models.deadlines import Deadline
from portal.models.users import Membership, User
from portal.queries.consents import is_taken_back
from portal.services import audit, counselling_unmet, deadlines, first_meetings, placements, watch_matches

TEAM_FIRST = (Role.CONTACT_PERSON, Role.MUNICIPAL_ADVISER, Role.PROGRAMME_WORKER)


def scope_of(role: Role) -> TeamScope:
    """How much of a case somebody in this role works with."""
    return TeamScope.MUNICIPAL if role is Role.MUNICIPAL_ADVISER else TeamScope.FULL


def _membership_for(user_id: int, actor: Actor) -> Membership:
    """The live membership by which somebody joins: the one in use for oneself, else a team role, one here first."""
    rows = list(
        db.session.scalars(
            sa.select(Membership).where(Membership.user_id == user_id, Membership.is_live).order_by(Membership.id)
        )
    )
    if not rows:
        raise Invalid(_("That person no longer works here."), field="user")
    here = actor.organisation_id
    rows.sort(key=lambda row: (row.id != actor.membership_id, row.role not in TEAM_FIRST, row.organisation_id != here))
    return rows[0]


def join_team(
    case_id: int, user_id: int, *, actor: Actor, now: datetime, is_primary: bool = False, scope: TeamScope | None = None
) -> None:
    """Put somebody on the team; nothing happens when she is there already. Assumes that the caller may do so.

    Raises Invalid for somebody without a live membership. A primary takes over from the one before. Forbidden for who
    runs the house: on no team, and lets in by a hand-over alone (R-461). NotNow where she has taken back her consent to
    that house (R-840). The watch list is met here, unseen (R-381).
    """
    membership = _membership_for(user_id, actor)
    _check_joining(case_id, membership, actor)
    if is_primary:
        _unmark_primary(case_id)
    joined = db.session.scalar(
        insert(TeamMember)
        .values(
            public_id=new_public_id(),
            case_id=case_id,
            user_id=user_id,
            membership_id=membership.id,
            organisation_id=membership.organisation_id,
            is_primary=is_primary,
            scope=scope or scope_of(membership.role),
            joined_at=now,
        )
        .on_conflict_do_nothing(index_elements=["case_id", "user_id"], index_where=TeamMember.ended_at.is_(None))
        .returning(TeamMember.id)
    )
    if joined is not None:
        _record_team(Audit.TEAM_JOINED, case_id, user_id, actor=actor, now=now)
        watch_matches.look_at(user_id, now=now)
    elif is_primary:
        _mark_primary(case_id, user_id)
    if is_primary:
        _record_team(Audit.CASE_OWNER_CHANGED, case_id, user_id, actor=actor, now=now)
    if membership.role is Role.MUNICIPAL_ADVISER:
        first_meetings.look(case_id, actor=actor, now=now)
        counselling_unmet.note_adviser(case_id, actor=actor, now=now)


def _check_joining(case_id: int, membership: Membership, actor: Actor) -> None:
    if membership.role in NEVER_ON_TEAM or actor.role in NEVER_ON_TEAM - {Role.SAFETY_OFFICER}:
        raise Forbidden
    if is_taken_back(case_id, membership.organisation_id):
        raise NotNow(_("She has taken back her consent to that organisation. It cannot work on the case."))


def add_colleague(case: Case, user_id: int, *, actor: Actor, now: datetime) -> None:
    """Put a colleague on the team, after asking where she and the woman are to be kept apart (R-751)."""
    whom = db.session.scalars(sa.select(User.public_id).where(User.id == user_id)).one()
    placements.check(PlacementPath.TEAM, case.public_id, whom, now=now)
    join_team(case.id, user_id, actor=actor, now=now)


def _unmark_primary(case_id: int) -> None:
    db.session.execute(
        sa.update(TeamMember)
        .where(TeamMember.case_id == case_id, TeamMember.ended_at.is_(None), TeamMember.is_primary)
        .values(is_primary=False)
    )


def _mark_primary(case_id: int, user_id: int) -> None:
    db.session.execute(
        sa.update(TeamMember)
        .where(TeamMember.case_id == case_id, TeamMember.user_id == user_id, TeamMember.ended_at.is_(None))
        .values(is_primary=True)
    )


def _record_team(action: Audit, case_id: int, user_id: int, *, actor: Actor, now: datetime) -> None:
    public_id = db.session.scalar(
        sa.select(Membership.public_id)
        .join(TeamMember, TeamMember.membership_id == Membership.id)
        .where(TeamMember.case_id == case_id, TeamMember.user_id == user_id)
        .order_by(TeamMember.id.desc())
        .limit(1)
    )
    audit.record(action, SubjectType.USER, public_id, actor=actor, now=now, case_id=case_id)
    db.session.flush()


def leave_team(case_id: int, user_id: int, *, actor: Actor, now: datetime) -> None:
    """Take somebody off the team. The one whom the others ask hands over first (R-111), the owner's last one stays
    (R-465).

    Another organisation's people are taken off by themselves or by the organisation that owns the case. Raises NotFound
    when she is not on it, Forbidden, NotNow for the primary, Invalid for the last one.
    """
    member = db.session.scalar(
        sa.select(TeamMember).where(
            TeamMember.case_id == case_id, TeamMember.user_id == user_id, TeamMember.ended_at.is_(None)
        )
    )
    if member is None:
        raise NotFound
    owner = db.session.scalar(sa.select(Case.owner_organisation_id).where(Case.id == case_id))
    if user_id != actor.user_id and actor.organisation_id not in (owner, member.organisation_id):
        raise Forbidden
    if member.is_primary:
        raise NotNow(_("Hand the case over to a colleague first: somebody must be its primary contact person."))
    owners = sa.select(TeamMember.id).where(
        TeamMember.case_id == case_id, TeamMember.ended_at.is_(None), TeamMember.organisation_id == owner
    )
    # Held, so that two who leave at the same moment see each other.
    if db.session.scalars(owners.order_by(TeamMember.id).with_for_update()).all() == [member.id]:
        raise Invalid(_("She is the last one of the case's own house on it. Put a colleague on the team first."))
    member.ended_at = now
    _record_team(Audit.TEAM_LEFT, case_id, user_id, actor=actor, now=now)


def take_off_again(case_id: int, user_id: int, *, joined_at: datetime, actor: Actor, now: datetime) -> None:
    """Take somebody off whom an act of that very moment brought on, since it is undone; who was on before stays."""
    ended = db.session.scalar(
        sa.update(TeamMember)
        .where(
            TeamMember.case_id == case_id,
            TeamMember.user_id == user_id,
            TeamMember.ended_at.is_(None),
            TeamMember.joined_at == joined_at,
        )
        .values(ended_at=now)
        .returning(TeamMember.id)
    )
    if ended is not None:
        _record_team(Audit.TEAM_LEFT, case_id, user_id, actor=actor, now=now)


def take_house_off(case: Case, organisation_id: int, *, actor: Actor, now: datetime) -> list[int]:
    """Take everybody of an organisation off the team, the one to ask too; returns who was on it (R-840)."""
    people = list(
        db.session.scalars(
            sa.update(TeamMember)
            .where(
                TeamMember.case_id == case.id,
                TeamMember.organisation_id == organisation_id,
                TeamMember.ended_at.is_(None),
            )
            .values(ended_at=now)
            .returning(TeamMember.user_id)
        )
    )
    for user_id in people:
        _record_team(Audit.TEAM_LEFT, case.id, user_id, actor=actor, now=now)
    return people


def step_aside(case_id: int, *, actor: Actor, now: datetime) -> None:
    """Take whoever has just opened a case for others off its team. Assumes that somebody else is seen to next."""
    db.session.execute(
        sa.update(TeamMember)
        .where(TeamMember.case_id == case_id, TeamMember.user_id == actor.user_id, TeamMember.ended_at.is_(None))
        .values(ended_at=now)
    )
    _record_team(Audit.TEAM_LEFT, case_id, actor.user_id or 0, actor=actor, now=now)


def hand_over_primary(case: Case, user_id: int, *, actor: Actor, now: datetime) -> None:
    """Make somebody on the team the one whom the others ask; what was due for the former one follows (R-111).

    Raises NotFound when she is not on the team.
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    former = db.session.scalar(
        sa.select(TeamMember.user_id).where(
            TeamMember.case_id == case.id, TeamMember.ended_at.is_(None), TeamMember.is_primary
        )
    )
    on_team = db.session.scalar(
        sa.select(TeamMember.id).where(
            TeamMember.case_id == case.id, TeamMember.user_id == user_id, TeamMember.ended_at.is_(None)
        )
    )
    if on_team is None:
        raise NotFound
    join_team(case.id, user_id, actor=actor, now=now, is_primary=True)
    deadlines.hand_over(case.public_id, owner_id=user_id, but=OWN_ROWS)
    db.session.execute(
        sa.update(Deadline)
        .where(
            Deadline.case_id == case.id,
            Deadline.owner_id == former,
            deadlines.is_to_do(),
            sa.or_(Deadline.subject_type == SubjectType.NOTICE, Deadline.kind.in_(OWN_ROWS)),
        )
        .values(owner_id=user_id)
    )
    db.session.flush()
