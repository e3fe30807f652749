"""A course changes hands: when the new worker must say yes first, and how long she has (R-786)."""

from datetime import date

from portal.core.clock import add_weekdays
from portal.core.states import EnrolmentState

ANSWER_WEEKDAYS = 3
BEGUN = frozenset({EnrolmentState.ACTIVE, EnrolmentState.PAUSED})


def is_asked_first(state: EnrolmentState, worker_id: int | None, taker_id: int, actor_id: int | None) -> bool:
    """Whether the course goes over only with the taker's yes.

    At once goes what nobody has, what has not begun, and what somebody takes herself: there is nobody to let go of it,
    or the yes is said.
    """
    return state in BEGUN and worker_id is not None and taker_id not in (worker_id, actor_id)


def answer_due_on(asked_on: date) -> date:
    """The day by which she is to have answered; then whoever asked sees that it waits."""
    return add_weekdays(asked_on, ANSWER_WEEKDAYS)
