"""What is said of a stay at its begin and at its end. Stored by value; which can be chosen: `domain/stays.py`."""

from enum import StrEnum


class AdmissionReason(StrEnum):
    """Why she was admitted; several may be true at once."""

    PSYCHOLOGICAL = "psychological"
    PHYSICAL = "physical"
    SEXUAL = "sexual"
    ECONOMIC = "economic"
    MATERIAL = "material"
    DIGITAL = "digital"
    HONOUR = "honour"
    SOCIAL_CONTROL = "social_control"
    POST_SEPARATION = "post_separation"
    THREATS = "threats"
    OTHER = "other"


class LinkReason(StrEnum):
    """Why two stays are one connected course."""

    SAME_COURSE = "same_course"
    SAFETY = "safety"


class DelayReason(StrEnum):
    """Why she stayed longer than she needed to."""

    NONE = "none"
    NO_HOME = "no_home"
    WAITS_FOR_MUNICIPALITY = "waits_for_municipality"
    WAITS_FOR_PERMIT = "waits_for_permit"
    SAFETY = "safety"
    HEALTH = "health"
    OTHER = "other"


class MainActivity(StrEnum):
    """What she lives by and does at the end of the stay."""

    JOB = "job"
    EDUCATION = "education"
    UNEMPLOYED = "unemployed"
    LEAVE = "leave"
    PENSION = "pension"
    OTHER = "other"
    UNKNOWN = "unknown"


class Permit(StrEnum):
    """On what she lives in Denmark. Restricted: for the team alone."""

    NOT_NEEDED = "not_needed"
    PERMANENT = "permanent"
    TEMPORARY = "temporary"
    AWAITING = "awaiting"
    UNKNOWN = "unknown"


class CounsellingAtExit(StrEnum):
    """What she said to the coordinating counselling. Declined and not offered are kept apart."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    NOT_OFFERED = "not_offered"
    UNKNOWN = "unknown"


class CivilOffer(StrEnum):
    """What she said when she was asked about help from associations."""

    YES = "yes"
    NO = "no"
    DECLINED = "declined"


class PsychologistOffer(StrEnum):
    """What came of offering her the hours with a psychologist, before the first is held."""

    OFFERED = "offered"
    DECLINED = "declined"


class GrantPrompt(StrEnum):
    """What came of asking whether a start-up grant would help."""

    APPLIED = "applied"
    NOT_NEEDED = "not_needed"
    DECLINED = "declined"
