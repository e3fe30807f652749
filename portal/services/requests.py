"""A request from the receiving side: taken, checked, asked about, offered, accepted, put on the list, declined."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import add_weekdays, local_date, local_time
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Conflict, Forbidden, Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import CriterionAnswer, DeclineReason, HerAnswer, MarkReason, SubjectType, TrackKind
from portal.core.messages import MessageKind
from portal.core.safety import PlacementPath, WhoShePart
from portal.db import db
from portal.domain import programmes as programme_rules
from portal.domain.deadlines import ClockKey, due_on
from portal.domain.decisions import Sight
from portal.domain.disclosure import GROUP_OF_PART
from portal.domain.referrals import DECIDED, HOLD_HOURS, Action, days_left
from portal.domain.workflow import check_version
from portal.models.enrolments import Enrolment
from portal.models.programmes import Offer
from portal.models.referrals import TrackRequest
from portal.models.users import User
from portal.queries import case_parts, sight
from portal.queries import enrolments as enrolment_queries
from portal.queries import programmes as programme_queries
from portal.queries import requests as request_queries
from portal.services import audit, deadlines, declining, enrolments, messages, placements, waiting
from portal.services.request_events import (
    check,
    check_consent,
    decide,
    hold_until,
    move,
    put_up_answer,
    queue_role,
    require_own,
    sender_today,
    settle,
    start_clock,
    tell_sender,
)
from portal.services.reveals import Secret

FULL = _("There is no free place just now. Put her on the waiting list, or wait until one opens.")


def take(request: TrackRequest, *, actor: Actor, now: datetime) -> None:
    """Take a request for two hours; the second who tries is told who has it (R-160). Raises Conflict, NotNow.

    One statement decides, so that two at once cannot both have it.
    """
    step = check(Action.TAKE, request, actor)
    won = db.session.scalar(
        sa.update(TrackRequest)
        .where(
            TrackRequest.id == request.id,
            sa.or_(
                TrackRequest.holder_id.is_(None), TrackRequest.holder_id == actor.user_id, TrackRequest.held_until < now
            ),
        )
        .values(holder_id=actor.user_id, held_until=now + timedelta(hours=HOLD_HOURS))
        .returning(TrackRequest.id)
        .execution_options(synchronize_session=False)
    )
    if won is None:
        raise Conflict(_taken_by(request))
    db.session.refresh(request, ["holder_id", "held_until"])
    move(request, step.target, actor=actor, now=now, tag=step.audit)
    put_up_answer(request, now=now)


def _taken_by(request: TrackRequest) -> object:
    row = db.session.execute(
        sa.select(User.name, TrackRequest.held_until)
        .join(User, User.id == TrackRequest.holder_id)
        .where(TrackRequest.id == request.id)
    ).one()
    taken_at = local_time(row.held_until - timedelta(hours=HOLD_HOURS))
    return _("Taken by %(name)s at %(time)s.", name=row.name, time=f"{taken_at:%H.%M}")


def release(request: TrackRequest, *, actor: Actor, now: datetime) -> None:
    """Give a request back so that a colleague can take it. Raises Forbidden when somebody else has it."""
    check(Action.TAKE, request, actor)
    if request.holder_id != actor.user_id:
        raise Forbidden
    request.holder_id = request.held_until = None
    audit.record(
        Audit.REQUEST_RELEASED, SubjectType.REQUEST, request.public_id, actor=actor, now=now, case_id=request.case_id
    )
    db.session.flush()
    put_up_answer(request, now=now)


def check_criteria(
    request: TrackRequest, answers: Mapping[str, str], *, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Note which criteria are met. Those that must not be kept are asked for and forgotten (R-151).

    Raises Invalid, Stale, NotNow, Forbidden.
    """
    step = check(Action.CHECK_CRITERIA, request, actor)
    check_version(version, request.version)
    rules = programme_rules.read(request.rules)
    unknown = CriterionAnswer.UNKNOWN.value
    kept = {criterion.key: answers.get(criterion.key, unknown) for criterion in rules.kept_criteria}
    if not set(kept.values()) <= {answer.value for answer in CriterionAnswer}:
        raise Invalid(_("Choose one of those that are shown."))
    request.criteria = kept
    audit.record(step.audit, SubjectType.REQUEST, request.public_id, actor=actor, now=now, case_id=request.case_id)
    db.session.flush()


