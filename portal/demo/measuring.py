"""What the women answer in the story, so that its curves look like those that have been published."""

from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.deadlines import DeadlineKind
from portal.core.kinds import TrackKind
from portal.core.measures import AskedHow, FollowUpPoint, InstrumentKey, ViolenceForm
from portal.core.states import DeadlineState
from portal.db import db
from portal.demo.cast import GOLDEN, Cast
from portal.demo.stage import Stage
from portal.demo.women import Woman
from portal.domain import instruments
from portal.domain.followup_steps import UNASKED, Action, forms_for
from portal.models.deadlines import Deadline
from portal.models.followups import FollowUp
from portal.queries import followups as queries
from portal.services import followup_answers, followups, worklist

EVERY = 5
# The woman whose case the story shows is always asked.
SURE = "amira"
# How safe she felt, so many days ago or more.
HER_SAFETY = ((100, 3), (70, 4), (0, 5))
FORGOTTEN = 0.04
# How often something has happened, how safe she feels, how she is: by point in time.
VIOLENCE = {FollowUpPoint.START: 0.30, FollowUpPoint.PHASE_2: 0.26, FollowUpPoint.PHASE_3: 0.12}
SAFETY = {FollowUpPoint.START: 3.9, FollowUpPoint.PHASE_2: 4.4, FollowUpPoint.PHASE_3: 4.7}
WELL_BEING = {FollowUpPoint.START: 38, FollowUpPoint.PHASE_2: 45, FollowUpPoint.PHASE_3: 51}
LATER = (0.10, 4.9, 55)
STEPS = {FollowUpPoint.START: 0, FollowUpPoint.PHASE_2: 1, FollowUpPoint.PHASE_3: 2}
HOW_WE_ASK = (AskedHow.TOGETHER, AskedHow.TOGETHER, AskedHow.PHONE)


def sweep(stage: Stage, cast: Cast, spared: set[str]) -> None:
    """Every few days: what is due is asked, or it turns out why not. What `spared` names is left to be done.

    `spared` holds "woman:point".
    """
    forgotten: set[int] = set()
    for day in (*range(1000, 420, -15), *range(420, -1, -EVERY)):
        stage.on(day, lambda now: _ask_all(stage, cast, spared, forgotten, now), hour=17)


def _ask_all(stage: Stage, cast: Cast, spared: set[str], forgotten: set[int], now: datetime) -> None:
    today, by_case = stage.day(stage.ago_of(now)), cast.by_case()
    due = sa.select(FollowUp).where(
        FollowUp.state.in_(UNASKED), FollowUp.due_on <= today, FollowUp.owner_id.is_not(None)
    )
    for row in db.session.scalars(due.order_by(FollowUp.id)).all():
        woman = by_case.get(row.case_id)
        if woman is None or f"{woman.key}:{row.point.value}" in spared or row.id in forgotten:
            continue
        if woman.key != SURE and stage.random.random() < FORGOTTEN:
            forgotten.add(row.id)
            continue
        _ask(stage, woman, row, now)
    followups.expire_overdue(actor=SYSTEM, now=now)
    _call(stage, now)


def _ask(stage: Stage, woman: Woman, row: FollowUp, now: datetime) -> None:
    actor = next((each for each in stage.actors.values() if each.user_id == row.owner_id), None)
    lot = 0.5 if woman.key == SURE else stage.random.random()
    # About one in eight is not asked the first time somebody thinks of it, and now and then never.
    if actor is None or lot < 0.12:
        return
    follow_up = queries.get(actor, row.public_id)
    if lot < 0.16:
        followup_answers.code(follow_up, Action.DECLINED, reason=None, actor=actor, now=now)
    elif lot < 0.20:
        followup_answers.code(follow_up, Action.UNREACHABLE, reason=None, actor=actor, now=now)
    else:
        forms = forms_for(follow_up.enrolment.kind, follow_up.point, actor.role)
        given = {
            key: answers(stage, woman, follow_up.enrolment.kind, follow_up.point, key, stage.ago_of(now))
            for key in forms
        }
        if lot > 0.96:
            given[InstrumentKey.WHO5].popitem()
        how = stage.random.choice(HOW_WE_ASK)
        followup_answers.fill_in(follow_up, given, how, is_done=True, version=follow_up.version, actor=actor, now=now)


def answers(
    stage: Stage, woman: Woman, kind: TrackKind, point: FollowUpPoint, key: InstrumentKey, ago: int
) -> dict[str, int]:
    """Her answers to a form at a point in time, given so many days ago."""
    place = stage.asked[(kind, point, key)]
    stage.asked[(kind, point, key)] += 1
    # Mostly where those lie who were asked before her, so that few answers already have the mean that is wanted.
    rank = 0.35 * woman.rank + 0.65 * ((0.5 + place * GOLDEN) % 1)
    if key is InstrumentKey.EXPOSURE:
        share = VIOLENCE.get(point, LATER[0])
        happened = int((place + 1) * share + 0.5) > int(place * share + 0.5) and woman.key != SURE
        return {
            form.value: int(happened and (form is ViolenceForm.PSYCHOLOGICAL or stage.random.random() < 0.2))
            for form in ViolenceForm
        }
    if key is InstrumentKey.SAFETY_FEELING and woman.key == SURE:
        return {"safety": next(value for days, value in HER_SAFETY if ago >= days)}
    if key is InstrumentKey.SAFETY_FEELING:
        wanted = SAFETY.get(point, LATER[1]) + (rank - 0.5) * 4 + stage.random.uniform(-0.5, 0.5)
        return {"safety": min(max(round(wanted), 1), 7)}
    if key is InstrumentKey.WHO5:
        return _well_being(stage, WELL_BEING.get(point, LATER[2]) + (rank - 0.5) * 50)
    return _ratings(stage, key, STEPS.get(point, 3), rank)


def _well_being(stage: Stage, wanted: float) -> dict[str, int]:
    raw = min(max(round(wanted / 4 + stage.random.uniform(-1, 1)), 0), 25)
    items = [raw // 5] * 5
    for number in stage.random.sample(range(5), raw % 5):
        items[number] += 1
    return {f"w{number}": value for number, value in enumerate(items, 1)}


def _ratings(stage: Stage, key: InstrumentKey, step: int, rank: float) -> dict[str, int]:
    form = instruments.get(key)
    is_high_good = form.better.value == "high"
    made = {}
    for item in form.items:
        if key is InstrumentKey.DOMAIN_RATING and item.key in ("prostitution", "misuse") and rank < 0.9:
            continue
        good = min(max(0.30 + 0.12 * step + (rank - 0.5) * 0.4 + stage.random.uniform(-0.15, 0.15), 0.0), 1.0)
        part = good if is_high_good else 1 - good
        made[item.key] = form.low + round(part * (form.high - form.low))
    return made


def _call(stage: Stage, now: datetime) -> None:
    """Those who were asked to call her within a day have done it, but for the latest ones."""
    today = stage.day(stage.ago_of(now))
    rows = sa.select(Deadline).where(
        Deadline.kind == DeadlineKind.WELFARE_CHECK, Deadline.state == DeadlineState.OPEN, Deadline.due_on <= today
    )
    by_user = {actor.user_id: actor for actor in stage.actors.values()}
    for row in db.session.scalars(rows.order_by(Deadline.id)).all():
        actor = by_user.get(row.owner_id)
        if actor is not None and stage.ago_of(now) > 0:
            worklist.mark_done(row, actor=actor, now=now)
