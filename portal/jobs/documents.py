"""Documents that came in while the malware scanner did not answer."""

from datetime import datetime

from portal.core.jobs import ScheduledJob
from portal.db import transaction
from portal.jobs.registry import job
from portal.services import documents


@job(ScheduledJob.SCAN_DOCUMENTS, minutes=5)
def scan_waiting(now: datetime) -> int:
    """Look through each of them once more, each in its own transaction. Returns how many can be opened or are gone."""
    done = 0
    for document_id in documents.list_waiting():
        with transaction():
            done += documents.scan_again(document_id, now=now)
    return done
