"""Looks every minute for unusual use, and every night for employees who may be close to somebody in a case."""

from collections.abc import Callable
from datetime import datetime, time
from functools import partial

import structlog

from portal.core.clock import local_date
from portal.core.jobs import ScheduledJob
from portal.db import transaction
from portal.jobs.registry import intervals, job
from portal.queries import organisations
from portal.services import alert_rules, audit_seal, reviews, watch

MONDAY = 0
log = structlog.get_logger("portal.jobs")


@job(ScheduledJob.RAISE_ALERTS, minutes=1)
def raise_alerts(now: datetime) -> int:
    """Look at every rule, and tell of matches. Returns how much is new; a rule that fails does not stop the others."""
    machine = partial(alert_rules.machine_late, intervals=intervals())
    rules: list[Callable[[datetime], int]] = [*alert_rules.EVERY_MINUTE, watch.tell_new, machine, _anchors]
    return sum(_raise(rule, now) for rule in rules)


def _anchors(now: datetime) -> int:
    return audit_seal.watch_anchors(now=now)


def _raise(rule: Callable[[datetime], int], now: datetime) -> int:
    try:
        with transaction():
            return rule(now)
    except Exception as problem:
        log.error("alarm rule failed", rule=getattr(rule, "__name__", "machine_late"), kind=type(problem).__name__)
        return 0


@job(ScheduledJob.MATCH_SURNAMES, daily=time(3, 10))
def match_surnames(now: datetime) -> int:
    """Look for employees who may be close to somebody in a case. Returns how many pairs are new."""
    with transaction():
        return alert_rules.close_to_party(now)


@job(ScheduledJob.DRAW_SAMPLES, daily=time(5, 0))
def draw_samples(now: datetime) -> int:
    """On Mondays: draw looks of the last week in each organisation. Returns how many."""
    if local_date(now).weekday() != MONDAY:
        return 0
    drawn = 0
    for organisation_id in organisations.list_active_ids():
        with transaction():
            drawn += reviews.draw_samples(organisation_id, now=now)
    return drawn
