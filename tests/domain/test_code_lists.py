"""Code lists in editions."""

from datetime import date

import pytest

from portal.core.enquiries import Conclusion as C
from portal.core.errors import Invalid
from portal.domain import code_lists
from portal.domain.code_lists import Edition, check_codes, edition_on

OLD = Edition(1, date(2026, 1, 1), {"conclusions": (C.ADMITTED, C.REJECTED, C.ADVICE)})
NEW = Edition(2, date(2027, 1, 1), {"conclusions": (C.ADMITTED, C.ADVICE)})


@pytest.mark.parametrize(
    ("day", "number"), [(date(2025, 5, 5), 1), (date(2026, 12, 31), 1), (date(2027, 1, 1), 2), (date(2030, 1, 1), 2)]
)
def test_the_edition_of_the_day_counts(day: date, number: int) -> None:
    assert edition_on((OLD, NEW), day).number == number


def test_values_are_of_the_edition_and_in_its_order() -> None:
    assert check_codes(OLD, "conclusions", ["advice", "rejected", "advice"]) == ["rejected", "advice"]
    with pytest.raises(Invalid) as refusal:
        check_codes(NEW, "conclusions", ["rejected"])
    assert refusal.value.field == "conclusions"


@pytest.mark.parametrize("name", ["ENQUIRIES", "CONTACTS", "STAYS", "ACTIVITIES"])
def test_editions_are_numbered_and_follow_each_other(name: str) -> None:
    editions = getattr(code_lists, name)
    assert [edition.number for edition in editions] == list(range(1, len(editions) + 1))
    assert [edition.from_on for edition in editions] == sorted(edition.from_on for edition in editions)
