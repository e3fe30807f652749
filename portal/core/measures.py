"""Vocabularies of the method and its measures: phases, forms of violence, instruments, points in time."""

from enum import StrEnum


class Phase(StrEnum):
    """The phases of CTI, as the manual names them."""

    PRE = "pre"
    P1 = "p1"
    P2 = "p2"
    P3 = "p3"
    ENDED = "ended"


class CtiArea(StrEnum):
    """The seven areas of the manual, of which one to three are in focus in a phase."""

    HEALTH = "health"
    SAFETY = "safety"
    DAILY_ACTIVITIES = "daily_activities"
    NETWORK = "network"
    FINANCES = "finances"
    HOUSING = "housing"
    WORK = "work"


class ViolenceForm(StrEnum):
    PSYCHOLOGICAL = "psychological"
    PHYSICAL = "physical"
    SEXUAL = "sexual"
    ECONOMIC = "economic"
    MATERIAL = "material"
    DIGITAL = "digital"
    STALKING = "stalking"
    HONOUR_RELATED = "honour_related"


class InstrumentKey(StrEnum):
    EXPOSURE = "exposure"
    SAFETY_FEELING = "safety_feeling"
    WHO5 = "who5"
    ITQ = "itq"
    PCL5 = "pcl5"
    UCLA3 = "ucla3"
    DOMAIN_RATING = "domain_rating"
    PROBLEM_RATING = "problem_rating"


class FollowUpPoint(StrEnum):
    """When she is asked."""

    START = "start"
    PHASE_2 = "phase_2"
    PHASE_3 = "phase_3"
    END = "end"
    AFTER_3 = "after_3"
    AFTER_6 = "after_6"
    AFTER_12 = "after_12"
    # So many weeks or months after the start or the end; how many stands beside it.
    BETWEEN = "between"
    LATER = "later"


class AskedHow(StrEnum):
    """How a follow-up was answered."""

    TOGETHER = "together"
    PHONE = "phone"
    ALONE = "alone"
