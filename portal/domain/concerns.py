"""The notice of concern for a child: which paragraph it goes by, from when on the municipality is late, who may know.

Paragraphs stand in one table by date, and nowhere else: a new act is a new row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.core.audit_tags import Audit
from portal.core.children import ConcernState, NotifierDuty
from portal.core.enums import Permission, Role
from portal.domain.deadlines import ClockKey, due_on
from portal.domain.workflow import Step


class ConcernAction(StrEnum):
    CHANGE = "change"
    SEND = "send"
    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True)
class Basis:
    """By what one notifies who has this duty, from a day until the day before the next."""

    since: date
    duty: NotifierDuty
    source: str


# Newest first.
BASES = (
    Basis(date(2024, 1, 1), NotifierDuty.PROFESSIONAL, "barnets lov § 133"),
    Basis(date(2024, 1, 1), NotifierDuty.EVERYBODY, "barnets lov § 135"),
    Basis(date(1998, 7, 1), NotifierDuty.PROFESSIONAL, "serviceloven § 153"),
    Basis(date(1998, 7, 1), NotifierDuty.EVERYBODY, "serviceloven § 154"),
)
WORKFLOW: Mapping[ConcernAction, Step[ConcernState]] = {
    ConcernAction.CHANGE: Step(
        frozenset({ConcernState.DRAFTED}), ConcernState.DRAFTED, Permission.CASE_EDIT, Audit.CONCERN_CHANGED
    ),
    ConcernAction.SEND: Step(
        frozenset({ConcernState.DRAFTED}), ConcernState.SENT, Permission.CASE_EDIT, Audit.CONCERN_SENT
    ),
    ConcernAction.RECEIPT: Step(
        frozenset({ConcernState.SENT}), ConcernState.RECEIPTED, Permission.CASE_EDIT, Audit.CONCERN_RECEIPTED
    ),
}


def duty_of(role: Role) -> NotifierDuty:
    """In what capacity this role notifies: a volunteer as everybody does, whoever is employed as a professional."""
    return NotifierDuty.EVERYBODY if role is Role.VOLUNTEER else NotifierDuty.PROFESSIONAL


def basis(duty: NotifierDuty, on: date) -> str:
    """The paragraph that a notice goes by on a day (R-646). Raises LookupError for a day before any act here."""
    for row in BASES:
        if row.duty is duty and row.since <= on:
            return row.source
    raise LookupError(f"no act for {duty} on {on}")


def receipt_due_on(sent_on: date) -> date:
    """The day by which the municipality must have acknowledged it: the sixth weekday after (R-647)."""
    return due_on(ClockKey.CONCERN_RECEIPT, sent_on)


def is_overdue(state: ConcernState, receipt_due: date | None, *, on: date) -> bool:
    """Whether the municipality is late with its receipt (R-647)."""
    return state is ConcernState.SENT and receipt_due is not None and receipt_due < on


def is_kept_back(*, violence_suspected: bool, may_know: bool | None) -> bool:
    """Whether the parents learn nothing of it yet (R-648): so where violence is suspected, unless said otherwise."""
    return violence_suspected if may_know is None else not may_know
