"""Tends the keys: wraps them anew, seals anew what is due, takes away what has been replaced.

Each batch is a transaction of its own. A run that is killed leaves nothing half done, and the next one goes on.
"""

from collections.abc import Callable
from datetime import datetime, time

from portal.core.jobs import ScheduledJob
from portal.db import transaction
from portal.jobs.registry import job
from portal.services import key_rotation, reindex, reseal


@job(ScheduledJob.TEND_KEYS, daily=time(1, 15))
def tend(now: datetime) -> int:
    """Do everything that is due to keys and sealed values. Returns how many were changed."""
    return rewrap() + reseal_all() + _until_none(reindex.index_unindexed)


def rewrap() -> int:
    """Wrap everything anew that stands under an old root key or a retired organisation key. Returns how many."""
    done = _until_none(key_rotation.rewrap_roots) + _until_none(key_rotation.rewrap_data_keys)
    with transaction():
        key_rotation.drop_retired_organisation_keys()
    return done


def reseal_all() -> int:
    """Seal everything anew that stands in old envelopes or under a retired data key. Returns how many values."""
    done = 0
    for table in reseal.tables():
        last: int | None = 0
        while last is not None:
            with transaction():
                batch = reseal.reseal_batch(table, last)
            done, last = done + batch.resealed, batch.last_id
    with transaction():
        reseal.drop_retired_data_keys()
    return done


def _until_none(work: Callable[[], int]) -> int:
    done = 0
    while True:
        with transaction():
            batch = work()
        if not batch:
            return done
        done += batch
