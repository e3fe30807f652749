"""A correction and the note that it corrects: how each says which the other is (R-825)."""

from collections.abc import Collection
from typing import Any

from flask_babel import gettext as _

from portal.queries.case_timeline import Past
from portal.web.filters import happened


def corrections(row: Past, here: Collection[str]) -> dict[str, Any]:
    """What a note of the timeline says of the one it corrects and the one that corrects it.

    It leads there where the other stands on the same page: `here` holds the notes of the page.
    """
    # What undoes a contact says so itself.
    before, told = (row.before if row.slip is None else None), None
    if before is not None:
        when = happened(before.at, before.is_day_only)
        told = _("Corrects the note of %(when)s by %(name)s", when=when, name=before.who)
    return {
        "anchor": f"note-{row.public_id}" if row.source == "note" else None,
        "is_corrected": row.corrected_by is not None,
        "corrected_url": _to(row.corrected_by, here),
        "corrects": told,
        "corrects_url": _to(before.public_id if before else None, here),
    }


def _to(public_id: str | None, here: Collection[str]) -> str | None:
    return f"#note-{public_id}" if public_id in here else None