def ask_info(request: TrackRequest, wanted: str, *, actor: Actor, now: datetime) -> None:
    """Ask the sender for what is missing; the clock stands still meanwhile, and nobody has it taken (R-154, R-160)."""
    step = check(Action.ASK_INFO, request, actor)
    request.holder_id = request.held_until = None
    today, sender = local_date(now), sender_today(request.referral)
    request.paused_days_left, request.answer_due_on = days_left(request.answer_due_on, today), None
    if request.info_wanted is not None:
        # What was said before stays readable on both sides.
        request.info_before = [*(request.info_before or []), request.info_wanted, request.info_given or ""]
    request.info_wanted, request.info_given = wanted, None
    move(request, step.target, actor=actor, now=now, tag=step.audit)
    deadlines.call_off(request.public_id, actor=actor, now=now)
    deadlines.put_up(
        DeadlineKind.REFERRAL_INFO,
        SubjectType.REFERRAL,
        request.referral.public_id,
        due_on=due_on(ClockKey.REFERRAL_INFO, today),
        organisation_id=request.referral.organisation_id,
        owner_id=sender,
        queue_role=None if sender else Role.INTAKE,
        case_id=request.case_id,
        now=now,
        suffix=request.public_id,
    )
    tell_sender(MessageKind.REFERRAL_INFO_WANTED, request, actor=actor, now=now)


def offer_place(
    request: TrackRequest,
    *,
    actor: Actor,
    now: datetime,
    reason: MarkReason | None = None,
    text: str | None = None,
    version: int | None = None,
) -> None:
    """Offer a place and hold it, five weekdays (housing three) (R-161). Criteria met and talks held (R-151, R-152).

    The offer's row is locked: of two last places offered at once, one is. Before others who wait only with a `reason`
    and a sentence (R-693). Raises Invalid, Conflict (full), AskFirst (R-858), NotNow, Stale.
    """
    step = check(Action.OFFER, request, actor)
    check_version(version, request.version)
    rules = programme_rules.read(request.rules)
    programme_rules.check_criteria(rules, request.criteria)
    programme_rules.check_steps(rules, request.steps)
    capacity, live, held = programme_queries.lock_room(request.offer_id)
    if capacity is not None and live + held >= capacity:
        raise Conflict(FULL)
    waiting.check_turn(request, reason, text, actor=actor, now=now)
    _check_apart(request)
    request.offered_at, request.her_answer = now, HerAnswer.NOT_ASKED
    request.offer_expires_on = add_weekdays(local_date(now), rules.offer_weekdays)
    move(request, step.target, actor=actor, now=now, tag=step.audit)
    settle(request, actor=actor, now=now)
    deadlines.put_up(
        DeadlineKind.REFERRAL_OFFER,
        SubjectType.REQUEST,
        request.public_id,
        due_on=request.offer_expires_on,
        organisation_id=request.organisation_id,
        owner_id=request.holder_id,
        queue_role=None if request.holder_id else queue_role(request),
        now=now,
    )
    tell_sender(MessageKind.REFERRAL_OFFERED, request, actor=actor, now=now)


def _check_apart(request: TrackRequest) -> None:
    """Before she is told of a place that she might not get: whoever must not meet is asked about (R-858)."""
    if request.offer.programme.kind is TrackKind.GROUP:
        whom = enrolment_queries.public_id_of_case(request.case_id)
        placements.check_ahead(PlacementPath.COURSE, request.offer.public_id, whom)


