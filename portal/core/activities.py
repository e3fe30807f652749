"""Events of the house. Stored by value."""

from enum import StrEnum


class ActivityKind(StrEnum):
    SOCIAL = "social"
    CREATIVE = "creative"
    BODY = "body"
    WORKSHOP_JOB = "workshop_job"
    WORKSHOP_HOUSING = "workshop_housing"
    WORKSHOP_RIGHTS = "workshop_rights"
    CHILDREN = "children"
    COMMUNAL_DINNER = "communal_dinner"
    REUNION_DAY = "reunion_day"
    RESIDENTS_MEETING = "residents_meeting"


class Guests(StrEnum):
    """For whom an event is."""

    RESIDENTS = "residents"
    FORMER_RESIDENTS = "former_residents"
    CHILDREN = "children"
