"""The ladder of a request without an answer: who is told when, in weekdays of the receiver's clock (R-690)."""

from collections.abc import Collection, Mapping
from datetime import date

from portal.core.clock import weekdays_between
from portal.core.states import RequestState
from portal.domain.clocks import ClockKey, newest

ANSWER_WEEKDAYS: int = newest(ClockKey.REFERRAL_ANSWER).amount
# To those who could take it; to the lead; to a person who is named, and to the sender that it is late.
QUEUE, LEAD, NAMED = 1, 3, 5
RUNGS = (QUEUE, LEAD, NAMED)
# So long the ladder rests when a lead has given the request to one person.
PERSON_WEEKDAYS = 2
# Somebody reads it: those who could take it need not be told that it lies there.
QUIET: Mapping[int, RequestState] = {QUEUE: RequestState.IN_VISITATION}


def gone(answer_due_on: date | None, today: date) -> int:
    """How many weekdays of the clock have gone, at most all five; it stands still while the sender is asked (R-690)."""
    if answer_due_on is None:
        return 0
    return max(ANSWER_WEEKDAYS - weekdays_between(today, answer_due_on), 0)


def rungs_to_fire(state: RequestState, answer_due_on: date | None, fired: Collection[int], today: date) -> list[int]:
    """The rungs that have come and were not climbed, the lowest first, so that nobody is passed over (R-690)."""
    reached = gone(answer_due_on, today)
    if answer_due_on is None:
        return []
    return [rung for rung in RUNGS if rung <= reached and rung not in fired and QUIET.get(rung) is not state]


def may_give(fired: Collection[int]) -> bool:
    """Whether a lead may give it to one person: once she has been told that it waits (R-777)."""
    return LEAD in fired or NAMED in fired


def is_resting(given_until: date | None, answer_due_on: date | None, today: date) -> bool:
    """Whether the ladder rests: one person has it, and her limit and the day of the clock lie not behind (R-777)."""
    if given_until is None:
        return False
    return today <= given_until or (answer_due_on is not None and today < answer_due_on)
