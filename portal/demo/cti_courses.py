"""The CTI courses of the story: spread over phases and workers, as a programme has them on an ordinary day."""

from datetime import time

from portal.core.courses import PauseReason
from portal.core.kinds import EndReason, MeetingKind, PlaceKind
from portal.demo import courses, referring, women
from portal.demo.cast import Cast
from portal.demo.stage import Stage
from portal.demo.women import Woman
from portal.domain.cti import boundaries

# Days since she moved; None where she has not yet, then the days until she plans to.
MOVED = (6, 15, 27, 41, 58, 77, 100, 112, 128, 140, 155, 187, 203, 222, 240, 262, 288, 310, 326, 340, 120, 70)
PLANNED = (12, 24, 33)
ENDED_EARLY, PAUSED = 120, 70
WORKERS = ("maja", "sara", "sara", "maja", "louise", "sara", "maja", "maja", "sara", "louise", "sara", "maja")
SENT_BEFORE = 38


def tell(stage: Stage, cast: Cast) -> dict[int, Woman]:
    """Let the courses happen. Returns the women who have moved, by how many days ago."""
    found = {}
    for number, moved in enumerate(MOVED):
        sent = moved + SENT_BEFORE
        woman = cast.next(admitted=sent + stage.random.randrange(4, 95), moved=moved)
        _course(stage, woman, number, sent)
        found[moved] = woman
    for number, planned in enumerate(PLANNED):
        sent = SENT_BEFORE - planned
        woman = cast.next(admitted=sent + stage.random.randrange(20, 60), planned=planned)
        _course(stage, woman, number + 1, sent)
    _given_lately(stage, cast)
    return found


def _course(stage: Stage, woman: Woman, number: int, sent: int) -> None:
    worker = WORKERS[number % len(WORKERS)]
    women.arrive(stage, woman)
    counselling = f"counselling-{woman.municipality}"
    keys = ["cti", *([counselling] if number % 5 < 3 else []), *(["hours"] if number % 5 in (1, 4) else [])]
    if number % 7 == 3:
        keys.append("transition")
    referring.refer(stage, woman, keys, sent=sent)
    taken = referring.admit(stage, woman, "cti", sent=sent, worker=worker)
    courses.start(stage, woman, "cti", worker, on=max(taken - 4, 1))
    courses.cti_phases(stage, woman, worker)
    last = _ending(stage, woman, worker)
    courses.contacts(stage, woman, "cti", worker, since=max(taken - 6, 1), until=max(last, 1), every=13)
    _visits(stage, woman, worker, number, last, taken)
    if counselling in keys:
        municipal(stage, woman, counselling, sent=sent)
    if "transition" in keys:
        _at_home(stage, woman, sent)
    if "hours" in keys:
        psychologist(stage, woman, sent=sent, count=2 + number % 6)


def _ending(stage: Stage, woman: Woman, worker: str) -> int:
    """Let the course end where it has, and say until how many days ago it went on."""
    if woman.moved == ENDED_EARLY:
        courses.end(stage, woman, "cti", worker, EndReason.MOVED_AWAY, on=44)
        return 46
    if woman.moved == PAUSED:
        courses.pause(stage, woman, "cti", worker, PauseReason.BACK_AT_CENTRE, on=12)
        return 14
    if woman.moved is not None:
        over = stage.ago(boundaries(stage.day(woman.moved)).end)
        if over >= 0:
            courses.complete(stage, woman, "cti", worker, on=over)
            return over + 2
    return 2


def _visits(stage: Stage, woman: Woman, worker: str, number: int, last: int, taken: int) -> None:
    """Meetings that were held, one of lately that nobody has registered, and the ones to come."""
    for ago in (30, 17):
        if ago > last and (woman.moved or 0) > ago:
            day = stage.weekday(-ago)
            courses.meet(
                stage,
                woman,
                "cti",
                worker,
                day,
                time(10),
                place=PlaceKind.HER_HOME,
                kind=MeetingKind.HOME_VISIT,
                planned=ago + 5,
            )
    if last > 2:
        return
    week = courses.workdays(stage, -4 if taken > 12 else 1, 9)
    day = week[number % len(week)]
    at = time(9 + 2 * (number % 3), 0 if number % 2 else 30)
    kind, place = (
        (MeetingKind.HOME_VISIT, PlaceKind.HER_HOME) if number % 3 else (MeetingKind.TALK, PlaceKind.OUR_ROOMS)
    )
    if woman.moved is None:
        kind, place = MeetingKind.TALK, PlaceKind.AGREED_PLACE
    courses.meet(
        stage,
        woman,
        "cti",
        worker,
        day,
        at,
        kind=kind,
        place=place,
        is_registered=number % 5 != 0,
        planned=min(max(stage.ago(day), 0) + 4, max(taken - 1, 0)),
    )


def _at_home(stage: Stage, woman: Woman, sent: int) -> None:
    """Support in her own home besides, until half a year after the move."""
    taken = referring.admit(stage, woman, "transition", sent=sent, worker="birthe")
    courses.start(stage, woman, "transition", "birthe", on=max(taken - 5, 1))
    over = (woman.moved or 0) - 180
    courses.contacts(stage, woman, "transition", "birthe", since=taken - 7, until=max(over, 3), every=25)
    if over > 0:
        courses.complete(stage, woman, "transition", "birthe", on=over)


def municipal(stage: Stage, woman: Woman, key: str, *, sent: int) -> None:
    """The municipality's own counselling, from before the move until six months after it."""
    adviser = referring.RECEIVERS[key]
    taken = referring.admit(stage, woman, key, sent=sent, worker=adviser)
    courses.start(stage, woman, key, adviser, on=max(taken - 5, 1))
    over = None if woman.moved is None else woman.moved - 183
    courses.contacts(stage, woman, key, adviser, since=taken - 7, until=max(over or 0, 3), every=32)
    if over is not None and over > 0:
        courses.complete(stage, woman, key, adviser, on=over)


def psychologist(stage: Stage, woman: Woman, *, sent: int, count: int, worker: str = "birthe") -> None:
    """Hours with a psychologist, one every second week."""
    taken = referring.admit(stage, woman, "hours", sent=sent, worker=worker)
    courses.start(stage, woman, "hours", worker, on=max(taken - 5, 1))
    days = list(range(taken - 8, 0, -14))[:count]
    courses.use_hours(stage, woman, worker, days=days)


def _given_lately(stage: Stage, cast: Cast) -> None:
    """A place given the day before yesterday: the first contact is still to come."""
    woman = cast.next(admitted=70, planned=29)
    women.arrive(stage, woman)
    referring.refer(stage, woman, ["cti"], sent=5)
    referring.admit(stage, woman, "cti", sent=5, worker="louise")
