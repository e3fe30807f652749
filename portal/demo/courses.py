"""Courses of the story: begun, worked with from week to week, brought from phase to phase, ended."""

from datetime import date, datetime, time, timedelta
from functools import partial

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.clock import at_local, is_weekday
from portal.core.courses import MissingCheck, PauseReason
from portal.core.enums import Permission
from portal.core.kinds import ContactMode, ContactResult, EndReason, MeetingKind, NeedArea, PlaceKind
from portal.core.measures import CtiArea, Phase
from portal.core.notes import TalkKind
from portal.db import db
from portal.demo import women
from portal.demo.stage import Stage
from portal.demo.women import Woman
from portal.domain.cti import boundaries
from portal.domain.enrolments import LIVE
from portal.domain.last_checks import Unchecked
from portal.domain.permissions import can
from portal.domain.risk import Answers
from portal.models.counselling import HourEntitlement
from portal.models.enrolments import Enrolment
from portal.models.meetings import Meeting
from portal.queries import cti as cti_queries
from portal.queries import enrolments as enrolment_queries
from portal.services import cases, cti, enrolments, hours, meetings, notes, violence

TALKS = (
    ("Vi gik posten igennem og ringede sammen til banken.", NeedArea.FINANCES),
    ("Hun fortalte om de første uger i lejligheden.", NeedArea.HOUSING),
    ("Aftalt at hun kontakter sundhedsplejersken i næste uge.", NeedArea.HEALTH),
    ("Vi så på netværkskortet. Hun vil ringe til sin kusine.", NeedArea.NETWORK),
    ("Skolestart for den ældste. Møde med skolen aftalt.", NeedArea.SCHOOL),
    ("Hun har været til samtale om praktik.", NeedArea.WORK),
)
PLANS = (
    "Hun vil have styr på faste udgifter og finde et sted at gå hen om eftermiddagen.",
    "Kontakt til læge og sundhedsplejerske; aftaler om børnenes hverdag.",
    "Opbygge netværk i kvarteret og komme i gang med dansk.",
)
REVIEW = "Vi så tilbage sammen: hun klarer nu selv det, vi øvede, og vil gerne have mere netværk."
BASIS = "Aftale med kommunen efter serviceloven og egne midler i de sidste tre måneder."
AUTHORISATION = "DEMO-0000"


def find(stage: Stage, woman: Woman, key: str, by: str) -> tuple[Enrolment, Actor]:
    """Her course as the one who works with it opens it."""
    actor = stage.actors[by]
    return enrolment_queries.get(actor, woman.courses[key]), actor


def start(stage: Stage, woman: Woman, key: str, by: str, *, on: int) -> None:
    """Let the first contact be made."""

    def act(now: datetime) -> None:
        enrolment, actor = find(stage, woman, key, by)
        enrolments.start(enrolment, started_on=stage.day(stage.ago_of(now)), actor=actor, now=now)

    stage.on(on, act, hour=15)


def complete(stage: Stage, woman: Woman, key: str, by: str, *, on: int) -> None:
    """Let the course end as planned."""

    def act(now: datetime) -> None:
        enrolment, actor = find(stage, woman, key, by)
        unchecked = _ask_how_safe(enrolment, actor, now)
        enrolments.complete(enrolment, stage.day(stage.ago_of(now)), unchecked, actor=actor, now=now)

    stage.on(on, act, hour=15)


def _ask_how_safe(enrolment: Enrolment, actor: Actor, now: datetime) -> Unchecked | None:
    """Her safety is asked for in the last talk; who does not work in her case leaves it to her contact person."""
    if not can(actor, Permission.CASE_EDIT):
        return Unchecked(MissingCheck.ELSEWHERE, "Hendes kontaktperson")
    violence.keep_answers(enrolment.case, Answers(new_violence=False, unwanted_contact=False), actor=actor, now=now)
    return None