def set_her_answer(
    request: TrackRequest, answer: HerAnswer, *, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Write down what she says to the place: yes, no, or that she thinks about it. Raises NotNow, Forbidden, Stale."""
    step = check(Action.HER_ANSWER, request, actor)
    check_version(version, request.version)
    request.her_answer = answer
    audit.record(step.audit, SubjectType.REQUEST, request.public_id, actor=actor, now=now, case_id=request.case_id)
    db.session.flush()


def accept(
    request: TrackRequest, *, actor: Actor, now: datetime, worker_id: int | None = None, round_id: int | None = None
) -> Enrolment:
    """Take her in with her yes, a live consent and a free place; the course is given and her name shows (R-162).

    The offer's row is locked while places are counted: of two acceptances of the last place one wins. Raises Invalid
    (`her_answer`, consent), Conflict (full), NotNow.
    """
    step = check(Action.ACCEPT, request, actor)
    if request.her_answer is not HerAnswer.YES:
        raise Invalid(_("Ask her first: a place is given only with her yes."), field="her_answer")
    check_consent(request, request.organisation_id, local_date(now))
    capacity, live, _held = programme_queries.lock_room(request.offer_id)
    if capacity is not None and live >= capacity:
        raise Conflict(FULL)
    decide(request, step, actor=actor, now=now)
    with messages.held(hold_until(request, now)):
        enrolment = enrolments.propose(
            case_id=request.case_id,
            offer=request.offer,
            actor=actor,
            now=now,
            request=request,
            worker_id=worker_id,
            round_id=round_id,
        )
        tell_sender(MessageKind.REFERRAL_ACCEPTED, request, actor=actor, now=now)
    return enrolment


def decline(
    request: TrackRequest,
    reason: DeclineReason,
    text: str,
    *,
    actor: Actor,
    now: datetime,
    alternative_offer: Offer | None = None,
    alternative_text: str | None = None,
    version: int | None = None,
) -> None:
    """Say no, with a reason, a sentence to the sender and what could be done instead (R-164). Raises Invalid."""
    step = check(Action.DECLINE, request, actor)
    check_version(version, request.version)
    if alternative_offer is None and not alternative_text:
        raise Invalid(_("Say what she could be offered instead."), field="alternative_text")
    request.decline_reason, request.decline_text = reason, text
    request.cool_down_until = declining.rest_after(request.organisation_id, reason, local_date(now))
    request.alternative, request.alternative_text = alternative_offer, alternative_text or None
    decide(request, step, actor=actor, now=now, reason=reason.value)
    with messages.held(hold_until(request, now)):
        tell_sender(MessageKind.REFERRAL_DECLINED, request, actor=actor, now=now)


def return_offer(request: TrackRequest, *, actor: Actor, now: datetime) -> None:
    """Take back an offered place whose day has passed; never a no by itself (R-161). Raises NotNow before the day."""
    step = check(Action.RETURN, request, actor)
    if request.offer_expires_on is None or local_date(now) <= request.offer_expires_on:
        raise NotNow(_("The place is held until its day has passed."))
    request.offered_at = request.offer_expires_on = None
    start_clock(request, now=now)
    move(request, step.target, actor=actor, now=now, tag=step.audit)
    deadlines.finish(DeadlineKind.REFERRAL_OFFER, request.public_id, actor=actor, now=now)
    put_up_answer(request, now=now)


def who_she_is(request: TrackRequest, part: WhoShePart, *, actor: Actor) -> Secret:
    """One thing about her, as something to be revealed before acceptance (R-168). Raises Forbidden, NotNow after it.

    A group leader knows the first name and the telephone, before as after (R-113). Her CPR number is opened only
    where it may be kept (R-605), and nothing that the programme does without (R-666).
    """
    require_own(request, actor)
    is_withheld = GROUP_OF_PART[part].value in programme_rules.read(request.rules).hidden
    if is_withheld or (part is WhoShePart.CPR_NUMBER and not case_parts.may_hold_cpr(actor)):
        raise Forbidden
    read = partial(request_queries.who_she_is, request, part, first_name_only=actor.role is Role.GROUP_LEADER)
    about = part.value, SubjectType.REQUEST, request.public_id, request.case_id
    ask = partial(_ask, request, actor)
    return Secret(*about, GROUP_OF_PART[part], read, ask=ask, tag=Audit.NAME_REVEALED)


def _ask(request: TrackRequest, actor: Actor) -> Sight:
    """What the actor is to her, while it has not been decided."""
    db.session.refresh(request, ["state"])
    if request.state in DECIDED:
        raise NotNow
    return sight.of_case(actor, request.case_id)
