"""When somebody is reminded of a deadline (R-192)."""

from datetime import date

from portal.core.messages import MessageKind

# A deadline whose reminder has failed so often is left alone, and shown to whoever looks after the jobs.
MOST_ATTEMPTS = 5


def kind_of(due_on: date, *, today: date) -> MessageKind:
    """What the reminder says: a deadline has passed on the day after it."""
    return MessageKind.DEADLINE_PASSED if due_on < today else MessageKind.DEADLINE_NEAR
