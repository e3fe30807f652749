"""Vocabularies of the courses: the strands of the support, why a date or a pause, how the counselling ended."""

from enum import StrEnum


class Strand(StrEnum):
    """What transition support works on."""

    SOCIAL = "social"
    LEGAL = "legal"
    CHILDREN = "children"


class ReopenReason(StrEnum):
    """Why an ended course goes on: a code, for a lead reads nothing of her."""

    MISTAKE = "mistake"
    NEEDED_AGAIN = "needed_again"
    HER_WISH = "her_wish"


class MissingCheck(StrEnum):
    """Why no look was taken at her safety before a course ended early: a code, for a lead reads nothing of her."""

    NOT_REACHED = "not_reached"
    NOT_WANTED = "not_wanted"
    ELSEWHERE = "elsewhere"


class PauseReason(StrEnum):
    BACK_AT_CENTRE = "back_at_centre"
    HOSPITAL = "hospital"
    HER_WISH = "her_wish"
    TRAVEL = "travel"
    OTHER = "other"


class T0Reason(StrEnum):
    """Why the day that a CTI course counts from is changed after phase 1 has begun."""

    WRONG_DATE = "wrong_date"
    MOVED_LATER = "moved_later"
    RESTART = "restart"


class CounsellingAnswer(StrEnum):
    YES = "yes"
    NO = "no"
    LATER = "later"
    NO_ANSWER = "no_answer"


class CounsellingEnd(StrEnum):
    """Why the statutory counselling ended."""

    ESTABLISHED = "established"
    PERIOD_OVER = "period_over"
    HER_WISH = "her_wish"
    MOVED_AWAY = "moved_away"
    RETURNED = "returned"
    OTHER = "other"


class OfferWay(StrEnum):
    """How the statutory counselling was offered to her."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    LETTER = "letter"
    THROUGH_CENTRE = "through_centre"


class TakeOverState(StrEnum):
    """Whether a colleague takes a course over that she was asked to take."""

    ASKED = "asked"
    TAKEN = "taken"
    REFUSED = "refused"
    CALLED_BACK = "called_back"


class NoTakeOver(StrEnum):
    """Why she does not: a code, for whoever asked may not know of her what she says."""

    NO_ROOM = "no_room"
    TOO_CLOSE = "too_close"
    AWAY = "away"
    OTHER = "other"
