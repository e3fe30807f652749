"""What takes sight away again, as where-clauses: blocks, erasure, closing, and consents that no longer count.

The clock is the database's: what has run out or was set a moment ago counts from the next statement on.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.actor import Actor
from portal.core.kinds import ConsentPurpose
from portal.core.states import FollowUpState
from portal.domain.modifiers import DAYS_AFTER_CLOSING
from portal.models.access import BreakGlass, CaseBlock
from portal.models.cases import Case, Consent
from portal.models.followups import FollowUp
from portal.models.users import Membership, User
from portal.queries.clauses import built_once
from portal.queries.clock import NOW

TODAY: sa.ColumnElement[Any] = sa.cast(sa.func.timezone("Europe/Copenhagen", NOW), sa.Date)
ASKED_LATER = (FollowUpState.PLANNED, FollowUpState.DUE)


@built_once
def blocked_cases(user_id: Any) -> sa.Select[int]:
    """Cases from which this person is kept out, herself or through any organisation of hers (R-374).

    `user_id` may be a column of the statement in which this is asked: its rows are then asked about one by one.
    """
    theirs = aliased(Membership)
    of_house = (
        sa.select(theirs.id)
        .where(
            theirs.user_id == user_id,
            theirs.organisation_id == CaseBlock.organisation_id,
            theirs.ended_at.is_(None),
        )
        .correlate_except(theirs)
        .exists()
    )
    return (
        sa.select(CaseBlock.case_id)
        .where(CaseBlock.ended_at.is_(None), sa.or_(CaseBlock.user_id == user_id, of_house))
        .correlate_except(CaseBlock)
    )


def knows_of(user_id: Any, case_id: Any) -> sa.ColumnElement[bool]:
    """Whether no block keeps this person out of that case, erased or not; what is about no case is open to everybody.

    For officers, who answer also for what was done in a case that has been erased. Either may be a column.
    """
    return sa.or_(case_id.is_(None), case_id.not_in(blocked_cases(user_id)))


def kept_out(cases: Collection[int], people: Collection[int]) -> sa.Select[int, int]:
    """Which of these people are kept out of which of these cases, as (case, user)."""
    return (
        sa.select(Case.id, User.id)
        .join(User, Case.id.in_(blocked_cases(User.id)))
        .where(Case.id.in_(cases), User.id.in_(people))
    )


@built_once
def barred_cases(user_id: Any) -> sa.Select[int]:
    """Cases that do not exist for this person: erased, or blocked for her or for any organisation of hers (R-374)."""
    blocked = blocked_cases(user_id)
    erased = sa.select(Case.id).where(Case.erased_at.is_not(None))
    barred = sa.union_all(blocked, erased).subquery()
    return sa.select(barred.c.case_id).correlate(None)


@built_once
def is_open_to(actor: Actor, case_id: Any, *, may_be_none: bool = False) -> sa.ColumnElement[bool]:
    """Whether nothing keeps this person out of that case. `may_be_none`: rows without a case are open."""
    is_open: sa.ColumnElement[bool] = case_id.not_in(barred_cases(actor.user_id))
    return sa.or_(case_id.is_(None), is_open) if may_be_none else is_open


@built_once
def is_shared(user_id: int | None, organisation_id: int | None, case_id: Any) -> sa.ColumnElement[bool]:
    """What tracks, pools and volunteers need besides: an open case, her consent, and no block (M3, M6 and M7)."""
    still_open = sa.select(Case.id).where(open_cases()).correlate(None)
    return sa.and_(case_id.in_(still_open), case_id.not_in(barred_cases(user_id)), consented(case_id, organisation_id))


@built_once
def is_shared_unseen(user_id: int | None, organisation_id: int | None, case_id: Any) -> sa.ColumnElement[bool]:
    """The same for a volunteer, who sees neither case nor consent: a function of the database answers (R-512)."""
    shared = sa.func.bro_is_shared(case_id, organisation_id, type_=sa.Boolean)
    return sa.and_(case_id.not_in(barred_cases(user_id)), shared)


def still_told() -> sa.ColumnElement[bool]:
    """Whether the team still sees what a case holds: open, or closed for less than thirty days (modifier M6)."""
    lately = Case.closed_at > NOW - sa.func.make_interval(0, 0, 0, DAYS_AFTER_CLOSING)
    return sa.or_(Case.closed_at.is_(None), lately)


def has_follow_up() -> sa.ColumnElement[bool]:
    """Whether something is still to be asked of her after the end."""
    return sa.exists().where(FollowUp.case_id == Case.id, FollowUp.state.in_(ASKED_LATER)).correlate(Case)


def open_cases() -> sa.ColumnElement[bool]:
    """Cases that are open: everybody but the team is cut off when a case is closed (modifier M6)."""
    return Case.closed_at.is_(None)


@built_once
def consented(case_id: Any, organisation_id: Any) -> sa.ColumnElement[bool]:
    """Whether she consents today to help by that organisation, or the case is its own (modifier M7, R-375)."""
    # Tables of its own, so that the statement around it may hold them too.
    case, consent = aliased(Case), aliased(Consent)
    own = sa.exists().where(case.id == case_id, case.owner_organisation_id == organisation_id)
    agreed = sa.exists().where(
        consent.case_id == case_id,
        consent.recipient_organisation_id == organisation_id,
        consent.purpose == ConsentPurpose.REFERRAL,
        consent.given_on <= TODAY,
        consent.expires_on > TODAY,
        consent.withdrawn_at.is_(None),
    )
    return sa.or_(own, agreed)


def live_emergency(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether an emergency access is the actor's, in this role, and the hour is not over."""
    return sa.and_(
        BreakGlass.user_id == actor.user_id,
        BreakGlass.membership_id == actor.membership_id,
        BreakGlass.ended_at.is_(None),
        BreakGlass.ends_at > NOW,
    )


def emergencies(actor: Actor) -> sa.ScalarSelect[int]:
    """The cases that this person has opened in an emergency less than an hour ago, in the role she acts in (R-376)."""
    return sa.select(BreakGlass.case_id).where(live_emergency(actor)).correlate(None).scalar_subquery()


def emergency_end(actor: Actor) -> sa.ScalarSelect[datetime]:
    """When the actor's emergency access to a case ends, as a column beside the case."""
    ends = sa.select(sa.func.max(BreakGlass.ends_at)).where(BreakGlass.case_id == Case.id, live_emergency(actor))
    return ends.correlate(Case).scalar_subquery()
