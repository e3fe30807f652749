"""What is looked after by itself for her safety: the watch list, emergencies, protection lowered or running out."""

from datetime import datetime, time

from portal.core.jobs import ScheduledJob
from portal.db import transaction
from portal.jobs.registry import job
from portal.services import apart, break_glass, protection, watch_matches


@job(ScheduledJob.GUARD, daily=time(3, 50))
def guard(now: datetime) -> int:
    """Compare all accounts with the watch list. Returns how many matches are new."""
    with transaction():
        return watch_matches.look_through(now=now)


@job(ScheduledJob.REVIEW_EMERGENCIES, minutes=60)
def review_emergencies(now: datetime) -> int:
    """Tell the data-protection officers of emergency accesses that nobody has looked at in 48 hours (R-378)."""
    with transaction():
        return break_glass.tell_of_unreviewed(now=now)


@job(ScheduledJob.LOWER_PROTECTION, minutes=30)
def lower_protection(now: datetime) -> int:
    """Carry out lower protection that two people agreed on a day ago. Returns how many."""
    with transaction():
        return protection.carry_out_due(now=now)


@job(ScheduledJob.REMIND_PROTECTION, daily=time(5, 10))
def remind_protection(now: datetime) -> int:
    """Remind of address protection that lapses in 60 or 14 days. Returns how many were told."""
    with transaction():
        return protection.remind_of_lapse(now=now)


@job(ScheduledJob.ASK_APART, minutes=15)
def ask_apart(now: datetime) -> int:
    """Ask the teams of cases that somebody wants to keep hers apart from (R-755). Returns how many were asked."""
    with transaction():
        return apart.look_for(now=now)
