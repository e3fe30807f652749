"""What a password must be (R-195): long, not guessable from who somebody is, not one that everybody uses."""

from collections.abc import Iterable

from portal.core.i18n import _

SHORTEST, LONGEST = 12, 128
# Shapes that everybody tries first; a kept package's list is asked besides.
WORN = ("password", "adgangskode", "kodeord", "qwerty", "sommer", "vinter", "efterår", "forår", "velkommen", "danmark")


def problem(password: str, *, about: Iterable[str]) -> object | None:
    """Why this password cannot be used, or None (R-195). `about` holds words that others know: name, organisation."""
    folded = password.casefold()
    letters = "".join(character for character in folded if character.isalpha())
    known = [word.casefold() for text in about for word in text.split() if len(word) > 3]
    checks: tuple[tuple[bool, object], ...] = (
        (len(password) < SHORTEST, _("Use at least 12 characters. A short sentence is easy to remember.")),
        (len(password) > LONGEST, _("Use at most 128 characters.")),
        (len(set(folded)) < 5, _("Use more different characters.")),
        (letters in WORN or any(letters == word for word in known), _("That can be guessed. Use several words.")),
        (folded.isdigit(), _("Use letters too.")),
    )
    return next((text for is_wrong, text in checks if is_wrong), None)
