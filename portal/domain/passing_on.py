"""A handover to another organisation: what may be in it, by what, and what is struck before it leaves the house."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from portal.core import towns
from portal.core.enums import OrganisationKind, Role
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.i18n import _
from portal.core.papers import PassingBasis, PassingSection
from portal.core.rights import ConsentScope
from portal.core.scan import Hit, SensitiveKind, scan_places
from portal.domain.reasons import check_reason
from portal.domain.redaction import MASK, SHORTEST

# What she must have agreed to for each section.
SCOPES: Mapping[PassingSection, ConsentScope] = {
    PassingSection.WHO: ConsentScope.IDENTITY,
    PassingSection.CHILDREN: ConsentScope.CHILDREN,
    PassingSection.DONE: ConsentScope.COURSE,
    PassingSection.PLAN: ConsentScope.NEEDS,
    PassingSection.SAFETY: ConsentScope.SAFETY,
    PassingSection.CONTACT: ConsentScope.CONTACT,
    PassingSection.OFFERS: ConsentScope.COURSE,
    PassingSection.WISHES: ConsentScope.NEEDS,
}
# From this level on nothing that tells where somebody is goes out, whatever the reason.
SEALED_LEVEL = 2
LOCATING = frozenset(
    {SensitiveKind.ADDRESS, SensitiveKind.INSTITUTION, SensitiveKind.TOWN, SensitiveKind.PHONE, SensitiveKind.CPR}
)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the law says beside a consent: since when, until when, who may use it, towards whom."""

    basis: PassingBasis
    source: object
    since: date
    until: date | None = None
    roles: frozenset[Role] = frozenset()
    receivers: frozenset[OrganisationKind] = frozenset()


GROUNDS = (
    Ground(
        PassingBasis.CHILD_CONCERN,
        _("Barnets lov §§ 133 and 135: whoever learns that a child needs help must notify the municipality."),
        since=date(2024, 1, 1),
        roles=frozenset({Role.CONTACT_PERSON, Role.PROGRAMME_WORKER, Role.MUNICIPAL_ADVISER}),
        receivers=frozenset({OrganisationKind.MUNICIPALITY}),
    ),
    Ground(
        PassingBasis.CRIME_PREVENTION,
        _("Retsplejeloven § 115: police, social authorities and psychiatry, to prevent crime or for somebody exposed."),
        since=date(2010, 1, 1),
        roles=frozenset({Role.CONTACT_PERSON, Role.MUNICIPAL_ADVISER}),
        receivers=frozenset({OrganisationKind.MUNICIPALITY}),
    ),
    Ground(
        PassingBasis.NEGATIVE_CONTROL,
        _("Exchange with security consultants in cases of negative social control, since 1 March 2024."),
        since=date(2024, 3, 1),
        roles=frozenset({Role.MUNICIPAL_ADVISER}),
        receivers=frozenset({OrganisationKind.MUNICIPALITY, OrganisationKind.SHELTER}),
    ),
)


def grounds(role: Role, *, on: date) -> list[Ground]:
    """What somebody in this role may go by on that day beside a consent (R-688)."""
    return [one for one in GROUNDS if role in one.roles and one.since <= on and (one.until is None or on < one.until)]


def missing_scopes(sections: Iterable[PassingSection], given: Iterable[ConsentScope]) -> list[ConsentScope]:
    """What she has not agreed to of what the sections tell, in the order of the vocabulary (R-688)."""
    needed = {SCOPES[section] for section in sections}
    return [scope for scope in ConsentScope if scope in needed - set(given)]


