"""Kinds of things in the work on risk and safety, as the field names them. Stored by value; words: `domain/labels`."""

from enum import StrEnum


class AssessmentMoment(StrEnum):
    """When in her way an assessment was made."""

    INTAKE = "intake"
    ON_THE_WAY = "on_the_way"
    BEFORE_EXIT = "before_exit"


class RiskMethod(StrEnum):
    """How it was judged. Tools are made by others: only which one, and what came out of it, is kept here."""

    JUDGEMENT = "judgement"
    SARA = "sara"
    B_SAFER = "b_safer"
    PATRIARK = "patriark"
    DASH = "dash"
    DANGER_ASSESSMENT = "danger_assessment"
    FREDA = "freda"
    OTHER = "other"


class ReviewReason(StrEnum):
    """What has happened, so that her safety is looked at anew."""

    NEW_VIOLENCE = "new_violence"
    SAFETY_QUESTIONS = "safety_questions"
    NEW_ADDRESS = "new_address"
    MOVED = "moved"
    STAY_ENDED = "stay_ended"
    COURT_DATE = "court_date"
    CONTACT_BEGINS = "contact_begins"
    RELEASE = "release"
    VISITS_WAIT = "visits_wait"


class PlanHome(StrEnum):
    """Where a safety plan holds: a kind of home, never a place."""

    CENTRE = "centre"
    OWN_HOME = "own_home"
    TRANSITION_HOME = "transition_home"
    WITH_OTHERS = "with_others"


class PlanSection(StrEnum):
    """The parts of a safety plan, in the order in which they are talked through."""

    WARNING_SIGNS = "warning_signs"
    WAYS_OUT = "ways_out"
    WHO_TO_CALL = "who_to_call"
    CHILDREN = "children"
    DEVICES = "devices"
    HANDOVER = "handover"
    NEIGHBOURS = "neighbours"


class ViolenceKind(StrEnum):
    """Kinds of new violence; several may be true of one event."""

    THREAT = "threat"
    MESSAGE = "message"
    CONTACT_BREACH = "contact_breach"
    STALKING = "stalking"
    PHYSICAL = "physical"
    PSYCHOLOGICAL = "psychological"
    SEXUAL = "sexual"
    ECONOMIC = "economic"
    MATERIAL = "material"
    DIGITAL = "digital"
    CHILD_RELATED = "child_related"


class ByWhom(StrEnum):
    """What he is to her. Nothing else is kept of him: there is no register of those who use violence."""

    FORMER_PARTNER = "former_partner"
    PARTNER = "partner"
    HIS_SIDE = "his_side"
    HER_FAMILY = "her_family"
    OTHER = "other"
    UNKNOWN = "unknown"


class PoliceTold(StrEnum):
    """Whether the police know."""

    YES = "yes"
    NO = "no"
    NOT_WANTED = "not_wanted"
