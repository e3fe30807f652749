"""Every clock as a row: what starts it, how long it runs, how binding it is, who acts, when it warns, what ends it.

The rows stand in `reference/clocks.toml`. A row holds from a day to a day: what began under an older row keeps it.
Paragraphs are in `law.py`.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.domain.law import FOLDER, Dated, Law, days_of
from portal.domain.words import Worded

# So many days before the day somebody is reminded where a row says nothing else.
WARNS_DAYS = 3
TODAYS = "dk"


class ClockKind(StrEnum):
    """How binding a clock is."""

    STATUTORY = "statutory"
    GUIDANCE = "guidance"
    METHOD = "method"
    PROGRAMME = "programme"
    CENTRE = "centre_standard"
    LOCAL = "local"
    PROPOSED = "proposed"


class Unit(StrEnum):
    HOURS = "hours"
    DAYS = "days"
    WEEKDAYS = "weekdays"
    WEEKS = "weeks"
    MONTHS = "months"
    # Used up and not passed: hours of treatment, meetings of a course.
    USED_HOURS = "used_hours"


class ClockKey(StrEnum):
    """What is timed."""

    ADMISSION_NOTICE = "admission_notice"
    DISCHARGE_NOTICE = "discharge_notice"
    COUNSELLING_OFFER = "counselling_offer"
    FIRST_MUNICIPAL_MEETING = "first_municipal_meeting"
    STAY_PLAN = "stay_plan"
    COUNSELLING_END = "counselling_end"
    PSYCHOLOGIST_START = "psychologist_start"
    PSYCHOLOGIST_HOURS = "psychologist_hours"
    CHILD_PSYCHOLOGIST_HOURS = "child_psychologist_hours"
    CTI_PHASE = "cti_phase"
    CTI_LEGAL_BASIS = "cti_legal_basis"
    CTI_PHASE_PLAN = "cti_phase_plan"
    GROUP_STEP = "group_step"
    GROUP_LENGTH = "group_length"
    AMBULATORY_GROUP = "ambulatory_group"
    TENANCY = "tenancy"
    TENANCY_EXTENSION = "tenancy_extension"
    FURNISHING_COURSE = "furnishing_course"
    FURNISHING_ANSWER = "furnishing_answer"
    PROTECTION_LAPSE = "protection_lapse"
    CONCERN_RECEIPT = "concern_receipt"
    SUBJECT_REQUEST = "subject_request"
    BREACH_NOTICE = "breach_notice"
    SHELTER_STATISTICS = "shelter_statistics"
    RISK_REVIEW = "risk_review"
    SAFETY_REVIEW = "safety_review"
    SAFETY_REVIEW_AT_ONCE = "safety_review_at_once"
    REFERRAL_ANSWER = "referral_answer"
    REFERRAL_INFO = "referral_info"
    FIRST_CONTACT = "first_contact"
    SAFE_CONTACT_CHECK = "safe_contact_check"
    CHILD_CERTIFICATE = "child_certificate"
    GRANT_ANSWER = "grant_answer"
    GRANT_ANSWER_URGENT = "grant_answer_urgent"
    GRANT_APPROVAL = "grant_approval"
    GRANT_PAYMENT = "grant_payment"
    GRANT_RECEIPT = "grant_receipt"
    FOLLOW_UP_AFTER_END = "follow_up_after_end"
    WELFARE_CHECK = "welfare_check"
    TASK_CONFIRM = "task_confirm"


class Approver(StrEnum):
    """Who must agree before a clock is extended."""

    LEAD = "lead"
    # Another adviser or worker than the one who asks.
    COLLEAGUE = "colleague"
    # Whoever runs the clock says why; a law or the house allows it without a second person.
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Extension:
    """By how much at most, from the day it would have ended, and who agrees. A reason is always asked for."""

    at_most: int
    unit: Unit
    approver: Approver


@dataclass(frozen=True, slots=True)
class Clock(Dated):
    """One row, for as long as it holds."""

    kind: ClockKind
    amount: int
    unit: Unit
    starts: Worded
    ends: Worded
    # Where its length comes from.
    source: Worded
    acts: tuple[Role, ...]
    law: Law | None
    # The longer end of a range, such as a group of 14 to 20 weeks.
    at_most: int | None
    # So many days before its day it is reminded of.
    warns: int
    extension: Extension | None
    # Whether a row of somebody's work list runs by it; else it stands in the book alone.
    reminds: bool
    # Whose rule book: today's, or one of those that are kept so that what is old is read rightly.
    profile: str


def _clock(row: Mapping[str, Any]) -> Clock:
    extension = row.get("extension")
    return Clock(
        kind=ClockKind(row["kind"]),
        amount=row["amount"],
        unit=Unit(row["unit"]),
        starts=Worded("starts", **row["starts"]),
        ends=Worded("ends", **row["ends"]),
        source=Worded("source", **row["source"]),
        acts=tuple(Role(role) for role in row["acts"]),
        law=Law(row["law"]) if "law" in row else None,
        at_most=row.get("at_most"),
        warns=row.get("warns", WARNS_DAYS),
        extension=extension
        and Extension(extension["at_most"], Unit(extension["unit"]), Approver(extension["approver"])),
        reminds=row.get("reminds", True),
        profile=row.get("profile", TODAYS),
        **days_of(row),
    )


def _read() -> Mapping[ClockKey, tuple[Clock, ...]]:
    with (FOLDER / "clocks.toml").open("rb") as file:
        rows = tomllib.load(file)["clock"]
    return {key: tuple(_clock(row) for row in rows if row["key"] == key) for key in ClockKey}


CLOCKS = _read()


# Which clock a row of the work list runs by; the others have a day that somebody chose.
CLOCK_OF: Mapping[DeadlineKind, ClockKey] = {
    kind: ClockKey(kind.value) for kind in DeadlineKind if kind.value in set(ClockKey)
} | {
    DeadlineKind.RIGHTS_ANSWER: ClockKey.SUBJECT_REQUEST,
    DeadlineKind.TENANCY_RUNG: ClockKey.TENANCY,
    DeadlineKind.TENANCY_EXTENSION: ClockKey.TENANCY,
    DeadlineKind.CTI_PHASE_CHANGE: ClockKey.CTI_PHASE,
    DeadlineKind.FOLLOW_UP: ClockKey.FOLLOW_UP_AFTER_END,
}


def clock_on(key: ClockKey, day: date, *, profile: str = TODAYS) -> Clock:
    """The row by which a clock runs that starts on a day (R-700). Raises LookupError where none holds."""
    return held_on(CLOCKS[key], day, profile=profile)


def held_on(rows: Iterable[Clock], day: date, *, profile: str = TODAYS) -> Clock:
    """The one of some rows that holds on a day. Raises LookupError where none does."""
    for clock in rows:
        if clock.profile == profile and clock.holds_on(day):
            return clock
    raise LookupError(f"no row on {day}")


def past(today: date) -> list[tuple[ClockKey, Clock]]:
    """Rows that hold no more, the newest first: what began under them keeps them (R-849)."""
    over = [(key, row) for key, rows in CLOCKS.items() for row in rows if row.until < today]
    return sorted(over, key=lambda one: one[1].until, reverse=True)


def newest(key: ClockKey) -> Clock:
    """Today's row, for what is counted and not dated, such as the longest tenancy."""
    return [clock for clock in CLOCKS[key] if clock.profile == TODAYS][-1]


def is_statutory(kind: DeadlineKind) -> bool:
    """Whether a law sets the day of such a row."""
    key = CLOCK_OF.get(kind)
    return key is not None and newest(key).kind is ClockKind.STATUTORY


# Taken off nobody's list by anything but being done.
STATUTORY = frozenset(kind for kind in DeadlineKind if is_statutory(kind))


# A job of its own sees to the long warning.
REMINDED_ELSEWHERE = frozenset({DeadlineKind.PROTECTION_LAPSE})


def warns_days(kind: DeadlineKind) -> int:
    """How many days before its day a row is reminded of (R-192)."""
    key = None if kind in REMINDED_ELSEWHERE else CLOCK_OF.get(kind)
    return WARNS_DAYS if key is None else newest(key).warns
