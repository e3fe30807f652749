"""What is handed out, in words: one page that can be read and printed by itself, and the same as data, in one file."""

import base64
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import Range

from portal.core.clock import local_date, utc_now
from portal.core.kinds import NeedArea
from portal.core.measures import CtiArea
from portal.core.money import format_kroner
from portal.core.rights import ConsentScope, RetentionRule
from portal.core.volunteers import Skill
from portal.domain.labels import label
from portal.domain.labels.columns import COLUMNS
from portal.domain.retention import RULES
from portal.domain.stays import Destination
from portal.domain.subject_headings import Heading
from portal.services.access_export import Assembled, Section
from portal.services.dossier import Line
from portal.web.filters import clock, day

FILE_NAME = "dokument.zip"
# Words behind codes that are stored as plain text, tried in this order.
CODES: tuple[type[StrEnum], ...] = (NeedArea, CtiArea, ConsentScope, Destination, Skill)
# A page of its own needs its looks inside it.
LOOKS = (
    "body{font-family:system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;line-height:1.5}"
    "h2{margin-top:2rem;border-bottom:1px solid #999}dl{margin:0 0 1.2rem}dt{font-weight:600}dd{margin:0 0 .4rem}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;border-bottom:1px solid #ccc;padding:.2rem .4rem}"
    "@media print{h2{break-after:avoid}dl{break-inside:avoid}}"
)


@dataclass(frozen=True, slots=True)
class Said:
    """One heading with its entries, each as pairs of word and value."""

    title: str
    entries: list[list[tuple[str, str]]]


def access_file(assembled: Assembled, controller: str) -> bytes:
    """The zip of an access export: a page and the data, under names that say nothing."""
    sections = [
        Said(
            label(section.heading),
            [
                [(word(column), said(column, value)) for column, value in entry.values.items()]
                for entry in section.entries
            ],
        )
        for section in assembled.sections
    ]
    page = render_template(
        "rights/document.html",
        looks=_looks(),
        controller=controller,
        reference=assembled.reference,
        made_on=local_date(utc_now()),
        sections=[Said(one.title, [_filled(entry) for entry in one.entries]) for one in sections],
        received=assembled.received,
        looked=assembled.looks,
        emergencies=assembled.emergencies,
        rules=RULES,
    )
    data = {
        "sections": as_data(assembled.sections),
        "received": [_of(row) for row in assembled.received],
        "looks": [_of(row) for row in assembled.looks],
    }
    return _zip(page, data)


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
        by_heading.setdefault(line.heading, []).append((word(line.column), said(line.column, line.value)))
    page = render_template(
        "rights/dossier_letter.html",
        looks=_looks(),
        controller=controller,
        made_on=local_date(utc_now()),
        sections=[Said(label(one), [_filled(entry)]) for one, entry in by_heading.items()],
    )
    return _zip(page, {"lines": [{"column": line.column, "value": _json(line.value)} for line in lines]})


def word(column: str) -> str:
    """The word for a column."""
    return str(COLUMNS[column])


def said(column: str, value: Any) -> str:
    """A stored value as people say it; empty for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {said(column, one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(_code(str(one)) for one in value)
    return format_kroner(value) if column.endswith("_ore") else _one(value)


def _one(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, StrEnum):
        return label(value)
    if isinstance(value, datetime):
        return f"{day(local_date(value))} {clock(value)}"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Range):
        return " - ".join(day(one) for one in (value.lower, value.upper) if one is not None)
    return _code(str(value))


def rule_word(rule: RetentionRule) -> str:
    """What a rule is about."""
    return str(RULES[rule].what)


def _code(text: str) -> str:
    for kind in CODES:
        if text in {one.value for one in kind}:
            return label(kind(text))
    return text


def _filled(entry: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(term, value) for term, value in entry if value]


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


def _looks() -> str:
    return "data:text/css;base64," + base64.b64encode(LOOKS.encode()).decode()


def _zip(page: str, data: Any) -> bytes:
    """Built in memory: nothing of it ever lies on a disk in plain."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in (
            ("oplysninger.html", page),
            ("oplysninger.json", json.dumps(data, ensure_ascii=False, indent=1)),
        ):
            packed.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), content)
    return held.getvalue()
