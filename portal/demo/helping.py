"""What the volunteers of the story do: tasks, a home to furnish, somebody to walk with."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial

import sqlalchemy as sa

from portal.core.clock import at_local
from portal.core.enums import Region
from portal.core.states import ItemState
from portal.core.volunteers import Skill, TaskKind, TaskOutcome
from portal.db import db
from portal.demo import courses, referring
from portal.demo.house import KRONE
from portal.demo.stage import Stage
from portal.demo.women import Woman
from portal.domain.furnishing import FurnishingAction, Room, Source
from portal.models.furnishing import FurnishingProject
from portal.models.tasks import Claim
from portal.queries import enrolments as enrolment_queries
from portal.queries import furnishing as furnishing_queries
from portal.queries import tasks as task_queries
from portal.services import claims, furnishing, task_addresses, tasks, volunteers

A = FurnishingAction
WAY = (A.ACCEPT, A.SCOPE, A.DESIGN, A.SOURCE, A.SCHEDULE, A.DELIVER, A.CLOSE)
BUDGET = 9_000 * KRONE
WISHES = "Lyst og enkelt. Et hjørne til lektier, og et spisebord som alle kan sidde om."


def tell(stage: Stage, moved: dict[int, Woman]) -> None:
    """Let the volunteers be asked, come, and help."""
    for days, sent, steps in ((15, 8, 0), (41, 34, 2), (77, 60, 5), (128, 110, 7)):
        Home(stage, moved[days], sent=sent).go(steps)
    for days, sent, friend in ((27, 9, None), (58, 40, "samira"), (100, 70, "tora"), (155, 130, "yusuf")):
        _network(stage, moved[days], sent, friend)
    _board(stage, moved)


def _network(stage: Stage, woman: Woman, sent: int, friend: str | None) -> None:
    """A volunteer friend, or the waiting for one."""
    referring.refer(stage, woman, ["qnet"], sent=sent)
    taken = referring.admit(stage, woman, "qnet", sent=sent)
    if friend is None:
        return
    courses.start(stage, woman, "qnet", "jonas", on=taken - 6)

    def act(now: datetime) -> None:
        jonas = stage.actors["jonas"]
        enrolment = enrolment_queries.get(jonas, woman.courses["qnet"])
        today = stage.day(stage.ago_of(now))
        volunteers.start_match(enrolment, stage.volunteers[friend], started_on=today, actor=jonas, now=now)

    stage.on(taken - 12, act)


class Home:
    """One home to furnish, from the referral to the day everything stands."""

    def __init__(self, stage: Stage, woman: Woman, *, sent: int) -> None:
        self.stage, self.woman = stage, woman
        referring.refer(stage, woman, ["furnishing"], sent=sent)
        self.taken = referring.admit(stage, woman, "furnishing", sent=sent)

    def project(self) -> FurnishingProject:
        """The project as the coordinator opens it."""
        jonas = self.stage.actors["jonas"]
        enrolment = enrolment_queries.get(jonas, self.woman.courses["furnishing"])
        found = sa.select(FurnishingProject.public_id).where(FurnishingProject.enrolment_id == enrolment.id)
        return furnishing_queries.get(jonas, db.session.execute(found).scalar_one())

    def go(self, steps: int) -> None:
        """Take so many steps, a week apart or less; things are found before the work day is set."""
        if not steps:
            return
        pace = max(min((self.taken - 4) // steps, 12), 1)
        courses.start(self.stage, self.woman, "furnishing", "jonas", on=self.taken - 2)
        for place, action in enumerate(WAY[:steps]):
            on = max(self.taken - 3 - pace * place, 1)
            if action is A.SCHEDULE:
                self.stage.on(on, lambda now: self.gather(7, now), hour=9)
            self.stage.on(on, partial(self.advance, action), hour=10 + place % 4)
            if action is A.SCOPE:
                self.stage.on(on, self.furnish, hour=12)
        if steps == len(WAY):
            on = max(self.taken - 3 - pace * steps, 1)
            courses.complete(self.stage, self.woman, "furnishing", "jonas", on=on)

    def advance(self, action: FurnishingAction, now: datetime) -> None:
        """Take one step; the work day lies five days ahead of its choice."""
        work_day = self.stage.day(self.stage.ago_of(now) - 5) if action is A.SCHEDULE else None
        furnishing.advance(self.project(), action, work_day_on=work_day, actor=self.stage.actors["jonas"], now=now)

    def furnish(self, now: datetime) -> None:
        """Write down what she wishes, who plans the rooms, and what is needed."""
        jonas, project = self.stage.actors["jonas"], self.project()
        bodil = self.stage.volunteers["bodil"]
        furnishing.plan(project, wishes=WISHES, budget_ore=BUDGET, architect=bodil, actor=jonas, now=now)
        furnishing.add_template(project, actor=jonas, now=now)
        furnishing.add_item(
            project, room=Room.LIVING_ROOM, what="Reol", quantity=1, is_must=False, actor=jonas, now=now
        )

    def gather(self, count: int, now: datetime) -> None:
        """So many things have been found."""
        jonas, project = self.stage.actors["jonas"], self.project()
        sources = (Source.DONATION, Source.STOCK, Source.PURCHASE)
        for number, item in enumerate(furnishing_queries.list_items(project)[:count]):
            source = sources[number % len(sources)]
            cost = 400 * KRONE if source is Source.PURCHASE else 0
            state = ItemState.RESERVED if number % 2 else ItemState.IN_STOCK
            furnishing.set_item(project, item, state=state, source=source, cost_ore=cost, actor=jonas, now=now)


class Job:
    """One task on the board; who takes it, and what becomes of it."""

    def __init__(
        self,
        stage: Stage,
        kind: TaskKind,
        day: date,
        at: time,
        *,
        published: int,
        hours: int = 3,
        woman: Woman | None = None,
        course: str = "furnishing",
        skills: Sequence[Skill] = (),
        places: int = 1,
        region: Region = Region.CENTRAL,
    ) -> None:
        self.stage, self.starts = stage, at_local(day, at)
        self.ends = self.starts + timedelta(hours=hours)
        self.public_id = ""
        self.claims: dict[str, str] = {}
        self._woman, self._course = woman, course
        self._new = tasks.NewTask(
            kind,
            region,
            self.starts,
            self.ends,
            skills=[skill.value for skill in skills],
            places=places,
            has_children=woman is not None and bool(woman.children),
            is_accompanied=woman is not None,
        )
        stage.on(published, self._publish, hour=9)

    def _publish(self, now: datetime) -> None:
        jonas, new = self.stage.actors["jonas"], self._new
        if self._woman is not None:
            enrolment = enrolment_queries.get(jonas, self._woman.courses[self._course])
            name = (self._woman.name or "").split()[0] or None
            new = replace(
                new,
                case_id=enrolment.case_id,
                enrolment_id=enrolment.id,
                alias=name,
                meeting_point="Ved hovedindgangen. Jonas tager imod.",
                address="Opdigtet Vej 7, 0000 Ingensteds",
            )
        task = tasks.publish(new, organisation_id=jonas.organisation_id or 0, actor=jonas, now=now)
        self.public_id = task.public_id

    def claim(self, volunteer: str, on: int) -> None:
        """Let a volunteer take a place."""

        def act(now: datetime) -> None:
            found = self.stage.volunteers[volunteer]
            task = task_queries.get_for_board(found, self.public_id)
            self.claims[volunteer] = claims.claim(task, found, actor=self.stage.actors[volunteer], now=now).public_id

        self.stage.on(on, act, hour=12)

    def _claim(self, volunteer: str) -> Claim:
        return task_queries.get_claim(self.stage.actors["jonas"], self.claims[volunteer])

    def confirm(self, volunteer: str, on: int, *, address_by: str | None = None) -> None:
        """Let the coordinator confirm her; somebody of the case's team may let her see where it is."""

        def act(now: datetime) -> None:
            claims.confirm(self._claim(volunteer), actor=self.stage.actors["jonas"], now=now)
            if address_by is not None:
                task_addresses.approve_address(self._claim(volunteer), actor=self.stage.actors[address_by], now=now)

        self.stage.on(on, act, hour=14)

    def report(self, volunteer: str, minutes: int, outcome: TaskOutcome = TaskOutcome.WENT_WELL) -> None:
        """Let the volunteer tell how it went, on the evening of the day."""
        actor = self.stage.actors[volunteer]

        def act(now: datetime) -> None:
            claim = task_queries.get_own(actor, self.claims[volunteer])
            claims.report(
                claim, minutes=minutes, outcome=outcome, text="Det gik fint, og hun var glad.", actor=actor, now=now
            )

        self.stage.on(self.stage.ago_of(self.starts), act, hour=21)

    def verify(self, on: int) -> None:
        """Let the coordinator look at the hours."""
        jonas = self.stage.actors["jonas"]
        self.stage.on(
            on, lambda now: tasks.verify(task_queries.get(jonas, self.public_id), actor=jonas, now=now), hour=10
        )