def check_ground(basis: PassingBasis, role: Role, receiver: OrganisationKind, *, on: date) -> None:
    """Raise Invalid unless this law lets this role send to such a receiver on that day (R-688)."""
    found = next((one for one in grounds(role, on=on) if one.basis is basis), None)
    if found is None:
        raise Invalid(_("You cannot send anything by this law. Ask for her consent."), field="basis")
    if receiver not in found.receivers:
        raise Invalid(_("This law does not cover that receiver. Ask for her consent."), field="basis")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a text that was found, or struck by hand (`kind` empty). Struck until somebody says why it stays."""

    start: int
    end: int
    kind: str = ""
    reason: str | None = None

    @property
    def is_struck(self) -> bool:
        """Whether it is hidden in what goes out."""
        return self.reason is None


@dataclass(frozen=True, slots=True)
class Passage:
    """One text of the handover: its section, its head, and what was found in it."""

    section: PassingSection
    head: str
    text: str
    stretches: tuple[Stretch, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """How it is stored."""
        found = [[one.start, one.end, one.kind, one.reason] for one in self.stretches]
        return {"section": self.section.value, "head": self.head, "text": self.text, "found": found}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text for the screen; `number` is the stretch's, None for what stays as it is."""

    text: str
    number: int | None = None
    stretch: Stretch | None = None


def read(stored: Sequence[dict[str, Any]]) -> list[Passage]:
    """The passages as they were stored."""
    return [
        Passage(
            PassingSection(one["section"]), one["head"], one["text"], tuple(Stretch(*each) for each in one["found"])
        )
        for one in stored
    ]


def look_through(text: str, known: Iterable[str]) -> tuple[Stretch, ...]:
    """What tells where somebody is, all of it struck (R-688): what the scan finds, and what the case knows by name."""
    hits = [*scan_places(text), *_others(text), *_known(text, known)]
    return _apart(Stretch(hit.start, hit.end, hit.kind.value) for hit in hits)


# A doctor by name, institutions as they are said in English, and towns however they are written.
_DOCTOR = re.compile(
    r"(?<!\w)(?i:(?:egen |praktiserende |vores |hendes )?læge[nr]?(?:ne)?|doctor|dr\.?|gp)\s+[A-ZÆØÅ][\w.]{1,30}"
    r"(?:\s[A-ZÆØÅ]\w{1,30})?"
)
_ENGLISH = re.compile(
    r"(?<!\w)(?i:school|kindergarten|nursery|day ?care|refuge|shelter|crisis cent(?:re|er)|clinic|hospital)\s"
    r"[A-ZÆØÅ]\w{1,30}(?:\s[A-ZÆØÅ]\w{1,30})?"
    r"|(?<!\w)(?:[A-ZÆØÅ]\w{1,30}\s){1,3}"
    r"(?i:school|kindergarten|nursery|day ?care|refuge|shelter|clinic|hospital)(?!\w)"
)
_DANISH = re.compile(
    r"(?<!\w)[A-ZÆØÅ]\w{2,30}(?:krisecenter|krisecentret|hjemmet|skole|børnehus|børnehave|vuggestue|lægehus|sygehus"
    r"|hospital|klinik|fritidsklub|institution)(?:et|en|n)?(?!\w)"
    r"|(?<!\w)(?i:skole|børnehave|børnehus|vuggestue|krisecenter|lægehus|hospital|sygehus|sfo|fritidshjem|dagpleje)"
    r"(?i:n|en|et|r|ret)?\s(?:[A-ZÆØÅ]\w{1,30})(?:\s[A-ZÆØÅ]\w{1,30})?"
)
_SPELT = {"å": "(?:å|aa)", "ø": "(?:ø|oe|ö)", "æ": "(?:æ|ae|ä)"}


def _spelt(words: str) -> str:
    """A pattern for words in any spelling: å as aa, any blank or hyphen between them."""
    plain = words.casefold().replace("aa", "å")
    parts = [part for part in re.split(r"[\s,.\-/]+", plain) if part]
    return r"[\s,.\-/]{0,4}".join("".join(_SPELT.get(sign, re.escape(sign)) for sign in part) for part in parts)


_LONGEST_FIRST = sorted((name for name in towns.NAMES if len(name) > 3), key=len, reverse=True)
_ANY_TOWN = "|".join(map(_spelt, _LONGEST_FIRST))
_TOWNS = re.compile(rf"(?<!\w)(?:{_ANY_TOWN})(?!\w)", re.IGNORECASE)
_TOWN_WORDS = frozenset(
    {"give", "hals", "ringe", "vejen", "tarm", "holte", "greve", "farum", "varde", "assens", "høng", "stege", "beder"}
)


