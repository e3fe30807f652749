"""The statutory counselling as a municipality's own records hold it: offer, answer, contacts, promises, end (R-869)."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from portal.core.clock import local_date
from portal.domain.counselling import ANSWERED
from portal.domain.labels import label
from portal.models.counselling import CoordinatingCounselling
from portal.queries.counselling import Former, Promise
from portal.queries.records import ContactRecord, CounsellingRecord
from portal.web.filters import code_words, day


def sections(found: CounsellingRecord | None) -> list[dict[str, Any]]:
    """The parts of the paper, each with its heading; empty ones are left out by whoever puts it together."""
    if found is None:
        return []
    parts = (
        (_("Coordinating counselling"), _facts(found)),
        (_("Contacts within the counselling"), [_contact(one) for one in found.contacts]),
        (_("What other authorities have promised"), [_promise(one) for one in found.promises]),
        (_("The counselling after earlier stays"), [_former(one) for one in found.former]),
    )
    return [{"heading": heading, "lines": lines, "rows": []} for heading, lines in parts]


def _facts(found: CounsellingRecord) -> list[str]:
    row = found.row
    said = (
        (_("State"), label(row.state)),
        (_("Left on"), day(row.left_on)),
        (_("Offered"), _joined(day(row.offered_on), found.offered_by if row.offered_on else None)),
        (_("How it was offered"), _how(row)),
        (_("For which areas"), code_words(row.areas, "NeedArea")),
        (_("Her answer"), _answer(row)),
        (_("Tried without reaching her"), str(row.attempts or "")),
        (_("Ask again on"), day(row.ask_again_on)),
        (_("Begun"), day(row.started_on)),
        (_("Planned end"), day(row.planned_end_on)),
        (_("Why it was extended"), found.extension_reason or ""),
        (_("Extension approved by (as the adviser says)"), found.approved_by or ""),
        (_("Ended"), day(row.ended_on)),
        (_("Why it ended"), code_words([row.end_reason], "CounsellingEnd") if row.end_reason else ""),
    )
    return [f"{word}: {value}" for word, value in said if value]


def _how(row: CoordinatingCounselling) -> str:
    if row.offered_how is None:
        return ""
    interpreter = _("with an interpreter") if row.has_interpreter else None
    return _joined(label(row.offered_how), interpreter)


def _answer(row: CoordinatingCounselling) -> str:
    answer = ANSWERED.get(row.state)
    return _joined(label(answer), day(row.answered_on)) if answer else ""


def _contact(one: ContactRecord) -> str:
    minutes = _("%(num)d minutes", num=one.minutes) if one.minutes is not None else None
    areas = ", ".join(label(area) for area in one.areas)
    mode, result = (label(value) if value else None for value in (one.mode, one.result))
    return _joined(day(local_date(one.happened_at)), mode, result, areas, minutes, one.by)


def _promise(one: Promise) -> str:
    if one.settled_on is None:
        became = _("not settled yet")
    elif one.is_kept:
        became = _("Done, %(day)s", day=day(one.settled_on))
    else:
        became = _("Not done, %(day)s", day=day(one.settled_on))
    due = _("By %(day)s", day=day(one.due_on))
    return _joined(day(one.promised_on), one.authority, label(one.area), one.promised, due, became)


def _former(one: Former) -> str:
    left = _("Left on %(day)s", day=day(one.left_on)) if one.left_on else None
    ran = f"{day(one.started_on)} - {day(one.ended_on)}" if one.started_on else None
    why = code_words([one.end_reason], "CounsellingEnd") if one.end_reason else None
    return _joined(left, label(one.state), ran, why)


def _joined(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)


def metadata(found: CounsellingRecord | None) -> dict[str, Any] | None:
    """The same days and codes for an archive to read; nothing of what was written."""
    if found is None:
        return None
    row, answer = found.row, ANSWERED.get(found.row.state)
    days = ("left_on", "offered_on", "answered_on", "started_on", "planned_end_on", "ended_on")
    return {
        "id": row.public_id,
        "state": row.state.value,
        "offered_how": row.offered_how.value if row.offered_how else None,
        "answer": answer.value if answer else None,
        "areas": list(row.areas),
        "end_reason": row.end_reason,
        **dict(zip(days, _iso(getattr(row, name) for name in days), strict=True)),
        "contacts": [
            {
                "document_date": local_date(one.happened_at).isoformat(),
                "mode": one.mode.value if one.mode else None,
                "result": one.result.value if one.result else None,
                "minutes": one.minutes,
                "areas": [area.value for area in one.areas],
            }
            for one in found.contacts
        ],
    }


def _iso(values: Iterable[Any]) -> list[str | None]:
    return [value.isoformat() if value else None for value in values]
