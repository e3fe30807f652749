"""The week of the story: talks at the centres, cooperation meetings, visits with a volunteer, and mail that is read."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from portal.core.clock import at_local
from portal.core.kinds import MeetingKind, PlaceKind
from portal.core.notes import TalkKind
from portal.demo import courses, women
from portal.demo.cast import Cast
from portal.demo.stage import Stage
from portal.demo.women import Woman
from portal.domain.take_overs import BEGUN
from portal.queries import cases as case_queries
from portal.services import closing, meetings, messages, take_overs

HAND_OVER = (
    "Hun vil gerne have besøg om tirsdagen og på dansk. Aftalen med skolen mangler at blive fulgt op i næste uge."
)
READING_DAYS = (300, 150, 60, 25, 12, 5)


def tell(stage: Stage, cast: Cast, moved: dict[int, Woman]) -> None:
    """Fill the calendars of this week and the next, and let the inboxes be read."""
    _at_the_centres(stage, cast)
    for days, key, by, kind, ahead, hour in (
        (6, "counselling-", "", MeetingKind.COOPERATION, 2, 10),
        (41, "counselling-", "", MeetingKind.TALK, 3, 13),
        (58, "transition", "birthe", MeetingKind.HOME_VISIT, 1, 11),
        (41, "furnishing", "jonas", MeetingKind.FURNISHING, 4, 15),
        (77, "furnishing", "jonas", MeetingKind.FURNISHING, -3, 16),
        (58, "qnet", "jonas", MeetingKind.VOLUNTEER_MEETING, 5, 14),
    ):
        _meet(stage, moved[days], key, by, kind, stage.weekday(ahead), time(hour))
    stage.on(2, lambda now: _ask_colleague(stage, moved.values(), "birthe", "maja", now), hour=15)
    for days_ago in READING_DAYS:
        stage.on(days_ago, lambda now: _read_all(stage, now), hour=18)
    stage.on(6, lambda now: _close(stage, moved[326], now), hour=16)


def _at_the_centres(stage: Stage, cast: Cast) -> None:
    """A talk with each woman who stays at a centre now, at one time or another."""
    here = [woman for woman in cast.women if woman.admitted is not None and woman.moved is None]
    week = courses.workdays(stage, -3, 8)
    for number, woman in enumerate(here):
        day, at = week[number % len(week)], time(9 + number % 6)
        if woman.admitted is not None and woman.admitted > 7:
            _talk(stage, woman, day, at, list(TalkKind)[number % 3], is_held=number % 6 != 0)


def _talk(stage: Stage, woman: Woman, day: date, at: time, talk: TalkKind, *, is_held: bool) -> None:
    made: list[int] = []

    def plan(now: datetime) -> None:
        case, actor = women.get(stage, woman, woman.contact)
        starts = at_local(day, at)
        meeting = meetings.plan(
            kind=MeetingKind.TALK,
            starts_at=starts,
            ends_at=starts + timedelta(minutes=45),
            place_kind=PlaceKind.OUR_ROOMS,
            responsible_id=actor.user_id or 0,
            organisation_id=actor.organisation_id or 0,
            case_id=case.id,
            has_interpreter=woman.needs_interpreter,
            actor=actor,
            now=now,
        )
        made.append(meeting.id)

    def hold(now: datetime) -> None:
        courses.register(stage, made[0], woman.contact, now, talk)

    stage.on(6, plan)
    if stage.ago(day) > 0 and is_held:
        stage.on(stage.ago(day), hold, hour=17)


def _meet(stage: Stage, woman: Woman, key: str, by: str, kind: MeetingKind, day: date, at: time) -> None:
    """A meeting in a course that she has; nothing where she does not have it."""
    if key == "counselling-":
        key += woman.municipality
        by = "claus" if woman.municipality == "odense" else "henrik"
    place = PlaceKind.HER_HOME if kind in (MeetingKind.HOME_VISIT, MeetingKind.FURNISHING) else PlaceKind.OUR_ROOMS

    def act(now: datetime) -> None:
        if key in woman.courses:
            courses.meet(stage, woman, key, by, day, at, kind=kind, place=place, planned=4)

    stage.on(5, act)


def _ask_colleague(stage: Stage, those: Iterable[Woman], by: str, to: str, now: datetime) -> None:
    """Ask a colleague to take over the first course at home that has begun; she has not answered yet."""
    at_home = [courses.find(stage, woman, "transition", by) for woman in those if "transition" in woman.courses]
    course, actor = next(found for found in at_home if found[0].state in BEGUN)
    take_overs.give(course, stage.actors[to].user_id or 0, HAND_OVER, actor=actor, now=now)


def _read_all(stage: Stage, now: datetime) -> None:
    for actor in stage.actors.values():
        messages.mark_all_read(actor=actor, now=now)


def _close(stage: Stage, woman: Woman, now: datetime) -> None:
    """A case in which nothing is open any more."""
    case, actor = women.get(stage, woman, woman.contact)
    closing.close_case(case, case_queries.count_unfinished(case.id), actor=actor, now=now)
