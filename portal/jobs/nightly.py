"""What the calendar decides at night: drafts left alone, offers without an answer, windows that open and close."""

from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta

import structlog

from portal.core.actor import SYSTEM
from portal.core.clock import local_date
from portal.core.jobs import ScheduledJob
from portal.db import transaction
from portal.jobs.registry import job
from portal.queries import counselling_desk
from portal.queries import counselling_unmet as counselling_unmet_queries
from portal.queries import programme_versions as version_queries
from portal.queries import referrals as referral_queries
from portal.queries import requests as request_queries
from portal.services import (
    children,
    counselling_records,
    counselling_unmet,
    followups,
    programme_versions,
    quarters,
    referral_drafts,
    requests,
    silence,
    tasks,
)

log = structlog.get_logger("portal.jobs")
DRAFT_DAYS = timedelta(days=30)


def _each(ids: Iterable[int], change: Callable[[int], object], what: str) -> int:
    """Change each in a transaction of its own: one that fails does not stop the others."""
    done = 0
    for row_id in ids:
        try:
            with transaction():
                change(row_id)
            done += 1
        except Exception as problem:
            log.error("nightly work failed", what=what, row=row_id, kind=type(problem).__name__)
    return done


@job(ScheduledJob.PURGE_DRAFTS, daily=time(4, 0))
def purge_drafts(now: datetime) -> int:
    """Take away drafts of referrals that nobody has touched for 30 days. Returns how many."""
    ids = referral_queries.list_stale_draft_ids(now - DRAFT_DAYS)
    return _each(ids, lambda row: referral_drafts.purge_draft(row, actor=SYSTEM, now=now), "draft")


@job(ScheduledJob.PUBLISH_PROGRAMMES, daily=time(0, 5))
def publish_programmes(now: datetime) -> int:
    """Put versions of programmes in force whose day has come. Returns how many."""

    def put_in_force(row: int) -> None:
        programme_versions.put_in_force(row, actor=SYSTEM, now=now)

    return _each(version_queries.list_due(local_date(now)), put_in_force, "programme")


@job(ScheduledJob.RETURN_OFFERS, daily=time(4, 10))
def return_offers(now: datetime) -> int:
    """Give back places that were offered and not answered in time. Returns how many."""

    def give_back(row: int) -> None:
        requests.return_offer(request_queries.get_by_id(row), actor=SYSTEM, now=now)

    return _each(request_queries.list_expired_ids(local_date(now)), give_back, "offer")


@job(ScheduledJob.TURN_FOLLOW_UPS, daily=time(4, 20))
def turn_follow_ups(now: datetime) -> int:
    """Open and close the windows of follow-ups. Returns how many changed."""
    with transaction():
        return followups.expire_overdue(actor=SYSTEM, now=now)


@job(ScheduledJob.FIND_UNSPOKEN_CHILDREN, daily=time(4, 40))
def find_unspoken_children(now: datetime) -> int:
    """Put children whom nobody has spoken with for sixty days on their worker's list. Returns how many."""
    with transaction():
        return children.put_up_unspoken(now=now)


@job(ScheduledJob.FIND_SILENCE, daily=time(4, 50))
def find_silence(now: datetime) -> int:
    """Put women whom nobody has reached for too long on their worker's list (R-724). Returns how many."""
    with transaction():
        return silence.put_up(now=now)


@job(ScheduledJob.CALL_FOR_STATISTICS, daily=time(4, 55))
def call_for_statistics(now: datetime) -> int:
    """Put up the statistics of a quarter that comes to its end, for the leads of each centre. Returns how many."""
    with transaction():
        return quarters.put_up(now=now)


@job(ScheduledJob.MISS_OFFERS, daily=time(4, 30))
def miss_offers(now: datetime) -> int:
    """Put up who has moved out without an offer of counselling (R-672). Returns how many rows came of it."""

    told: list[bool] = []

    def put_up(row: int) -> None:
        told.append(counselling_records.raise_missed(row, actor=SYSTEM, now=now))

    _each(counselling_desk.list_missed_ids(local_date(now)), put_up, "offer of counselling")
    return sum(told) + _tell_municipalities(now)


def _tell_municipalities(now: datetime) -> int:
    """The same for a municipality of which nobody works in the case (R-867); what it need not do any more goes."""
    today = local_date(now)
    houses = dict(counselling_unmet_queries.list_untold(today))
    with transaction():
        for one in counselling_unmet_queries.list_needless(today):
            counselling_unmet.take_off(one, actor=SYSTEM, now=now)
    return _each(houses, lambda row: counselling_unmet.tell(row, houses[row], now=now), "offer of counselling")


@job(ScheduledJob.EXPIRE_TASKS, minutes=30)
def expire_tasks(now: datetime) -> int:
    """Take tasks off the board whose time has come. Returns how many."""
    with transaction():
        return tasks.expire_past(actor=SYSTEM, now=now)
