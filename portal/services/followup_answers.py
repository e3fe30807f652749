"""What she answers at a follow-up, or why she was not asked. An incomplete form has no score (R-080)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.measures import AskedHow, InstrumentKey
from portal.core.states import FollowUpState
from portal.db import db
from portal.domain import instruments
from portal.domain.followup_steps import WORKFLOW, Action, forms_for, state_after
from portal.domain.followups import Timing, Window, timing
from portal.domain.workflow import check_step, check_version
from portal.models.followups import FollowUp, Measure, MeasureValue
from portal.queries.followups import measures_of, previous_safety
from portal.services import audit, deadlines

Given = Mapping[InstrumentKey, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of the answers: the state, and whether she must be asked how she is within a day."""

    state: FollowUpState
    needs_check: bool


def fill_in(
    follow_up: FollowUp, answers: Given, mode: AskedHow, *, is_done: bool, version: int, actor: Actor, now: datetime
) -> Saved:
    """Keep the answers form by form, with scores for complete forms only; the rest may follow (R-080, R-088).

    `follow_up` has its enrolment and case loaded. Ready (`is_done`) it leaves the work list, complete or not. A safety
    feeling of 3 or less, or a fall of 2, asks for a call within a day (R-084). Raises Forbidden, NotNow outside its
    days, Stale when somebody saved meanwhile, Invalid for an answer off the scale or no answer at all.
    """
    check_step(WORKFLOW, Action.FILL_IN, follow_up.state, actor)
    _check_days(follow_up, now)
    check_version(version, follow_up.version)
    forms = forms_for(follow_up.enrolment.kind, follow_up.point, actor.role)
    given = {key: dict(answers.get(key, {})) for key in forms}
    _check(given)
    before = measures_of(follow_up)
    for key in forms:
        _keep(follow_up, key, given[key], before.get(key), now)
    # Forms that somebody trained has asked earlier count; this person was not shown them.
    others = {key: row.answers for key, row in before.items() if key not in given}
    state = state_after([*forms, *others], {**given, **others}) if is_done else FollowUpState.PARTLY_COMPLETED
    follow_up.state, follow_up.mode = state, mode.value
    follow_up.completed_at, follow_up.completed_by_id = now, actor.user_id
    db.session.flush()
    if is_done:
        deadlines.finish(DeadlineKind.FOLLOW_UP, follow_up.public_id, actor=actor, now=now)
    needs_check = _ask_how_she_is(follow_up, given, actor=actor, now=now)
    audit.record_about(Audit.FOLLOW_UP_COMPLETED, follow_up, actor=actor, now=now, fields=["state"])
    return Saved(state, needs_check)


def code(follow_up: FollowUp, action: Action, *, reason: str | None, actor: Actor, now: datetime) -> None:
    """Write down honestly that she was not asked or did not want to: declined, unreachable or unsafe (R-091).

    Nothing is filled in for her. Unsafe asks for a call within a day. Raises Forbidden, NotNow, Invalid.
    """
    step = check_step(WORKFLOW, action, follow_up.state, actor)
    _check_days(follow_up, now)
    if action is Action.SKIPPED_UNSAFE and not (reason or "").strip():
        raise Invalid(_("Write in a few words why it is not safe to ask her now."), field="reason")
    follow_up.state = step.target
    follow_up.completed_at, follow_up.completed_by_id = now, actor.user_id
    db.session.flush()
    deadlines.finish(DeadlineKind.FOLLOW_UP, follow_up.public_id, actor=actor, now=now)
    if action is Action.SKIPPED_UNSAFE:
        _put_up_check(follow_up, actor=actor, now=now)
    said = (reason or "").strip() or None
    audit.record_about(step.audit, follow_up, actor=actor, now=now, fields=["state"], reason=said)


def _check_days(follow_up: FollowUp, now: datetime) -> None:
    span = Window(follow_up.opens_on, follow_up.due_on, follow_up.closes_on)
    lies = timing(span, local_date(now))
    if lies is Timing.EARLY:
        raise NotNow(_("It is too early to ask her. Come back when the days of this follow-up have begun."))
    if lies is Timing.TOO_LATE:
        raise NotNow(_("The days of this follow-up have passed: an answer now would belong to another time."))


def _check(given: Given) -> None:
    for key, answers in given.items():
        for item in instruments.check_answers(instruments.get(key), answers):
            raise Invalid(_("Choose one of those that are shown."), field=f"{key.value}-{item}")
    if not any(given.values()):
        raise Invalid(_("Answer at least one question, or write down why she was not asked."))


def _keep(
    follow_up: FollowUp, key: InstrumentKey, answers: dict[str, int], measure: Measure | None, now: datetime
) -> None:
    if measure is not None:
        db.session.execute(sa.delete(MeasureValue).where(MeasureValue.measure_id == measure.id))
    if not answers:
        if measure is not None:
            db.session.delete(measure)
        return
    form = instruments.get(key)
    score = instruments.score(form, answers)
    if measure is None:
        measure = Measure(
            follow_up_id=follow_up.id, case_id=follow_up.case_id, instrument=key, taken_on=local_date(now)
        )
        db.session.add(measure)
    measure.answers = answers
    measure.score, measure.band = (score.value, score.band) if score else (None, None)
    db.session.flush()
    values = instruments.values_of(form, answers)
    db.session.add_all(MeasureValue(measure_id=measure.id, item=item, value=value) for item, value in values.items())


def _ask_how_she_is(follow_up: FollowUp, given: Given, *, actor: Actor, now: datetime) -> bool:
    latest = given.get(InstrumentKey.SAFETY_FEELING, {}).get("safety")
    if latest is None:
        return False
    previous = previous_safety(follow_up.case_id, before_id=follow_up.id)
    if not instruments.needs_safety_check(latest, previous):
        return False
    _put_up_check(follow_up, actor=actor, now=now)
    return True


def _put_up_check(follow_up: FollowUp, *, actor: Actor, now: datetime) -> None:
    deadlines.put_up(
        DeadlineKind.WELFARE_CHECK,
        SubjectType.CASE,
        follow_up.case.public_id,
        due_on=local_date(now) + timedelta(days=1),
        organisation_id=actor.organisation_id or follow_up.organisation_id,
        owner_id=actor.user_id,
        case_id=follow_up.case_id,
        now=now,
        suffix=follow_up.public_id,
    )
