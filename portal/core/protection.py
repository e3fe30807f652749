"""How a piece of information is protected: its class, its key, whose it is and how long it is kept."""

from enum import StrEnum


class KeyKind(StrEnum):
    """What a data key belongs to. Destroying the key makes everything under it unreadable, everywhere."""

    # A woman, a child, or a person with an account.
    SUBJECT = "subject"
    # Where somebody can be found: a client's or a case's, so that it can go before the rest.
    LOCATION = "location"
    CASE = "case"
    # What belongs to an organisation and to no person.
    ORGANISATION = "organisation"
    # Makes keyed indexes; never seals.
    INDEX = "index"


class FieldClass(StrEnum):
    """How bad it is when a column becomes known (security rule 4.1)."""

    S4_LOCATION = "S4 location"
    S4_IDENTITY = "S4 identity"
    S3 = "S3"
    S2 = "S2"
    S1 = "S1"
    S0 = "S0"
    # Keys, hashes and tokens.
    K = "K"


class Retention(StrEnum):
    """How long something is kept: the rules of security rule 4.6."""

    REFERRAL_NOT_ACCEPTED = "R1"
    REFERRERS_COPY = "R2"
    PLACES = "R3"
    TASK_PRIVATE = "R4"
    JOURNAL = "R5"
    PERPETRATOR = "R6"
    GRANT_STORY = "R7"
    VOLUNTEER = "R8"
    REJECTED_VOLUNTEER = "R9"
    AUDIT = "R10"
    SECURITY_LOG = "R11"
    MAIL_LOG = "R12"
    CONSENT = "R13"
    BACKUP = "R14"
    SHORT_LIVED = "R15"
    GRANT_LEDGER = "R16"
    ENQUIRY = "R17"
    # For as long as the account, the organisation or the programme is in use.
    IN_USE = "in use"


class DataSubject(StrEnum):
    """Whom a column is about, for the export that she may ask for."""

    CLIENT = "client"
    CHILD = "child"
    USER = "user"
    NOBODY = "nobody"


class IndexField(StrEnum):
    """What can be looked up exactly although it is sealed. Never an address."""

    NAME = "name"
    NAME_YEAR = "name_year"
    PHONE = "phone"
    EMAIL = "email"
    CPR = "cpr"
    # Finds a case by the number that its house gave it before it came here.
    OWN_NUMBER = "own_number"
    # Finds the account at sign-in.
    SIGN_IN = "sign_in"
