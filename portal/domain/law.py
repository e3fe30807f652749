"""Legal references by date: a paragraph is looked up for a day and never written into a text (`reference/law.toml`)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "reference"
# Rows without a first or a last day hold since ever, and until further notice.
EVER, FURTHER_NOTICE = date.min, date.max


class Law(StrEnum):
    """What is cited."""

    ADMISSION_NOTICE = "admission_notice"
    DISCHARGE_NOTICE = "discharge_notice"
    NOTICE_CONTENT = "notice_content"
    COUNSELLING = "counselling"
    CHILD_PSYCHOLOGIST = "child_psychologist"
    ADULT_PSYCHOLOGIST = "adult_psychologist"
    CONCERN_PROFESSIONAL = "concern_professional"
    CONCERN_EVERYONE = "concern_everyone"
    ADDRESS_PROTECTION = "address_protection"
    SUBJECT_REQUEST = "subject_request"
    BREACH_NOTICE = "breach_notice"
    SHELTER_STATISTICS = "shelter_statistics"
    RESIDENCE = "residence"


@dataclass(frozen=True, slots=True)
class Dated:
    """Something that holds from a day to a day, both included."""

    since: date
    until: date

    def holds_on(self, day: date) -> bool:
        """Whether it is the one that counts on that day."""
        return self.since <= day <= self.until


@dataclass(frozen=True, slots=True)
class Provision(Dated):
    """One wording of a reference."""

    text: str


def days_of(row: Mapping[str, Any]) -> dict[str, date]:
    """From when to when a row of a reference file holds."""
    return {"since": row.get("since", EVER), "until": row.get("until", FURTHER_NOTICE)}


def _provisions() -> Mapping[Law, tuple[Provision, ...]]:
    with (FOLDER / "law.toml").open("rb") as file:
        rows = tomllib.load(file)["provision"]
    read = [(Law(row["key"]), Provision(text=row["text"], **days_of(row))) for row in rows]
    return {law: tuple(provision for key, provision in read if key is law) for law in Law}


PROVISIONS = _provisions()


def cited(law: Law, on: date) -> str:
    """How the provision is cited on a day (R-701). Raises LookupError for a day on which none is known."""
    for provision in PROVISIONS[law]:
        if provision.holds_on(on):
            return provision.text
    raise LookupError(f"no reference for {law} on {on}")
