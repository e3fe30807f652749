"""A silence that has lasted too long stands on the worker's list, once; it goes when somebody reaches her."""

from datetime import date, datetime

from portal.core.actor import SYSTEM, Actor
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.kinds import SubjectType
from portal.models.cases import Case
from portal.queries import silence as queries
from portal.services import case_marks, deadlines


def put_up(*, now: datetime) -> int:
    """Put up who has not been reached for too long, once each time, and take down what is over (R-724)."""
    today, told = local_date(now), 0
    for public_id in queries.list_over():
        reached(public_id, actor=SYSTEM, now=now)
    for case, since in queries.list_to_tell(today):
        worker_id = case_marks.primary_of(case)
        # A case without anybody waits for a team first; it is found again the night after.
        if worker_id is None:
            continue
        deadlines.put_up(
            DeadlineKind.SILENCE,
            SubjectType.CASE,
            case.public_id,
            suffix=since.isoformat(),
            due_on=today,
            organisation_id=case.owner_organisation_id,
            owner_id=worker_id,
            case_id=case.id,
            now=now,
        )
        told += 1
    return told


def reached(case_public_id: str, *, actor: Actor, now: datetime) -> None:
    """Somebody has reached her: what the work list says of the silence before goes. Trying does nothing."""
    deadlines.call_off(case_public_id, kind=DeadlineKind.SILENCE, actor=actor, now=now)


def since(case_id: int) -> date:
    """When somebody reached her last, as the notes and meetings of the case say now."""
    return queries.find_since(case_id)


def has_moved(case: Case, before: date, *, actor: Actor, now: datetime) -> None:
    """A contact of another day is told of only now: where it ends a silence, that leaves the work list."""
    if queries.find_since(case.id) != before:
        reached(case.public_id, actor=actor, now=now)


def holds_again(case: Case) -> None:
    """What reached her is gone: the silence that it ended stands on the list again, if it is the one of now (R-823)."""
    deadlines.bring_back_one(DeadlineKind.SILENCE, case.public_id, queries.find_since(case.id).isoformat())


def not_reached_after_all(case_public_id: str, *, since: datetime) -> None:
    """The contact of that very moment was a slip: what the work list said of the silence stands there again (R-784)."""
    deadlines.bring_back(case_public_id, kind=DeadlineKind.SILENCE, closed_at=since)
