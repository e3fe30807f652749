"""Looks through free text for what must not stand in it: CPR numbers, telephone numbers, addresses, places.

Pure, and linear in the length of the text: every pattern has a bounded length, and hits are sorted once. What hides
behind invisible signs, odd blanks or other digits is found all the same; positions are those of the text as given.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.core import towns


class SensitiveKind(StrEnum):
    """What a piece of free text looks like."""

    CPR = "cpr"
    PHONE = "phone"
    ADDRESS = "address"
    INSTITUTION = "institution"
    TOWN = "town"


@dataclass(frozen=True, slots=True)
class Hit:
    """A stretch of text, `text[start:end]`, that looks like something that belongs in a protected field."""

    kind: SensitiveKind
    start: int
    end: int


Accept = Callable[[re.Match[str]], bool]


def scan_sensitive(text: str) -> list[Hit]:
    """What looks like a CPR number, a telephone number or an address, in order, without overlaps (R-057, PA-4).

    Dates, case references such as 2026-0431, amounts and times are left alone.
    """
    return _scan(text, _SENSITIVE)


def scan_written(text: str) -> list[Hit]:
    """The same, and schools, daycare and other institutions by name: they tell where somebody is (R-057, PA-3, PA-4).

    For what is saved. Streets without a number and towns are left alone: notes are full of them.
    """
    return _scan(text, (*_SENSITIVE, _HOUSE))


def scan_places(text: str) -> list[Hit]:
    """The same, and all else that may tell where somebody is: streets without a number, institutions, towns (R-529).

    For what leaves the house. It takes too much rather than too little.
    """
    return _scan(text, (*_SENSITIVE, *_PLACES))


def _scan(text: str, searches: Iterable[tuple[SensitiveKind, re.Pattern[str], Accept]]) -> list[Hit]:
    plain, places = _flatten(text)
    taken = bytearray(len(plain))
    kept: list[Hit] = []
    for kind, pattern, accept in searches:
        for start, end in _spans(pattern, plain, accept):
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                kept.append(Hit(kind, places[start], places[end - 1] + 1))
    return _joined(sorted(kept, key=lambda hit: hit.start), text)


def _joined(hits: Iterable[Hit], text: str) -> list[Hit]:
    """A street and the town right after it are one address."""
    found: list[Hit] = []
    for hit in hits:
        last = found[-1] if found else None
        is_one = (
            last and last.kind is hit.kind is SensitiveKind.ADDRESS and _BETWEEN.fullmatch(text[last.end : hit.start])
        )
        if last and is_one:
            found[-1] = Hit(hit.kind, last.start, hit.end)
        else:
            found.append(hit)
    return found


def _flatten(text: str) -> tuple[str, list[int]]:
    """The text with plain blanks, digits and dashes and nothing invisible, and where each sign of it stands."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        if sign in _INVISIBLE:
            continue
        signs.append(_plain(sign))
        places.append(place)
    return "".join(signs), places


