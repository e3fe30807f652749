"""Code lists in editions: what can be chosen from a day on. A row says from which edition it was chosen (R-650).

A list that changes gets a new edition; figures of two editions are never added up without saying so. Values that are
no longer offered keep their word.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.core.activities import ActivityKind
from portal.core.contacts import ContactTheme, Party
from portal.core.enquiries import Conclusion, RejectReason
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.stays import AdmissionReason, CounsellingAtExit, DelayReason, MainActivity, Permit

Codes = Sequence[StrEnum]


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of an area's lists, by field."""

    number: int
    from_on: date
    lists: Mapping[str, Codes]


ENQUIRIES = (Edition(1, date(2026, 1, 1), {"conclusions": tuple(Conclusion), "reject_reasons": tuple(RejectReason)}),)
CONTACTS = (Edition(1, date(2026, 1, 1), {"party": tuple(Party), "themes": tuple(ContactTheme)}),)
STAYS = (
    Edition(
        1,
        date(2026, 1, 1),
        {
            "admission_reasons": tuple(AdmissionReason),
            "delay_reason": tuple(DelayReason),
            "main_activity": tuple(MainActivity),
            "permit": tuple(Permit),
            "counselling": tuple(CounsellingAtExit),
        },
    ),
)
ACTIVITIES = (Edition(1, date(2026, 1, 1), {"kind": tuple(ActivityKind)}),)


def edition_on(editions: Sequence[Edition], day: date) -> Edition:
    """The edition that counts on a day: the newest that has begun, else the first (R-650)."""
    begun = [edition for edition in editions if edition.from_on <= day]
    return begun[-1] if begun else editions[0]


def check_codes(edition: Edition, field: str, values: Iterable[str]) -> list[str]:
    """The values, once each and in the order of the list. Raises Invalid for one that the edition does not have."""
    wanted, known = {str(value) for value in values}, [code.value for code in edition.lists[field]]
    if wanted - set(known):
        raise Invalid(_("Choose among those that are shown."), field=field)
    return [code for code in known if code in wanted]
