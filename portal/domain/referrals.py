"""The steps of a request: one programme's answer to a referral. Also who sees how much of it, and for how long."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.core.audit_tags import Audit
from portal.core.clock import add_weekdays, weekdays_between
from portal.core.enums import Permission as P
from portal.core.kinds import TrackKind
from portal.core.states import EnrolmentState
from portal.core.states import RequestState as S
from portal.domain.enrolments import NOT_UNDONE
from portal.domain.workflow import Step

DRAFT_WARNING_DAYS, DRAFT_DAYS = 23, 30
SAFETY_DAYS = 30
LAPSE_DAYS = 14
REOPEN_DAYS = 30
HOLD_HOURS = 2
RECONTACT_DAYS = 30
CONTENT_DAYS, STATUS_DAYS = 30, 90
LAST_STEP = 5
# So long an answer can be undone, and so long nobody is told of it.
UNDO_MINUTES = 10
# What the history of a request says of a step that took an answer back.
UNDONE = "undone"


class Action(StrEnum):
    SEND = "send"
    TAKE = "take"
    CHECK_CRITERIA = "check_criteria"
    ASK_INFO = "ask_info"
    GIVE_INFO = "give_info"
    LAPSE = "lapse"
    OFFER = "offer"
    HER_ANSWER = "her_answer"
    RETURN = "return"
    ACCEPT = "accept"
    WAITLIST = "waitlist"
    REASSESS = "reassess"
    DECLINE = "decline"
    REDIRECT = "redirect"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    SKIP = "skip"
    STILL_WANTED = "still_wanted"
    UNDO_ACCEPT = "undo_accept"
    UNDO_DECLINE = "undo_decline"


def _from(*states: S) -> frozenset[S]:
    return frozenset(states)


OPEN = _from(S.SUBMITTED, S.NEEDS_INFO, S.IN_VISITATION, S.OFFERED, S.WAITLISTED)
DECIDED = _from(S.ACCEPTED, S.DECLINED, S.WITHDRAWN, S.LAPSED, S.REDIRECTED)
# The receiver's clock runs in these, and stands still while the sender is asked.
CLOCK_RUNS = _from(S.SUBMITTED, S.IN_VISITATION)

WORKFLOW: Mapping[Action, Step[S]] = {
    Action.SEND: Step(_from(S.DRAFT), S.SUBMITTED, P.REFERRAL_MAKE, Audit.REFERRAL_SENT),
    Action.TAKE: Step(_from(S.SUBMITTED, S.IN_VISITATION), S.IN_VISITATION, P.REFERRAL_ANSWER, Audit.REQUEST_TAKEN),
    Action.CHECK_CRITERIA: Step(
        _from(S.IN_VISITATION), S.IN_VISITATION, P.REFERRAL_ANSWER, Audit.REQUEST_CRITERIA_CHECKED
    ),
    Action.ASK_INFO: Step(
        _from(S.SUBMITTED, S.IN_VISITATION), S.NEEDS_INFO, P.REFERRAL_ANSWER, Audit.REQUEST_INFO_WANTED
    ),
    Action.GIVE_INFO: Step(_from(S.NEEDS_INFO), S.SUBMITTED, P.REFERRAL_MAKE, Audit.REQUEST_INFO_GIVEN),
    Action.LAPSE: Step(_from(S.NEEDS_INFO), S.LAPSED, P.REFERRAL_REOPEN, Audit.REQUEST_LAPSED),
    Action.OFFER: Step(_from(S.IN_VISITATION, S.WAITLISTED), S.OFFERED, P.REFERRAL_ANSWER, Audit.REQUEST_OFFERED),
    Action.HER_ANSWER: Step(_from(S.OFFERED), S.OFFERED, P.REFERRAL_ANSWER, Audit.REQUEST_HER_ANSWER),
    Action.RETURN: Step(_from(S.OFFERED), S.IN_VISITATION, P.REFERRAL_ANSWER, Audit.REQUEST_OFFER_RETURNED),
    Action.ACCEPT: Step(_from(S.OFFERED), S.ACCEPTED, P.REFERRAL_ANSWER, Audit.REQUEST_ACCEPTED),
    Action.WAITLIST: Step(_from(S.IN_VISITATION, S.OFFERED), S.WAITLISTED, P.REFERRAL_ANSWER, Audit.REQUEST_WAITLISTED),
    Action.REASSESS: Step(_from(S.WAITLISTED), S.IN_VISITATION, P.REFERRAL_ANSWER, Audit.REQUEST_TAKEN),
    Action.DECLINE: Step(
        _from(S.IN_VISITATION, S.OFFERED, S.WAITLISTED), S.DECLINED, P.REFERRAL_ANSWER, Audit.REQUEST_DECLINED
    ),
    Action.REDIRECT: Step(_from(S.IN_VISITATION), S.REDIRECTED, P.REFERRAL_ANSWER, Audit.REQUEST_REDIRECTED),
    # The sender, or the receiver by her wish: which of the two it is, the service asks.
    Action.WITHDRAW: Step(OPEN, S.WITHDRAWN, P.REFERRAL_VIEW, Audit.REQUEST_WITHDRAWN),
    Action.REOPEN: Step(
        _from(S.DECLINED, S.LAPSED, S.WITHDRAWN), S.IN_VISITATION, P.REFERRAL_REOPEN, Audit.REQUEST_REOPENED
    ),
    # She keeps her place: somebody else is asked this time, or she was asked whether she still waits.
    Action.SKIP: Step(_from(S.WAITLISTED), S.WAITLISTED, P.REFERRAL_ANSWER, Audit.REQUEST_SKIPPED),
    Action.STILL_WANTED: Step(_from(S.WAITLISTED), S.WAITLISTED, P.REFERRAL_ANSWER, Audit.REQUEST_STILL_WANTED),
    # Within ten minutes, by whoever decided or the lead of the house; a no leads back to where it was said.
    Action.UNDO_ACCEPT: Step(_from(S.ACCEPTED), S.OFFERED, P.REFERRAL_UNDO, Audit.REQUEST_UNDONE),
    Action.UNDO_DECLINE: Step(
        _from(S.DECLINED),
        S.IN_VISITATION,
        P.REFERRAL_UNDO,
        Audit.REQUEST_UNDONE,
        back_to=_from(S.OFFERED, S.WAITLISTED),
    ),
}
UNDOES: Mapping[S, Action] = {S.ACCEPTED: Action.UNDO_ACCEPT, S.DECLINED: Action.UNDO_DECLINE}


def days_left(due: date | None, today: date) -> int:
    """The weekdays left of the answer clock when it is paused; 0 when it has run out (R-154)."""
    return 0 if due is None else weekdays_between(today, due)


def resumed_due(left: int | None, today: date) -> date:
    """The day to answer by when the clock runs again: with the rest, at least one weekday (R-154)."""
    return add_weekdays(today, max(left or 0, 1))


def is_safety_fresh(assessed_on: date | None, today: date) -> bool:
    """Whether an assessment of her safety is young enough to be sent along without a reason: 30 days (R-153)."""
    return assessed_on is not None and today - assessed_on <= timedelta(days=SAFETY_DAYS)


def is_content_open(decided_on: date | None, today: date) -> bool:
    """Whether the sender reads what she wrote and the reasons she got: until 30 days after the decision (R-155)."""
    return decided_on is None or today <= decided_on + timedelta(days=CONTENT_DAYS)


def is_status_open(decided_on: date | None, today: date, *, may_see_progress: bool) -> bool:
    """Whether the sender still reads the status words: 90 days after the decision where she agreed, else 30 (R-155)."""
    days = STATUS_DAYS if may_see_progress else CONTENT_DAYS
    return decided_on is None or today <= decided_on + timedelta(days=days)


def is_progress_open(decided_on: date | None, today: date, *, may_see_progress: bool) -> bool:
    """Whether the sender reads that a course has begun or ended: only where she agreed, for 90 days (R-155)."""
    return may_see_progress and is_status_open(decided_on, today, may_see_progress=True)


def may_reopen(decided_on: date | None, today: date) -> bool:
    """Whether an answer may still be reopened: within 30 days (R-156)."""
    return decided_on is not None and today <= decided_on + timedelta(days=REOPEN_DAYS)


def undo_until(decided_at: datetime) -> datetime:
    """Until when an answer can be undone, and from when others are told of it: ten minutes (R-781, R-782)."""
    return decided_at + timedelta(minutes=UNDO_MINUTES)


def can_be_undone(decided_at: datetime | None, now: datetime) -> bool:
    """Whether the ten minutes are still running (R-781)."""
    return decided_at is not None and now < undo_until(decided_at)


def unsaid_until(
    state: S, decided_at: datetime | None, kind: TrackKind, course: EnrolmentState | None, now: datetime
) -> datetime | None:
    """Until when nothing but that an answer is on its way is told of it: while it can be undone (R-850).

    None: it is told. Of some kinds a yes stands by itself (R-784), and a course that has begun is told.
    """
    if decided_at is None or state not in UNDOES or not can_be_undone(decided_at, now):
        return None
    if state is S.ACCEPTED and (kind in NOT_UNDONE or course is not EnrolmentState.PROPOSED):
        return None
    return undo_until(decided_at)


def standing_end(steps: Iterable[tuple[S, datetime, str | None]]) -> datetime | None:
    """When a request was last answered by an answer that was not undone; None while it never was (R-781)."""
    ends: list[datetime] = []
    for state, at, reason in steps:
        if reason == UNDONE:
            ends.pop()
        elif state in DECIDED:
            ends.append(at)
    return ends[-1] if ends else None
