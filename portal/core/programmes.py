"""Closed vocabularies of programmes that a lead makes herself. Stored by value."""

from enum import StrEnum

from portal.core.kinds import TrackKind


class VersionState(StrEnum):
    """How far a version of a programme has come. Only a draft is ever edited."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    RETIRED = "retired"


class SpanUnit(StrEnum):
    """What the length of a course and the time to a follow-up are counted in."""

    WEEKS = "weeks"
    MONTHS = "months"


class ClockStart(StrEnum):
    """What a programme's own clock counts from."""

    SENT = "sent"
    ACCEPTED = "accepted"
    STARTED = "started"


class ClockUnit(StrEnum):
    """What a programme's own clock counts."""

    WEEKDAYS = "weekdays"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


class ClockActor(StrEnum):
    """Whose work list a programme's own clock stands on."""

    WORKER = "worker"
    INTAKE = "intake"


class PointFrom(StrEnum):
    """What a follow-up is counted from."""

    START = "start"
    END = "end"


# The kinds whose course needs no code of its own: everything about them is data.
PLAIN_KINDS = (
    TrackKind.COURSE,
    TrackKind.GROUP,
    TrackKind.INDIVIDUAL_COUNSELLING,
    TrackKind.TRANSITION_SUPPORT,
)
