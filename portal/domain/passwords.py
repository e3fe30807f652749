"""What makes a password good enough: long, and not what anybody would try first (R-094)."""

from collections.abc import Iterable

from portal.core.errors import Invalid
from portal.core.i18n import _

SHORTEST, LONGEST = 12, 1024
COMMON = (
    "password",
    "adgangskode",
    "kodeord",
    "qwerty",
    "123456",
    "abcdef",
    "letmein",
    "welcome",
    "velkommen",
    "sommer",
    "vinter",
    "danmark",
    "hemmelig",
    "krisecenter",
    "portal",
)
FEWEST_SIGNS = 5


def check_password(password: str, *, names: Iterable[str] = (), field: str = "new") -> None:
    """Raise Invalid for a password that is short, common, of few signs, or made of a name that others know."""
    if len(password) < SHORTEST:
        raise Invalid(_("Write at least 12 characters. A short sentence is easy to remember."), field=field)
    if len(password) > LONGEST:
        raise Invalid(_("That is too long."), field=field)
    plain = "".join(sign for sign in password.casefold() if sign.isalnum())
    rest = plain
    for word in COMMON:
        rest = rest.replace(word, "")
    if len(set(plain)) < FEWEST_SIGNS or len(rest.strip("0123456789")) < FEWEST_SIGNS:
        raise Invalid(_("That is among the first that somebody would try. Choose another."), field=field)
    known = [part for name in names for part in name.casefold().replace("@", " ").replace(".", " ").split()]
    if any(len(part) > 3 and part in plain for part in known):
        raise Invalid(_("Leave out your own name and your organisation's."), field=field)
