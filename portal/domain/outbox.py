"""The rules of the outbox: how long to wait, when to ask a person, what each mail may do (R-190, security plan 6.4)."""

from dataclasses import dataclass
from datetime import timedelta

# A worker that has leased a mail must have an answer by then; afterwards nobody knows.
LEASE = timedelta(seconds=120)
# How long news of an unanswered attempt are waited for.
RECONCILE_AFTER = timedelta(minutes=30)
# From the first attempt; then a person is asked.
HARD_STOP = timedelta(hours=4)
# A mail that nobody was there to send is a hint no longer.
UNTRIED = timedelta(hours=24)
LONGEST_BACK_OFF = timedelta(minutes=60)
JITTER = 0.2


@dataclass(frozen=True, slots=True)
class MailPolicy:
    """What one kind of mail may do."""

    # Sent once more when nobody knows whether it arrived.
    may_resend: bool
    # Only sent while something in the inbox is unread.
    is_hint: bool


POLICIES: dict[str, MailPolicy] = {
    "news": MailPolicy(may_resend=True, is_hint=True),
    "reminder_digest": MailPolicy(may_resend=True, is_hint=True),
}


def back_off(attempts: int, *, chance: float) -> timedelta:
    """How long to wait after so many attempts: 1, 2, 4 … 60 minutes, up to a fifth longer or shorter.

    `chance` is a number from 0 to 1: without it all mails of an outage would come back at the same moment.
    """
    # The exponent is bounded, so that a long row of attempts does not compute an absurd number.
    minutes = timedelta(minutes=2 ** min(max(attempts, 1) - 1, 10))
    return min(minutes, LONGEST_BACK_OFF) * (1 - JITTER + 2 * JITTER * chance)
