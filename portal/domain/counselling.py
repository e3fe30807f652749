"""The statutory counselling, step by step, and the hours that somebody is entitled to."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from portal.core.audit_tags import Audit
from portal.core.clock import add_months, add_weekdays
from portal.core.courses import CounsellingAnswer
from portal.core.enums import Permission
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.states import CounsellingState as S
from portal.domain.clocks import ClockKey, newest
from portal.domain.deadlines import due_on
from portal.domain.workflow import Step

_HERS, _CHILDS, _END = (
    newest(key) for key in (ClockKey.PSYCHOLOGIST_HOURS, ClockKey.CHILD_PSYCHOLOGIST_HOURS, ClockKey.COUNSELLING_END)
)
# Six months, and six more with a reason and an approver.
MONTHS_MAX = _END.amount + (_END.extension.at_most if _END.extension else 0)
ADULT_MINUTES = _HERS.amount * 60
CHILD_MINUTES = (_CHILDS.amount * 60, (_CHILDS.at_most or _CHILDS.amount) * 60)
# Whoever works with her may put on record what the municipality has offered and what she said; the rest is its own.
RECORD = Permission.COUNSELLING_RECORD
MANAGE = Permission.COUNSELLING_MANAGE


class Action(StrEnum):
    OFFER = "offer"
    ACCEPT = "accept"
    DECLINE = "decline"
    LATER = "later"
    NO_ANSWER = "no_answer"
    START = "start"
    EXTEND = "extend"
    END = "end"


# She may be asked again, and said no or not now before; each attempt counts.
OPEN = frozenset({S.OFFERED, S.LATER, S.NO_ANSWER})
# What she has answered, by where the counselling stands; nothing before the offer and while it waits for her.
ANSWERED: Mapping[S, CounsellingAnswer] = {
    S.ACCEPTED: CounsellingAnswer.YES,
    S.STARTED: CounsellingAnswer.YES,
    S.ENDED: CounsellingAnswer.YES,
    S.DECLINED: CounsellingAnswer.NO,
    S.LATER: CounsellingAnswer.LATER,
    S.NO_ANSWER: CounsellingAnswer.NO_ANSWER,
}
# Contacts are logged while the offer stands or the counselling runs.
HAS_CONTACTS = OPEN | {S.ACCEPTED, S.STARTED}
# She waits for the offer or has not said yes or no to it; or has said yes, and it has not begun.
UNSETTLED = frozenset({S.NOT_OFFERED, S.OFFERED, S.LATER, S.ACCEPTED})
# So long before the end it shows that it comes near.
ENDS_SOON_DAYS = 30
# After so many days whoever was not reached is tried again, where nobody has chosen a day.
TRY_AGAIN_DAYS = 7


class DeskGroup(StrEnum):
    """What a woman's counselling waits for: the groups of the adviser's list."""

    NEW = "new"
    WAITING = "waiting"
    ASK_AGAIN = "ask_again"
    AGREED = "agreed"
    STARTED = "started"
    ENDING = "ending"
    PROMISES = "promises"


WORKFLOW: dict[Action, Step[S]] = {
    Action.OFFER: Step(
        frozenset({S.NOT_OFFERED, S.DECLINED, S.LATER, S.NO_ANSWER}), S.OFFERED, RECORD, Audit.COUNSELLING_OFFERED
    ),
    Action.ACCEPT: Step(OPEN, S.ACCEPTED, RECORD, Audit.COUNSELLING_ANSWERED),
    Action.DECLINE: Step(OPEN, S.DECLINED, RECORD, Audit.COUNSELLING_ANSWERED),
    Action.LATER: Step(OPEN, S.LATER, RECORD, Audit.COUNSELLING_ANSWERED),
    Action.NO_ANSWER: Step(OPEN, S.NO_ANSWER, RECORD, Audit.COUNSELLING_ANSWERED),
    Action.START: Step(frozenset({S.ACCEPTED}), S.STARTED, MANAGE, Audit.COUNSELLING_STARTED),
    Action.EXTEND: Step(frozenset({S.STARTED}), S.STARTED, MANAGE, Audit.COUNSELLING_EXTENDED),
    Action.END: Step(frozenset({S.STARTED}), S.ENDED, MANAGE, Audit.COUNSELLING_ENDED),
}


def planned_end(moved_on: date | None) -> date | None:
    """Six months after she moved into her own home; unknown until she has (R-320)."""
    return None if moved_on is None else due_on(ClockKey.COUNSELLING_END, moved_on)


def longest_end(moved_on: date) -> date:
    """The last day that an extension can reach: twelve months after the move (R-321)."""
    return add_months(moved_on, MONTHS_MAX)


def check_extension(until: date, *, moved_on: date | None, current: date | None) -> None:
    """Raise Invalid unless the new end lies after the present one and within twelve months of the move (R-321)."""
    if moved_on is None or current is None:
        raise Invalid(_("Record the day she moved first: the months count from it."), field="until")
    if until <= current:
        raise Invalid(_("Choose a day after the present end."), field="until")
    if until > longest_end(moved_on):
        raise Invalid(
            _(
                "Twelve months after the move is the longest: %(day)s. More help needs another basis.",
                day=longest_end(moved_on).strftime("%d.%m.%Y"),
            ),
            field="until",
        )


def look_on(left_on: date | None, started_on: date) -> date:
    """When somebody sees whether a counselling without a move is to end: six months after she left, else after it
    began. No planned end: that counts from the move alone (R-870).
    """
    return due_on(ClockKey.COUNSELLING_END, max(left_on, started_on) if left_on else started_on)


def ask_again_on(given: CounsellingAnswer, day: date | None, *, today: date) -> date | None:
    """When she is asked again: whoever was not reached is tried again in a week, on a weekday (R-671, R-871).

    Raises Invalid for an answer that wants a day ahead and has none, and for one that wants none.
    """
    check_ask_again(given, day, today=today)
    if given is CounsellingAnswer.NO_ANSWER and day is None:
        return add_weekdays(today + timedelta(days=TRY_AGAIN_DAYS - 1), 1)
    return day


def check_ask_again(given: CounsellingAnswer, day: date | None, *, today: date) -> None:
    """Raise Invalid for an answer that wants a day on which she is asked again and has none ahead (R-671)."""
    if given is CounsellingAnswer.LATER and day is None:
        raise Invalid(_("Write the day on which she is asked again."), field="ask_again_on")
    if day is not None and given in (CounsellingAnswer.YES, CounsellingAnswer.NO):
        raise Invalid(_("She has answered: leave the day empty."), field="ask_again_on")
    if day is not None and day <= today:
        raise Invalid(_("Choose a day that has not come yet."), field="ask_again_on")


def check_child_minutes(minutes: int) -> None:
    """Raise Invalid unless a child's hours lie between four and ten (R-330)."""
    low, high = CHILD_MINUTES
    if not low <= minutes <= high:
        raise Invalid(_("A child has between 4 and 10 hours."), field="minutes")


def check_use(minutes: int, left: int, held_on: date, today: date) -> None:
    """Raise Invalid for hours that have not been held yet, or that are more than are left (R-331)."""
    if held_on > today:
        raise Invalid(_("The hours have not been held yet."), field="held_on")
    if minutes > left:
        raise Invalid(
            _("Only %(hours)s hours are left.", hours=f"{left / 60:.2f}".rstrip("0").rstrip(".").replace(".", ",")),
            field="minutes",
        )
