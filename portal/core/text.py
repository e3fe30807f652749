"""Text from people: made uniform, refused where it is not text, and looked through for what must not stand in it."""

import re
import unicodedata
from itertools import groupby

from portal.core.i18n import _
from portal.core.problems import Problem
from portal.core.scan import Hit, SensitiveKind, scan_sensitive

__all__ = [
    "LONGEST_NAME",
    "Hit",
    "SensitiveKind",
    "TextProblem",
    "check_name",
    "danish_order",
    "normalise",
    "normalise_name",
    "scan_sensitive",
]

LONGEST_NAME = 120
# Marks that turn the reading direction of what follows, and the byte-order mark: never typed by hand.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
# More marks on one letter than any language writes (Unicode's "stream-safe text"); to sort them takes ever longer.
MOST_MARKS = 30
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\u00ad"
_DANISH = str.maketrans({"å": "aa", "ø": "oe", "æ": "ae", "ö": "oe", "ä": "ae", "ß": "ss", "ð": "d", "þ": "th"})


UNSHOWN: object = _("The text holds signs that cannot be shown. Delete it and type it again.")


class TextProblem(Problem):
    """Text that cannot be kept as it was typed."""


def normalise(text: str) -> str:
    """The text in composed form (NFC), with `\\n` line breaks and nothing blank around it (R-056).

    Raises TextProblem: `control` for control characters, turned reading direction, half characters and marks piled up
    on one letter; `blank` when nothing visible is left. Scripts of all directions, emoji and angle brackets are text
    like any other.
    """
    if _is_piled_up(text):
        raise TextProblem("control", UNSHOWN)
    uniform = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if any(_is_not_text(char) for char in uniform):
        raise TextProblem("control", UNSHOWN)
    uniform = uniform.strip()
    if not uniform.strip(_INVISIBLE + " \u00a0"):
        raise TextProblem("blank", _("Write something here, or leave the field empty."))
    return uniform


def check_name(text: str) -> str:
    """A person's name, normalised. One letter is a name; so is any script, hyphen and apostrophe (R-056).

    Raises TextProblem: the codes of `normalise`, `too_long` above 120 characters, `line_break`, `symbol` for emoji,
    `sensitive` when the name holds a CPR or telephone number.
    """
    name = normalise(text)
    if len(name) > LONGEST_NAME:
        raise TextProblem("too_long", _("Write at most 120 characters."))
    if "\n" in name or "\t" in name:
        raise TextProblem("line_break", _("Write the name on one line."))
    if any(unicodedata.category(char) == "So" for char in name):
        raise TextProblem("symbol", _("Write the name with letters only."))
    if any(hit.kind is not SensitiveKind.ADDRESS for hit in scan_sensitive(name)):
        raise TextProblem("sensitive", _("Write only the name here. Numbers have fields of their own."))
    return name


def danish_order(text: str) -> str:
    """A key that sorts as a Danish dictionary does, whatever the case: æ, ø and å come last."""
    return unicodedata.normalize("NFC", text).casefold().replace("å", "ø\uffff")


def normalise_name(text: str) -> str:
    """A name folded for a keyed index: case, accents, å/aa, ø/oe, æ/ae, hyphens, spacing and order fall away.

    Equal for "Åse-Marie Holm" and "HOLM  Aasemarie". Never shown to people.
    """
    folded = unicodedata.normalize("NFC", text).casefold().translate(_DANISH)
    plain = "".join(char for char in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(char))
    words = re.sub(r"[^\w\s]", "", plain).split()
    return " ".join(sorted(words))


def _is_not_text(char: str) -> bool:
    if char in _TURNING:
        return True
    return unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t"


def _is_piled_up(text: str) -> bool:
    return any(
        is_mark and sum(1 for _char in run) > MOST_MARKS
        for is_mark, run in groupby(text, key=lambda char: unicodedata.combining(char) > 0)
    )