def end(stage: Stage, woman: Woman, key: str, by: str, reason: EndReason, *, on: int) -> None:
    """Let the course end before its time. Who has moved far away could not be asked safely how she is."""

    def act(now: datetime) -> None:
        enrolment, actor = find(stage, woman, key, by)
        ended_on, is_far_away = stage.day(stage.ago_of(now)), reason is EndReason.MOVED_AWAY
        note = "Flyttet til en anden landsdel." if is_far_away else "Aftalt med hende."
        unchecked = Unchecked(MissingCheck.NOT_REACHED) if is_far_away else _ask_how_safe(enrolment, actor, now)
        enrolments.end_early(enrolment, reason, ended_on, note, unchecked, actor=actor, now=now)

    stage.on(on, act, hour=15)


def never_start(stage: Stage, woman: Woman, key: str, by: str, reason: EndReason, *, on: int) -> None:
    """Let a place become no course."""

    def act(now: datetime) -> None:
        enrolment, actor = find(stage, woman, key, by)
        enrolments.never_started(enrolment, reason, "Hun fandt en anden løsning.", actor=actor, now=now)

    stage.on(on, act, hour=15)


def pause(stage: Stage, woman: Woman, key: str, by: str, reason: PauseReason, *, on: int) -> None:
    """Let the course rest, to be looked at again in four weeks."""

    def act(now: datetime) -> None:
        enrolment, actor = find(stage, woman, key, by)
        enrolments.pause(enrolment, reason, stage.day(stage.ago_of(now) - 28), actor=actor, now=now)

    stage.on(on, act, hour=14)


def cti_phases(stage: Stage, woman: Woman, worker: str) -> None:
    """Bring a CTI course from phase to phase as the calendar goes, with plans, reviews and a look at the law."""
    if woman.moved is None:
        return
    limits = boundaries(stage.day(woman.moved))
    stage.on(woman.moved - 6, lambda now: _plan(stage, woman, worker, Phase.P1, now))
    stage.on(woman.moved, lambda now: _take_over(stage, woman, worker, now), hour=16)
    for phase, day in ((Phase.P2, limits.p2), (Phase.P3, limits.p3)):
        ago = stage.ago(day)
        if ago >= 0:
            stage.on(ago, partial(_advance, stage, woman, worker, phase))
        if ago >= 5:
            stage.on(ago - 5, partial(_plan, stage, woman, worker, phase))
    if stage.ago(limits.p3) >= -15 and stage.random.random() < 0.95:
        stage.on(max(stage.ago(limits.p3) + 20, 1), lambda now: _base(stage, woman, worker, now))


def _take_over(stage: Stage, woman: Woman, worker: str, now: datetime) -> None:
    case, actor = women.get(stage, woman, woman.contact)
    cases.hand_over_primary(case, stage.actors[worker].user_id or 0, actor=actor, now=now)


def _plan(stage: Stage, woman: Woman, worker: str, phase: Phase, now: datetime) -> None:
    enrolment, actor = find(stage, woman, "cti", worker)
    if enrolment.state not in LIVE:
        return
    areas = sorted(stage.random.sample([area.value for area in CtiArea], stage.random.choice((1, 2, 2, 3))))
    course = cti_queries.get_course(enrolment)
    cti.write_plan(course, enrolment, phase, areas, stage.random.choice(PLANS), actor=actor, now=now)


def _advance(stage: Stage, woman: Woman, worker: str, phase: Phase, now: datetime) -> None:
    enrolment, actor = find(stage, woman, "cti", worker)
    if enrolment.state not in LIVE:
        return
    course = cti_queries.get_course(enrolment)
    former = Phase.P1 if phase is Phase.P2 else Phase.P2
    if stage.random.random() < 0.85:
        cti.review_phase(course, enrolment, former, REVIEW, actor=actor, now=now)
    cti.advance_phase(course, enrolment, actor=actor, now=now)


def _base(stage: Stage, woman: Woman, worker: str, now: datetime) -> None:
    enrolment, actor = find(stage, woman, "cti", worker)
    if enrolment.state not in LIVE:
        return
    cti.record_basis(cti_queries.get_course(enrolment), enrolment, BASIS, actor=actor, now=now)


