"""Living in a home for a time: moving in, the ladder, the extension, notice, moving out."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Range

from portal.core.actor import Actor
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission, Role
from portal.core.errors import Forbidden, Invalid
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.states import EnrolmentState, TenancyState, UnitState
from portal.db import db
from portal.domain.deadlines import tenancy_ladder
from portal.domain.housing import (
    MONTHS,
    TENANCY_STEPS,
    UNIT_STEPS,
    Destination,
    TenancyAction,
    UnitAction,
    asking_days,
    check_gap,
    check_may_ask,
    check_reason,
    end_of,
)
from portal.domain.last_checks import Unchecked
from portal.domain.permissions import require
from portal.domain.workflow import Step, check_step
from portal.models.cases import Case
from portal.models.housing import Tenancy
from portal.models.stays import Stay
from portal.queries import receivers
from portal.queries import requests as request_queries
from portal.queries.visibility import told_cases
from portal.services import audit, deadlines, enrolments, housing, messages

DECIDERS = (Role.HOUSING_COORDINATOR, Role.PROGRAMME_LEAD)


def move_in(tenancy: Tenancy, moved_in_on: date, gap_reason: str | None = None, *, actor: Actor, now: datetime) -> None:
    """She moves in: the home is taken, the ladder stands on the work list, her course begins (R-361, R-363).

    `tenancy` has unit and enrolment with offer and programme loaded. Raises Invalid, NotNow, Forbidden.
    """
    step = _check(TenancyAction.MOVE_IN, tenancy, actor)
    if moved_in_on > local_date(now):
        raise Invalid(_("The day has not come yet."), field="moved_in_on")
    check_gap(_stay_end(tenancy, moved_in_on), moved_in_on, gap_reason)
    tenancy.gap_reason = (gap_reason or "").strip() or None
    tenancy.period, tenancy.months = Range(moved_in_on, end_of(moved_in_on)), MONTHS
    _turn(tenancy, step, UnitAction.MOVE_IN, actor)
    _put_up_ladder(tenancy, actor=actor, now=now)
    if tenancy.enrolment.state is EnrolmentState.PROPOSED:
        enrolments.start(tenancy.enrolment, started_on=moved_in_on, actor=actor, now=now)
    else:
        enrolments.plan_end(tenancy.enrolment, now=now)
    _record(step, tenancy, actor=actor, now=now)


def _stay_end(tenancy: Tenancy, moved_in_on: date) -> date | None:
    """The last day of the stay before she moved in; the day itself while she is still registered at the centre."""
    rows = db.session.execute(
        sa.select(Stay.discharged_on)
        .where(Stay.case_id == tenancy.enrolment.case_id, Stay.admitted_on <= moved_in_on)
        .order_by(Stay.admitted_on.desc())
        .limit(1)
    ).first()
    return None if rows is None else rows.discharged_on or moved_in_on


def not_taken(tenancy: Tenancy, *, actor: Actor, now: datetime) -> None:
    """The reservation came to nothing: the home is free again. Raises NotNow, Forbidden."""
    step = _check(TenancyAction.NOT_TAKEN, tenancy, actor)
    _turn(tenancy, step, UnitAction.RELEASE, actor)
    deadlines.call_off(tenancy.public_id, actor=actor, now=now)
    _record(step, tenancy, actor=actor, now=now)


def ask_extension(tenancy: Tenancy, reason: str | None, *, actor: Actor, now: datetime) -> None:
    """Ask for more time for her, from nine to six months before the end (R-362). Her caseworker does it (R-367).

    The decision stands on the coordinators' list until six months before the end, and those who decide are told.
    Raises Invalid (`reason`), NotNow, Forbidden.
    """
    _check_team(tenancy, actor)
    step = check_step(TENANCY_STEPS, TenancyAction.ASK, tenancy.state, actor)
    end = tenancy.period.upper
    assert end is not None
    check_may_ask(end, tenancy.months, tenancy.extension_decided_at is not None, local_date(now))
    tenancy.extension_wish = check_reason(reason)
    tenancy.state, tenancy.extension_asked_at, tenancy.extension_asked_by_id = step.target, now, actor.user_id
    db.session.flush()
    deadlines.put_up(
        DeadlineKind.TENANCY_EXTENSION,
        SubjectType.TENANCY,
        tenancy.public_id,
        due_on=asking_days(end)[1],
        organisation_id=tenancy.unit.organisation_id,
        queue_role=Role.HOUSING_COORDINATOR,
        case_id=tenancy.enrolment.case_id,
        now=now,
    )
    for decider in request_queries.list_receivers(tenancy.unit.organisation_id, DECIDERS, tenancy.enrolment.case_id):
        _tell(MessageKind.EXTENSION_ASKED, decider, tenancy, actor=actor, now=now)
    _record(step, tenancy, actor=actor, now=now)


def _check_team(tenancy: Tenancy, actor: Actor) -> None:
    """Raise Forbidden unless the actor's role may ask, and she works on the case (R-367)."""
    if actor.role is Role.SYSTEM:
        return
    require(actor, Permission.TENANCY_ASK)
    if not db.session.scalar(sa.select(Case.id).where(Case.id == tenancy.enrolment.case_id, told_cases(actor))):
        raise Forbidden


