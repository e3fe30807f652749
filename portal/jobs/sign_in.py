"""Tells administrators who has forgotten a password: later, so that the page that asks costs the same for everybody."""

from datetime import datetime

from portal.core.jobs import ScheduledJob
from portal.db import transaction
from portal.jobs.registry import job
from portal.services import account_codes


@job(ScheduledJob.ANSWER_CODE_WISHES, minutes=1)
def answer_code_wishes(now: datetime) -> int:
    """Tell the administrators of those who asked. Returns how many they are told of (R-446)."""
    with transaction():
        return account_codes.answer_wishes(now=now)
