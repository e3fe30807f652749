"""Volunteer tasks: who may take one, what is shown when, and the steps of a claim (security 2.6)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from portal.core.audit_tags import Audit
from portal.core.enums import Permission
from portal.core.states import ClaimState, TaskState
from portal.core.volunteers import Requirement, SafetyAdvice
from portal.domain.workflow import Step

OPENS_BEFORE = timedelta(hours=24)
CLOSES_AFTER = timedelta(hours=2)
FREE_RELEASE = timedelta(hours=24)
LIVE_CLAIM = (ClaimState.PENDING, ClaimState.CONFIRMED)
# What can be put off: it has not been done, and nobody has called it off.
MAY_WAIT = (TaskState.DRAFT, TaskState.PUBLISHED, TaskState.FULL, TaskState.CONFIRMED)
# One volunteer sees where one woman is in a day, and where five are in a month (security rule 2.6).
CASES_A_DAY, CASES_A_MONTH = 1, 5


class TaskAction(StrEnum):
    PUBLISH = "publish"
    CANCEL = "cancel"
    VERIFY = "verify"


class ClaimAction(StrEnum):
    CONFIRM = "confirm"
    RELEASE = "release"
    KNOWS_HER = "knows_her"
    TAKE_BACK = "take_back"
    REPORT = "report"


TASK_STEPS: dict[TaskAction, Step[TaskState]] = {
    TaskAction.PUBLISH: Step(
        frozenset({TaskState.DRAFT}), TaskState.PUBLISHED, Permission.TASK_MANAGE, Audit.TASK_PUBLISHED
    ),
    TaskAction.VERIFY: Step(
        frozenset({TaskState.REPORTED}), TaskState.VERIFIED, Permission.TASK_MANAGE, Audit.TASK_VERIFIED
    ),
    TaskAction.CANCEL: Step(
        frozenset({TaskState.DRAFT, TaskState.PUBLISHED, TaskState.FULL, TaskState.CONFIRMED}),
        TaskState.CANCELLED,
        Permission.TASK_MANAGE,
        Audit.TASK_CANCELLED,
    ),
}
CLAIM_STEPS: dict[ClaimAction, Step[ClaimState]] = {
    ClaimAction.CONFIRM: Step(
        frozenset({ClaimState.PENDING}), ClaimState.CONFIRMED, Permission.TASK_MANAGE, Audit.TASK_CONFIRMED
    ),
    ClaimAction.TAKE_BACK: Step(
        frozenset({ClaimState.PENDING, ClaimState.CONFIRMED}),
        ClaimState.WITHDRAWN_BY_STAFF,
        Permission.TASK_MANAGE,
        Audit.TASK_RELEASED,
    ),
    ClaimAction.RELEASE: Step(
        frozenset({ClaimState.PENDING, ClaimState.CONFIRMED}),
        ClaimState.RELEASED,
        Permission.TASK_CLAIM,
        Audit.TASK_RELEASED,
    ),
    ClaimAction.KNOWS_HER: Step(
        frozenset({ClaimState.CONFIRMED}), ClaimState.RELEASED, Permission.TASK_CLAIM, Audit.TASK_RELEASED
    ),
    ClaimAction.REPORT: Step(
        frozenset({ClaimState.CONFIRMED}), ClaimState.DONE, Permission.TASK_CLAIM, Audit.TASK_DONE
    ),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a volunteer sees of a task that she has taken."""

    card: bool
    exact_time: bool
    meeting_point: bool
    private: bool


class Papers(Protocol):
    """What is on record about a volunteer."""

    pledged_on: date | None
    trained_on: date | None
    certificate_until: date | None
    opens_on: date | None
    is_suspended: bool


def missing_requirements(papers: Papers, *, needs_certificate: bool, on: date, today: date) -> tuple[Requirement, ...]:
    """What this volunteer lacks for a task on that Danish day; empty when she can take it (R-130).

    A declaration and training are needed for every task, a valid child certificate where there are children.
    """
    is_certified = papers.certificate_until is not None and papers.certificate_until >= on
    lacking = {
        Requirement.ACTIVE: papers.is_suspended,
        Requirement.READY: papers.opens_on is not None and papers.opens_on > today,
        Requirement.PLEDGE: papers.pledged_on is None,
        Requirement.TRAINING: papers.trained_on is None,
        Requirement.CERTIFICATE: needs_certificate and not is_certified,
    }
    return tuple(requirement for requirement, is_missing in lacking.items() if is_missing)


def window(
    *, confirmed_at: datetime | None, done_at: datetime | None, starts_at: datetime, ends_at: datetime
) -> tuple[datetime, datetime] | None:
    """From when until when a confirmed volunteer sees who and where; None before confirmation (R-131).

    Opens 24 hours before the start, or at a later confirmation; closes at completion or two hours after the end.
    """
    if confirmed_at is None:
        return None
    closes = ends_at + CLOSES_AFTER
    return max(confirmed_at, starts_at - OPENS_BEFORE), closes if done_at is None else min(done_at, closes)


def shown_to(
    state: ClaimState, opening: tuple[datetime, datetime] | None, *, now: datetime, is_held: bool = False
) -> Shown:
    """Which details of a task a volunteer sees, by the state of her claim and the clock (R-131).

    When the window is shut nothing is left, also of the card: what she has yet to log is a kind and a month. The same
    of a task that is put off, whatever the clock says (R-634).
    """
    if is_held:
        return Shown(card=False, exact_time=False, meeting_point=False, private=False)
    is_confirmed = state is ClaimState.CONFIRMED
    is_open = is_confirmed and opening is not None and opening[0] <= now < opening[1]
    is_over = state not in LIVE_CLAIM or (opening is not None and now >= opening[1])
    return Shown(
        card=not is_over,
        exact_time=is_confirmed and not is_over,
        meeting_point=is_confirmed and not is_over,
        private=is_open,
    )


def safety_advice(*, is_accompanied: bool, has_children: bool) -> tuple[SafetyAdvice, ...]:
    """What of the fixed list is shown with a task inside its window (security rule 2.6)."""
    left_out = {
        SafetyAdvice.NOT_ALONE if is_accompanied else SafetyAdvice.WAIT_FOR_STAFF,
        None if has_children else SafetyAdvice.NOT_ALONE_WITH_CHILD,
    }
    return tuple(one for one in SafetyAdvice if one not in left_out)


def must_tell_why(*, starts_at: datetime, now: datetime) -> bool:
    """Whether giving back asks for a reason: less than 24 hours are left (R-132)."""
    return starts_at - now < FREE_RELEASE
