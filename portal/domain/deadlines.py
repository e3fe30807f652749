"""Every clock in one table, with what it is and where it comes from, and the days that follow from it.

Days are Danish calendar days. Paragraphs are named in `source` only, so that a renumbering is one row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.core.clock import add_months, add_weekdays, end_of_local_day, local_date
from portal.core.errors import Invalid
from portal.core.i18n import _

TENANCY_RUNGS = (12, 9, 6, 3, 1)
TENANCY_DECISION_RUNG = 6


class ClockKind(StrEnum):
    """How binding a clock is."""

    STATUTORY = "statutory"
    GUIDANCE = "guidance"
    METHOD = "method"
    PROGRAMME = "programme"
    CENTRE = "centre_standard"
    PROPOSED = "proposed"


class Unit(StrEnum):
    HOURS = "hours"
    DAYS = "days"
    WEEKDAYS = "weekdays"
    MONTHS = "months"


class ClockKey(StrEnum):
    """What is timed."""

    ADMISSION_NOTICE = "admission_notice"
    DISCHARGE_NOTICE = "discharge_notice"
    COUNSELLING_OFFER = "counselling_offer"
    FIRST_MUNICIPAL_MEETING = "first_municipal_meeting"
    STAY_PLAN = "stay_plan"
    COUNSELLING_END = "counselling_end"
    CTI_PHASE = "cti_phase"
    CTI_LEGAL_BASIS = "cti_legal_basis"
    CTI_PHASE_PLAN = "cti_phase_plan"
    GROUP_STEP = "group_step"
    TENANCY = "tenancy"
    TENANCY_EXTENSION = "tenancy_extension"
    PROTECTION_LAPSE = "protection_lapse"
    CONCERN_RECEIPT = "concern_receipt"
    SUBJECT_REQUEST = "subject_request"
    BREACH_NOTICE = "breach_notice"
    RISK_REVIEW = "risk_review"
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
    FURNISHING_ANSWER = "furnishing_answer"


@dataclass(frozen=True, slots=True)
class Clock:
    """How long, counted from what, how binding, and why."""

    kind: ClockKind
    amount: int
    unit: Unit
    from_: object
    source: str


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder before a tenancy ends."""

    months_before: int
    due_on: date
    is_decision: bool


_LAW_109 = "serviceloven § 109"

CLOCKS: Mapping[ClockKey, Clock] = {
    ClockKey.ADMISSION_NOTICE: Clock(
        ClockKind.STATUTORY, 3, Unit.WEEKDAYS, _("the decision on admission"), f"{_LAW_109} stk. 5"
    ),
    ClockKey.DISCHARGE_NOTICE: Clock(ClockKind.STATUTORY, 3, Unit.WEEKDAYS, _("the discharge"), f"{_LAW_109} stk. 6"),
    ClockKey.COUNSELLING_OFFER: Clock(ClockKind.STATUTORY, 0, Unit.DAYS, _("the planned move"), f"{_LAW_109} stk. 8"),
    ClockKey.FIRST_MUNICIPAL_MEETING: Clock(
        ClockKind.PROPOSED, 7, Unit.DAYS, _("the notice"), "a municipality's service goal"
    ),
    ClockKey.STAY_PLAN: Clock(ClockKind.CENTRE, 42, Unit.DAYS, _("the admission"), "annual report of a centre, 2021"),
    ClockKey.COUNSELLING_END: Clock(
        ClockKind.GUIDANCE,
        6,
        Unit.MONTHS,
        _("the move into her own home"),
        "national guidance, 6 months and at most 12",
    ),
    ClockKey.CTI_PHASE: Clock(ClockKind.METHOD, 3, Unit.MONTHS, _("the move into her own home"), "method manual"),
    ClockKey.CTI_LEGAL_BASIS: Clock(
        ClockKind.PROPOSED,
        5,
        Unit.MONTHS,
        _("the move into her own home"),
        "the course outlasts the ordinary counselling",
    ),
    ClockKey.CTI_PHASE_PLAN: Clock(ClockKind.PROPOSED, 14, Unit.DAYS, _("the start of the phase"), "local indicator"),
    ClockKey.GROUP_STEP: Clock(ClockKind.PROGRAMME, 14, Unit.DAYS, _("the first meeting"), "theme analysis"),
    ClockKey.TENANCY: Clock(ClockKind.PROGRAMME, 24, Unit.MONTHS, _("the day she moves in"), "theme analysis"),
    ClockKey.TENANCY_EXTENSION: Clock(
        ClockKind.PROGRAMME, 24, Unit.MONTHS, _("the end of the tenancy"), "theme analysis"
    ),
    ClockKey.PROTECTION_LAPSE: Clock(ClockKind.STATUTORY, 12, Unit.MONTHS, _("the registration"), "CPR-loven § 28"),
    ClockKey.CONCERN_RECEIPT: Clock(
        ClockKind.STATUTORY, 6, Unit.WEEKDAYS, _("the notification"), "municipal guides to barnets lov"
    ),
    ClockKey.SUBJECT_REQUEST: Clock(
        ClockKind.STATUTORY, 1, Unit.MONTHS, _("the request"), "the data-protection regulation, article 12"
    ),
    ClockKey.BREACH_NOTICE: Clock(
        ClockKind.STATUTORY,
        72,
        Unit.HOURS,
        _("the moment the breach is known"),
        "the data-protection regulation, article 33",
    ),
    ClockKey.RISK_REVIEW: Clock(ClockKind.PROPOSED, 90, Unit.DAYS, _("the last assessment"), "proposed"),
    ClockKey.REFERRAL_ANSWER: Clock(
        ClockKind.PROPOSED, 5, Unit.WEEKDAYS, _("the day the referral was sent"), "proposed"
    ),
    ClockKey.REFERRAL_INFO: Clock(ClockKind.PROPOSED, 14, Unit.DAYS, _("the question"), "proposed"),
    ClockKey.FIRST_CONTACT: Clock(ClockKind.PROPOSED, 7, Unit.DAYS, _("the acceptance"), "proposed"),
    ClockKey.SAFE_CONTACT_CHECK: Clock(
        ClockKind.PROPOSED, 30, Unit.DAYS, _("the last confirmation with her"), "proposed"
    ),
    ClockKey.CHILD_CERTIFICATE: Clock(
        ClockKind.PROPOSED, 24, Unit.MONTHS, _("the day it was received"), "practice of 12 to 24 months"
    ),
    ClockKey.GRANT_ANSWER: Clock(ClockKind.PROPOSED, 10, Unit.WEEKDAYS, _("the application"), "proposed"),
    ClockKey.GRANT_ANSWER_URGENT: Clock(ClockKind.PROPOSED, 2, Unit.WEEKDAYS, _("the application"), "proposed"),
    ClockKey.GRANT_APPROVAL: Clock(ClockKind.PROPOSED, 5, Unit.WEEKDAYS, _("the recommendation"), "proposed"),
    ClockKey.GRANT_PAYMENT: Clock(ClockKind.PROPOSED, 5, Unit.WEEKDAYS, _("the order to pay"), "proposed"),
    ClockKey.GRANT_RECEIPT: Clock(ClockKind.PROPOSED, 30, Unit.DAYS, _("the payment"), "proposed"),
    ClockKey.FOLLOW_UP_AFTER_END: Clock(ClockKind.PROPOSED, 3, Unit.MONTHS, _("the end of the course"), "proposed"),
    ClockKey.WELFARE_CHECK: Clock(ClockKind.PROPOSED, 2, Unit.WEEKDAYS, _("the second absence in a row"), "proposed"),
    ClockKey.TASK_CONFIRM: Clock(ClockKind.PROPOSED, 2, Unit.DAYS, _("the claim"), "proposed"),
    ClockKey.FURNISHING_ANSWER: Clock(ClockKind.PROGRAMME, 10, Unit.WEEKDAYS, _("the request"), "the programme"),
}


