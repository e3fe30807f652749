"""What the calendar decides about people and organisations: roles that fall asleep, deputies, access that ends."""

from datetime import datetime, time

from portal.core.jobs import ScheduledJob
from portal.db import transaction
from portal.jobs.registry import job
from portal.services import absences, organisation_exits, suspensions


@job(ScheduledJob.REVIEW_STAFF, daily=time(4, 30))
def review_staff(now: datetime) -> int:
    """Put to sleep what nobody uses or confirms, and tell before it happens. Returns how many roles sleep now."""
    with transaction():
        return suspensions.review(now)


@job(ScheduledJob.REVOKE_LEFT, daily=time(4, 40))
def revoke_left(now: datetime) -> int:
    """End the access of organisations that have been leaving for 30 days. Returns how many."""
    with transaction():
        return organisation_exits.revoke_due(now)


@job(ScheduledJob.TURN_ABSENCES, minutes=60)
def turn_absences(now: datetime) -> int:
    """Begin and end deputies by the calendar. Returns how many changed."""
    with transaction():
        return absences.turn(now)
