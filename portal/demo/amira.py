"""The case that the story shows from all sides: a course in its second phase, and everything around it."""

from datetime import datetime, time
from functools import partial

import sqlalchemy as sa

from portal.core.kinds import ContactMode, ContactResult, GrantCategory, MeetingKind, NeedArea, PlaceKind
from portal.core.notes import NoteReaders, TalkKind, TookPart
from portal.core.states import MeetingState
from portal.core.volunteers import Skill, TaskKind
from portal.db import db
from portal.demo import courses, cti_courses, helping, referring, women
from portal.demo.cast import Cast
from portal.demo.helping import Home, Job
from portal.demo.money import Application, Lines
from portal.demo.stage import Stage
from portal.demo.women import CODES, Woman
from portal.domain.cti import boundaries
from portal.domain.notes import NoteFacts
from portal.models.meetings import Meeting
from portal.services import cases, meetings, notes, pins

OVERDUE = 2
GRANT: Lines = (
    (GrantCategory.DEPOSIT, 4000, "Indskud"),
    (GrantCategory.BASIC_FURNITURE, 2400, "Køjesenge og madrasser"),
)
KEY = "amira"
# What is left for whoever opens the case.
SPARED = {f"{KEY}:phase_2"}


def tell(stage: Stage, cast: Cast) -> Woman:
    """Let her come, move, and be helped by many."""
    moved = next(day for day in range(80, 110) if stage.ago(boundaries(stage.day(day)).p2) >= OVERDUE)
    year, sent = stage.today.year, moved + 40
    woman = Woman(
        key=KEY,
        name="Amira K.",
        birth_year=year - 32,
        contact="katrine",
        municipality="aarhus",
        admitted=moved + 78,
        moved=moved,
        language="arabisk",
        needs_interpreter=True,
        children=(year - 8, year - 5),
        protection=1,
        rank=0.62,
    )
    cast.women.append(woman)
    women.arrive(stage, woman)
    stage.on(moved + 70, lambda now: _pays(stage, woman, now))
    referring.refer(stage, woman, ["cti", "counselling-aarhus", "hours"], sent=sent)
    taken = referring.admit(stage, woman, "cti", sent=sent, worker="maja")
    courses.start(stage, woman, "cti", "maja", on=taken - 4)
    courses.cti_phases(stage, woman, "maja")
    courses.contacts(stage, woman, "cti", "maja", since=taken - 6, until=8, every=12)
    cti_courses.municipal(stage, woman, "counselling-aarhus", sent=sent)
    cti_courses.psychologist(stage, woman, sent=sent, count=6)
    _today(stage, woman)
    _furnishing(stage, woman, moved)
    grant = Application(stage, woman, "maja", GRANT, on=8)
    grant.submit(6)
    grant.screen(5)
    grant.recommend(3)
    grant.approve(2, "birgitte")
    return woman


def _pays(stage: Stage, woman: Woman, now: datetime) -> None:
    case, actor = women.get(stage, woman, woman.contact)
    cases.set_municipalities(case, responsible=CODES["aarhus"], paying=CODES["odense"], actor=actor, now=now)


def _today(stage: Stage, woman: Woman) -> None:
    """A talk on the phone lately, a home visit today, and the next two dates."""

    def call(now: datetime) -> None:
        enrolment, maja = courses.find(stage, woman, "cti", "maja")
        notes.log_contact(
            enrolment.case,
            mode=ContactMode.PHONE,
            result=ContactResult.REACHED,
            minutes=25,
            themes=[NeedArea.HOUSING, NeedArea.FINANCES],
            text="Huslejen er betalt. Hun vil gerne have hjælp til at søge boligstøtte på mandag.",
            enrolment_id=enrolment.id,
            actor=maja,
            now=now,
        )

    stage.on(2, call, hour=11)
    stage.on(20, partial(_written, stage, woman), hour=14)
    visit, home = MeetingKind.HOME_VISIT, PlaceKind.HER_HOME
    for ago in (44, 30, 16):
        courses.meet(
            stage, woman, "cti", "maja", stage.weekday(-ago), time(14), kind=visit, place=home, planned=ago + 6
        )
    stage.at(12, 9, partial(_of_visit, stage, woman))
    courses.meet(stage, woman, "cti", "maja", stage.today, time(14), kind=visit, place=home, planned=7)
    courses.meet(stage, woman, "cti", "maja", stage.weekday(9), time(10), planned=2)
    talk = MeetingKind.COOPERATION
    courses.meet(stage, woman, "cti", "maja", stage.weekday(16), time(13), kind=talk, planned=2)


def _written(stage: Stage, woman: Woman, now: datetime) -> None:
    """What everybody must see first, and what was said to one."""
    case, actor = women.get(stage, woman, woman.contact)
    told = NoteFacts(talk=TalkKind.MOTHER_CHILD, took_part=[TookPart.HER])
    text = "Den yngste bliver bange, når nogen banker på. Send en besked fra opgangen i stedet."
    note = notes.write_note(case, text=text, facts=told, actor=actor, now=now)
    pins.pin(case, note, actor=actor, now=now)
    hers = NoteFacts(talk=TalkKind.VIOLENCE, readers=NoteReaders.WORKER, follow_up_on=stage.weekday(1))
    text = "Hun fortalte om episoden på hospitalet for første gang og vil gerne tale mere om den, når hun er klar."
    notes.write_note(case, text=text, facts=hers, actor=actor, now=now)


def _of_visit(stage: Stage, woman: Woman, now: datetime) -> None:
    """What the worker wrote about the last visit, once it had been held."""
    enrolment, maja = courses.find(stage, woman, "cti", "maja")
    held = sa.select(Meeting).where(Meeting.enrolment_id == enrolment.id, Meeting.state == MeetingState.HELD)
    visit = db.session.scalars(held.order_by(Meeting.starts_at.desc()).limit(1)).first()
    if visit is not None:
        text = "Den ældste viste sit værelse frem. Hun vil gerne selv ringe til skolen, når vi sidder ved siden af."
        meetings.write_note(visit, text, TalkKind.MOTHER_CHILD, actor=maja, now=now)


def _furnishing(stage: Stage, woman: Woman, moved: int) -> None:
    """Two volunteers, six of nine things found, the beds to be put together on Friday."""
    home = Home(stage, woman, sent=moved - 30)
    courses.start(stage, woman, "furnishing", "jonas", on=home.taken - 2)
    for place, action in enumerate(helping.WAY[:4]):
        stage.on(home.taken - 4 - 7 * place, partial(home.advance, action), hour=10)
    stage.on(home.taken - 12, home.furnish, hour=12)
    stage.on(6, lambda now: home.gather(6, now), hour=10)
    ahead = next(day for day in range(4, 12) if stage.day(-day).weekday() == 4)
    beds = Job(
        stage,
        TaskKind.ASSEMBLE_BEDS,
        stage.day(-ahead),
        time(16),
        published=9,
        woman=woman,
        places=2,
        skills=(Skill.TOOLS,),
    )
    for volunteer in ("ida", "samira"):
        beds.claim(volunteer, 6)
        beds.confirm(volunteer, 4, address_by="maja")
    plan = Job(stage, TaskKind.WALK_AND_TALK, stage.today, time(20), published=8, woman=woman, hours=2)
    plan.claim("samira", 5)
    plan.confirm("samira", 4, address_by="maja")
