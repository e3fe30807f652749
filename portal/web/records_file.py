"""A case for a municipality's own records: one PDF to read, the documents, and what an archive asks of each, in a zip.

The names in it are numbers; what they are stands in `metadata.json` (R-689).
"""

import hashlib
import io
import json
import zipfile
from datetime import date, datetime
from typing import Any

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from portal import papers
from portal.core.clock import COPENHAGEN, local_date
from portal.core.enums import Language
from portal.core.kinds import NeedArea
from portal.domain.labels import label
from portal.services import records
from portal.services.records import Records
from portal.web import records_counselling
from portal.web.filters import clock, day, happened

JOURNAL, METADATA = "001.pdf", "metadata.json"
FIXED = (2000, 1, 1, 0, 0, 0)


def packed(found: Records, *, organisation: str, made_at: datetime) -> bytes:
    """The zip. Built in memory: nothing of it ever lies on a disk in plain. In Danish, as the records are."""
    with force_locale(Language.DANISH.value):
        journal = papers.make(
            "sections", _journal(found, organisation, made_at), language="da", made_on=local_date(made_at)
        )
        held, listed = io.BytesIO(), [_entry(JOURNAL, journal, found.last, None, _("Journal and counselling"), None)]
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packing:
            _put(packing, JOURNAL, journal)
            for number, (one, content, ending) in enumerate(records.files(found), 2):
                name = f"{number:03}.{ending}"
                _put(packing, name, content)
                entry = _entry(name, content, one.dated_on, one.added_at, one.theme, one.role)
                listed.append(entry | {"kind": one.kind.value})
            _put(
                packing,
                METADATA,
                json.dumps(_about(found, organisation, made_at, listed), ensure_ascii=False, indent=1),
            )
    return held.getvalue()


def _entry(
    name: str, content: bytes, dated_on: date, entered_at: datetime | None, theme: str | None, role: Any
) -> dict[str, Any]:
    return {
        "file": name,
        "document_date": dated_on.isoformat(),
        "entered_at": _moment(entered_at),
        "theme": theme or "",
        "author_role": role.value if role else None,
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _about(found: Records, organisation: str, made_at: datetime, listed: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "case_reference": found.reference,
        "organisation": organisation,
        "made_at": _moment(made_at),
        "period": {"from": found.first.isoformat(), "to": found.last.isoformat()},
        "files": listed,
        "counselling": records_counselling.metadata(found.counselling),
        "notes": [
            {
                "id": one.public_id,
                "document_date": local_date(one.happened_at).isoformat(),
                "happened_at": _happened(one),
                "entered_at": _moment(one.written_at),
                "theme": ", ".join(label(NeedArea(theme)) for theme in one.themes),
                "author_role": one.role.value if one.role else None,
                "corrects": one.corrects,
                "undoes": one.is_withdrawal,
                "sha256": hashlib.sha256((one.text or "").encode()).hexdigest(),
            }
            for one in found.notes
        ],
        "notices": [
            {
                "id": one.public_id,
                "kind": one.kind,
                "due_on": one.due_on.isoformat(),
                "sent_on": one.sent_on.isoformat() if one.sent_on else None,
            }
            for one in found.notices
        ],
    }


def _happened(note: Any) -> str | None:
    """When a note happened: no hour where none was said."""
    return local_date(note.happened_at).isoformat() if note.is_day_only else _moment(note.happened_at)


def _moment(value: datetime | None) -> str | None:
    return value.astimezone(COPENHAGEN).isoformat(timespec="minutes") if value else None


def _journal(found: Records, organisation: str, made_at: datetime) -> dict[str, Any]:
    sections = [
        *records_counselling.sections(found.counselling),
        {"heading": _("Notices"), "lines": _notices(found), "rows": []},
        {"heading": _("Documents"), "lines": _documents(found), "rows": []},
        {"heading": _("Journal"), "lines": _kept_back(found), "rows": [_note(one) for one in found.notes]},
    ]
    return {
        "heading": _("Case for the municipality's records"),
        "lead": [
            [_("Number of the case"), found.reference],
            [_("Municipality"), organisation],
            [_("Period"), f"{day(found.first)} - {day(found.last)}"],
            [_("Made"), f"{day(local_date(made_at))} {clock(made_at)}"],
        ],
        "sections": [one for one in sections if one["lines"] or one["rows"]],
        "foot": _("The portal is not the municipality's journal. Keep this in the municipality's own records."),
    }


def _kept_back(found: Records) -> list[str]:
    if not found.kept_back:
        return []
    said = ngettext(
        "%(num)d note is written for fewer readers and is not in it.",
        "%(num)d notes are written for fewer readers and are not in it.",
        found.kept_back,
    )
    return [said]


def _notices(found: Records) -> list[str]:
    names = {"admission": _("Notice of admission"), "discharge": _("Notice of discharge")}
    return [
        _("%(name)s, due %(due)s", name=names[one.kind], due=day(one.due_on))
        + (_(", sent %(day)s", day=day(one.sent_on)) if one.sent_on else _(", not sent yet"))
        for one in found.notices
    ]


def _documents(found: Records) -> list[str]:
    return [
        f"{number:03} · {day(one.dated_on)} · {label(one.kind)} · {one.theme or ''}"
        for number, one in enumerate(found.papers, 2)
    ]


def _note(one: Any) -> dict[str, str]:
    role = label(one.role) if one.role else ""
    contact = ", ".join(label(value) for value in (one.mode, one.result) if value)
    head = f"{happened(one.happened_at, one.is_day_only)} · {one.author}"
    entered = _("Entered %(day)s %(time)s", day=day(local_date(one.written_at)), time=clock(one.written_at))
    themes = ", ".join(label(NeedArea(theme)) for theme in one.themes)
    slip = _("A logged contact was undone") if one.is_withdrawal else ""
    below = " · ".join(part for part in (role, contact, slip, themes, entered) if part)
    return {"head": head, "text": "\n".join(part for part in (below, one.text) if part)}


def _put(packing: zipfile.ZipFile, name: str, content: bytes | str) -> None:
    """Without a time of its own, which would say when something was made."""
    entry = zipfile.ZipInfo(name, FIXED)
    entry.compress_type = zipfile.ZIP_DEFLATED
    packing.writestr(entry, content)
