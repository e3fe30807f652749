"""What is seen to when a woman leaves the centre, and who still rings her afterwards. Nothing is drawn for it."""

from dataclasses import replace
from datetime import datetime
from functools import partial

import sqlalchemy as sa

from portal.core.courses import CounsellingAnswer
from portal.core.deadlines import DeadlineKind
from portal.core.errors import NotFound
from portal.core.kinds import ContactChannel, ContactMode, ContactResult, MayAnswer, NeedArea, SafetyLevel
from portal.core.states import CaseState, CounsellingState, DeadlineState
from portal.core.stays import CivilOffer, GrantPrompt, PsychologistOffer
from portal.db import db
from portal.demo import women
from portal.demo.cast import Cast
from portal.demo.stage import Stage
from portal.demo.women import Woman
from portal.domain.bridge import Seen
from portal.domain.safe_contact import Way
from portal.models.deadlines import Deadline
from portal.queries import bridge as queries
from portal.queries import children as child_queries
from portal.services import bridge, cases, counselling, counselling_records, notes, risk, worklist

# Who left in the last days is still on somebody's list; who left long ago has been asked by her municipality.
RECENT, LONG_AGO = 2, 100
# So many days after she came.
SETTLED = 30
SWEEPS = range(700, 6, -21)
CALL = "Ringede. Hun er faldet til, og børnene er begyndt i skole. Vi tales ved igen om et par uger."
WITH_CHILDREN = "Talte med børnene for sig selv om skolen og om, hvordan det er derhjemme. Vi tegnede imens."
TALK = "Talte i køkkenet om ugen, der gik, og om hvad der er det næste."


def tell(stage: Stage, cast: Cast) -> None:
    """Let each be seen to on the day she leaves, and be rung afterwards; those who stay be talked with."""
    for number, woman in enumerate(cast.women):
        if woman.admitted is None or (woman.moved is not None and woman.moved <= RECENT):
            continue
        # The hours are offered early; with one in three of those who stay it is still to be done.
        settled = woman.admitted - SETTLED
        if settled > 0 and (woman.moved is not None or number % 3):
            wants = PsychologistOffer.DECLINED if number % 5 == 0 else PsychologistOffer.OFFERED
            stage.at(settled, 18, partial(_offer_hours, stage, woman, wants))
        if woman.moved is not None:
            stage.at(woman.moved, 18, partial(_see_to, stage, woman))
            stage.at(max(woman.moved - 5, 0), 18, partial(_first_contact, stage, woman))
            if woman.moved > LONG_AGO:
                stage.at(woman.moved, 19, partial(_say_no, stage, woman))
        # One in six has not been reached for longer than it should be.
        days = 3 + number % 11 if number % 6 else 37 + number % 11
        if woman.admitted > days and (woman.moved is None or woman.moved > days):
            stage.at(days, 13, partial(_reach, stage, woman))
    _tell_children(stage, cast)
    for days_ago in SWEEPS:
        stage.at(days_ago, 15, partial(_ask_again, stage))


def _tell_children(stage: Stage, cast: Cast) -> None:
    """Let most children be talked with lately; with those of one in eight nobody has for ten weeks."""
    for number, woman in enumerate(cast.women):
        days = 4 + 5 * number % 47 if number % 8 else 66 + number % 5
        came = woman.admitted if woman.admitted is not None else LONG_AGO
        if woman.children and came > days:
            stage.at(days, 14, partial(_talk_with_children, stage, woman))


def _talk_with_children(stage: Stage, woman: Woman, now: datetime) -> None:
    try:
        case, actor = women.get(stage, woman, woman.contact)
    except NotFound:
        # Her case is not there yet, or is another house's by now.
        return
    along = [child for child in child_queries.list_children(case) if child.is_along]
    if along and case.state is CaseState.OPEN:
        notes.log_contact(
            case,
            mode=ContactMode.VISIT_HOME if woman.moved is not None else ContactMode.VISIT_OTHER,
            result=ContactResult.REACHED,
            minutes=30,
            themes=[NeedArea.SCHOOL],
            text=WITH_CHILDREN,
            about=along,
            was_spoken_with=True,
            actor=actor,
            now=now,
        )


