"""What is struck out of a text before a child's dossier leaves the house, and who may show a stretch after all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.i18n import _
from portal.core.scan import scan_places

# The same whatever it hides: its length tells nothing.
MASK = "█████"
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text. `kind`: what the scan took it for, empty when a person struck it."""

    start: int
    end: int
    kind: str = ""
    # The person who wants it shown after all, and the other one who agreed.
    wanted_by: int | None = None
    shown_by: int | None = None

    @property
    def is_struck(self) -> bool:
        """Whether the stretch is hidden: until a second person has agreed to show it."""
        return self.shown_by is None

    def to_json(self) -> dict[str, Any]:
        """How it is stored."""
        return {
            "start": self.start,
            "end": self.end,
            "kind": self.kind,
            "wanted": self.wanted_by,
            "shown": self.shown_by,
        }


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text for the screen; `number` is the span's, None for what stays as it is."""

    text: str
    number: int | None = None
    span: Span | None = None


def read(stored: Sequence[dict[str, Any]]) -> list[Span]:
    """The spans as they were stored."""
    return [Span(one["start"], one["end"], one["kind"], one["wanted"], one["shown"]) for one in stored]


def begin(text: str) -> list[Span]:
    """What the scan strikes by itself (R-529)."""
    return [Span(hit.start, hit.end, hit.kind.value) for hit in scan_places(text)]


def strike(text: str, spans: Sequence[Span], words: str) -> list[Span]:
    """Strike every place where the words stand, whatever the case. Raises Invalid when they stand nowhere."""
    wanted = words.strip()
    if len(wanted) < SHORTEST:
        raise Invalid(_("Write at least two letters."), field="words")
    found = [match.span() for match in re.finditer(re.escape(wanted), text, re.IGNORECASE)]
    if not found:
        raise Invalid(_("These words do not stand in the text."), field="words")
    new = [Span(start, end) for start, end in found if not _is_covered(start, end, spans)]
    kept = [span for span in spans if not any(_within(span, one) for one in new)]
    return _apart(sorted([*kept, *new], key=lambda span: span.start))


def take_back(spans: Sequence[Span], number: int) -> list[Span]:
    """Take back a strike that a person made. What the scan found needs two people: raises Forbidden."""
    span = _span(spans, number)
    if span.kind:
        raise Forbidden(_("What was found by itself is shown only when a second person agrees."))
    return [one for one in spans if one != span]


def want_shown(spans: Sequence[Span], number: int, *, by: int) -> list[Span]:
    """Ask the second person to let a stretch be shown that the scan has struck. It stays struck until then (R-524)."""
    return _put(spans, number, replace(_span(spans, number), wanted_by=by))


def agree_to_show(spans: Sequence[Span], number: int, *, by: int) -> list[Span]:
    """Let a stretch be shown that somebody else wants shown. Raises Forbidden for the one who wanted it, or unasked."""
    span = _span(spans, number)
    if span.wanted_by is None or span.wanted_by == by:
        raise Forbidden
    return _put(spans, number, replace(span, shown_by=by))


def redacted(text: str, spans: Sequence[Span]) -> str:
    """The text as it leaves the house."""
    return "".join(MASK if piece.span and piece.span.is_struck else piece.text for piece in pieces(text, spans))


def pieces(text: str, spans: Sequence[Span]) -> list[Piece]:
    """The text cut at its spans, for the screen."""
    cut: list[Piece] = []
    at = 0
    for number, span in enumerate(spans):
        if span.start > at:
            cut.append(Piece(text[at : span.start]))
        cut.append(Piece(text[span.start : span.end], number, span))
        at = span.end
    return [*cut, Piece(text[at:])] if at < len(text) else cut


def _span(spans: Sequence[Span], number: int) -> Span:
    if not 0 <= number < len(spans):
        raise NotFound
    return spans[number]


def _put(spans: Sequence[Span], number: int, span: Span) -> list[Span]:
    return [span if place == number else one for place, one in enumerate(spans)]


def _is_covered(start: int, end: int, spans: Sequence[Span]) -> bool:
    return any(span.start <= start and end <= span.end and span.is_struck for span in spans)


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _apart(spans: Sequence[Span]) -> list[Span]:
    """Spans in order without overlap: where two meet, the later begins where the earlier ends."""
    cut: list[Span] = []
    for span in spans:
        start = max(span.start, cut[-1].end) if cut else span.start
        if start < span.end:
            cut.append(replace(span, start=start))
    return cut
