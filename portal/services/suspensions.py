"""Roles that fall asleep because nobody uses or confirms them, and waking them."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import SYSTEM, Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission, Role
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.people import Suspension
from portal.db import db
from portal.domain.memberships import NEVER_LAST
from portal.domain.permissions import require
from portal.domain.staff import DORMANT_AFTER, NOTICE_BEFORE, confirm_until, quarter_began_at, quarter_name
from portal.models.cases import TeamMember
from portal.models.organisations import Organisation
from portal.models.users import Membership, UserSession
from portal.queries import staff as queries
from portal.services import audit, deadlines, messages, teamless


def wake(public_id: str, *, actor: Actor, now: datetime) -> None:
    """Let a role that sleeps be used again (R-466). Raises Forbidden, NotFound; NotNow for one's own."""
    require(actor, Permission.USER_MANAGE)
    membership = queries.get_sleeping(actor, public_id)
    if membership.user_id == actor.user_id:
        raise NotNow(_("Another administrator wakes your role."))
    membership.suspended_at, membership.suspended_for, membership.woken_at = None, None, now
    audit.record(Audit.MEMBERSHIP_WOKEN, SubjectType.USER, membership.public_id, actor=actor, now=now)
    db.session.flush()


def attest(public_ids: Collection[str], *, actor: Actor, now: datetime) -> None:
    """Take down that people still work here in these roles (R-467). Nobody confirms herself.

    Raises Forbidden, and Invalid when nobody is marked.
    """
    require(actor, Permission.STAFF_ATTEST)
    if not public_ids:
        raise Invalid(_("Mark those who still work here."), field="members")
    confirmed = db.session.scalars(
        sa.update(Membership)
        .where(
            Membership.public_id.in_(public_ids),
            Membership.organisation_id == actor.organisation_id,
            Membership.user_id != actor.user_id,
            Membership.ended_at.is_(None),
        )
        .values(attested_at=now)
        .returning(Membership.public_id)
    ).all()
    for public_id in confirmed:
        audit.record(Audit.MEMBERSHIP_ATTESTED, SubjectType.USER, public_id, actor=actor, now=now)
    db.session.flush()
    _settle(db.session.get_one(Organisation, actor.organisation_id), actor=actor, now=now)


def _settle(organisation: Organisation, *, actor: Actor, now: datetime) -> None:
    """Take the confirming off the list when nobody is left but the one who confirms."""
    today = local_date(now)
    left = queries.count_unconfirmed(organisation.id, since=quarter_began_at(today))
    if left <= 1:
        deadlines.finish(
            DeadlineKind.ATTESTATION, organisation.public_id, suffix=quarter_name(today), actor=actor, now=now
        )


def review(now: datetime) -> int:
    """What the night does: tell of what will sleep, put up the confirming, put to sleep. Returns how many sleep now."""
    put_to_sleep = 0
    for membership in queries.list_dormant(quiet_since=now - DORMANT_AFTER):
        put_to_sleep += suspend(membership, Suspension.DORMANT, now=now)
    for membership in queries.list_dormant(quiet_since=now - DORMANT_AFTER + NOTICE_BEFORE):
        _give_notice(membership, now)
    return put_to_sleep + _review_confirming(now)


def _give_notice(membership: Membership, now: datetime) -> None:
    messages.notify(
        MessageKind.ROLE_SLEEPS_SOON,
        membership.user_id,
        SubjectType.SYSTEM,
        None,
        actor=SYSTEM,
        now=now,
        dedupe_key=f"dormant:{membership.user_id}:{now - NOTICE_BEFORE:%Y-%m}",
    )


def _review_confirming(now: datetime) -> int:
    today = local_date(now)
    unconfirmed = queries.list_unconfirmed(since=quarter_began_at(today))
    if today > confirm_until(today):
        return sum(suspend(membership, Suspension.UNATTESTED, now=now) for membership in unconfirmed)
    for organisation_id in dict.fromkeys(membership.organisation_id for membership in unconfirmed):
        _ask_to_confirm(organisation_id, now)
    return 0


def _ask_to_confirm(organisation_id: int, now: datetime) -> None:
    organisation, today = db.session.get_one(Organisation, organisation_id), local_date(now)
    has_lead = db.session.scalar(
        sa.select(
            sa.exists().where(
                Membership.organisation_id == organisation_id,
                Membership.role == Role.PROGRAMME_LEAD,
                Membership.is_live,
            )
        )
    )
    deadlines.put_up(
        DeadlineKind.ATTESTATION,
        SubjectType.ORGANISATION,
        organisation.public_id,
        suffix=quarter_name(today),
        due_on=confirm_until(today),
        organisation_id=organisation_id,
        queue_role=Role.PROGRAMME_LEAD if has_lead else Role.ADMINISTRATOR,
        now=now,
    )


def suspend(membership: Membership, reason: Suspension, *, now: datetime) -> bool:
    """Put a role to sleep with its sessions (R-466, R-467); the last administrator and safety officer stay awake.

    Returns whether it sleeps. A case on whose team nobody is awake raises the alarm.
    """
    if membership.role in NEVER_LAST and not _has_another(membership):
        return False
    membership.suspended_at, membership.suspended_for = now, reason
    db.session.execute(
        sa.update(UserSession)
        .where(UserSession.membership_id == membership.id, UserSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    audit.record(Audit.MEMBERSHIP_SUSPENDED, SubjectType.USER, membership.public_id, actor=SYSTEM, now=now)
    db.session.flush()
    hers = sa.select(TeamMember.case_id).where(TeamMember.membership_id == membership.id, TeamMember.ended_at.is_(None))
    teamless.alarm(db.session.scalars(hers).all(), actor=SYSTEM, now=now)
    return True


def _has_another(membership: Membership) -> bool:
    other = sa.exists().where(
        Membership.organisation_id == membership.organisation_id,
        Membership.role == membership.role,
        Membership.id != membership.id,
        Membership.is_live,
    )
    return bool(db.session.scalar(sa.select(other)))
