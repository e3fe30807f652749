"""Opens the cases of spreadsheets that somebody has started."""

from datetime import datetime

import structlog
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.core.clock import utc_now
from portal.core.errors import DomainError
from portal.core.jobs import ScheduledJob
from portal.db import transaction
from portal.jobs import runner
from portal.jobs.registry import job
from portal.services import import_runs
from portal.services.import_runs import Claim, RowFailed
from portal.wall import beside_as_system

log = structlog.get_logger("portal.jobs")
# How often the page is told how far it is, in rows.
STEP = 10


@job(ScheduledJob.RUN_IMPORTS, minutes=1, is_quick=True)
def run_imports(now: datetime) -> int:
    """Open the cases of every file that waits, each file in one transaction. Returns how many cases."""
    opened = 0
    while not runner.stopping.is_set():
        with transaction():
            claim = import_runs.claim(now=utc_now())
        if claim is None:
            break
        opened += _run(claim)
    return opened


def _run(claim: Claim) -> int:
    """One file. Whatever stands in its way, nothing of it is left."""
    with force_locale(claim.language):
        return _try(claim)


def _try(claim: Claim) -> int:
    try:
        with transaction():
            references = import_runs.references_for(claim, now=utc_now())
        with transaction():
            return import_runs.run(
                claim,
                references,
                now=utc_now(),
                progress=lambda done: _progress(claim, done),
                allow_invented_cpr=bool(current_app.config["PORTAL_DEMO"] or current_app.config["TESTING"]),
            )
    except RowFailed as failed:
        _fail(claim, failed.row, failed.text)
    except DomainError as refusal:
        _fail(claim, None, str(refusal))
    except Exception as problem:
        log.error("import failed", kind=type(problem).__name__)
        _fail(claim, None, _("Something went wrong that is not in the file. Nothing was kept. Start it again."))
    return 0


def _fail(claim: Claim, row: int | None, text: str) -> None:
    with transaction():
        import_runs.fail(claim, row, text, now=utc_now())


def _progress(claim: Claim, done: int) -> None:
    """Beside the transaction of the run, so that the page sees it while nothing else can be seen."""
    if done % STEP:
        return
    with beside_as_system() as beside:
        import_runs.note_progress(beside, claim, done, now=utc_now())