def contacts(stage: Stage, woman: Woman, key: str, by: str, *, since: int, until: int = 2, every: int = 14) -> None:
    """Log contacts within a course, every couple of weeks, the last one lately."""
    day = since
    while day >= until:
        stage.on(day, lambda now: _contact(stage, woman, key, by, now))
        day -= stage.random.randrange(max(every - 4, 2), every + 4)


def _contact(stage: Stage, woman: Woman, key: str, by: str, now: datetime) -> None:
    enrolment, actor = find(stage, woman, key, by)
    text, theme = stage.random.choice(TALKS)
    is_reached = stage.random.random() < 0.88
    notes.log_contact(
        enrolment.case,
        mode=stage.random.choice((ContactMode.PHONE, ContactMode.PHONE, ContactMode.VISIT_HOME, ContactMode.MESSAGE)),
        result=ContactResult.REACHED if is_reached else ContactResult.NOT_REACHED,
        minutes=stage.random.choice((15, 20, 25, 45, 60)) if is_reached else None,
        themes=[theme] if is_reached else [],
        text=text if is_reached else None,
        enrolment_id=enrolment.id,
        enrolment_public_id=enrolment.public_id,
        actor=actor,
        now=now,
    )


def use_hours(stage: Stage, woman: Woman, by: str, *, days: list[int]) -> None:
    """Register hours with a psychologist, one each time."""
    for day in days:
        stage.on(day, lambda now: _use_hour(stage, woman, by, now), hour=16)


def _use_hour(stage: Stage, woman: Woman, by: str, now: datetime) -> None:
    enrolment, actor = find(stage, woman, "hours", by)
    hers = sa.select(HourEntitlement.public_id).where(
        HourEntitlement.enrolment_id == enrolment.id, HourEntitlement.child_id.is_(None)
    )
    hours.register(
        enrolment,
        db.session.execute(hers).scalar_one(),
        held_on=stage.day(stage.ago_of(now)),
        minutes=60,
        authorisation=AUTHORISATION,
        actor=actor,
        now=now,
    )


def meet(
    stage: Stage,
    woman: Woman,
    key: str,
    by: str,
    day: date,
    at: time,
    *,
    kind: MeetingKind = MeetingKind.TALK,
    place: PlaceKind = PlaceKind.OUR_ROOMS,
    minutes: int = 60,
    is_registered: bool = True,
    planned: int | None = None,
) -> None:
    """Plan a meeting in a course some days before; held when its day has passed, unless nobody has registered it."""
    ago, made = stage.ago(day), list[int]()

    def plan(now: datetime) -> None:
        enrolment, actor = find(stage, woman, key, by)
        meeting = meetings.plan(
            kind=kind,
            starts_at=at_local(day, at),
            ends_at=at_local(day, at) + timedelta(minutes=minutes),
            place_kind=place,
            responsible_id=actor.user_id or 0,
            organisation_id=actor.organisation_id or 0,
            case_id=enrolment.case_id,
            enrolment_id=enrolment.id,
            has_interpreter=woman.needs_interpreter,
            actor=actor,
            now=now,
        )
        made.append(meeting.id)

    def hold(now: datetime) -> None:
        register(stage, made[0], by, now)

    stage.on(ago + 6 if planned is None else planned, plan, hour=9)
    if ago > 0 and is_registered:
        stage.on(ago, hold, hour=min(at.hour + 2, 22))


def register(stage: Stage, meeting_id: int, by: str, now: datetime, talk: TalkKind | None = None) -> None:
    """Say that a meeting was held; one in ten did not come about."""
    actor, meeting = stage.actors[by], db.session.get_one(Meeting, meeting_id)
    if stage.random.random() < 0.9:
        meetings.hold(meeting, talk=talk, actor=actor, now=now)
    else:
        meetings.not_met(meeting, actor=actor, now=now)


def workdays(stage: Stage, first: int, last: int) -> list[date]:
    """The weekdays from so many days ahead to so many days ahead."""
    days = (stage.today + timedelta(days=ahead) for ahead in range(first, last + 1))
    return [day for day in days if is_weekday(day)]
