"""Keeping apart: postal areas as typed, when two homes are near each other, and who meets whom by a placement."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.core.clock import add_months, add_weekdays
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.safety import PlacementPath

# So long until it is looked at again, where no day is named; and so many weekdays a team has to answer.
REVIEW_MONTHS, ANSWER_WEEKDAYS = 6, 1
# More is no area to avoid but a part of the country, and more rows are no list that anybody looks through.
MOST_AREAS, MOST_ASKED, MOST_KEPT = 20, 10, 50
ONE = re.compile(r"(\d{4})(?:\s*-\s*(\d{4}))?")
CODE = re.compile(r"\b(\d{4})\b")

Area = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Placement:
    """Whom (`whom`) somebody wants to place where (`where`), by public ids, in one of the ways there are."""

    path: PlacementPath
    where: str
    whom: str


class AskFirst(Conflict):
    """Somebody is to be asked before this placement: the same words whoever it is about, and why (R-754)."""

    message = _("Somebody must be asked before this placement. Nothing has been changed.")

    def __init__(self, placement: Placement) -> None:
        super().__init__()
        self.placement = placement


# What whoever has asked is led back to, by the id of where; nothing where there is no page of its own.
SUBJECTS: Mapping[PlacementPath, SubjectType] = {
    PlacementPath.SEAT: SubjectType.ROUND,
    PlacementPath.HOME: SubjectType.UNIT,
    PlacementPath.TASK: SubjectType.TASK,
    PlacementPath.MATCH: SubjectType.ENROLMENT,
    PlacementPath.FURNISHING: SubjectType.FURNISHING,
    PlacementPath.WORKER: SubjectType.ENROLMENT,
    PlacementPath.MEETING: SubjectType.CASE,
    PlacementPath.TEAM: SubjectType.CASE,
}


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody at a place: by her case or by an account; and the home, where the place is one."""

    case_id: int | None = None
    user_id: int | None = None
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """What a team has said: its case apart from another case, from an account, or from postal areas."""

    id: int
    case_id: int
    other_case_id: int | None
    user_id: int | None
    areas: str | None


def read_areas(text: str | None) -> list[Area]:
    """Postal codes and ranges as typed, such as "2400, 2600-2650". Raises Invalid (`areas`)."""
    typed = [part.strip() for part in re.split(r"[,;\n]+", text or "") if part.strip()]
    found = [ONE.fullmatch(part) for part in typed]
    if not typed or None in found or len(typed) > MOST_AREAS:
        raise Invalid(_("Write postal codes such as 2400, or 2600-2650, with commas between them."), field="areas")
    areas = [(int(one[1]), int(one[2] or one[1])) for one in found if one]
    if any(low > high for low, high in areas):
        raise Invalid(_("The lower number comes first."), field="areas")
    return areas


def write_areas(areas: Iterable[Area]) -> str:
    """Areas as they are kept and shown."""
    return ", ".join(f"{low:04}" if low == high else f"{low:04}-{high:04}" for low, high in sorted(areas))


def postal_code(address: str | None) -> int | None:
    """The postal code of an address: the last number of four digits; None where it tells none."""
    codes = CODE.findall(address or "")
    return int(codes[-1]) if codes else None


def is_avoided(areas: str, address: str | None) -> bool:
    """Whether a home lies in an area that is to be avoided; where it lies nowhere known, one asks (R-752)."""
    code = postal_code(address)
    return code is None or any(low <= code <= high for low, high in read_areas(areas))


def are_near(one: str | None, other: str | None) -> bool:
    """Whether two homes are in the same house or postal area; what is not known is taken to be (R-751)."""
    codes = postal_code(one), postal_code(other)
    return None in codes or codes[0] == codes[1]


def hits(
    flags: Iterable[Flag],
    new: Collection[Party],
    there: Collection[Party],
    *,
    home: int | None = None,
    addresses: Mapping[int, str | None] | None = None,
) -> list[Flag]:
    """The flags that this placement touches (R-751). `home`: the key of the home that is given, with `addresses`."""
    known = addresses or {}
    if home is None:
        return [flag for flag in flags if _meets(flag, new, there)]
    address = known.get(home)
    met = [one for one in there if one.unit_id is None or are_near(address, known.get(one.unit_id))]
    return [flag for flag in flags if _meets(flag, new, met) or _avoids(flag, new, address)]


def _meets(flag: Flag, new: Iterable[Party], there: Iterable[Party]) -> bool:
    cases, users = {one.case_id for one in new} - {None}, {one.user_id for one in new} - {None}
    met_cases, met_users = {one.case_id for one in there} - {None}, {one.user_id for one in there} - {None}
    pairs = ((flag.case_id, flag.other_case_id), (flag.other_case_id, flag.case_id))
    if any(mine in cases and other in met_cases for mine, other in pairs):
        return True
    with_user = flag.case_id in cases and flag.user_id in met_users
    return with_user or (flag.case_id in met_cases and flag.user_id in users)


def _avoids(flag: Flag, new: Iterable[Party], address: str | None) -> bool:
    return bool(flag.areas) and flag.case_id in {one.case_id for one in new} and is_avoided(flag.areas or "", address)


def review_day(wished: date | None, today: date) -> date:
    """When it is looked at again: the day that was named, else in half a year. Raises Invalid (`review_on`)."""
    latest = add_months(today, 24)
    if wished is not None and not today < wished <= latest:
        raise Invalid(_("Choose a day that lies ahead, at most two years from now."), field="review_on")
    return wished or add_months(today, REVIEW_MONTHS)


def answer_day(today: date) -> date:
    """By when a team is to answer."""
    return add_weekdays(today, ANSWER_WEEKDAYS)
