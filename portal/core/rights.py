"""Rights of the people whose data is kept, retention and incidents: closed vocabularies. Stored by value."""

from enum import StrEnum


class RightsKind(StrEnum):
    """What is asked for."""

    ACCESS = "access"
    CHILD_DOSSIER = "child_dossier"
    ERASURE = "erasure"
    RECTIFICATION = "rectification"
    RESTRICTION = "restriction"


class RightsState(StrEnum):
    RECEIVED = "received"
    IN_WORK = "in_work"
    WAITING = "waiting"
    GRANTED = "granted"
    CLOSED = "closed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Capacity(StrEnum):
    """In which capacity somebody asks."""

    HERSELF = "herself"
    CUSTODIAL_PARENT = "custodial_parent"
    OTHER_PARENT = "other_parent"
    LAWYER = "lawyer"
    MUNICIPALITY = "municipality"


class IdentityCheck(StrEnum):
    """How it was made sure who asks."""

    NOT_YET = "not_yet"
    KNOWN = "known"
    PHOTO_ID = "photo_id"
    NATIONAL_LOGIN = "national_login"
    CUSTODY_PAPER = "custody_paper"
    POWER_OF_ATTORNEY = "power_of_attorney"


class RefusalGround(StrEnum):
    """Why a request is refused."""

    HARM = "harm"
    OTHER_PEOPLE = "other_people"
    NOT_ENTITLED = "not_entitled"
    IDENTITY = "identity"
    DUTY_TO_KEEP = "duty_to_keep"
    EXCESSIVE = "excessive"


class Harm(StrEnum):
    """What may come of handing a child's dossier out."""

    NONE_SEEN = "none_seen"
    POSSIBLE = "possible"
    SERIOUS = "serious"


class Delivery(StrEnum):
    """How an answer reaches the person. Never by mail."""

    IN_PERSON = "in_person"
    DIGITAL_POST = "digital_post"


class ErasureBasis(StrEnum):
    HER_REQUEST = "her_request"
    RETENTION = "retention"


class ConsentScope(StrEnum):
    """What may be shared, in groups that she can say yes or no to."""

    IDENTITY = "identity"
    CONTACT = "contact"
    CHILDREN = "children"
    SAFETY = "safety"
    NEEDS = "needs"
    COURSE = "course"
    SCORES = "scores"


class RetentionRule(StrEnum):
    """The rules on how long things are kept; what each says stands in `domain/retention.py`."""

    R1 = "R1"
    R2 = "R2"
    R3 = "R3"
    R4 = "R4"
    R5 = "R5"
    R6 = "R6"
    R7 = "R7"
    R8 = "R8"
    R9 = "R9"
    R10 = "R10"
    R11 = "R11"
    R12 = "R12"
    R13 = "R13"
    R14 = "R14"
    R15 = "R15"
    R16 = "R16"
    R17 = "R17"


class RetentionState(StrEnum):
    AHEAD = "ahead"
    DONE = "done"
    VOID = "void"


class IncidentKind(StrEnum):
    """What happened, as the authority's form asks."""

    WRONG_RECIPIENT = "wrong_recipient"
    UNAUTHORISED_ACCESS = "unauthorised_access"
    LOST_DEVICE = "lost_device"
    PUBLISHED = "published"
    LOST_DATA = "lost_data"
    CHANGED_DATA = "changed_data"
    ATTACK = "attack"
    OTHER = "other"


class PeopleBand(StrEnum):
    """How many people it is about, in bands: an exact small number tells too much."""

    ONE_TO_FOUR = "one_to_four"
    FIVE_TO_NINETEEN = "five_to_nineteen"
    TWENTY_TO_NINETY_NINE = "twenty_to_ninety_nine"
    HUNDRED_OR_MORE = "hundred_or_more"
    NOT_KNOWN = "not_known"


class IncidentState(StrEnum):
    OPEN = "open"
    CONTAINED = "contained"
    CLOSED = "closed"


class AuthorityState(StrEnum):
    """Whether the authority has been notified."""

    UNDECIDED = "undecided"
    NOTIFIED = "notified"
    NOT_REQUIRED = "not_required"


class TellingState(StrEnum):
    """Whether the women themselves have been told. Her safety comes before how fast."""

    UNDECIDED = "undecided"
    SAFETY_FIRST = "safety_first"
    PLANNED = "planned"
    TOLD = "told"
    NOT_NEEDED = "not_needed"
