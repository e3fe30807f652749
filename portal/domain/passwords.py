"""What a password must be (R-195): long, not guessable from who somebody is, not one that everybody uses."""

import unicodedata
from collections.abc import Iterable
from functools import cache

from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from portal.core.i18n import _

SHORTEST, LONGEST = 15, 128
# What everybody tries first in Danish; the kept package's list holds the world's.
WORN = (
    *("adgangskode", "kodeord", "password", "qwerty", "velkommen", "danmark", "krisecenter", "kommune", "portal"),
    *("sommer", "vinter", "efterår", "forår", "foraar", "efteraar", "jul", "påske"),
    *("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober"),
    *("november", "december", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
)
# With fewer letters left than this, what is not known already does not carry the password.
OWN_LETTERS = 8
# The package counts guesses on a scale from 0 to 4; below 3 a patient guesser arrives.
STRONG = 3
# It looks at so many characters; the rest only makes a password better.
LOOKED_AT = 72
GUESSABLE: object = _(
    "That can be guessed. Use several words that have nothing to do with each other or with your work."
)


def prepared(password: str) -> str:
    """The password in the one form in which it is hashed, however a keyboard composes its letters (R-433)."""
    return unicodedata.normalize("NFKC", password)


def problem(password: str, *, about: Iterable[str]) -> object | None:
    """Why this password cannot be used, or None (R-195). `about` holds words that others know: name, organisation."""
    password = prepared(password)
    folded = password.casefold()
    known = [word.casefold() for text in about for word in text.split() if len(word) > 3]
    checks: tuple[tuple[bool, object], ...] = (
        (len(password) < SHORTEST, _("Use at least 15 characters. A short sentence is easy to remember.")),
        (len(password) > LONGEST, _("Use at most 128 characters.")),
        (len(set(folded)) < 5, _("Use more different characters.")),
        (folded.isdigit(), _("Use letters too.")),
        (is_common(folded), _("Many use this password. Choose another.")),
    )
    for is_wrong, text in checks:
        if is_wrong:
            return text
    if _own_letters(folded, known) < OWN_LETTERS or not _is_strong(password, known):
        return GUESSABLE
    return None


def is_common(folded: str) -> bool:
    """Whether a kept list of common passwords holds it, or the half that it repeats."""
    half = folded[: len(folded) // 2]
    return folded in _common() or (half * 2 == folded and half in _common())


def _own_letters(folded: str, known: list[str]) -> int:
    letters = "".join(character for character in folded if character.isalpha())
    for word in sorted({*WORN, *known}, key=len, reverse=True):
        letters = letters.replace(word, "")
    return len(letters)


def _is_strong(password: str, known: list[str]) -> bool:
    measured = zxcvbn(password[:LOOKED_AT], user_inputs=[*known, *WORN])
    return int(measured["score"]) >= STRONG


@cache
def _common() -> frozenset[str]:
    return frozenset(FREQUENCY_LISTS["passwords"])
