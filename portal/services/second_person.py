"""What one has begun waits for a second person of the team: whoever can agree is told, and it stands on a list."""

from collections.abc import Iterable
from datetime import datetime

from portal.core.actor import Actor
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.models.cases import Case
from portal.services import deadlines, messages


def call(
    case: Case,
    kind: DeadlineKind,
    waiting: str,
    colleagues: Iterable[int],
    *,
    owner_id: int | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Tell these colleagues once that something of the case waits, and put it on the owner's list for today.

    `waiting` is the public id of what waits: with `kind` it is the key under which the row is finished later.
    """
    for colleague in colleagues:
        messages.notify(
            MessageKind.SECOND_PERSON_NEEDED,
            colleague,
            SubjectType.CASE,
            case.public_id,
            actor=actor,
            now=now,
            case_id=case.id,
            dedupe_key=f"{kind.value}:{waiting}:{colleague}",
        )
    deadlines.put_up(
        kind,
        SubjectType.CASE,
        case.public_id,
        suffix=waiting,
        due_on=local_date(now),
        organisation_id=case.owner_organisation_id,
        owner_id=owner_id,
        case_id=case.id,
        now=now,
    )
