"""Her own documents in what is handed out to her: files beside the page, and their names where they are listed."""

import base64
from dataclasses import replace
from typing import Any

from portal.core.papers import PaperState
from portal.services.access_export import Assembled, Entry, Section

TABLE = "case_document"


def taken_out(assembled: Assembled) -> tuple[Assembled, list[tuple[str, bytes]]]:
    """The same with the name of a file where its content stood, and the files. What waits or is gone has none."""
    files: list[tuple[str, bytes]] = []
    sections = [Section(one.heading, [_named(entry, files) for entry in one.entries]) for one in assembled.sections]
    return replace(assembled, sections=sections), files


def _named(entry: Entry, files: list[tuple[str, bytes]]) -> Entry:
    content = entry.values.get("content") if entry.table == TABLE else None
    if content is None:
        return entry
    name = None
    if entry.values["state"] is PaperState.CLEAN and entry.values["media"] is not None:
        name = f"bilag-{len(files) + 1:03}.{entry.values['media'].value}"
        files.append((name, base64.b64decode(content)))
    values: dict[str, Any] = {**entry.values, "content": name}
    return replace(entry, values=values)
