"""Documents of a case: closed vocabularies. Stored by value."""

from enum import StrEnum


class Media(StrEnum):
    """What kind of file is kept; also the ending under which it is handed out."""

    PDF = "pdf"
    JPEG = "jpg"
    PNG = "png"


class PaperKind(StrEnum):
    """What a document is."""

    LETTER = "letter"
    DECISION = "decision"
    COURT = "court"
    POLICE = "police"
    HEALTH = "health"
    SCHOOL = "school"
    CONSENT = "consent"
    PHOTO = "photo"
    # What was made here and sent on.
    HANDOVER = "handover"
    OTHER = "other"


class PaperState(StrEnum):
    """Whether a document may be opened."""

    WAITING = "waiting"
    CLEAN = "clean"
    # Malware was found: its content is gone, and that it came is kept.
    STOPPED = "stopped"
    # Taken out by hand, with a reason: a wrong case, a wrong file.
    TAKEN_OUT = "taken_out"


class PassingBasis(StrEnum):
    """By what something about her may be sent to somebody else. What each says stands in `domain/passing_on.py`."""

    CONSENT = "consent"
    CHILD_CONCERN = "child_concern"
    CRIME_PREVENTION = "crime_prevention"
    NEGATIVE_CONTROL = "negative_control"


class PassingSection(StrEnum):
    """What a handover can tell."""

    WHO = "who"
    CHILDREN = "children"
    DONE = "done"
    PLAN = "plan"
    SAFETY = "safety"
    CONTACT = "contact"
    OFFERS = "offers"
    WISHES = "wishes"
