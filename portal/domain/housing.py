"""Homes and tenancies: their states, months, ladder and extension (R-360 to R-366)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.core.audit_tags import Audit
from portal.core.clock import add_months
from portal.core.enums import Permission
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.states import TenancyState as T
from portal.core.states import UnitState as U
from portal.domain.deadlines import ClockKey, newest, tenancy_end
from portal.domain.workflow import Step

MANAGE, ASK, DECIDE = Permission.HOUSING_MANAGE, Permission.TENANCY_ASK, Permission.TENANCY_DECIDE
MONTHS = newest(ClockKey.TENANCY).amount
LONGEST = MONTHS + newest(ClockKey.TENANCY_EXTENSION).amount
EXTENSION_MOST = 24
ASK_FROM, ASK_UNTIL = 9, 6


class UnitAction(StrEnum):
    MAKE_READY = "make_ready"
    ACCEPT = "accept"
    STOP = "stop"
    CLOSE_DOWN = "close_down"
    REOPEN = "reopen"
    HOLD = "hold"
    RELEASE = "release"
    MOVE_IN = "move_in"
    NOTICE = "notice"
    MOVE_OUT = "move_out"


def _unit(target: U, *sources: U, audit: Audit = Audit.UNIT_CHANGED) -> Step[U]:
    return Step(frozenset(sources), target, MANAGE, audit)


UNIT_STEPS: dict[UnitAction, Step[U]] = {
    UnitAction.MAKE_READY: _unit(U.VACANT_READY, U.VACANT_NOT_READY),
    UnitAction.ACCEPT: _unit(U.ACCEPTING, U.VACANT_READY),
    UnitAction.STOP: _unit(U.VACANT_READY, U.ACCEPTING),
    UnitAction.CLOSE_DOWN: _unit(U.OUT_OF_SERVICE, U.VACANT_NOT_READY, U.VACANT_READY, U.ACCEPTING),
    UnitAction.REOPEN: _unit(U.VACANT_NOT_READY, U.OUT_OF_SERVICE),
    UnitAction.HOLD: _unit(U.HELD, U.ACCEPTING, audit=Audit.UNIT_HELD),
    UnitAction.RELEASE: _unit(U.ACCEPTING, U.HELD),
    UnitAction.MOVE_IN: _unit(U.OCCUPIED, U.HELD),
    UnitAction.NOTICE: _unit(U.NOTICE_GIVEN, U.OCCUPIED),
    UnitAction.MOVE_OUT: _unit(U.VACANT_NOT_READY, U.NOTICE_GIVEN),
}
# What the coordinator does with the home itself; the others follow a tenancy.
BY_HAND = (
    UnitAction.MAKE_READY,
    UnitAction.ACCEPT,
    UnitAction.STOP,
    UnitAction.CLOSE_DOWN,
    UnitAction.REOPEN,
)


# A home that is free, or will be on a known day: somebody can be offered it.
VACANT = (U.ACCEPTING, U.VACANT_READY, U.VACANT_NOT_READY)


class TenancyAction(StrEnum):
    MOVE_IN = "move_in"
    NOT_TAKEN = "not_taken"
    ASK = "ask_extension"
    GRANT = "grant_extension"
    REFUSE = "refuse_extension"
    NOTICE = "give_notice"
    MOVE_OUT = "move_out"


def _tenancy(target: T, audit: Audit, *sources: T, permission: Permission = MANAGE) -> Step[T]:
    return Step(frozenset(sources), target, permission, audit)


TENANCY_STEPS: dict[TenancyAction, Step[T]] = {
    TenancyAction.MOVE_IN: _tenancy(T.ACTIVE, Audit.TENANCY_STARTED, T.RESERVED),
    TenancyAction.NOT_TAKEN: _tenancy(T.NOT_TAKEN, Audit.UNIT_CHANGED, T.RESERVED),
    # Her caseworker asks; whoever looks after the homes, or the lead, decides.
    TenancyAction.ASK: _tenancy(T.EXTENSION_REQUESTED, Audit.TENANCY_EXTENSION_ASKED, T.ACTIVE, permission=ASK),
    TenancyAction.GRANT: _tenancy(
        T.EXTENDED, Audit.TENANCY_EXTENSION_DECIDED, T.EXTENSION_REQUESTED, permission=DECIDE
    ),
    TenancyAction.REFUSE: _tenancy(T.ACTIVE, Audit.TENANCY_EXTENSION_DECIDED, T.EXTENSION_REQUESTED, permission=DECIDE),
    TenancyAction.NOTICE: _tenancy(T.NOTICE, Audit.TENANCY_NOTICE_GIVEN, T.ACTIVE, T.EXTENSION_REQUESTED, T.EXTENDED),
    TenancyAction.MOVE_OUT: _tenancy(T.MOVED_OUT, Audit.TENANCY_ENDED, T.NOTICE),
}


class Destination(StrEnum):
    """Where she went: a kind of home, never a place."""

    OWN_HOME = "own_home"
    FAMILY = "family"
    CENTRE = "centre"
    OTHER_HOUSING = "other_housing"
    BACK_TO_PARTNER = "back_to_partner"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Progress:
    """Month `month` of `months`; whether an answer about the extension is due."""

    month: int
    months: int
    needs_answer: bool
    is_extended: bool


def can_be_given(state: U, ready_on: date | None) -> bool:
    """Whether a place in this home can be offered: it is free, or the day on which it will be ready is known."""
    return state in VACANT and (state is not U.VACANT_NOT_READY or ready_on is not None)


def end_of(moved_in_on: date, extension_months: int = 0) -> date:
    """The agreed end: 24 months from moving in and at most 24 more (R-074). Raises Invalid (`months`)."""
    if not 0 <= extension_months <= EXTENSION_MOST:
        raise Invalid(_("A tenancy can be extended once, by at most 24 months."), field="months")
    return tenancy_end(moved_in_on, extension_months=extension_months)


def month_number(start: date, today: date) -> int:
    """Which month of the tenancy a day lies in, the first being 1; 0 before she has moved in."""
    if today < start:
        return 0
    months = (today.year - start.year) * 12 + today.month - start.month
    return months + (add_months(start, months) <= today)


def progress(start: date, months: int, state: T, today: date, *, is_decided: bool = False) -> Progress:
    """How far a tenancy has come (R-361): an answer is due from nine months before the end until it is given."""
    near = today >= add_months(start, months - ASK_FROM)
    asks = state is T.EXTENSION_REQUESTED or (state is T.ACTIVE and months <= MONTHS and near and not is_decided)
    return Progress(min(month_number(start, today), months), months, asks, months > MONTHS)


def asking_days(end: date) -> tuple[date, date]:
    """The first and the last day on which an extension of a tenancy with this end can be asked for (R-362)."""
    return add_months(end, -ASK_FROM), add_months(end, -ASK_UNTIL)


def check_may_ask(end: date, months: int, is_decided: bool, today: date) -> None:
    """Raise NotNow unless it is between nine and six months before the end, and for the first time (R-362)."""
    if months > MONTHS or is_decided:
        raise NotNow(_("The extension has been decided already. It is given once."))
    first, last = asking_days(end)
    if not first <= today <= last:
        raise NotNow(_("An extension is asked for between nine and six months before the end."))


def check_reason(reason: str | None, field: str = "reason") -> str:
    """A reason in words. Raises Invalid beside the field."""
    text = (reason or "").strip()
    if not text:
        raise Invalid(_("Write a reason in a few words."), field=field)
    return text


def check_gap(stay_ended_on: date | None, moved_in_on: date, reason: str | None) -> None:
    """Raise Invalid (`gap_reason`) when she did not come directly from the stay and nobody has said why (R-363)."""
    if stay_ended_on is not None and stay_ended_on >= moved_in_on:
        return
    if not (reason or "").strip():
        raise Invalid(_("She did not move in directly from the stay. Write why."), field="gap_reason")