def _offer_hours(stage: Stage, woman: Woman, wants: PsychologistOffer, now: datetime) -> None:
    case, actor = women.get(stage, woman, woman.contact)
    row = queries.find(case.id)
    seen = replace(queries.answers(row), psychologist_offer=wants)
    bridge.answer(case, seen, version=queries.version(row), actor=actor, now=now)


def _see_to(stage: Stage, woman: Woman, now: datetime) -> None:
    case, actor = women.get(stage, woman, woman.contact)
    row = queries.find(case.id)
    known = queries.answers(row)
    today = stage.day(stage.ago_of(now))
    has_course = queries.crossed(case.id, known).has_receiver and (woman.moved or 0) < LONG_AGO
    seen = Seen(
        receiver=None if has_course else "Kommunens familierådgiver",
        received_on=None if has_course else today,
        first_contact_on=known.first_contact_on,
        address_checked_on=today,
        grant_answer=GrantPrompt.APPLIED if "grant" in woman.requests else GrantPrompt.NOT_NEEDED,
        civil_offer=CivilOffer.YES,
        psychologist_offer=known.psychologist_offer,
    )
    bridge.answer(case, seen, version=queries.version(row), actor=actor, now=now)


def _first_contact(stage: Stage, woman: Woman, now: datetime) -> None:
    case, actor = women.get(stage, woman, woman.contact)
    row = queries.find(case.id)
    known = queries.answers(row)
    if known.first_contact_on is None:
        seen = replace(known, first_contact_on=stage.day(stage.ago_of(now)))
        bridge.answer(case, seen, version=queries.version(row), actor=actor, now=now)


def _say_no(stage: Stage, woman: Woman, now: datetime) -> None:
    case, actor = women.get(stage, woman, woman.contact)
    if counselling_records.ensure(case.id).state is CounsellingState.NOT_OFFERED:
        today = stage.day(stage.ago_of(now))
        offered = counselling.offer(case.id, offered_on=today, actor=actor, now=now)
        counselling.answer(offered, CounsellingAnswer.NO, answered_on=today, actor=actor, now=now)


def _reach(stage: Stage, woman: Woman, now: datetime) -> None:
    case, actor = women.get(stage, woman, woman.contact)
    notes.log_contact(
        case,
        mode=ContactMode.VISIT_OTHER if woman.moved is None else ContactMode.PHONE,
        result=ContactResult.REACHED,
        minutes=20,
        themes=[NeedArea.HOUSING],
        text=TALK if woman.moved is None else CALL,
        actor=actor,
        now=now,
    )
    if (woman.moved or 0) > LONG_AGO and "cti" not in woman.courses:
        _still_safe(stage, woman, now)


def _still_safe(stage: Stage, woman: Woman, now: datetime) -> None:
    """Asked again how she may be reached, and how she lives."""
    case, actor = women.get(stage, woman, woman.contact)
    ways = (Way(ContactChannel.SMS, "weekdays", 9, 14), Way(ContactChannel.PHONE, "any", 17, 20, MayAnswer.HERSELF))
    cases.set_ways(case, ways, actor=actor, now=now)
    today = stage.day(stage.ago_of(now))
    risk.assess_safety(case, level=SafetyLevel.ORDINARY, reason=None, assessed_on=today, actor=actor, now=now)


def _ask_again(stage: Stage, now: datetime) -> None:
    """Whether a consent still counts has been asked by whoever it stands with."""
    people = {actor.user_id: actor for actor in stage.actors.values()}
    rows = sa.select(Deadline).where(
        Deadline.kind == DeadlineKind.CONSENT_RENEWAL,
        Deadline.state == DeadlineState.OPEN,
        Deadline.due_on <= stage.day(stage.ago_of(now)),
    )
    for row in db.session.scalars(rows.order_by(Deadline.id)).all():
        if row.owner_id in people:
            worklist.mark_done(row, actor=people[row.owner_id], now=now)
