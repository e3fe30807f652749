"""The cases of a house that leaves, packed: one JSON document a case and an index, under names that say nothing."""

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from portal.core.errors import NotNow
from portal.domain.subject_data import NOT_RETURNED
from portal.services.organisation_returns import Document, Packed
from portal.web.subject_document import as_data

FILE_NAME = "dokument.p7m"
# All of it stands in memory, sealed about four times as large at the most. Some thousand cases are a tenth of this.
MOST_BYTES = 32 * 1024 * 1024


def packed(documents: Iterable[Document], house: str, now: datetime) -> Packed:
    """The zip. It is built in memory, case by case, and never lies on a disk in plain. Raises NotNow past the limit."""
    held, listed = io.BytesIO(), []
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packing:
        for number, document in enumerate(documents, 1):
            name, data = f"sager/{number:05}.json", as_data(document.sections)
            _put(packing, name, _about(document) | {"sections": data})
            listed.append(_about(document) | {"file": name, "rows": _count(data)})
            if held.tell() > MOST_BYTES:
                raise NotNow(_("There is more than one file can hold. Whoever runs the portal must hand it out."))
        _put(packing, "indeks.json", _index(listed, house, now))
    return Packed(held.getvalue(), len(listed))


def _about(document: Document) -> dict[str, Any]:
    return {"reference": document.reference, "state": document.state.value, "erased": document.is_erased}


def _count(data: list[dict[str, Any]]) -> dict[str, int]:
    return dict(Counter(entry["table"] for section in data for entry in section["entries"]))


def _index(listed: list[dict[str, Any]], house: str, now: datetime) -> dict[str, Any]:
    totals: Counter[str] = Counter()
    for one in listed:
        totals.update(one["rows"])
    return {
        "organisation": house,
        "made_at": now.isoformat(),
        "cases": len(listed),
        "rows": dict(sorted(totals.items())),
        "left_out": sorted(NOT_RETURNED),
        "documents": listed,
    }


def _put(packing: zipfile.ZipFile, name: str, data: Any) -> None:
    """Without a time of its own, which would say when a case was looked at."""
    entry = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    packing.writestr(entry, json.dumps(data, ensure_ascii=False, indent=1))