def _board(stage: Stage, moved: dict[int, Woman]) -> None:
    """What lies open, is asked for, is certain, and has been done."""
    open_ones: tuple[tuple[TaskKind, int, int, tuple[Skill, ...], int], ...] = (
        (TaskKind.ASSEMBLE_BEDS, 5, 10, (Skill.TOOLS,), 2),
        (TaskKind.FETCH_FURNITURE, 8, 16, (Skill.DRIVING_LICENCE, Skill.TRAILER), 1),
        (TaskKind.HOMEWORK_HELP, 4, 16, (Skill.CHILDREN,), 1),
        (TaskKind.PAINT_ROOM, 12, 9, (), 2),
        (TaskKind.ACCOMPANY_OUTING, 9, 13, (Skill.ARABIC,), 1),
        (TaskKind.NETWORK_EVENT, 14, 17, (), 4),
        (TaskKind.HANG_CURTAINS, 16, 10, (Skill.TOOLS,), 1),
    )
    for kind, ahead, hour, skills, places in open_ones:
        Job(stage, kind, stage.day(-ahead), time(hour), published=6, skills=skills, places=places)
    Job(stage, TaskKind.WALK_AND_TALK, stage.day(-7), time(15), published=5, region=Region.SOUTH)
    asked = Job(stage, TaskKind.MOVE_BOXES, stage.day(-3), time(17), published=7, places=2)
    asked.claim("mikkel", 1)
    asked.claim("emil", 2)
    asked.confirm("emil", 1)
    half = Job(stage, TaskKind.ASSEMBLE_FURNITURE, stage.day(-6), time(10), published=7, places=2)
    half.claim("emil", 3)
    soon = Job(
        stage,
        TaskKind.ROOM_PLAN,
        stage.day(-1),
        time(9),
        published=9,
        hours=2,
        woman=moved[41],
        skills=(Skill.ARCHITECT,),
    )
    soon.claim("bodil", 6)
    soon.confirm("bodil", 5)
    _done(stage, moved)


def _done(stage: Stage, moved: dict[int, Woman]) -> None:
    for kind, ago, who, woman in (
        (TaskKind.ASSEMBLE_BEDS, 40, "ida", moved[128]),
        (TaskKind.FETCH_FURNITURE, 33, "mikkel", None),
        (TaskKind.WALK_AND_TALK, 24, "samira", None),
        (TaskKind.NETWORK_EVENT, 19, "samira", None),
        (TaskKind.PAINT_ROOM, 16, "ida", None),
        (TaskKind.HOMEWORK_HELP, 11, "ida", None),
        (TaskKind.ROOM_PLAN, 9, "bodil", moved[77]),
        (TaskKind.MOVE_BOXES, 3, "mikkel", None),
    ):
        job = Job(stage, kind, stage.day(ago), time(10), published=ago + 9, woman=woman)
        job.claim(who, ago + 6)
        job.confirm(who, ago + 5)
        job.report(who, stage.random.choice((90, 120, 150, 180)))
        if ago > 9:
            job.verify(ago - 3)
    waits = Job(stage, TaskKind.HANG_CURTAINS, stage.day(2), time(13), published=10)
    waits.claim("ida", 6)
    waits.confirm("ida", 5)
