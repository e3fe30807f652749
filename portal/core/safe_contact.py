"""Ways to reach her, and why one of them is not safe."""

from enum import StrEnum


class Means(StrEnum):
    """By what something goes to her."""

    CALL = "call"
    VIDEO = "video"
    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"
    CALENDAR = "calendar"


class Barred(StrEnum):
    """Why nothing goes to her in that way then."""

    NO_CARD = "no_card"
    NONE_FOR_NOW = "none_for_now"
    ONLY_THROUGH = "only_through"
    OUT_OF_DATE = "out_of_date"
    MEANS = "means"
    DAY = "day"
    HOUR = "hour"
    VOICEMAIL = "voicemail"
    SAYS_WHO = "says_who"
    READ_ALONG = "read_along"
