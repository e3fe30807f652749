"""Nothing goes to her but through the gate; what is stopped stands on the work list, with why (R-767)."""

from datetime import datetime

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.kinds import PlaceKind, SubjectType
from portal.core.safe_contact import Barred
from portal.db import db
from portal.domain.safe_contact import CALLS, Leaving, Unsafe, barred
from portal.models.cases import Case
from portal.models.meetings import Meeting
from portal.queries import safe_contact as queries
from portal.services import audit, deadlines
from portal.wall import as_system


def check_call(
    case_id: int | None, place_kind: PlaceKind, starts_at: datetime, ends_at: datetime, *, now: datetime
) -> None:
    """Raise Unsafe for a call to her that her card does not let through; a meeting at a place is none."""
    if case_id is None or place_kind not in CALLS:
        return
    why = barred(queries.find_card(case_id), Leaving(CALLS[place_kind], starts_at, ends_at), now=now)
    if why is not None:
        raise Unsafe(why, case_id=case_id)


def stop(refusal: Unsafe, *, actor: Actor, now: datetime) -> None:
    """Put what was stopped on the list of whoever wanted it: never a silent drop (R-767)."""
    with as_system():
        case = db.session.get_one(Case, refusal.case_id)
        _put_up(case, refusal.why, owner_id=actor.user_id, organisation_id=actor.organisation_id, actor=actor, now=now)


def look_again(case: Case, *, actor: Actor, now: datetime) -> int:
    """She has a new card: what was stopped may be tried anew, and planned calls that it stops are told of.

    Returns how many calls do not pass any more.
    """
    deadlines.call_off(case.public_id, kind=DeadlineKind.CONTACT_BLOCKED, actor=actor, now=now)
    card, stopped = queries.find_card(case.id), 0
    for call in queries.list_calls(case.client_id, now=now):
        why = barred(card, Leaving(CALLS[call.place_kind], call.starts_at, call.ends_at), now=now)
        if why is not None:
            stopped += 1
            _stop_call(call, why, actor=actor, now=now)
    return stopped


def _stop_call(call: Meeting, why: Barred, *, actor: Actor, now: datetime) -> None:
    with as_system():
        case = db.session.get_one(Case, call.case_id)
        holder, house = call.responsible_id, call.organisation_id
        _put_up(case, why, owner_id=holder, organisation_id=house, actor=actor, now=now)


def _put_up(
    case: Case, why: Barred, *, owner_id: int | None, organisation_id: int | None, actor: Actor, now: datetime
) -> None:
    deadlines.put_up(
        DeadlineKind.CONTACT_BLOCKED,
        SubjectType.CASE,
        case.public_id,
        # The last word of the key says why, for the title of the row.
        suffix=f"{owner_id}:{why.value}",
        due_on=local_date(now),
        organisation_id=organisation_id or case.owner_organisation_id,
        owner_id=owner_id,
        case_id=case.id,
        now=now,
    )
    audit.record(
        Audit.CONTACT_BLOCKED,
        SubjectType.CASE,
        case.public_id,
        actor=actor,
        now=now,
        case_id=case.id,
        reason=why.value,
    )
    db.session.flush()