def _others(text: str) -> Iterator[Hit]:
    for pattern in (_DOCTOR, _ENGLISH, _DANISH):
        yield from (Hit(SensitiveKind.INSTITUTION, *match.span()) for match in pattern.finditer(text))
    for match in _TOWNS.finditer(text):
        if match[0] not in _TOWN_WORDS:
            yield Hit(SensitiveKind.TOWN, *match.span())


def _known(text: str, known: Iterable[str]) -> Iterator[Hit]:
    for words in known:
        for part in _parts(words):
            pattern = re.compile(rf"(?<!\w){_spelt(part)}(?!\w)", re.IGNORECASE)
            yield from (Hit(SensitiveKind.ADDRESS, *match.span()) for match in pattern.finditer(text))


def _parts(words: str) -> set[str]:
    """What is known whole, between its commas, and the street without its number."""
    found = {words, *re.split(r"[,\n]", words)}
    found |= {re.sub(r"\s+\d.*$", "", one) for one in found}
    found |= {re.sub(r"^\s*\d{4}\s+", "", one) for one in found}
    return {one.strip() for one in found if len(re.sub(r"[\W\d]", "", one)) > SHORTEST}


def _apart(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """In order without overlap: what meets becomes one, and keeps the first one's kind."""
    joined: list[Stretch] = []
    for one in sorted(stretches, key=lambda found: (found.start, -found.end)):
        last = joined[-1] if joined else None
        if last is not None and one.start < last.end:
            joined[-1] = replace(last, end=max(last.end, one.end), reason=None if one.is_struck else last.reason)
        else:
            joined.append(one)
    return tuple(joined)


def keep(passage: Passage, number: int, reason: str | None, *, protection_level: int) -> Passage:
    """Let a stretch stand, with a reason. Raises Forbidden at special protection, Invalid beside the reason."""
    found = _stretch(passage, number)
    if protection_level >= SEALED_LEVEL:
        raise Forbidden(_("At special protection nothing goes out that tells where somebody is."))
    return _put(passage, number, replace(found, reason=check_reason(reason)))


def strike_again(passage: Passage, number: int) -> Passage:
    """Strike a stretch that was to stand."""
    return _put(passage, number, replace(_stretch(passage, number), reason=None))


def strike(passages: Sequence[Passage], words: str) -> list[Passage]:
    """Strike words wherever they stand in the handover. Raises Invalid when they stand nowhere."""
    wanted = words.strip()
    if len(wanted) < SHORTEST:
        raise Invalid(_("Write at least two letters."), field="words")
    pattern = re.compile(re.escape(wanted), re.IGNORECASE)
    struck = [
        replace(
            one,
            stretches=_apart([*one.stretches, *(Stretch(*match.span()) for match in pattern.finditer(one.text))]),
        )
        for one in passages
    ]
    if struck == list(passages):
        raise Invalid(_("These words do not stand in the text, or are struck already."), field="words")
    return struck


def check_leaves(passages: Iterable[Passage], *, protection_level: int) -> None:
    """Raise Invalid when something that tells where somebody is would go out of a case at special protection."""
    kept = any(not one.is_struck for passage in passages for one in passage.stretches)
    if kept and protection_level >= SEALED_LEVEL:
        raise Invalid(_("She has special protection now: strike what was to stand."))


def redacted(passage: Passage) -> str:
    """The text as it leaves the house."""
    return "".join(MASK if piece.stretch and piece.stretch.is_struck else piece.text for piece in pieces(passage))


def pieces(passage: Passage) -> list[Piece]:
    """The text cut at what was found, for the screen."""
    cut, at, text = [], 0, passage.text
    for number, found in enumerate(passage.stretches):
        if found.start > at:
            cut.append(Piece(text[at : found.start]))
        cut.append(Piece(text[found.start : found.end], number, found))
        at = found.end
    return [*cut, Piece(text[at:])] if at < len(text) else cut


def _stretch(passage: Passage, number: int) -> Stretch:
    if not 0 <= number < len(passage.stretches):
        raise NotFound
    return passage.stretches[number]


def _put(passage: Passage, number: int, found: Stretch) -> Passage:
    changed = tuple(found if place == number else one for place, one in enumerate(passage.stretches))
    return replace(passage, stretches=changed)
