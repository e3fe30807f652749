"""What a stay can end in, and what the notice to the municipality says."""

from datetime import date
from enum import StrEnum


class Destination(StrEnum):
    """Where she went after the stay: a kind of place, never a place."""

    OWN_HOME = "own_home"
    FAMILY_FRIENDS = "family_friends"
    OTHER_CENTRE = "other_centre"
    BACK_TO_PARTNER = "back_to_partner"
    TRANSITION_HOME = "transition_home"
    OTHER = "other"
    UNKNOWN = "unknown"


# Under these names is kept what stood in a notice before it was corrected or sent anew, beside its stay.
SENT_ON = {"admission": "admission_sent_on", "discharge": "discharge_sent_on"}
TOLD_ON = "discharge_told_on"


def leaving_planned(planned_move_on: date | None, admitted_on: date) -> date | None:
    """The day on which she plans to leave, unless that was the plan of an earlier stay."""
    return planned_move_on if planned_move_on is not None and planned_move_on >= admitted_on else None
