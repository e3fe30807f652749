"""Ending somebody's role: from the next statement on nothing of it opens anything."""

from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Permission, Role
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.db import db
from portal.domain.memberships import NEVER_LAST
from portal.domain.permissions import require
from portal.models.cases import TeamMember
from portal.models.deadlines import Deadline
from portal.models.groups import GroupRound, RoundLeader
from portal.models.hand_overs import Absence
from portal.models.identity import IdentityProvider, LinkCode, LinkedIdentity
from portal.models.messages import Message
from portal.models.outbox import MailState, OutgoingMail
from portal.models.referrals import Referral, TrackRequest
from portal.models.users import Membership, UserSession
from portal.queries.hand_overs import is_waiting
from portal.queries.receivers import successor
from portal.queries.users import get_member
from portal.services import audit, claims, deadlines, teamless
from portal.wall import as_system


def end_membership(public_id: str, *, actor: Actor, now: datetime) -> None:
    """End a role at the own organisation at once: sessions, teams, claims and what is queued go with it (R-462).

    An administrator or a safety officer ends a role; neither can give one's place on a team (R-461). What has not been
    handed over lies with her role's queue, and cases without anybody raise the alarm (R-464). Raises NotFound,
    Forbidden, and Invalid for one's own and for the last one of those who are never missing.
    """
    require(actor, Permission.MEMBERSHIP_END)
    membership, user = get_member(actor, public_id)
    if user.id == actor.user_id:
        raise Invalid(_("You cannot end your own role. Ask another administrator."))
    must_not_be_last(membership)
    membership.ended_at = now
    # An administrator sees no case, and yet nothing of hers may stay behind.
    with as_system():
        _sign_out(membership, now)
        _leave_teams(membership, actor=actor, now=now)
        if membership.role is Role.VOLUNTEER:
            claims.release_all_of(user.id, membership.organisation_id, actor=actor, now=now)
        _let_go(membership)
        _forget(membership, now)
    audit.record(Audit.MEMBERSHIP_ENDED, SubjectType.USER, membership.public_id, actor=actor, now=now)
    db.session.flush()


def must_not_be_last(membership: Membership) -> None:
    """Raise Invalid when nobody else at the organisation could do what this role alone does (R-465).

    Holds the others' rows, so that two who end each other's roles at once do not both succeed.
    """
    if membership.role not in NEVER_LAST:
        return
    live = db.session.scalars(
        sa.select(Membership.id)
        .where(
            Membership.organisation_id == membership.organisation_id,
            Membership.role == membership.role,
            Membership.is_live,
        )
        .order_by(Membership.id)
        .with_for_update()
    ).all()
    if not set(live) - {membership.id}:
        raise Invalid(_("She is the last one in this role here. Give the role to somebody else first."))


def _sign_out(membership: Membership, now: datetime) -> None:
    db.session.execute(
        sa.update(UserSession)
        .where(UserSession.membership_id == membership.id, UserSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def _leave_teams(membership: Membership, *, actor: Actor, now: datetime) -> None:
    # Whoever stands in for her, or she for somebody, does so no longer.
    beside = sa.or_(Absence.membership_id == membership.id, Absence.deputy_id == membership.id)
    absences = db.session.scalars(
        sa.update(Absence).where(beside, Absence.ended_at.is_(None)).values(ended_at=now).returning(Absence.id)
    ).all()
    hers = sa.or_(TeamMember.membership_id == membership.id, TeamMember.absence_id.in_(absences))
    left = db.session.scalars(
        sa.update(TeamMember)
        .where(hers, TeamMember.ended_at.is_(None))
        .values(ended_at=now)
        .returning(TeamMember.case_id)
    ).all()
    for case_id in left:
        audit.record(Audit.TEAM_LEFT, SubjectType.USER, membership.public_id, actor=actor, now=now, case_id=case_id)
    # News of these cases is not hers any more.
    db.session.execute(
        sa.update(Message)
        .where(Message.recipient_id == membership.user_id, Message.case_id.in_(left), Message.read_at.is_(None))
        .values(read_at=now)
    )
    db.session.flush()
    teamless.alarm(left, actor=actor, now=now)


def _let_go(membership: Membership) -> None:
    """Give back what nobody else has taken: dates to the role's queue, what is read to the inbox, groups to the others,
    and what she has sent to whoever answers for it after her.
    """
    here, user = membership.organisation_id, membership.user_id
    if _has_other_role(membership, here=True):
        return
    db.session.execute(
        sa.update(Deadline)
        .where(Deadline.owner_id == user, Deadline.organisation_id == here, deadlines.is_to_do())
        .values(owner_id=None, queue_role=membership.role.value)
    )
    db.session.execute(
        sa.update(TrackRequest)
        .where(TrackRequest.holder_id == user, TrackRequest.organisation_id == here)
        .values(holder_id=None, held_until=None)
        .execution_options(synchronize_session=False)
    )
    # A referral names somebody always: a colleague on the case, else one of intake, else whoever made it.
    after = successor(Referral.case_id, here).scalar_subquery()
    db.session.execute(
        sa.update(Referral)
        .where(Referral.referrer_id == user, Referral.organisation_id == here, is_waiting())
        .values(referrer_id=sa.func.coalesce(after, Referral.referrer_id))
        .execution_options(synchronize_session=False)
    )
    ours = sa.select(GroupRound.id).where(GroupRound.organisation_id == here)
    db.session.execute(sa.delete(RoundLeader).where(RoundLeader.user_id == user, RoundLeader.round_id.in_(ours)))


def _forget(membership: Membership, now: datetime) -> None:
    """End what else leads in or tells of something: linked sign-ins, mail that waits."""
    if not _has_other_role(membership, here=True):
        ours = sa.select(IdentityProvider.id).where(IdentityProvider.organisation_id == membership.organisation_id)
        user = membership.user_id
        db.session.execute(
            sa.delete(LinkedIdentity).where(LinkedIdentity.user_id == user, LinkedIdentity.provider_id.in_(ours))
        )
        db.session.execute(
            sa.delete(LinkCode).where(LinkCode.user_id == user, LinkCode.organisation_id == membership.organisation_id)
        )
    if not _has_other_role(membership, here=False):
        db.session.execute(
            sa.update(OutgoingMail)
            .where(OutgoingMail.recipient_id == membership.user_id, OutgoingMail.state == MailState.PENDING)
            .values(state=MailState.CANCELLED)
        )


def _has_other_role(membership: Membership, *, here: bool) -> bool:
    other = sa.exists().where(
        Membership.user_id == membership.user_id, Membership.id != membership.id, Membership.ended_at.is_(None)
    )
    if here:
        other = other.where(Membership.organisation_id == membership.organisation_id)
    return bool(db.session.scalar(sa.select(other)))
