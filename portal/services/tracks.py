"""What each kind of course does when it is given, begun and ended: one registry, no questions elsewhere."""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module

from portal.core.actor import Actor
from portal.core.kinds import TrackKind
from portal.models.enrolments import Enrolment
from portal.services import counselling, cti, hours

Hook = Callable[..., None]


def nothing(enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """A kind without a row of its own."""


def _elsewhere(module: str, name: str) -> Hook:
    def call(enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
        getattr(import_module(f"portal.services.{module}"), name)(enrolment, actor=actor, now=now)

    return call


OPENERS: dict[TrackKind, Hook] = {
    TrackKind.INDIVIDUAL_COUNSELLING: nothing,
    TrackKind.GROUP: _elsewhere("groups", "open_seat"),
    TrackKind.HOUSING: _elsewhere("housing", "open_nomination"),
    TrackKind.TRANSITION_SUPPORT: nothing,
    TrackKind.CTI: cti.open_course,
    TrackKind.COORDINATING_COUNSELLING: counselling.open_counselling,
    TrackKind.ENTITLEMENT: hours.open_entitlements,
    TrackKind.VOLUNTEER_NETWORK: _elsewhere("volunteers", "open_match_request"),
    TrackKind.FURNISHING: _elsewhere("furnishing", "open_project"),
    TrackKind.GRANT: _elsewhere("grants", "open_application"),
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
    TrackKind.GROUP: _elsewhere("groups", "free_seat"),
    TrackKind.HOUSING: _elsewhere("housing", "give_back"),
}
