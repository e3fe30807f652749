"""Keeping an account or a whole organisation out of a case: set by the team or the officer, lifted by both (2.7)."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.enums import Permission
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.safety import WatchedRelation
from portal.db import db
from portal.domain.permissions import require
from portal.models.access import CaseBlock
from portal.models.cases import Case
from portal.models.organisations import Organisation
from portal.models.users import Membership, User
from portal.queries import safety as safety_queries
from portal.services import accounts, audit, case_marks, comparing, lifting, safety_desk, teamless, watch
from portal.services.cutting_off import cut_off

# What the team has written of whom it keeps out: `email` and `reason`.
Words = dict[str, str | None]


def keep_out(
    case: Case,
    *,
    actor: Actor,
    now: datetime,
    reason: str | None,
    user_id: int | None = None,
    organisation_id: int | None = None,
    email: str | None = None,
) -> None:
    """Keep one account, or everybody of one organisation, out of a case from the next statement on (R-379).

    A second time is the same block. `email`: the words by which the account was named. Raises Invalid where it would
    lock out the case's own organisation, the one whom the others ask, or the one who sets it; the words are the same
    whether or not the account exists elsewhere.
    """
    require(actor, Permission.CASE_KEEP_OUT)
    people = _people(user_id, organisation_id)
    _check_target(case, people, organisation_id, actor)
    words = {"email": email or None, "reason": reason or None}
    public_id = _set(case, user_id, organisation_id, actor=actor, now=now, words=words)
    if public_id is None:
        return
    _record(case, public_id, words, actor=actor, now=now)
    cut_off(case, people, actor=actor, now=now, house=organisation_id)
    teamless.alarm([case.id], actor=actor, now=now)
    for officer in safety_desk.officers(case.owner_organisation_id):
        safety_desk.tell(
            MessageKind.SAFETY_ALERT, officer, SubjectType.BLOCK, public_id, case_id=case.id, actor=actor, now=now
        )
    db.session.flush()


def _set(
    case: Case, user_id: int | None, organisation_id: int | None, *, actor: Actor, now: datetime, words: Words
) -> str | None:
    """The public id of the new block, or None when it is there already."""
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
        _take_over(case, user_id, actor=actor, now=now, words=words)
        return None
    if any(words.values()):
        _write(db.session.get_one(CaseBlock, made), words)
    return public_id


def _write(block: CaseBlock, words: Words) -> None:
    block.email, block.reason = words["email"], words["reason"]


def _take_over(case: Case, user_id: int | None, *, actor: Actor, now: datetime, words: Words) -> None:
    """What the team did not see is from now on a block set by hand: the team sees it, and only two people lift it."""
    found = db.session.scalar(
        sa.select(CaseBlock).where(
            CaseBlock.case_id == case.id,
            CaseBlock.user_id == user_id,
            CaseBlock.ended_at.is_(None),
            safety_queries.unseen_by_the_team(),
        )
    )
    if found is None:
        return
    _write(found, words)
    found.created_at = now
    found.created_by_id = actor.user_id or found.created_by_id
    db.session.flush()
    _record(case, found.public_id, words, actor=actor, now=now)


def _record(case: Case, public_id: str, words: Words, *, actor: Actor, now: datetime) -> None:
    """The line of the trail; by an address it is one of those that are counted (R-610)."""
    audit.record(
        Audit.BLOCK_SET,
        SubjectType.BLOCK,
        public_id,
        actor=actor,
        now=now,
        case_id=case.id,
        fields=["email"] if words["email"] else [],
        reason=words["reason"],
    )


def keep_out_by_words(
    case: Case,
    *,
    email: str | None,
    organisation: str | None,
    reason: str | None,
    ends_part: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep out whom a form names: an account by its address, an organisation by its public id (R-379).

    An address without an account goes on the watch list instead, and the answer is the same. `ends_part`: it is meant
    also where the organisation works with her now, so that no slip of the hand ends a course. Raises Invalid.
    """
    if not (email or organisation):
        raise Invalid(_("Write an e-mail, or choose an organisation."), field="email")
    if email and organisation:
        raise Invalid(_("One at a time: an e-mail, or an organisation."), field="organisation")
    if organisation:
        chosen = _find_house(case, organisation, ends_part=ends_part)
        keep_out(case, organisation_id=chosen, reason=reason, actor=actor, now=now)
    if email:
        if "@" not in email:
            raise Invalid(_("That is no e-mail address."), field="email")
        comparing.check_pace(actor=actor, now=now, field="email")
        account = db.session.scalar(sa.select(User.id).where(User.email_index == accounts.email_index(email)))
        if account is not None:
            keep_out(case, user_id=account, email=email, reason=reason, actor=actor, now=now)
        else:
            watch.add(
                case,
                relation=WatchedRelation.OTHER,
                name=None,
                email=email,
                phone=None,
                reason=reason,
                actor=actor,
                now=now,
            )


def _find_house(case: Case, public_id: str, *, ends_part: bool) -> int:
    chosen = db.session.scalar(sa.select(Organisation).where(Organisation.public_id == public_id))
    if chosen is None:
        raise Invalid(_("Choose an organisation from the list."), field="organisation")
    if not ends_part and chosen.id != case.owner_organisation_id and safety_queries.has_part(case, chosen):
        raise Invalid(
            _("It works with her now, or is her municipality. Tick here if nobody there shall see the case any more."),
            field="ends_part",
        )
    return chosen.id


def _check_target(case: Case, people: list[int], organisation_id: int | None, actor: Actor) -> None:
    field = "email" if organisation_id is None else "organisation"
    if organisation_id is not None and organisation_id == case.owner_organisation_id:
        raise Invalid(_("The case belongs to that organisation. Keep out single people instead."), field=field)
    # Also somebody who works for the organisation in another role: the block would reach her everywhere.
    if case_marks.primary_of(case) in people:
        raise Invalid(
            _("Hand the case over to a colleague first: somebody must be its primary contact person."), field=field
        )
    if actor.user_id in people:
        raise Invalid(_("You would keep yourself out. Let a colleague do it, or leave the team."), field=field)


def _people(user_id: int | None, organisation_id: int | None) -> list[int]:
    if user_id is not None:
        return [user_id]
    members = sa.select(Membership.user_id).where(
        Membership.organisation_id == organisation_id, Membership.ended_at.is_(None)
    )
    return list(db.session.scalars(members.distinct().order_by(Membership.user_id)))


def ask_to_lift(block: CaseBlock, *, actor: Actor, now: datetime) -> None:
    """The safety officer proposes to lift a block; the case's team must agree (R-380). Raises Forbidden, NotNow.

    What the watch list closed is not asked about: the team would learn of the match. It opens by the officer's answer.
    Nor is what a volunteer closed to herself (R-611).
    """
    if safety_queries.is_unseen(block):
        raise NotNow
    lifting.propose(block, actor=actor, now=now)


def agree_to_lift(block: CaseBlock, *, actor: Actor, now: datetime) -> None:
    """Somebody of the case's team agrees, and the block is lifted (R-380). Nobody is back on the team by that.

    Raises NotNow where nobody has proposed it, Forbidden for the one who did.
    """
    lifting.agree(block, actor=actor, now=now)
    audit.record(Audit.BLOCK_LIFTED, SubjectType.BLOCK, block.public_id, actor=actor, now=now, case_id=block.case_id)
    db.session.flush()
