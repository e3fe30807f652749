"""How somebody proves who she is. Stored by value; the words for people are in `domain/labels/sign_in.py`."""

from enum import StrEnum


class Proof(StrEnum):
    """With what a session was opened, or what was shown last: the strongest is a passkey."""

    PASSWORD = "password"  # noqa: S105 - the name of a kind of proof
    CODE = "code"
    RECOVERY_CODE = "recovery_code"
    PASSKEY = "passkey"


class FactorKind(StrEnum):
    """A second factor that somebody has set up."""

    TOTP = "totp"
    PASSKEY = "passkey"


class CodePurpose(StrEnum):
    """What a code that is read out by telephone lets its receiver do."""

    INVITATION = "invitation"
    PASSWORD = "password"  # noqa: S105 - the name of a purpose
    FACTORS = "factors"


class Ceremony(StrEnum):
    """What a passkey is asked for; a challenge of one kind is no answer to another."""

    REGISTER = "register"
    SIGN_IN = "sign_in"
    STEP_UP = "step_up"


class Browser(StrEnum):
    """The family of a browser: all that is remembered of a device."""

    CHROME = "chrome"
    EDGE = "edge"
    FIREFOX = "firefox"
    SAFARI = "safari"
    OTHER = "other"
