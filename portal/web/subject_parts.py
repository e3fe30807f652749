"""The parts of what is handed out to her: what each holds, and its rows, those of a kind together (R-560)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.domain.own_parts import HOLDS, LINES, READ_SO, ROWS
from portal.domain.own_words import own_label
from portal.services.access_export import Section
from portal.web.own_values import Pairs


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows of one kind, each as pairs of word and value. With columns they are read as lines of a table."""

    title: str
    entries: Sequence[Pairs]
    columns: Sequence[str] = ()

    @property
    def lines(self) -> list[list[str]]:
        """The rows as cells, one for each column."""
        return [[dict(entry).get(column, "") for column in self.columns] for entry in self.entries]


@dataclass(frozen=True, slots=True)
class Part:
    """One heading: what stands under it, what must be known before, and the rows."""

    title: str
    holds: str
    read_so: str
    kinds: Sequence[Kind]


def parts(sections: Iterable[Section], words: Sequence[Sequence[Pairs]]) -> list[Part]:
    """The parts in their order. `words`: what each row of each section says; a row that says nothing is left out."""
    return [_part(section, rows) for section, rows in zip(sections, words, strict=True)]


def _part(section: Section, rows: Sequence[Pairs]) -> Part:
    by_table: dict[str, list[Pairs]] = {}
    for entry, said in zip(section.entries, rows, strict=True):
        if said:
            by_table.setdefault(entry.table, []).append(said)
    one = section.heading
    read_so = str(READ_SO.get(one, ""))
    return Part(own_label(one), str(HOLDS[one]), read_so, _kinds(by_table))


def _kinds(by_table: Mapping[str, Sequence[Pairs]]) -> list[Kind]:
    """A title only where there are several kinds to tell apart."""
    return [
        Kind(str(ROWS[table]) if len(by_table) > 1 else "", rows, _columns(rows) if table in LINES else ())
        for table, rows in by_table.items()
    ]


def _columns(rows: Iterable[Pairs]) -> list[str]:
    return list(dict.fromkeys(word for row in rows for word, _value in row))
