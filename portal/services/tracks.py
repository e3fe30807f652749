"""What each kind of course does when it is given, begun and ended: one registry, no questions elsewhere."""

from collections.abc import Callable
from datetime import datetime

from portal.core.actor import Actor
from portal.core.kinds import TrackKind
from portal.models.enrolments import Enrolment
from portal.services import counselling, cti, furnishing, grants, groups, hours, housing, volunteers

Hook = Callable[..., None]


def nothing(enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """A kind whose own row comes later, or never: a seat with a round, a home with a reservation."""


OPENERS: dict[TrackKind, Hook] = {
    TrackKind.INDIVIDUAL_COUNSELLING: nothing,
    TrackKind.GROUP: nothing,
    TrackKind.HOUSING: nothing,
    TrackKind.TRANSITION_SUPPORT: nothing,
    TrackKind.CTI: cti.open_course,
    TrackKind.COORDINATING_COUNSELLING: counselling.open_counselling,
    TrackKind.ENTITLEMENT: hours.open_entitlements,
    TrackKind.VOLUNTEER_NETWORK: volunteers.open_match_request,
    TrackKind.FURNISHING: furnishing.open_project,
    TrackKind.GRANT: grants.open_application,
    TrackKind.COURSE: nothing,
}

STARTERS: dict[TrackKind, Hook] = {
    TrackKind.CTI: cti.begin,
    TrackKind.COORDINATING_COUNSELLING: counselling.begin,
}

# Called before a course is completed: may refuse with NotNow.
COMPLETERS: dict[TrackKind, Hook] = {
    TrackKind.CTI: cti.complete,
    TrackKind.COORDINATING_COUNSELLING: counselling.complete,
}

# Called when a course ends before its time.
ENDERS: dict[TrackKind, Hook] = {
    TrackKind.CTI: cti.end,
    TrackKind.COORDINATING_COUNSELLING: counselling.stop,
    TrackKind.GROUP: groups.free_seat,
    TrackKind.HOUSING: housing.give_back,
}

# Called when a place that was given by a slip is taken back within minutes.
UNDOERS: dict[TrackKind, Hook] = {
    TrackKind.CTI: cti.end,
    TrackKind.GROUP: groups.free_seat,
    TrackKind.HOUSING: housing.give_back,
    TrackKind.FURNISHING: furnishing.call_off,
}
