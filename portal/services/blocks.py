"""Keeping an account or a whole organisation out of a case: set by the team or the officer, lifted by both (2.7)."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Permission
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.safety import WatchedRelation
from portal.core.states import ClaimState, DeadlineState
from portal.db import db
from portal.domain.permissions import require
from portal.models.access import CaseBlock
from portal.models.cases import Case, TeamMember
from portal.models.deadlines import Deadline
from portal.models.messages import Message
from portal.models.organisations import Organisation
from portal.models.tasks import Claim, Task
from portal.models.users import Membership, User
from portal.models.volunteers import Volunteer
from portal.services import accounts, audit, case_marks, claims, messages, safety_desk, watch

LIVE_CLAIM = (ClaimState.PENDING, ClaimState.CONFIRMED)


def keep_out(
    case: Case,
    *,
    actor: Actor,
    now: datetime,
    reason: str | None,
    user_id: int | None = None,
    organisation_id: int | None = None,
) -> None:
    """Keep one account, or everybody of one organisation, out of a case from the next statement on (R-379).

    A second time is the same block. Raises Invalid where it would lock out the case's own organisation or the one whom
    the others ask; the words are the same whether or not the account exists elsewhere.
    """
    require(actor, Permission.CASE_KEEP_OUT)
    _check_target(case, user_id, organisation_id)
    public_id = new_public_id()
    made = db.session.scalar(
        insert(CaseBlock)
        .values(
            public_id=public_id,
            case_id=case.id,
            user_id=user_id,
            organisation_id=organisation_id,
            created_at=now,
            created_by_id=actor.user_id,
        )
        .on_conflict_do_nothing()
        .returning(CaseBlock.id)
    )
    if made is None:
        return
    if reason:
        db.session.get_one(CaseBlock, made).reason = reason
    audit.record(Audit.BLOCK_SET, SubjectType.BLOCK, public_id, actor=actor, now=now, case_id=case.id, reason=reason)
    _cut_off(case, _people(user_id, organisation_id), actor=actor, now=now)
    for officer in safety_desk.officers(case.owner_organisation_id):
        safety_desk.tell(
            MessageKind.SAFETY_ALERT, officer, SubjectType.BLOCK, public_id, case_id=case.id, actor=actor, now=now
        )
    db.session.flush()


def keep_out_by_words(
    case: Case, *, email: str | None, organisation: str | None, reason: str | None, actor: Actor, now: datetime
) -> None:
    """Keep out whom a form names: an account by its address, an organisation by its public id (R-379).

    An address without an account goes on the watch list instead, and the answer is the same. Raises Invalid.
    """
    if not (email or organisation):
        raise Invalid(_("Write an e-mail, or choose an organisation."), field="email")
    if organisation:
        chosen = db.session.scalar(sa.select(Organisation.id).where(Organisation.public_id == organisation))
        keep_out(case, organisation_id=chosen, reason=reason, actor=actor, now=now)
    if email:
        index = accounts.email_index(email)
        account = db.session.scalar(sa.select(User.id).where(User.email_index == index))
        if account is not None:
            keep_out(case, user_id=account, reason=reason, actor=actor, now=now)
        else:
            watch.add(case, relation=WatchedRelation.OTHER, name=None, email=email, phone=None, actor=actor, now=now)


def _check_target(case: Case, user_id: int | None, organisation_id: int | None) -> None:
    if organisation_id is not None and organisation_id == case.owner_organisation_id:
        raise Invalid(_("The case belongs to that organisation. Keep out single people instead."), field="organisation")
    if user_id is not None and user_id == case_marks.primary_of(case):
        raise Invalid(_("Hand the case over to a colleague first: somebody must be the one to ask."), field="user")


def _people(user_id: int | None, organisation_id: int | None) -> list[int]:
    if user_id is not None:
        return [user_id]
    members = sa.select(Membership.user_id).where(
        Membership.organisation_id == organisation_id, Membership.ended_at.is_(None)
    )
    return list(db.session.scalars(members.distinct().order_by(Membership.user_id)))


def _cut_off(case: Case, people: list[int], *, actor: Actor, now: datetime) -> None:
    """What was theirs in the case ends: the team, tasks taken, what is due, and messages about it."""
    db.session.execute(
        sa.update(TeamMember)
        .where(
            TeamMember.case_id == case.id,
            TeamMember.user_id.in_(people),
            TeamMember.ended_at.is_(None),
            TeamMember.is_primary.is_(False),
        )
        .values(ended_at=now)
    )
    db.session.execute(sa.delete(Message).where(Message.case_id == case.id, Message.recipient_id.in_(people)))
    db.session.execute(
        sa.update(Deadline)
        .where(Deadline.case_id == case.id, Deadline.owner_id.in_(people), Deadline.state == DeadlineState.OPEN)
        .values(owner_id=case_marks.primary_of(case))
    )
    taken = db.session.scalars(
        sa.select(Claim)
        .join(Claim.task)
        .join(Claim.volunteer)
        .options(sa.orm.contains_eager(Claim.task), sa.orm.contains_eager(Claim.volunteer))
        .where(Task.case_id == case.id, Volunteer.user_id.in_(people), Claim.state.in_(LIVE_CLAIM))
    ).all()
    for claim in taken:
        claims.take_silently(claim, actor=actor, now=now)


def ask_to_lift(block: CaseBlock, *, actor: Actor, now: datetime) -> None:
    """The safety officer proposes to lift a block; the case's team must agree (R-380). Raises Forbidden, NotNow."""
    require(actor, Permission.SAFETY_VIEW)
    if block.lift_asked_at is not None:
        raise NotNow
    block.lift_asked_at, block.lift_asked_by_id = now, actor.user_id
    case = db.session.get_one(Case, block.case_id)
    primary = case_marks.primary_of(case)
    if primary is not None:
        messages.notify(
            MessageKind.SECOND_PERSON_NEEDED,
            primary,
            SubjectType.CASE,
            case.public_id,
            actor=actor,
            now=now,
            case_id=case.id,
            dedupe_key=f"lift:{block.public_id}:{primary}",
        )
    db.session.flush()


def agree_to_lift(block: CaseBlock, *, actor: Actor, now: datetime) -> None:
    """Somebody of the case's team agrees, and the block is lifted (R-380). Never the one who proposed it.

    Raises NotNow where nobody has proposed it, Forbidden for the same person.
    """
    require(actor, Permission.CASE_EDIT)
    if block.lift_asked_at is None:
        raise NotNow
    if block.lift_asked_by_id == actor.user_id:
        raise Forbidden
    block.ended_at, block.ended_by_id = now, actor.user_id
    audit.record(Audit.BLOCK_LIFTED, SubjectType.BLOCK, block.public_id, actor=actor, now=now, case_id=block.case_id)
    db.session.flush()