def due_on(key: ClockKey, start: date, *, saturdays: bool = False, amount: int | None = None) -> date:
    """The last day of a clock that starts on a day (R-070). `amount` replaces the table's, in its unit.

    `saturdays` says whether Saturdays count as weekdays. Raises ValueError for a clock in hours: use `due_at`.
    """
    clock = CLOCKS[key]
    length = clock.amount if amount is None else amount
    if clock.unit is Unit.WEEKDAYS:
        return add_weekdays(start, length, saturdays)
    if clock.unit is Unit.MONTHS:
        return add_months(start, length)
    if clock.unit is Unit.DAYS:
        return start + timedelta(days=length)
    raise ValueError(f"{key} runs in hours")


def due_at(key: ClockKey, start: datetime, *, saturdays: bool = False) -> datetime:
    """The UTC moment a clock has run out: hours to the minute, all else at the end of the Danish day (R-070)."""
    clock = CLOCKS[key]
    if clock.unit is Unit.HOURS:
        return start + timedelta(hours=clock.amount)
    return end_of_local_day(due_on(key, local_date(start), saturdays=saturdays))


def answer_due_on(sent_at: datetime, *, weekdays: int | None = None) -> date:
    """The day a referral should be answered by: the fifth weekday after the Danish day it was sent (R-071).

    `weekdays` is what the programme says instead (R-667).
    """
    return due_on(ClockKey.REFERRAL_ANSWER, local_date(sent_at), amount=weekdays)


def notice_due_on(decided_on: date) -> date:
    """The last day of a notice on admission or discharge: the third weekday after the decision (R-072).

    The sources do not say whether Saturdays count, so the earlier day is given, with them: decision Wed 1 Apr 2026,
    notice by Wed 8 Apr.
    """
    return due_on(ClockKey.ADMISSION_NOTICE, decided_on, saturdays=True)


def tenancy_end(moved_in_on: date, *, months: int | None = None, extension_months: int = 0) -> date:
    """The day a tenancy ends: 24 months from moving in and at most 24 more, counted from the move (R-074).

    Raises Invalid (`extension_months`) for a longer extension, (`months`) for a longer tenancy.
    """
    longest = CLOCKS[ClockKey.TENANCY].amount
    length = longest if months is None else months
    if not 1 <= length <= longest:
        raise Invalid(_("A tenancy lasts at most 24 months."), field="months")
    if not 0 <= extension_months <= CLOCKS[ClockKey.TENANCY_EXTENSION].amount:
        raise Invalid(_("A tenancy can be extended once, by at most 24 months."), field="extension_months")
    return add_months(moved_in_on, length + extension_months)


def tenancy_ladder(ends_on: date) -> tuple[Rung, ...]:
    """The steps before a tenancy ends, 12, 9, 6, 3 and 1 months; the extension is decided at 6 at the latest."""
    return tuple(Rung(rung, add_months(ends_on, -rung), rung == TENANCY_DECISION_RUNG) for rung in TENANCY_RUNGS)
