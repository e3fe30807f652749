"""When a case is closed, and what must be done before."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.core.audit_tags import Audit
from portal.core.enums import Permission
from portal.core.kinds import DeadlineKind
from portal.core.states import CaseState
from portal.domain.workflow import Step


class CaseAction(StrEnum):
    EDIT = "edit"
    CLOSE = "close"


OPEN = frozenset({CaseState.OPEN})

WORKFLOW: Mapping[CaseAction, Step[CaseState]] = {
    CaseAction.EDIT: Step(OPEN, CaseState.OPEN, Permission.CASE_EDIT, Audit.CASE_CHANGED),
    CaseAction.CLOSE: Step(OPEN, CaseState.CLOSED, Permission.CASE_EDIT, Audit.CASE_CLOSED),
}

# What still stands on the work list after the case is closed: asking her three months later.
KEPT_AFTER_CLOSING = frozenset({DeadlineKind.FOLLOW_UP})

# Rows of the work list without a page of their own: done with one press.
DONE_BY_PRESS = frozenset({DeadlineKind.STAY_PLAN, DeadlineKind.OTHER, DeadlineKind.WELFARE_CHECK})
# No law stands behind these days, so they may be put off for a little.
MAY_BE_PUT_OFF = frozenset({DeadlineKind.SAFE_CONTACT_CHECK, DeadlineKind.OTHER, DeadlineKind.WELFARE_CHECK})
LONGEST_PUT_OFF_DAYS = 14


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What is still open in a case, by number."""

    stays: int
    enrolments: int
    requests: int
    claims: int
    grants: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing is open, so that the case may be closed (R-103)."""
        return not (self.stays or self.enrolments or self.requests or self.claims or self.grants)
