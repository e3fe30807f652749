"""What keeps people apart who must not meet, as closed vocabularies. Stored by value."""

from enum import StrEnum


class BreakGlassReason(StrEnum):
    """Why somebody opens a case in an emergency."""

    ACUTE_DANGER = "acute_danger"
    PRIMARY_UNREACHABLE = "primary_unreachable"
    LEGAL_DEADLINE = "legal_deadline"


class Verdict(StrEnum):
    """What the safety officer finds of an emergency access."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"


class WatchedRelation(StrEnum):
    """What somebody on the watch list is to her. Never who he is, and never searched for."""

    FORMER_PARTNER = "former_partner"
    HIS_FAMILY = "his_family"
    HER_FAMILY = "her_family"
    OTHER = "other"


class WatchMatch(StrEnum):
    """By what a name on the watch list was met."""

    NAME = "name"
    EMAIL = "email"


class HitState(StrEnum):
    OPEN = "open"
    SAME_PERSON = "same_person"
    ANOTHER_PERSON = "another_person"


class WhoShePart(StrEnum):
    """What intake may open before acceptance, one at a time."""

    NAME = "name"
    PHONE = "phone"
    CPR_NUMBER = "cpr_number"
    ACCOUNT = "account"


class OnTheWay(StrEnum):
    """Why a volunteer opens the address of a task."""

    GOING_NOW = "going_now"
    PLANNING = "planning"
    CARRYING = "carrying"


class OfficersPart(StrEnum):
    """What a safety officer may open of a case of her organisation, one at a time."""

    NAME = "name"
    PHONE = "phone"
    ADDRESS = "address"
    FORMER_ADDRESS = "former_address"
    FORMER_CHILD_PLACE = "former_child_place"


class ApartKind(StrEnum):
    """From what a case is kept apart: another case, a person with an account, postal areas."""

    CASE = "case"
    PERSON = "person"
    AREA = "area"


class ApartState(StrEnum):
    ASKED = "asked"
    IN_FORCE = "in_force"
    ENDED = "ended"


class PlacementPath(StrEnum):
    """The ways in which somebody comes to be where somebody else is."""

    # No placement: the team of another case is asked whether the two are kept apart.
    PAIR = "pair"
    SEAT = "seat"
    COURSE = "course"
    HOME = "home"
    TASK = "task"
    MATCH = "match"
    FURNISHING = "furnishing"
    MEETING = "meeting"
    WORKER = "worker"
    TEAM = "team"


class ApartAnswer(StrEnum):
    GO_AHEAD = "go_ahead"
    NO = "no"
