"""What is said of a child, by fixed words: custody, contact, where it is, what is planned, and a notice of concern."""

from enum import StrEnum


class Custody(StrEnum):
    """Who has custody of the child."""

    HERS = "hers"
    JOINT = "joint"
    OTHER_PARENT = "other_parent"
    OTHER = "other"


class ContactArrangement(StrEnum):
    """How the child sees the other parent."""

    NONE = "none"
    SUPERVISED = "supervised"
    ORDINARY = "ordinary"
    SUSPENDED = "suspended"


class Whereabouts(StrEnum):
    """With whom the child is, without saying where."""

    WITH_HER = "with_her"
    OTHER_PARENT = "other_parent"
    PLACED = "placed"
    OTHER = "other"


class ChildSettingKind(StrEnum):
    """Where others look after the child, or take it over."""

    SCHOOL = "school"
    DAYCARE = "daycare"
    HANDOVER = "handover"


class PlanStep(StrEnum):
    """What is done with every child (the sector's basic package), in the order of the list."""

    TALK = "talk"
    ACTIVITY_ALONE = "activity_alone"
    ACTIVITY_GROUP = "activity_group"
    MOTHER_CHILD_TALK = "mother_child_talk"
    SAFETY_SCHOOL = "safety_school"
    SAFETY_DAYCARE = "safety_daycare"
    SAFETY_HANDOVER = "safety_handover"


class ConsentQuestion(StrEnum):
    """What is asked for on a child's behalf, each by itself."""

    TALKS = "talks"
    ACTIVITIES = "activities"
    PSYCHOLOGIST = "psychologist"
    SCHOOL_CONTACT = "school_contact"
    PHOTOS = "photos"


class ConsentGiver(StrEnum):
    """Who answered."""

    HER = "her"
    BOTH = "both"
    OTHER_PARENT = "other_parent"
    CHILD = "child"


class ConcernState(StrEnum):
    """A notice of concern: written, sent, and acknowledged by the municipality. There is no way back."""

    DRAFTED = "drafted"
    SENT = "sent"
    RECEIPTED = "receipted"


class NotifierDuty(StrEnum):
    """In what capacity somebody notifies."""

    PROFESSIONAL = "professional"
    EVERYBODY = "everybody"


class SentHow(StrEnum):
    """How the notice went."""

    DIGITAL_POST = "digital_post"
    SECURE_MAIL = "secure_mail"
    FORM = "form"
    PHONE = "phone"
    BY_HAND = "by_hand"
