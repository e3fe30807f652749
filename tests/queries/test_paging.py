"""Cursors: opaque, typed, and refused when they are not ours."""

import base64
import json
from datetime import UTC, date, datetime

import pytest

from portal.queries.paging import decode, encode

NOW = datetime(2026, 11, 20, 10, 0, 0, 123, tzinfo=UTC)


def raw(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_a_cursor_comes_back_as_it_went() -> None:
    text = encode(NOW, 7, date(2026, 11, 20), "meeting")
    assert decode(text, datetime, int, date, str) == (NOW, 7, date(2026, 11, 20), "meeting")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "W10",
        "å",
        "%%%",
        "[" * 500,
        raw(5),
        raw([1, 2]),
        raw(["7"]),
        raw([True]),
        raw([2**64]),
        raw([None]),
    ],
)
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        decode(text, int)


@pytest.mark.parametrize("value", [5, "yesterday", "2026-11-20T10:00:00"])
def test_a_moment_needs_its_zone(value: object) -> None:
    with pytest.raises(ValueError):
        decode(raw([value]), datetime)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_moment_at_the_end_of_time_is_no_cursor(moment: str) -> None:
    with pytest.raises(ValueError):
        decode(encode(moment, 1), datetime, int)
