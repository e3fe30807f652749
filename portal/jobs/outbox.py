"""Sends what waits in the outbox."""

from collections.abc import Callable
from datetime import datetime

import structlog
from flask import current_app

from portal.core.clock import utc_now
from portal.core.jobs import ScheduledJob
from portal.db import transaction
from portal.jobs import runner
from portal.jobs.registry import job
from portal.mailer import Mailer, MailProblem, OutgoingLetter, Permanent, Temporary
from portal.services import mail, messages
from portal.web import mail_text

log = structlog.get_logger("portal.jobs")

MOST_PER_RUN = 500
# After so many failures in a row the provider is away: the rest waits for the next run.
FAILURES_IN_A_ROW = 3


@job(ScheduledJob.SEND_OUTBOX, minutes=1, is_quick=True)
def send_outbox(now: datetime) -> int:
    """Send the mails that are due. Returns how many the provider took on."""
    return send_waiting(current_app.extensions["mailer"], clock=utc_now)


def send_waiting(mailer: Mailer, *, clock: Callable[[], datetime]) -> int:
    """Decide what time has decided, then lease, send and settle one mail after the other.

    The lease is committed before the mail leaves, and its result after: a crash in between leaves it unknown, and
    nothing is sent twice by accident.
    """
    with transaction():
        swept = mail.sweep(clock())
        messages.tell_of_failed_mail(swept.given_up, now=clock())
    sent = in_a_row = 0
    for _ in range(MOST_PER_RUN):
        if runner.stopping.is_set() or in_a_row >= FAILURES_IN_A_ROW:
            break
        with transaction():
            lease = mail.claim(clock())
        if lease is None:
            break
        is_sent = _send(mailer, lease, clock)
        sent += is_sent
        in_a_row = 0 if is_sent else in_a_row + 1
    return sent


def _send(mailer: Mailer, lease: mail.Lease, clock: Callable[[], datetime]) -> bool:
    """Send one leased mail outside any transaction, and write down what came of it."""
    content = mail_text.render(lease.template, language=lease.language)
    letter = OutgoingLetter(
        lease.to, content.subject, content.text, content.html, lease.attempt_id, categories=(lease.template,)
    )
    try:
        accepted = mailer.send(letter)
    except MailProblem as problem:
        log.warning("mail not taken on", attempt=lease.attempt_id, kind=type(problem).__name__, reason=problem.reason)
        _settle(lease, problem, clock())
        return False
    with transaction():
        mail.mark_accepted(lease, accepted.message_id, now=clock())
    return True


def _settle(lease: mail.Lease, problem: MailProblem, now: datetime) -> None:
    """Write down what a failure means for the mail."""
    with transaction():
        if isinstance(problem, Temporary):
            mail.mark_temporary(lease, problem.reason, now=now, retry_after=problem.retry_after)
        elif isinstance(problem, Permanent):
            mail.mark_permanent(lease, problem.reason, now=now)
            messages.tell_of_failed_mail([lease.recipient_id], now=now)
        else:
            mail.mark_unknown(lease, problem.reason, now=now)
