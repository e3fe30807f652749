"""Alarms about unusual use, and samples of looks, as closed vocabularies. Stored by value."""

from enum import StrEnum


class AlertRule(StrEnum):
    """What rings. The numbers are those of the security rules (5.4); L6 and L7 are told by desks of their own."""

    MANY_CASES = "L1"
    MANY_REVEALS = "L2"
    REVEALS_STOPPED = "L2-stop"
    PROBING = "L3"
    SEARCH_MISSES = "L4"
    BLOCKED_TRIED = "L5"
    NIGHT_OR_NEW_DEVICE = "L8"
    CLOSED_CASE = "L9"
    ACTIVE_ELSEWHERE = "L10"
    LEAVER = "L11"
    OWN_ACCESS = "L12"
    CLOSE_TO_PARTY = "L13"
    TRAIL_BROKEN = "L14"
    MACHINE_LATE = "L15"
    MAIL_EVENTS = "L16"


class Answer(StrEnum):
    """What whoever is responsible finds of an alarm or of a drawn look."""

    EXPLAINED = "explained"
    NOT_EXPLAINED = "not_explained"


class ChainFault(StrEnum):
    """What is wrong with a chain of audit lines."""

    CHANGED = "changed"
    BROKEN = "broken"
    GAP = "gap"
    UNSEALED = "unsealed"
    CUT = "cut"
    REWRITTEN = "rewritten"
    HEAD = "head"
    ANCHOR = "anchor"
