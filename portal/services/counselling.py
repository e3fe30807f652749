"""The statutory counselling as an object of its own: offered, answered, begun, extended, ended."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.courses import CounsellingAnswer, CounsellingEnd, OfferWay
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import NeedArea, SubjectType
from portal.core.states import CounsellingState
from portal.db import db
from portal.domain import counselling as rules
from portal.domain.counselling import OPEN, WORKFLOW, Action, check_extension, planned_end
from portal.domain.workflow import check_step, check_version
from portal.models.cases import Case
from portal.models.counselling import CoordinatingCounselling
from portal.models.enrolments import Enrolment
from portal.models.users import Membership
from portal.queries.barriers import blocked_cases
from portal.services import audit, counselling_unmet, deadlines
from portal.services.case_marks import must_be_open
from portal.services.counselling_records import WAITING_FOR_OFFER, ensure, plan_end, worker_of

ANSWERS = {
    CounsellingAnswer.YES: Action.ACCEPT,
    CounsellingAnswer.NO: Action.DECLINE,
    CounsellingAnswer.LATER: Action.LATER,
    CounsellingAnswer.NO_ANSWER: Action.NO_ANSWER,
}


def offer(
    case_id: int,
    *,
    offered_on: date,
    actor: Actor,
    now: datetime,
    areas: Sequence[NeedArea] = (),
    how: OfferWay | None = None,
    has_interpreter: bool = False,
) -> CoordinatingCounselling:
    """Record that the municipality has offered her the counselling (R-322). Raises Invalid (day), NotNow, Forbidden."""
    counselling = ensure(case_id)
    step = check_step(WORKFLOW, Action.OFFER, counselling.state, actor)
    must_be_open(counselling.case_id)
    _not_ahead(offered_on, "offered_on", now)
    counselling.state, counselling.offered_on, counselling.offered_how = step.target, offered_on, how
    counselling.has_interpreter = has_interpreter
    counselling.areas = [NeedArea(area).value for area in areas] or counselling.areas
    _made_by(counselling, actor=actor, now=now, on=offered_on)
    audit.record_about(step.audit, counselling, actor=actor, now=now)
    return counselling


def _made_by(counselling: CoordinatingCounselling, *, actor: Actor, now: datetime, on: date | None = None) -> None:
    """Whose offer it is. A new offer is answered anew: what waited for the former one is off the work list."""
    counselling.offered_by_id, counselling.offered_from_id = actor.user_id, actor.organisation_id
    counselling.attempts, counselling.ask_again_on = 0, None
    for kind in (*WAITING_FOR_OFFER, DeadlineKind.COUNSELLING_ASK_AGAIN):
        deadlines.finish(kind, counselling.public_id, actor=actor, now=now, on=on)
    counselling_unmet.take_off(counselling.public_id, actor=actor, now=now)


def answer(
    counselling: CoordinatingCounselling,
    given: CounsellingAnswer,
    *,
    answered_on: date,
    actor: Actor,
    now: datetime,
    ask_again_on: date | None = None,
) -> None:
    """Record what she answered; that she was not reached, or wants to be asked later, is an answer too (R-322, R-671).

    Each attempt counts. A day to ask again stands on the work list, in a week where she was not reached and none was
    chosen (R-871). Raises Invalid (day), NotNow, Forbidden.
    """
    step = check_step(WORKFLOW, ANSWERS[given], counselling.state, actor)
    must_be_open(counselling.case_id)
    _not_ahead(answered_on, "answered_on", now)
    if counselling.offered_on is not None and answered_on < counselling.offered_on:
        raise Invalid(_("The answer lies before the offer."), field="answered_on")
    again = rules.ask_again_on(given, ask_again_on, today=local_date(now))
    counselling.state, counselling.answered_on = step.target, answered_on
    counselling.attempts += given is CounsellingAnswer.NO_ANSWER
    _ask_again(counselling, again, answered_on, actor=actor, now=now)
    audit.record_about(step.audit, counselling, actor=actor, now=now, reason=given.value)


def _ask_again(
    counselling: CoordinatingCounselling, day: date | None, answered_on: date, *, actor: Actor, now: datetime
) -> None:
    counselling.ask_again_on = day
    if day is None:
        kind = DeadlineKind.COUNSELLING_ASK_AGAIN
        deadlines.finish(kind, counselling.public_id, actor=actor, now=now, on=answered_on)
        return
    user_id, organisation_id = worker_of(counselling.case_id) or (actor.user_id, actor.organisation_id)
    deadlines.put_up(
        DeadlineKind.COUNSELLING_ASK_AGAIN,
        SubjectType.COUNSELLING,
        counselling.public_id,
        due_on=day,
        organisation_id=organisation_id or 0,
        owner_id=user_id,
        case_id=counselling.case_id,
        now=now,
    )


def start(
    counselling: CoordinatingCounselling, *, started_on: date, moved_on: date | None, actor: Actor, now: datetime
) -> None:
    """Begin the counselling, planned until six months after the move (R-320). Raises Invalid, NotNow, Forbidden."""
    step = check_step(WORKFLOW, Action.START, counselling.state, actor)
    must_be_open(counselling.case_id)
    _not_ahead(started_on, "started_on", now)
    counselling.state, counselling.started_on = step.target, started_on
    counselling.planned_end_on = counselling.planned_end_on or planned_end(moved_on)
    plan_end(counselling, actor=actor, now=now)
    audit.record_about(step.audit, counselling, actor=actor, now=now)


def extend(
    counselling: CoordinatingCounselling,
    *,
    until: date,
    reason: str,
    approver_id: int,
    moved_on: date | None,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> None:
    """Extend up to twelve months after the move, with a reason and a colleague who approves it (R-321).

    Raises Invalid (day, reason, approver), NotNow, Forbidden, Stale.
    """
    step = check_step(WORKFLOW, Action.EXTEND, counselling.state, actor)
    must_be_open(counselling.case_id)
    check_version(version, counselling.version)
    check_extension(until, moved_on=moved_on, current=counselling.planned_end_on)
    if not reason.strip():
        raise Invalid(_("Write why she needs it for longer."), field="reason")
    if approver_id == actor.user_id or not _is_colleague(approver_id, actor, counselling.case_id):
        raise Invalid(_("Somebody else of your organisation approves it."), field="approver")
    counselling.planned_end_on, counselling.extension_reason = until, reason
    counselling.extension_approved_by_id = approver_id
    plan_end(counselling, actor=actor, now=now)
    deadlines.give_leave(
        DeadlineKind.COUNSELLING_END,
        counselling.public_id,
        reason=reason.strip(),
        asked_by_id=actor.user_id,
        given_by_id=approver_id,
        now=now,
    )
    audit.record_about(step.audit, counselling, actor=actor, now=now)


def end(
    counselling: CoordinatingCounselling, reason: CounsellingEnd, *, ended_on: date, actor: Actor, now: datetime
) -> None:
    """End the counselling with a reason (R-322). Raises Invalid (day), NotNow, Forbidden."""
    step = check_step(WORKFLOW, Action.END, counselling.state, actor)
    _not_ahead(ended_on, "ended_on", now)
    if counselling.started_on is not None and ended_on < counselling.started_on:
        raise Invalid(_("The end lies before the start."), field="ended_on")
    counselling.state, counselling.ended_on, counselling.end_reason = step.target, ended_on, reason.value
    deadlines.finish(DeadlineKind.COUNSELLING_END, counselling.public_id, actor=actor, now=now, on=ended_on)
    audit.record_about(step.audit, counselling, actor=actor, now=now, reason=reason.value)


def open_counselling(enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """The municipality has taken her in: its yes is the offer, hers was given with the referral (R-322)."""
    counselling = ensure(enrolment.case_id)
    counselling.enrolment_id = enrolment.id
    today = local_date(now)
    if counselling.state in WORKFLOW[Action.OFFER].sources:
        counselling.state, counselling.offered_on = CounsellingState.OFFERED, today
        _made_by(counselling, actor=actor, now=now)
        audit.record_about(Audit.COUNSELLING_OFFERED, counselling, actor=actor, now=now)
    db.session.flush()


def begin(enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """The course has begun: so has the counselling, and with it her answer is yes (R-322)."""
    counselling = ensure(enrolment.case_id)
    started_on = enrolment.started_on or local_date(now)
    if counselling.state in OPEN:
        counselling.state, counselling.answered_on = CounsellingState.ACCEPTED, started_on
        _ask_again(counselling, None, started_on, actor=actor, now=now)
    if counselling.state is CounsellingState.ACCEPTED:
        moved_on = db.session.scalar(sa.select(Case.moved_on).where(Case.id == enrolment.case_id))
        start(counselling, started_on=started_on, moved_on=moved_on, actor=actor, now=now)


def complete(enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """The course ends as planned, and the counselling with it (R-322)."""
    _end_with(enrolment, CounsellingEnd.ESTABLISHED, actor=actor, now=now)


def stop(enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """The course ends early or never began, and the counselling with it (R-322)."""
    _end_with(enrolment, CounsellingEnd.OTHER, actor=actor, now=now)


def _end_with(enrolment: Enrolment, reason: CounsellingEnd, *, actor: Actor, now: datetime) -> None:
    counselling = ensure(enrolment.case_id)
    if counselling.state is CounsellingState.STARTED:
        end(counselling, reason, ended_on=local_date(now), actor=actor, now=now)


def _is_colleague(user_id: int, actor: Actor, case_id: int) -> bool:
    return (
        db.session.scalar(
            sa.select(Membership.id)
            .where(
                Membership.user_id == user_id,
                Membership.organisation_id == actor.organisation_id,
                Membership.ended_at.is_(None),
                sa.literal(case_id).not_in(blocked_cases(user_id)),
            )
            .limit(1)
        )
        is not None
    )


def _not_ahead(day: date, field: str, now: datetime) -> None:
    if day > local_date(now):
        raise Invalid(_("The day has not come yet."), field=field)
