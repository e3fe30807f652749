"""What can go wrong in the rules. Each has one status at the door (`web/errors.py`)."""

from portal.core.i18n import _


class DomainError(Exception):
    """A refusal by the rules, with a sentence for the person who asked."""

    message: object = _("That cannot be done.")
    # Which rule refused, for the audit trail alone; never shown.
    rule: str | None = None

    def __init__(self, message: object | None = None) -> None:
        super().__init__()
        if message is not None:
            self.message = message

    def __str__(self) -> str:
        return str(self.message)


class NotFound(DomainError):
    """Not there, or not theirs to see: the two are never told apart."""

    message = _("There is nothing here.")


class Forbidden(DomainError):
    """They see it, but it is not theirs to do."""

    message = _("This is for somebody else to do.")


class NotNow(DomainError):
    """Theirs, but not in the state that the thing is in."""

    message = _("That is not possible at this point. Look at the page once more before you go on.")


class Conflict(DomainError):
    """Somebody was faster."""

    message = _("Somebody changed this a moment before you. Look at it once more before you go on.")


class Stale(Conflict):
    """Somebody saved after the page was opened, so the page rests on what is no longer so."""


class TooMany(DomainError):
    """Theirs, but more of it than one person's work asks for in so short a time."""

    message = _("You have opened very many cases within a few minutes. Wait ten minutes, or ask a colleague.")


class Unlogged(DomainError):
    """What was to happen could not be written into the audit trail, so it does not happen (decision D6)."""

    message = _(
        "The portal cannot write down at the moment who opens what, so it shows nothing. Nothing was saved. Try again"
        " in a few minutes."
    )


class Invalid(DomainError):
    """The wish breaks a rule. `field` names the form field that it belongs beside, where there is one."""

    def __init__(self, message: object, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
