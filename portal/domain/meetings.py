"""Meetings: when what may be done, and the days of a series (R-350 to R-354)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from portal.core.audit_tags import Audit
from portal.core.clock import NoSuchTime, add_months, at_local, is_holiday, is_weekday, local_date, local_time
from portal.core.enums import Permission
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import MeetingKind, PlaceKind
from portal.core.states import MeetingState as S
from portal.domain.workflow import Step

MOST_IN_SERIES = 30
LONGEST = timedelta(hours=24)
CORRECTION_DAYS = 14
ONE_DAY = timedelta(days=1)


class MeetingAction(StrEnum):
    MOVE = "move"
    CANCEL = "cancel"
    HOLD = "hold"
    NOT_MET = "not_met"
    NOTE = "note"
    PRESENCE = "presence"


MANAGE = Permission.MEETING_MANAGE

WORKFLOW: dict[MeetingAction, Step[S]] = {
    MeetingAction.HOLD: Step(frozenset({S.PLANNED, S.NOT_MET}), S.HELD, MANAGE, Audit.MEETING_HELD),
    MeetingAction.NOT_MET: Step(frozenset({S.PLANNED, S.HELD}), S.NOT_MET, MANAGE, Audit.MEETING_NOT_MET),
    MeetingAction.MOVE: Step(frozenset({S.PLANNED}), S.PLANNED, MANAGE, Audit.MEETING_MOVED),
    MeetingAction.CANCEL: Step(frozenset({S.PLANNED}), S.CANCELLED, MANAGE, Audit.MEETING_CANCELLED),
    MeetingAction.NOTE: Step(frozenset({S.HELD}), S.HELD, MANAGE, Audit.MEETING_HELD),
    # Who came can be said while a session runs and corrected afterwards; the state stays as it is.
    MeetingAction.PRESENCE: Step(frozenset({S.PLANNED, S.HELD}), S.HELD, MANAGE, Audit.ATTENDANCE_SET),
}


class Repeat(StrEnum):
    """How often a meeting comes again."""

    ONCE = "once"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


STEP_DAYS = {Repeat.ONCE: 0, Repeat.WEEKLY: 7, Repeat.FORTNIGHTLY: 14}
AT_HOME = frozenset({PlaceKind.HER_HOME})


@dataclass(frozen=True, slots=True)
class Slot:
    """One time in a series. `moved_from` is the first wish, when that was a public holiday."""

    starts_at: datetime
    ends_at: datetime
    moved_from: datetime | None = None


def slot(day: date, starts: time, ends: time, *, ends_next_day: bool = False) -> Slot:
    """The moments of a Danish date with two times of day (R-350).

    Raises Invalid (`starts`, `ends`) for a time that the clock jumps over, and for an end that is not after the start.
    """
    starts_at = _moment(day, starts, "starts")
    ends_at = _moment(day + ONE_DAY if ends_next_day else day, ends, "ends")
    check_times(starts_at, ends_at)
    return Slot(starts_at, ends_at)


def _moment(day: date, at: time, field: str) -> datetime:
    try:
        return at_local(day, at)
    except NoSuchTime as problem:
        raise Invalid(problem.text, field=field) from problem


def check_times(starts_at: datetime, ends_at: datetime) -> None:
    """Raise Invalid (`ends`) unless the end comes after the start, within a day (R-350)."""
    if ends_at <= starts_at:
        raise Invalid(_("The end must come after the start."), field="ends")
    if ends_at - starts_at > LONGEST:
        raise Invalid(_("A meeting lasts at most a day."), field="ends")


def series(first: Slot, repeat: Repeat, count: int) -> list[Slot]:
    """The times of a series, at the same time of day all the way (R-351).

    A public holiday gives way to the next weekday, and the slot says from when it was moved. The first day is kept as
    it was chosen. Raises Invalid for a count outside 1 to 30 or a time of day that one of the days does not have.
    """
    if not 1 <= count <= MOST_IN_SERIES:
        raise Invalid(_("A series has from 1 to %(num)d meetings.", num=MOST_IN_SERIES), field="count")
    if repeat is Repeat.ONCE:
        return [first]
    starts, ends = local_time(first.starts_at), local_time(first.ends_at)
    over = local_date(first.ends_at) > local_date(first.starts_at)
    found = [first]
    for wished in _days(local_date(first.starts_at), repeat, count):
        day = next_free(wished)
        made = slot(day, starts, ends, ends_next_day=over)
        found.append(Slot(made.starts_at, made.ends_at, _moment(wished, starts, "starts") if day != wished else None))
    return found


def _days(anchor: date, repeat: Repeat, count: int) -> Iterator[date]:
    for number in range(1, count):
        if repeat is Repeat.MONTHLY:
            yield add_months(anchor, number)
        else:
            yield anchor + timedelta(days=STEP_DAYS[repeat] * number)


def next_free(day: date) -> date:
    """The day itself, or the next weekday when it is a public holiday (R-351)."""
    if not is_holiday(day):
        return day
    while not is_weekday(day):
        day += ONE_DAY
    return day


def check_has_begun(starts_at: datetime, now: datetime) -> None:
    """Raise NotNow before the Danish day of the meeting: what has not come cannot have been held (R-352)."""
    if local_date(starts_at) > local_date(now):
        raise NotNow(_("The meeting has not come yet."))


def needs_worker_safety(kind: MeetingKind, place_kind: PlaceKind) -> bool:
    """Whether the page reminds of the worker's own safety: always when it is at her home (R-353)."""
    return kind is MeetingKind.HOME_VISIT or place_kind in AT_HOME
