"""Something has happened: her safety is looked at anew, and whoever is to do it is told why (R-631)."""

from datetime import date, datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission, Role
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.risk import ReviewReason
from portal.db import db
from portal.domain.permissions import require
from portal.domain.risk import BY_HAND, HOLDS_VISITS, HOME_CHANGES, review_due_on
from portal.models.cases import Case
from portal.models.risk import SafetyReview
from portal.models.users import Membership
from portal.services import case_marks, deadlines, messages, visits
from portal.services.case_marks import must_be_open


def ask(case: Case, reason: ReviewReason, *, actor: Actor, now: datetime) -> SafetyReview:
    """Put a review on the work list of the one to ask, at once: within a week, after violence the next day (R-631).

    While one stands there for the same reason there is no second, and it is due no later. After violence volunteers'
    visits wait (R-634), and the one to ask and the house's safety officers are told (R-633). A change of home asks for
    a new version of the safety plan (R-632).
    """
    due_on = review_due_on(reason, local_date(now))
    review = _find_open(case, reason)
    if review is None:
        review = SafetyReview(case_id=case.id, reason=reason, asked_at=now, asked_by_id=actor.user_id, due_on=due_on)
        db.session.add(review)
        db.session.flush()
        case_marks.record(Audit.SAFETY_REVIEW_ASKED, case, actor=actor, now=now)
    # What moves the plan out of date is when she moved last.
    elif reason in HOME_CHANGES:
        review.asked_at = now
    _put_up(DeadlineKind.SAFETY_REVIEW, case, review.due_on, reason, actor=actor, now=now)
    if reason in HOME_CHANGES:
        case_marks.put_up(DeadlineKind.SAFETY_PLAN, case, due_on=due_on, actor=actor, now=now)
    if reason in HOLDS_VISITS:
        visits.hold_all(case.id, actor=actor, now=now)
    db.session.flush()
    return review


def ask_by_hand(case: Case, reason: ReviewReason, *, actor: Actor, now: datetime) -> SafetyReview:
    """Ask for a review because of something that no page knows of. Raises Invalid (`reason`), NotNow."""
    require(actor, Permission.CASE_EDIT)
    must_be_open(case.id)
    if reason not in BY_HAND:
        raise Invalid(_("Choose one of those that are shown."), field="reason")
    return ask(case, reason, actor=actor, now=now)


def ask_at_once(case: Case, reason: ReviewReason, *, about: str, actor: Actor, now: datetime) -> None:
    """Ask for a review by tomorrow, and tell the one to ask and the safety officers of the case's house (R-633).

    `about` is the public id of what was recorded: each is told of once. The message holds no content.
    """
    ask(case, reason, actor=actor, now=now)
    officers = db.session.scalars(
        sa.select(Membership.user_id).where(
            Membership.organisation_id == case.owner_organisation_id,
            Membership.role == Role.SAFETY_OFFICER,
            Membership.is_live,
        )
    )
    told = {case_marks.primary_of(case), *officers} - {None}
    for user_id in sorted(one for one in told if one is not None):
        messages.notify(
            MessageKind.SAFETY_REVIEW_WANTED,
            user_id,
            SubjectType.CASE,
            case.public_id,
            case_id=case.id,
            dedupe_key=f"safety_review:{about}:{user_id}",
            actor=actor,
            now=now,
        )


def close(case: Case, assessed_on: date, *, actor: Actor, now: datetime) -> bool:
    """Close what an assessment of that day answers. Returns whether nothing is left that asks for a new look.

    What happened after the day of the assessment is not answered by it.
    """
    reviews = db.session.scalars(
        sa.select(SafetyReview).where(SafetyReview.case_id == case.id, SafetyReview.closed_at.is_(None))
    ).all()
    answered = [review for review in reviews if local_date(review.asked_at) <= assessed_on]
    for review in answered:
        review.closed_at, review.closed_by_id = now, actor.user_id
        suffix, kind = review.reason.value, DeadlineKind.SAFETY_REVIEW
        deadlines.finish(kind, case.public_id, suffix=suffix, actor=actor, now=now, on=assessed_on)
    db.session.flush()
    return len(answered) == len(reviews)


def _find_open(case: Case, reason: ReviewReason) -> SafetyReview | None:
    return db.session.scalar(
        sa.select(SafetyReview).where(
            SafetyReview.case_id == case.id, SafetyReview.reason == reason, SafetyReview.closed_at.is_(None)
        )
    )


def _put_up(kind: DeadlineKind, case: Case, due_on: date, reason: ReviewReason, *, actor: Actor, now: datetime) -> None:
    deadlines.put_up(
        kind,
        SubjectType.CASE,
        case.public_id,
        suffix=reason.value,
        due_on=due_on,
        organisation_id=case.owner_organisation_id,
        owner_id=case_marks.primary_of(case) or actor.user_id,
        case_id=case.id,
        now=now,
    )