def _plain(sign: str) -> str:
    if sign.isascii() or sign.isalpha():
        return sign
    digit = unicodedata.decimal(sign, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(sign)
    return " " if category == "Zs" else "-" if category == "Pd" else sign


def _spans(pattern: re.Pattern[str], text: str, accept: Accept) -> Iterator[tuple[int, int]]:
    return ((match.start(), match.end()) for match in pattern.finditer(text) if accept(match))


_BETWEEN = re.compile(r"[,.]?\s{0,3}")
_INVISIBLE = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\u00ad\ufeff")
_CPR = re.compile(
    r"(?<![\d.,-])(?:(\d{2})(\d{2})\d{2}(?:\s?[-/]\s?|\s)?\d{4}|(\d{2})([ .-])(\d{2})\4\d{2}-\d{4})(?!\d)"
)
_PHONE = re.compile(
    r"(?<![\d.,/+-])(?:"
    r"(?:(?:\+|00)45[ -]?)?(?:[1-9]\d(?P<gap>[ .-])\d\d(?P=gap)\d\d(?P=gap)\d\d|[1-9]\d{3} \d{4}"
    r"|[1-9]\d{2} \d{2} \d{3}|(?P<run>[1-9]\d{7}))"
    r"|(?!19|20)[2-9]\d{3}-\d{4}|[2-9](?: \d){7}"
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
_POSTCODE = re.compile(
    r"(?<![\w.,/+-])(?<!kl )(?<!kl\. )(?:DK-?)?([1-9]\d{3})\s+([A-ZÆØÅ][a-zæøåé]{2,})(?:\s[CKNSVØ][VØ]?(?!\w))?"
)
_TOWN_NAMES = "|".join(re.escape(name) for name in sorted(towns.NAMES, key=len, reverse=True))
_KNOWN_POSTCODE = re.compile(
    rf"(?<![\w.,/+-])(?<!kl )(?<!kl\. )(?:DK-?)?([1-9]\d{{3}})\s+({_TOWN_NAMES})(?!\w)(?-i:\s[CKNSVØ][VØ]?(?!\w))?",
    re.IGNORECASE,
)
# "2. tv" is a floor, "2 tv" are two television sets.
_FLOOR = re.compile(
    r"(?<!\w)(?:\d{1,2}\.\s?(?:sal\b(?:[ ,]+(?:tv|th|mf|t\.v|t\.h|m\.f)\b)?|tv|th|mf|t\.v|t\.h|m\.f)"
    r"|st\.?[ ,]+(?:tv|th|mf))(?![\w-])\.?",
    re.IGNORECASE,
)
_BARE_STREET = re.compile(
    r"(?<!\w)(?P<street>[A-ZÆØÅ]\w{2,30}(?:vej|gade|allé|stræde|boulevard|vænget?|torv|parken|gården|bakken|vangen|toften))"
    r"(?!\w)"
)
_NAMED_HOUSE = re.compile(
    r"(?<!\w)(?i:børnehaven?|vuggestuen?|dagplejen?|institutionen|skolen|fritidshjemmet|fritidsklubben|klubben|sfo'?en"
    r"|krisecent(?:er|ret)|kvindehjemmet|lægehuset|klinikken|hospitalet)\s+(?:[A-ZÆØÅ]\w{1,30})(?:\s[A-ZÆØÅ]\w{1,30})?"
    r"|(?<!\w)[A-ZÆØÅ]\w{2,30}(?:skolen?|børnehaven?|vuggestuen?|hallen|kirken|klinikken|lægehuset)(?!\w)"
    r"|(?<!\w)(?:[A-ZÆØÅ]\w{1,30}\s){1,3}(?:Skole|Friskole|Privatskole|Børnehave|Børnehus|Vuggestue)(?!\w)"
)
_SCHOOLS = (
    "folkeskolen folkeskole efterskolen efterskole privatskolen friskolen musikskolen sprogskolen sprogskole "
    "aftenskolen aftenskole højskolen højskole specialskolen specialskole førskolen førskole grundskolen grundskole "
    "indskolen ungdomsskolen ungdomsskole erhvervsskolen erhvervsskole handelsskolen køreskolen køreskole "
    "sygeplejeskolen idrætshallen svømmehallen sportshallen folkekirken privatklinikken"
)
_NOT_HOUSES = frozenset(_SCHOOLS.split())
_TOWN = re.compile(rf"(?<!\w)(?:{_TOWN_NAMES})(?!\w)")


def _is_cpr(match: re.Match[str]) -> bool:
    # Day + 60 is how replacement numbers are written.
    day, month = int(match[1] or match[3]), int(match[2] or match[5])
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


def _is_house(match: re.Match[str]) -> bool:
    return match[0].lower() not in _NOT_HOUSES


def _is_town(match: re.Match[str]) -> bool:
    return match[0] not in towns.WORDS


def _always(_match: re.Match[str]) -> bool:
    return True


# What comes first wins where two overlap.
_SENSITIVE = (
    (SensitiveKind.CPR, _CPR, _is_cpr),
    (SensitiveKind.PHONE, _PHONE, _is_phone),
    (SensitiveKind.ADDRESS, _STREET, _is_street),
    (SensitiveKind.ADDRESS, _POSTCODE, _is_postcode),
    (SensitiveKind.ADDRESS, _KNOWN_POSTCODE, _is_postcode),
    (SensitiveKind.ADDRESS, _FLOOR, _always),
)
_HOUSE = (SensitiveKind.INSTITUTION, _NAMED_HOUSE, _is_house)
_PLACES = (
    (SensitiveKind.ADDRESS, _BARE_STREET, _is_street),
    _HOUSE,
    (SensitiveKind.TOWN, _TOWN, _is_town),
)


# Words by which a question asks for what belongs in a protected field.
_ASKED = (
    (
        SensitiveKind.CPR,
        re.compile(
            r"(?<!\w)(?:cpr|person-?num(?:mer(?:et)?|re)|sygesikring\w*|social security|(?:national )?id number)(?!\w)",
            re.IGNORECASE,
        ),
    ),
    (
        SensitiveKind.ADDRESS,
        re.compile(
            r"(?<!\w)(?:adresser?|adressen|postnummer|vejnavn|gadenavn|hvor bor|address(?:es)?|postcode"
            r"|where does she live)(?!\w)",
            re.IGNORECASE,
        ),
    ),
    (
        SensitiveKind.PHONE,
        re.compile(
            r"(?<!\w)(?:telefon\w*|mobil(?:nummer|nr|telefon)?|tlf|e-?mail\w*|mailadresse|(?:tele)?phone\w*"
            r"|mobile number)(?!\w)",
            re.IGNORECASE,
        ),
    ),
)


def scan_asked(text: str) -> SensitiveKind | None:
    """What a question seems to ask for: CPR number, address, telephone or mail; else None (R-668)."""
    plain, _places = _flatten(text)
    return next((kind for kind, pattern in _ASKED if pattern.search(plain)), None)
