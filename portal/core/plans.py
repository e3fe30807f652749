"""Vocabularies of her plan."""

from enum import StrEnum


class GoalState(StrEnum):
    """How far a goal has come. A goal is never deleted: one that is given up is dropped, with a reason."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    REACHED = "reached"
    PARTLY_REACHED = "partly_reached"
    DROPPED = "dropped"
