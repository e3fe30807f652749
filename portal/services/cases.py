"""The case itself: opened, its team, her move. How it ends is in `closing.py`."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.enums import Permission
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.ids import new_public_id, new_reference
from portal.core.risk import ReviewReason
from portal.core.states import CaseState
from portal.db import db
from portal.domain.cases import WORKFLOW, CaseAction
from portal.domain.permissions import require
from portal.domain.workflow import check_step, check_version
from portal.models.cases import Case, ReferenceCounter, TeamMember
from portal.models.clients import Client
from portal.services import bridge, case_marks, counselling_records, cti, municipalities, risk_reviews
from portal.services.addresses import set_address
from portal.services.clients import (
    Identity,
    confirm_card,
    set_identity,
    set_safe_contact,
    set_ways,
    write_identity,
)
from portal.services.municipalities import set_municipalities
from portal.services.stays import correct_admission, end_stay, record_stay
from portal.services.team import add_colleague, hand_over_primary, join_team, leave_team, scope_of

__all__ = [
    "Brought",
    "Identity",
    "add_colleague",
    "confirm_card",
    "correct_admission",
    "end_stay",
    "hand_over_primary",
    "join_team",
    "leave_team",
    "open_case",
    "plan_move",
    "record_move",
    "record_stay",
    "set_address",
    "set_aside",
    "set_identity",
    "set_municipalities",
    "set_safe_contact",
    "set_ways",
]


@dataclass(frozen=True, slots=True)
class Brought:
    """A case that comes from a house's own list, with the reference that was set aside for it."""

    reference: str


def set_aside(count: int, *, now: datetime) -> list[str]:
    """References for so many cases. To be saved at once: whoever opens a case meanwhile waits for the next number."""
    return _next_references(local_date(now).year, count)


def _next_references(year: int, count: int) -> list[str]:
    statement = insert(ReferenceCounter).values(year=year, last=count)
    last = db.session.scalar(
        statement.on_conflict_do_update(
            index_elements=["year"], set_={"last": ReferenceCounter.last + count}
        ).returning(ReferenceCounter.last)
    )
    return [f"{year}-{number:04d}" for number in range((last or 0) - count + 1, (last or 0) + 1)]


def open_case(
    *,
    actor: Actor,
    now: datetime,
    name: str | None = None,
    birth_year: int | None = None,
    cpr: str | None = None,
    phone: str | None = None,
    language: str | None = None,
    needs_interpreter: bool = False,
    needs_accessible: bool = False,
    responsible_municipality_code: str | None = None,
    owner_organisation_id: int | None = None,
    allow_invented_cpr: bool = False,
    brought: Brought | None = None,
) -> Case:
    """Open a case by the safe minimum: nothing about who she is has to be known (R-105).

    The person who opens it becomes the one whom the others ask. `brought` by a file, it has its reference already.
    Returns the case with client loaded. Raises Invalid.
    """
    require(actor, Permission.CASE_OPEN)
    reference = brought.reference if brought else _next_references(local_date(now).year, 1)[0]
    case = _new_case(reference, owner_organisation_id, actor=actor, now=now)
    case.responsible_municipality_code = responsible_municipality_code or None
    db.session.add(case)
    db.session.flush()
    case_marks.record(Audit.CASE_OPENED, case, actor=actor, now=now)
    _first_member(case, actor=actor, now=now)
    municipalities.note_first(case, actor=actor, now=now)
    # Written without asking for the right to edit: intake opens cases that it never edits.
    write_identity(
        case,
        Identity(name, birth_year, cpr, phone, language, needs_interpreter, needs_accessible),
        actor=actor,
        now=now,
        allow_invented_cpr=allow_invented_cpr,
        tag=Audit.CASE_IMPORTED if brought else Audit.CASE_CHANGED,
    )
    return case


def _new_case(reference: str, owner_organisation_id: int | None, *, actor: Actor, now: datetime) -> Case:
    return Case(
        public_id=new_public_id(),
        client=Client(public_id=new_public_id(), protection_level=0, needs_interpreter=False, version=1),
        reference=reference,
        lead_reference=new_reference(),
        owner_organisation_id=owner_organisation_id or actor.organisation_id,
        state=CaseState.OPEN,
        opened_at=now,
        opened_by_id=actor.user_id,
    )


def _first_member(case: Case, *, actor: Actor, now: datetime) -> None:
    db.session.add(
        TeamMember(
            case_id=case.id,
            user_id=actor.user_id,
            membership_id=actor.membership_id,
            organisation_id=actor.organisation_id,
            is_primary=True,
            scope=scope_of(actor.role),
            joined_at=now,
        )
    )
    db.session.flush()


def plan_move(
    case: Case, planned_move_on: date | None, *, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Set when she plans to move into her own home; None when nobody knows. Raises Stale, NotNow."""
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    check_version(version, case.version)
    case.planned_move_on = planned_move_on
    db.session.flush()
    counselling_records.note_plan(case, actor=actor, now=now)
    bridge.note_plan(case, actor=actor, now=now)
    case_marks.record(Audit.MOVE_PLANNED, case, actor=actor, now=now)
    db.session.flush()


def record_move(case: Case, moved_on: date, *, actor: Actor, now: datetime, version: int | None = None) -> None:
    """Record the day she moved into her own home, from which CTI and the counselling count (R-112).

    Her safety is looked at anew there (R-631).
    Raises Invalid for a day that has not come, Stale, NotNow.
    """
    check_step(WORKFLOW, CaseAction.EDIT, case.state, actor)
    check_version(version, case.version)
    if moved_on > local_date(now):
        raise Invalid(_("The day has not come yet. Write it as the planned day."), field="moved_on")
    is_new, case.moved_on = case.moved_on != moved_on, moved_on
    db.session.flush()
    cti.note_move(case.id, moved_on, actor=actor, now=now)
    counselling_records.note_move(case.id, moved_on, actor=actor, now=now)
    if is_new:
        risk_reviews.ask(case, ReviewReason.MOVED, actor=actor, now=now)
    case_marks.record(Audit.MOVED_IN, case, actor=actor, now=now)
    db.session.flush()
