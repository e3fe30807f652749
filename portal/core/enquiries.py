"""Enquiries (henvendelser): who asks by which way, and what came of it. Stored by value.

What can be chosen on a day stands in `domain/enquiries.py`: a list that changes gets a new version, and a value is
never taken out of here, so that what was written before keeps its word.
"""

from enum import StrEnum


class EnquiryChannel(StrEnum):
    PHONE = "phone"
    DOOR = "door"
    MAIL = "mail"
    POLICE = "police"
    MUNICIPALITY = "municipality"
    OTHER_CENTRE = "other_centre"
    RELATIVE = "relative"


class EnquiryAsker(StrEnum):
    HERSELF = "herself"
    RELATIVE = "relative"
    AUTHORITY = "authority"
    PROFESSIONAL = "professional"


class ChildBand(StrEnum):
    """Ages of children in bands: enough to know whether there is room."""

    UNDER_THREE = "0_2"
    THREE_TO_SIX = "3_6"
    SEVEN_TO_THIRTEEN = "7_13"
    FOURTEEN_TO_SEVENTEEN = "14_17"


class Conclusion(StrEnum):
    """What an enquiry ended in; several may be true at once."""

    ADMITTED = "admitted"
    REFERRED_ON = "referred_on"
    REJECTED = "rejected"
    ADVICE = "advice"
    CALL_BACK = "call_back"
    UNKNOWN = "unknown"


class RejectReason(StrEnum):
    """Why she could not come here; several may be true at once."""

    FULL = "full"
    NO_ROOM_FOR_CHILDREN = "no_room_for_children"
    CHILD_OVER_14 = "child_over_14"
    PERPETRATOR_NEAR = "perpetrator_near"
    HOMELESS_ONLY = "homeless_only"
    DIAGNOSIS = "diagnosis"
    OTHER = "other"
