"""Places as people read them."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.kinds import TrackKind
from portal.domain.labels import label
from portal.domain.vacancies import ROOMS, Room, Spoken, Wanted, tells_no_place
from portal.queries import vacancies as queries
from portal.web.filters import day, in_language, moment, telephone

# Answers day and night, and knows where there is room.
HELPLINE = "1888"
COLOURS = {Room.NOW: "green", Room.SOON: "green", Room.ASK: "warm", Room.WAITING: "warm", Room.CLOSED: "neutral"}


def shown(rows: list[queries.PlaceRow], refer_url: str | None) -> list[dict[str, Any]]:
    """The rows with their words and what one does next; how long one waits is asked once for all of them."""
    bands = queries.wait_bands([row.offer_id for row in rows if row.offer_id is not None])
    return [_one(row, bands.get(row.offer_id or 0)) | _next_step(row, refer_url) for row in rows]


def _next_step(row: queries.PlaceRow, refer_url: str | None) -> dict[str, Any]:
    """Of a centre's rooms: whom one calls, also at night. Of a programme: where one refers to it (R-864)."""
    if row.kind == ROOMS:
        number = row.duty_phone or HELPLINE
        return {"phone": number, "phone_said": telephone(number), "is_helpline": row.duty_phone is None}
    return {"refer_url": refer_url if row.room is not Room.CLOSED else None}


def _one(row: queries.PlaceRow, band: queries.Band | None) -> dict[str, Any]:
    is_hidden = row.kind in (ROOMS, TrackKind.HOUSING.value) and not tells_no_place(row.organisation)
    return {
        "title": _("Rooms at a crisis centre") if row.name_da is None else in_language(row, "name"),
        "url": url_for("programmes.detail", public_id=row.programme_public_id) if row.programme_public_id else None,
        "organisation": "" if is_hidden else row.organisation,
        "region": label(row.region),
        "room": _room(row),
        "colour": COLOURS[row.room],
        "when": _when(row, band),
        "children": _children(row),
        "accessible": {True: _("yes"), False: _("no")}.get(row.is_accessible, _("ask")),  # type: ignore[arg-type]
        "unsaid": _unsaid(row),
        "languages": ", ".join(label(Spoken(code)) for code in row.languages) or _("ask"),
        "told": _("updated %(when)s", when=moment(row.told_at)) if row.told_at else "",
    }


def _unsaid(row: queries.PlaceRow) -> set[str]:
    """What the place has not told: on a telephone it takes no line."""
    said = {"children": row.most_children, "accessible": row.is_accessible, "languages": row.languages or None}
    return {name for name, value in said.items() if value is None}


def _room(row: queries.PlaceRow) -> str:
    if row.room is Room.NOW and row.free is not None:
        return ngettext("%(num)d free now", "%(num)d free now", row.free)
    if row.room is Room.WAITING and row.kind == ROOMS:
        return _("No free rooms")
    return label(row.room)


def _when(row: queries.PlaceRow, band: queries.Band | None) -> str:
    parts = []
    if row.room in (Room.SOON, Room.ASK) and row.soon_on is not None:
        parts.append(_("from %(day)s", day=day(row.soon_on)))
    if row.waiting:
        parts.append(ngettext("%(num)d waits", "%(num)d wait", row.waiting))
    if band is not None and row.room is not Room.NOW:
        parts.append(_("usually %(low)d-%(high)d weeks", low=band.low, high=max(band.high, band.low + 1)))
    return " · ".join(parts)


def _children(row: queries.PlaceRow) -> str:
    if row.most_children is None:
        return _("ask")
    if row.most_children == 0:
        return _("no children")
    many = ngettext("%(num)d child", "up to %(num)d children", row.most_children)
    return many if row.oldest_child is None else _("%(many)s, to %(age)d years", many=many, age=row.oldest_child)


def wanted_words(wanted: Wanted) -> str:
    """What somebody looks for, in words."""
    parts = []
    if wanted.kind is not None:
        parts.append(_("rooms at crisis centres") if wanted.kind == ROOMS else label(TrackKind(wanted.kind)))
    if wanted.region is not None:
        parts.append(label(wanted.region))
    if wanted.children:
        parts.append(ngettext("%(num)d child", "%(num)d children", wanted.children))
    if wanted.age is not None:
        parts.append(_("oldest %(age)d years", age=wanted.age))
    if wanted.accessible:
        parts.append(_("wheelchair"))
    if wanted.language is not None:
        parts.append(label(wanted.language))
    if wanted.room is not None:
        parts.append(label(wanted.room))
    return " · ".join(parts) or _("everything")
