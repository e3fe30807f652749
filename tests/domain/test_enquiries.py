"""What belongs together in an enquiry, and how conclusions are counted."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.core.enquiries import Conclusion as C
from portal.core.errors import Invalid
from portal.domain import enquiries as rules

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
DAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("conclusions", "reasons", "instead", "day", "field"),
    [
        ([C.ADVICE], [], None, None, None),
        ([C.REJECTED, C.REFERRED_ON], ["full"], "Et andet krisecenter", None, None),
        ([C.ADVICE, C.CALL_BACK], [], None, DAY, None),
        ([C.ADMITTED], [], None, None, None),
        ([C.UNKNOWN], [], None, None, None),
        ([], [], None, None, "conclusions"),
        ([C.REJECTED], [], "Råd", None, "reject_reasons"),
        ([C.REJECTED], ["full"], "  ", None, "offered_instead"),
        ([C.ADVICE], ["full"], None, None, "conclusions"),
        ([C.ADMITTED, C.REJECTED], ["full"], "Råd", None, "conclusions"),
        ([C.UNKNOWN, C.ADVICE], [], None, None, "conclusions"),
        ([C.CALL_BACK], [], None, None, "call_back_on"),
        ([C.ADVICE], [], None, DAY, "call_back_on"),
    ],
)
def test_conclusions_hold_together(
    conclusions: list[C], reasons: list[str], instead: str | None, day: date | None, field: str | None
) -> None:
    if field is None:
        assert rules.check_conclusions(conclusions, reasons, instead, day) is None
        return
    with pytest.raises(Invalid) as refusal:
        rules.check_conclusions(conclusions, reasons, instead, day)
    assert refusal.value.field == field


@pytest.mark.parametrize("moment", [NOW + timedelta(hours=1), NOW - timedelta(days=40)])
def test_it_was_received_lately_and_not_ahead(moment: datetime) -> None:
    with pytest.raises(Invalid):
        rules.check_received(moment, NOW)


@pytest.mark.parametrize("day", [date(2026, 11, 19), date(2026, 12, 30)])
def test_a_call_is_promised_for_a_day_within_a_month(day: date) -> None:
    rules.check_call_back(None, NOW)
    rules.check_call_back(date(2026, 11, 20), NOW)
    with pytest.raises(Invalid):
        rules.check_call_back(day, NOW)


def test_shares_are_of_all_enquiries_and_may_pass_a_hundred() -> None:
    rows = rules.shares({"advice": 3, "call_back": 2}, 4, ["advice", "call_back", "unknown"])
    assert [(row.code, row.count, row.percent) for row in rows] == [
        ("advice", 3, 75),
        ("call_back", 2, 50),
        ("unknown", 0, 0),
    ]
    assert rules.shares({}, 0, ["advice"])[0].percent == 0
