"""Words for coming, being away and leaving: people and whole organisations. Stored by value."""

from enum import StrEnum


class Suspension(StrEnum):
    """Why a role sleeps until an administrator wakes it."""

    DORMANT = "dormant"
    UNATTESTED = "unattested"


class HandOverKind(StrEnum):
    """What one row of a hand-over is about."""

    CASE = "case"
    GROUP = "group"
    REQUEST = "request"
    OTHER = "other"


class Thing(StrEnum):
    """What can be somebody's and goes along in a hand-over."""

    TEAM = "team"
    DEADLINE = "deadline"
    MEETING = "meeting"
    COURSE = "course"
    FOLLOW_UP = "follow_up"
    GROUP = "group"
    REQUEST = "request"
    REFERRAL = "referral"


class Assurance(StrEnum):
    """How sure an identity provider is of who somebody is (the Danish NSIS levels), the weakest first."""

    LOW = "low"
    SUBSTANTIAL = "substantial"
    HIGH = "high"


class SignInProblem(StrEnum):
    """Why a sign-in through a municipality came to nothing. For the audit trail, never for the page."""

    PROVIDER_SILENT = "provider_silent"
    PROVIDER_REFUSED = "provider_refused"
    STATE_WRONG = "state_wrong"
    STATE_USED = "state_used"
    TOKEN_WRONG = "token_wrong"  # noqa: S105 - a word in the trail, not a secret
    ASSURANCE_LOW = "assurance_low"
    SUBJECT_UNKNOWN = "subject_unknown"
    ACCOUNT_CLOSED = "account_closed"
    CODE_WRONG = "code_wrong"


class ExitState(StrEnum):
    """How far an organisation's leaving has come."""

    ASKED = "asked"
    FROZEN = "frozen"
    REVOKED = "revoked"
    DESTRUCTION_ASKED = "destruction_asked"
    DESTROYED = "destroyed"
    CALLED_OFF = "called_off"


class TransferState(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class TransferBasis(StrEnum):
    """On what a case goes to another organisation."""

    FRESH_CONSENT = "fresh_consent"
    LEGAL_BASIS = "legal_basis"
