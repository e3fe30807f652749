"""Text from people: made uniform, refused where it is not text, and looked through for what must not stand in it."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.core.i18n import _
from portal.core.problems import Problem

LONGEST_NAME = 120
# Marks that turn the reading direction of what follows, and the byte-order mark: never typed by hand.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\u00ad"
_DANISH = str.maketrans({"å": "aa", "ø": "oe", "æ": "ae", "ö": "oe", "ä": "ae", "ß": "ss", "ð": "d", "þ": "th"})


class TextProblem(Problem):
    """Text that cannot be kept as it was typed."""


class SensitiveKind(StrEnum):
    """What a piece of free text looks like."""

    CPR = "cpr"
    PHONE = "phone"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Hit:
    """A stretch of text, `text[start:end]`, that looks like something that belongs in a protected field."""

    kind: SensitiveKind
    start: int
    end: int


def normalise(text: str) -> str:
    """The text in composed form (NFC), with `\\n` line breaks and nothing blank around it (R-056).

    Raises TextProblem: `control` for control characters, turned reading direction and half characters; `blank` when
    nothing visible is left. Scripts of all directions, emoji and angle brackets are text like any other.
    """
    uniform = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if any(_is_not_text(char) for char in uniform):
        raise TextProblem("control", _("The text holds signs that cannot be shown. Delete it and type it again."))
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


def scan_sensitive(text: str) -> list[Hit]:
    """What in a free text looks like a CPR number, a telephone number or an address, in order, without overlaps.

    Dates, case references such as 2026-0431, amounts and times are left alone (R-057).
    """
    found = [
        *_hits(SensitiveKind.CPR, _CPR, text, _is_cpr),
        *_hits(SensitiveKind.PHONE, _PHONE, text, _is_phone),
        *_hits(SensitiveKind.ADDRESS, _STREET, text, _is_street),
        *_hits(SensitiveKind.ADDRESS, _POSTCODE, text, _is_postcode),
    ]
    kept: list[Hit] = []
    for hit in found:
        if all(hit.end <= other.start or other.end <= hit.start for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.start)


_CPR = re.compile(r"(?<![\d.,-])(\d{2})(\d{2})\d{2}(?:\s?[-–]\s?|\s)?\d{4}(?!\d)")
_PHONE = re.compile(
    r"(?<![\d.,/+-])(?:"
    r"(?:(?:\+|00)45[ -]?)?(?:[1-9]\d(?P<gap>[ .-])\d\d(?P=gap)\d\d(?P=gap)\d\d|[1-9]\d{3} \d{4}"
    r"|[1-9]\d{2} \d{2} \d{3}|(?P<run>[1-9]\d{7}))"
    r"|\+(?!45)[1-9]\d{0,2}(?:[ -]?\d){6,13})(?![\d/]|[.,-]\d|\s*(?:kr\b|kroner|,-))"
)
# Common words that end like a street, and words that follow a number as a town would.
_COMMON = (
    "børnehave børnehaven skolegård skolegården legeplads legepladsen arbejdsplads arbejdspladsen parkeringsplads "
    "parkeringspladsen ventelisteplads institutionsplads børnehaveplads praktikplads læreplads gågade gågaden omvej "
    "genvej motorvej motorvejen landevej landevejen samtalle alle"
)
_NOT_STREETS = frozenset(_COMMON.split())
_AFTER_NUMBERS = "kroner samtale møde januar februar marts april maj juni juli august september oktober"
_NOT_TOWNS = frozenset(_AFTER_NUMBERS.split())
_ENDINGS = (
    "vej|vejen|gade|gaden|allé|alléen|alle|stræde|strædet|boulevard|boulevarden|vænge|vænget|plads|pladsen|torv|torvet"
    "|park|parken|have|haven|gård|gården|bakke|bakken|toft|toften|sving|svinget|sti|stien|lund|lunden|eng|engen|mark"
    "|marken|krog|krogen|brygge|bryggen|kaj|kajen|skrænt|skrænten|ager|ageren|vang|vangen|løkke|løkken|ås|åsen|høj"
    "|højen|dal|dalen|kær|kæret|ringen|promenade|promenaden|esplanade|esplanaden"
)
_STREET = re.compile(
    rf"(?<!\w)(?P<street>\w{{3,40}}?(?:{_ENDINGS})|(?-i:(?:[A-ZÆØÅ][\w.]{{0,30}}\s){{1,3}}(?:Vej|Gade|Allé|Alle|allé|Stræde"
    r"|Boulevard|Vænge|Plads|Torv|Park|Have|Kaj|Brygge|Promenade|Esplanade)))"
    r",?\s(?:nr\.?\s)?\d{1,3}(?!\d|[.:/]\d)(?:[a-z]\b|(?-i:\s[A-Z]\b))?"
    r"(?!\s*(?:gange?|dage?|uger?|timer?|børn|måneder|år|kr|kroner|stk|%|min|minutter|personer|møder|samtaler)\b)"
    r"(?:,?\s*(?:st|kl|\d{1,2})\.?\s?(?:tv|th|mf)\b\.?)?",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"(?<![\w.,/+-])(?<!kl )(?<!kl\. )(?:DK-?)?([1-9]\d{3})\s+([A-ZÆØÅ][a-zæøåé]{2,})")


def _hits(
    kind: SensitiveKind, pattern: re.Pattern[str], text: str, accept: Callable[[re.Match[str]], bool]
) -> Iterator[Hit]:
    return (Hit(kind, match.start(), match.end()) for match in pattern.finditer(text) if accept(match))


def _is_cpr(match: re.Match[str]) -> bool:
    # Day + 60 is how replacement numbers are written.
    day, month = int(match[1]), int(match[2])
    return 1 <= (day - 60 if day > 60 else day) <= 31 and 1 <= month <= 12


def _is_phone(match: re.Match[str]) -> bool:
    run = match["run"]
    if run is None or match[0] != run:
        return True
    return not (_is_day(run[4:], run[2:4], run[:2]) or _is_day(run[:4], run[4:6], run[6:]))


def _is_day(year: str, month: str, day: str) -> bool:
    try:
        return 1930 <= date(int(year), int(month), int(day)).year <= 2050
    except ValueError:
        return False


def _is_street(match: re.Match[str]) -> bool:
    # "alle 3" is "all three"; a street of that ending is written with a name before it.
    return match["street"].lower() not in _NOT_STREETS


def _is_postcode(match: re.Match[str]) -> bool:
    code, town = int(match[1]), match[2].lower()
    if town in _NOT_TOWNS or 2001 <= code <= 2099:
        return False  # Denmark has no such postcodes: it is a year.
    return not 1900 <= code <= 1999 or town == "frederiksberg"


def _is_not_text(char: str) -> bool:
    if char in _TURNING:
        return True
    return unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t"
