"""The groups of the story: one that has met eight times, one that is filling, and the ambulatory one at the centre."""

from datetime import date, datetime, time, timedelta
from functools import partial

import sqlalchemy as sa

from portal.core.clock import is_weekday, local_date
from portal.core.states import Presence
from portal.db import db
from portal.demo import courses, referring, women
from portal.demo.cast import Cast
from portal.demo.stage import Stage
from portal.demo.women import Woman
from portal.domain.groups import RoundAction
from portal.models.groups import GroupRound
from portal.models.meetings import Meeting
from portal.queries import enrolments as enrolment_queries
from portal.queries import groups as queries
from portal.services import groups, meetings

HELD = 8
STEP = 14
SESSIONS = 9


def tell(stage: Stage, cast: Cast, joining: list[Woman], hoping: list[Woman]) -> None:
    """Let the groups meet. `joining` sit in the one that runs at the association, `hoping` wait for the next."""
    begun = _weekday(stage.day((HELD - 1) * STEP + 3))
    round_ = _Round(stage, "group", ("sofie", "camilla"), "Birkeholdet", begun, STEP, SESSIONS, (6, 10))
    round_.plan(stage.ago(begun) + 60)
    for woman in joining:
        sent = stage.ago(begun) + 25 + stage.random.randrange(0, 12)
        referring.refer(stage, woman, ["group"], sent=sent)
        referring.admit(stage, woman, "group", sent=sent)
        round_.seat(woman, on=stage.ago(begun) + 12)
    round_.begin()
    coming = _weekday(stage.day(-47))
    following = _Round(stage, "group", ("camilla", "sofie"), "Lindeholdet", coming, STEP, SESSIONS, (6, 10))
    following.plan(40)
    for woman in hoping:
        sent = 26 + stage.random.randrange(0, 8)
        referring.refer(stage, woman, ["group"], sent=sent)
        referring.admit(stage, woman, "group", sent=sent)
        following.seat(woman, on=12)
        courses.start(stage, woman, "group", "camilla", on=9)
    _ambulatory(stage, cast)


def _weekday(day: date) -> date:
    while not is_weekday(day):
        day -= timedelta(days=1)
    return day


def _ambulatory(stage: Stage, cast: Cast) -> None:
    """A weekly group at the centre for women who have not stayed there, five meetings in."""
    begun = _weekday(stage.day(4 * 7 + 2))
    round_ = _Round(stage, "ambulatory", ("gitte", "lis"), "Onsdagsholdet", begun, 7, 15, (4, 8))
    round_.plan(stage.ago(begun) + 50)
    for number in range(4):
        woman = cast.next(contact=("katrine", "tove")[number % 2])
        women.open_without_stay(stage, woman, stage.ago(begun) + 34)
        sent = stage.ago(begun) + 30 - number
        referring.refer(stage, woman, ["ambulatory"], sent=sent)
        referring.admit(stage, woman, "ambulatory", sent=sent)
        round_.seat(woman, on=stage.ago(begun) + 6)
    round_.begin()
    later = cast.next(contact="tove")
    women.open_without_stay(stage, later, 8)
    referring.refer(stage, later, ["ambulatory"], sent=2)


class _Round:
    """One round with its leaders, seats and meetings."""

    def __init__(
        self,
        stage: Stage,
        key: str,
        leaders: tuple[str, str],
        name: str,
        starts_on: date,
        step: int,
        count: int,
        places: tuple[int, int],
    ) -> None:
        self.stage, self.key, self.leaders, self.name = stage, key, leaders, name
        self.starts_on, self.step, self.count, self.places = starts_on, step, count, places
        self.public_id = ""
        self.women: list[Woman] = []

    @property
    def begun(self) -> int:
        """How many days ago the first meeting was."""
        return self.stage.ago(self.starts_on)

    def plan(self, on: int) -> None:
        """Plan the round and open it for participants."""

        def act(now: datetime) -> None:
            actor = self.stage.actors[self.leaders[0]]
            offer = next(each for each in queries.list_offers(actor) if each.id == self.stage.offers[self.key].id)
            new = groups.NewRound(
                self.name,
                self.starts_on,
                time(17),
                120,
                self.count,
                self.step,
                *self.places,
                tuple(self.stage.actors[leader].user_id or 0 for leader in self.leaders),
            )
            row = groups.plan_round(offer, new, actor=actor, now=now)
            groups.advance(row, RoundAction.OPEN, actor=actor, now=now)
            self.public_id = row.public_id

        self.stage.on(on, act)

    def _row(self) -> GroupRound:
        return queries.get(self.stage.actors[self.leaders[0]], self.public_id)

    def seat(self, woman: Woman, *, on: int) -> None:
        """Give her a seat."""
        actor = self.stage.actors[self.leaders[0]]

        def act(now: datetime) -> None:
            groups.place(self._row(), enrolment_queries.get(actor, woman.courses[self.key]), actor=actor, now=now)

        self.women.append(woman)
        self.stage.on(on, act)

    def begin(self) -> None:
        """Confirm the round, begin it and let it meet."""
        for on, action in ((self.begun + 4, RoundAction.CONFIRM), (self.begun, RoundAction.START)):
            self.stage.on(on, partial(self._step, action), hour=16)
        for woman in self.women:
            courses.start(self.stage, woman, self.key, self.leaders[0], on=self.begun)
        for number in range(1, self.count + 1):
            on = self.begun - (number - 1) * self.step
            if on > 0:
                self.stage.on(on, partial(self._meet, number), hour=20)

    def _step(self, action: RoundAction, now: datetime) -> None:
        groups.advance(self._row(), action, actor=self.stage.actors[self.leaders[0]], now=now)

    def _meet(self, number: int, now: datetime) -> None:
        stage, actor = self.stage, self.stage.actors[self.leaders[0]]
        row = self._row()
        session = db.session.scalars(
            sa.select(Meeting).where(Meeting.round_id == row.id, Meeting.number == number)
        ).one()
        if local_date(session.starts_at) > local_date(now):
            return
        for woman in self.women:
            enrolment = enrolment_queries.get(actor, woman.courses[self.key])
            lot = 0.0 if woman.key == "amira" else stage.random.random()
            came = Presence.PRESENT if lot < 0.78 else Presence.LATE if lot < 0.84 else Presence.EXCUSED
            came = Presence.NOT_MET if lot > 0.92 else came
            meetings.set_presence(session, enrolment.id, came, actor=actor, now=now)
        meetings.hold(session, actor=actor, now=now)
