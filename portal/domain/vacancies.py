"""What has room: how fresh a number is, what can be asked for, how long one may watch for it (R-695 to R-698)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from portal.core.clock import local_date
from portal.core.enums import Region
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import TrackKind
from portal.core.towns import NAMES, WORDS

FRESH_DAYS = 2
WATCH_DAYS = 60
MOST_WATCHES = 20
MOST_CHILDREN, OLDEST = 9, 17
# A centre's own rooms stand beside the kinds of programmes.
ROOMS = "rooms"
KINDS = (ROOMS, *(kind.value for kind in TrackKind))


class Room(StrEnum):
    """Whether there is room, in the order in which somebody who needs it wants to read it."""

    NOW = "now"
    SOON = "soon"
    ASK = "ask"
    WAITING = "waiting"
    CLOSED = "closed"


class Spoken(StrEnum):
    """Languages in which a place helps without an interpreter."""

    DANISH = "da"
    ENGLISH = "en"
    ARABIC = "ar"
    DARI = "prs"
    FARSI = "fa"
    KURDISH = "ku"
    POLISH = "pl"
    RUSSIAN = "ru"
    SOMALI = "so"
    THAI = "th"
    TURKISH = "tr"
    UKRAINIAN = "uk"
    URDU = "ur"


# What a language is called in a case: people write it in Danish or in English, and some by the people's own name.
CALLED: Mapping[str, Spoken] = {
    word: spoken
    for spoken, words in {
        Spoken.DANISH: "dansk danish",
        Spoken.ENGLISH: "engelsk english",
        Spoken.ARABIC: "arabisk arabic",
        Spoken.DARI: "dari",
        Spoken.FARSI: "farsi persisk persian",
        Spoken.KURDISH: "kurdisk kurdish kurmanji kurmancî sorani",
        Spoken.POLISH: "polsk polish",
        Spoken.RUSSIAN: "russisk russian",
        Spoken.SOMALI: "somali somalisk",
        Spoken.THAI: "thai thailandsk",
        Spoken.TURKISH: "tyrkisk turkish",
        Spoken.UKRAINIAN: "ukrainsk ukrainian",
        Spoken.URDU: "urdu",
    }.items()
    for word in (*words.split(), spoken.value)
}


def spoken_in(text: str | None) -> Spoken | None:
    """The first language that a case names and the board knows; None where it names none (R-764)."""
    words = (word.strip(".,;:/()") for word in (text or "").casefold().replace("/", " ").split())
    return next((CALLED[word] for word in words if word in CALLED), None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for. Codes and numbers alone: it may stand in an address."""

    kind: str | None = None
    region: Region | None = None
    children: int | None = None
    age: int | None = None
    accessible: bool = False
    language: Spoken | None = None
    room: Room | None = None

    def codes(self) -> dict[str, str]:
        """As it stands in an address, in a saved view and in a watch; what was not asked for is left out."""
        return {
            field.name: "1" if value is True else str(getattr(value, "value", value))
            for field in fields(self)
            if (value := getattr(self, field.name)) not in (None, False)
        }


def read_wanted(codes: Mapping[str, Any]) -> Wanted:
    """What somebody looks for, from codes. Raises ValueError for one that is none."""
    given = {name: str(value) for name, value in codes.items() if value not in (None, "")}
    kind = given.get("kind")
    if kind is not None and kind not in KINDS:
        raise ValueError("no such kind")
    return Wanted(
        kind=kind,
        region=Region(given["region"]) if "region" in given else None,
        children=_number(given.get("children"), MOST_CHILDREN),
        age=_number(given.get("age"), OLDEST),
        accessible=given.get("accessible") == "1",
        language=Spoken(given["language"]) if "language" in given else None,
        room=Room(given["room"]) if "room" in given else None,
    )


def _number(text: str | None, most: int) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= most):
        raise ValueError("not such a number")
    return int(text)


def fresh_from(now: datetime) -> datetime:
    """A number of rooms told before that is no longer trusted: one asks (R-696)."""
    return now - timedelta(days=FRESH_DAYS)


def watch_until(ends_on: date | None, today: date) -> date:
    """The last day of a watch: the one wanted, at most 60 days ahead (R-698). Raises Invalid (`ends_on`)."""
    latest = today + timedelta(days=WATCH_DAYS)
    if ends_on is None:
        return latest
    if not today <= ends_on <= latest:
        raise Invalid(_("Choose a day within the next 60 days."), field="ends_on")
    return ends_on


def check_rooms(rooms: int, free_on: date, now: datetime) -> None:
    """Raise Invalid (`free_on`) for rooms that became free in the past or lie too far ahead."""
    today = local_date(now)
    if not today <= free_on <= today + timedelta(days=90):
        raise Invalid(_("Choose today or a day within the next three months."), field="free_on")


def read_duty_phone(text: str) -> str | None:
    """The eight digits of a telephone that a centre publishes; None for an empty text. Raises Invalid (R-864)."""
    digits = re.sub(r"[ .-]", "", text).removeprefix("+45").removeprefix("0045")
    if digits and not re.fullmatch(r"[1-9][0-9]{7}", digits):
        raise Invalid(_("Write the eight digits of the number, for example 12 34 56 78."), field="duty_phone")
    return digits or None


def tells_no_place(name: str) -> bool:
    """Whether the name of a centre can stand on the board: none of a Danish town is in it (R-695)."""
    words = f" {name.casefold()} "
    return not any(f" {town.casefold()}" in words for town in NAMES if town not in WORDS)
