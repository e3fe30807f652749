"""Vocabularies of her plan."""

from enum import StrEnum


class GoalState(StrEnum):
    """How far a goal has come. A goal is never deleted: one that is given up is dropped, with a reason."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    REACHED = "reached"
    PARTLY_REACHED = "partly_reached"
    DROPPED = "dropped"


class RatingPoint(StrEnum):
    """When it is asked how big a problem each area is."""

    MOVE_IN = "move_in"
    MIDWAY = "midway"
    MOVE_OUT = "move_out"
    LATER = "later"


class RatedBy(StrEnum):
    """Who says how big a problem is: she, or somebody who works with her."""

    HER = "her"
    STAFF = "staff"


class StayPlanState(StrEnum):
    """A version of the stay plan: written on, agreed with her, then replaced by the next."""

    DRAFT = "draft"
    AGREED = "agreed"
    REPLACED = "replaced"


class ConfirmedHow(StrEnum):
    """How she has confirmed her stay plan."""

    PAPER = "paper"
    ORALLY = "orally"


class MunicipalPlan(StrEnum):
    """Whether the municipality has a plan with her, and of which kind."""

    NOT_KNOWN = "not_known"
    NONE = "none"
    ACTION_PLAN = "action_plan"
    WHOLE_PLAN = "whole_plan"