def decide_extension(tenancy: Tenancy, months: int | None, reason: str | None, *, actor: Actor, now: datetime) -> None:
    """Give so many months more, or none, with a reason (R-362). The ladder is rebuilt from the new end.

    Whoever asked is told. Raises Invalid (`months`, `reason`), NotNow, Forbidden.
    """
    step = _check(TenancyAction.GRANT if months else TenancyAction.REFUSE, tenancy, actor)
    text, start = check_reason(reason), tenancy.period.lower
    assert start is not None
    if months:
        tenancy.period, tenancy.months = Range(start, end_of(start, months)), MONTHS + months
    tenancy.state, tenancy.extension_reason = step.target, text
    tenancy.extension_decided_at, tenancy.extension_decided_by_id = now, actor.user_id
    db.session.flush()
    deadlines.finish(DeadlineKind.TENANCY_EXTENSION, tenancy.public_id, actor=actor, now=now)
    _put_up_ladder(tenancy, actor=actor, now=now)
    enrolments.plan_end(tenancy.enrolment, now=now)
    _tell_who_asked(tenancy, actor=actor, now=now)
    _record(step, tenancy, actor=actor, now=now, fields=["months"] if months else [])


def _tell_who_asked(tenancy: Tenancy, *, actor: Actor, now: datetime) -> None:
    """Whoever asked, or works on the case after her (R-586). Nobody when nobody of the team has asked."""
    if tenancy.extension_asked_by_id is None:
        return
    case_id = tenancy.enrolment.case_id
    receiver = receivers.find_on_case(case_id, tenancy.extension_asked_by_id, None)
    if receiver is not None:
        _tell(MessageKind.EXTENSION_DECIDED, receiver, tenancy, actor=actor, now=now)


def give_notice(tenancy: Tenancy, leaves_on: date, *, actor: Actor, now: datetime) -> None:
    """Notice to leave on a day. Raises Invalid (`leaves_on`), NotNow, Forbidden."""
    step = _check(TenancyAction.NOTICE, tenancy, actor)
    start = tenancy.period.lower
    assert start is not None
    if leaves_on <= start:
        raise Invalid(_("The day lies before she moved in."), field="leaves_on")
    tenancy.unit.ready_on = leaves_on
    _turn(tenancy, step, UnitAction.NOTICE, actor)
    deadlines.call_off(tenancy.public_id, actor=actor, now=now)
    _record(step, tenancy, actor=actor, now=now)


def move_out(
    tenancy: Tenancy,
    moved_out_on: date,
    destination: Destination,
    unchecked: Unchecked | None = None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """She has moved out: the home is vacant and not ready, her course has ended (R-365).

    Before its time, somebody has looked at her safety, or `unchecked` says why not (R-785). Raises Invalid, NotNow.
    """
    step = _check(TenancyAction.MOVE_OUT, tenancy, actor)
    start = tenancy.period.lower
    if moved_out_on > local_date(now):
        raise Invalid(_("The day has not come yet."), field="moved_out_on")
    if start is not None and moved_out_on <= start:
        raise Invalid(_("The day lies before she moved in."), field="moved_out_on")
    tenancy.moved_out_on, tenancy.destination = moved_out_on, destination.value
    tenancy.period = Range(start, moved_out_on)
    tenancy.unit.ready_on = None
    _turn(tenancy, step, UnitAction.MOVE_OUT, actor)
    deadlines.call_off(tenancy.public_id, actor=actor, now=now)
    if tenancy.enrolment.state is EnrolmentState.ACTIVE:
        enrolments.complete(tenancy.enrolment, moved_out_on, unchecked, actor=actor, now=now)
    _record(step, tenancy, actor=actor, now=now)


def _check(action: TenancyAction, tenancy: Tenancy, actor: Actor) -> Step[TenancyState]:
    housing.check_own(tenancy.unit, actor)
    return check_step(TENANCY_STEPS, action, tenancy.state, actor)


def _turn(tenancy: Tenancy, step: Step[TenancyState], action: UnitAction, actor: Actor) -> None:
    """Tenancy and home go the same way together."""
    unit_step = check_step(UNIT_STEPS, action, tenancy.unit.state, actor)
    tenancy.state, tenancy.unit.state = step.target, UnitState(unit_step.target)
    db.session.flush()


def _put_up_ladder(tenancy: Tenancy, *, actor: Actor, now: datetime) -> None:
    end = tenancy.period.upper
    assert end is not None
    for rung in tenancy_ladder(end):
        decides = rung.is_decision and tenancy.months == MONTHS and tenancy.extension_decided_at is None
        if rung.due_on < local_date(now) and not decides:
            deadlines.finish(
                DeadlineKind.TENANCY_RUNG, tenancy.public_id, actor=actor, now=now, suffix=str(rung.months_before)
            )
            continue
        deadlines.put_up(
            DeadlineKind.TENANCY_EXTENSION if decides else DeadlineKind.TENANCY_RUNG,
            SubjectType.TENANCY,
            tenancy.public_id,
            due_on=rung.due_on,
            organisation_id=tenancy.unit.organisation_id,
            owner_id=tenancy.enrolment.worker_id,
            queue_role=None if tenancy.enrolment.worker_id else Role.HOUSING_COORDINATOR,
            case_id=tenancy.enrolment.case_id,
            now=now,
            suffix="" if decides else str(rung.months_before),
        )


def _tell(kind: MessageKind, receiver: int, tenancy: Tenancy, *, actor: Actor, now: datetime) -> None:
    messages.notify(
        kind,
        receiver,
        SubjectType.TENANCY,
        tenancy.public_id,
        case_id=tenancy.enrolment.case_id,
        actor=actor,
        now=now,
        dedupe_key=f"{kind.value}:{tenancy.public_id}:{receiver}",
    )


def _record(
    step: Step[TenancyState], tenancy: Tenancy, *, actor: Actor, now: datetime, fields: list[str] | None = None
) -> None:
    audit.record(
        step.audit,
        SubjectType.TENANCY,
        tenancy.public_id,
        actor=actor,
        now=now,
        case_id=tenancy.enrolment.case_id,
        fields=fields or (),
    )
    db.session.flush()
