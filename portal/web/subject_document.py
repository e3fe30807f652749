"""What is handed out, in words: one page that can be read and printed by itself, and the same as data, in one file."""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from flask import render_template
from sqlalchemy.dialects.postgresql import Range

from portal.core.clock import local_date, utc_now
from portal.domain.labels import label
from portal.domain.own_words import KEPT_OF_HER
from portal.domain.retention import RULES
from portal.domain.subject_headings import Heading
from portal.services.access_export import Assembled, Section
from portal.services.dossier import Line
from portal.web.document_looks import looks
from portal.web.looks_by_day import by_day
from portal.web.own_values import Pairs, pairs, said, term
from portal.web.subject_files import taken_out
from portal.web.subject_parts import parts

FILE_NAME = "dokument.zip"
PAGE, DATA, README = "oplysninger.html", "oplysninger.json", "laes-mig.txt"


@dataclass(frozen=True, slots=True)
class Said:
    """One heading of a child's dossier with its entries, each as pairs of word and value."""

    title: str
    entries: list[Pairs]


def access_file(assembled: Assembled, controller: str) -> bytes:
    """The zip of an access export: a page and the data, under names that say nothing."""
    assembled, files = taken_out(assembled)
    words = [[pairs(entry, assembled.programmes) for entry in section.entries] for section in assembled.sections]
    page = render_template(
        "rights/document.html",
        looks=looks(),
        controller=controller,
        reference=assembled.reference,
        made_on=local_date(utc_now()),
        parts=parts(assembled.sections, words),
        received=assembled.received,
        looked=by_day(assembled.looks),
        looked_times=len(assembled.looks),
        rules=[RULES[rule] for rule in KEPT_OF_HER],
        data_name=DATA,
    )
    data = {
        "sections": _with_words(as_data(assembled.sections), words),
        "received": [_of(row) for row in assembled.received],
        "looks": [_of(row) for row in assembled.looks],
    }
    return _zip(page, data, files)


def as_data(sections: Iterable[Section]) -> list[dict[str, Any]]:
    """Sections as plain data, in their order."""
    return [
        {
            "heading": section.heading.value,
            "entries": [{"table": one.table, **_plain(one.values)} for one in section.entries],
        }
        for section in sections
    ]


def dossier_file(lines: Sequence[Line], controller: str) -> bytes:
    """The zip of a child's dossier: a neutral letter with the child's own data, and the data."""
    by_heading: dict[Heading, list[tuple[str, str]]] = {}
    for line in lines:
        by_heading.setdefault(line.heading, []).append(
            (term(line.table, line.column), said(line.table, line.column, line.value))
        )
    page = render_template(
        "rights/dossier_letter.html",
        looks=looks(),
        controller=controller,
        made_on=local_date(utc_now()),
        sections=[Said(label(one), [[pair for pair in entry if pair[1]]]) for one, entry in by_heading.items()],
    )
    return _zip(page, {"lines": [{"column": line.column, "value": _json(line.value)} for line in lines]})


def _with_words(sections: list[dict[str, Any]], words: Sequence[Sequence[Pairs]]) -> list[dict[str, Any]]:
    """The codes as they are stored, with the words of the page beside them."""
    for section, rows in zip(sections, words, strict=True):
        for entry, row in zip(section["entries"], rows, strict=True):
            entry["in_words"] = [{"what": what, "value": value} for what, value in row]
    return sections


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {column: _json(value) for column, value in values.items()}


def _json(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return str(value) if isinstance(value, StrEnum) else value
    if isinstance(value, Range):
        return [_json(value.lower), _json(value.upper)]
    if isinstance(value, Mapping):
        return {str(key): _json(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_json(one) for one in value]
    return value.isoformat() if isinstance(value, date) else str(value)


def _of(row: Any) -> dict[str, Any]:
    return {name: _json(getattr(row, name)) for name in row.__slots__}


def _zip(page: str, data: Any, files: Sequence[tuple[str, bytes]] = ()) -> bytes:
    """Built in memory: nothing of it ever lies on a disk in plain."""
    texts = (
        (README, render_template("rights/read_me.txt", page=PAGE, data=DATA)),
        (PAGE, page),
        (DATA, json.dumps(data, ensure_ascii=False, indent=1)),
    )
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in (*((name, text.encode()) for name, text in texts), *files):
            packed.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), content)
    return held.getvalue()
