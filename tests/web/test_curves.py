"""A chart names every day once."""

from datetime import date

from portal.web.curves import one_a_day

DAY, LATER = date(2026, 7, 20), date(2026, 9, 3)


def test_three_answers_of_one_day_are_one_point_the_lowest() -> None:
    points = [("Start", DAY, 5), ("Start", DAY, 3), ("Start", DAY, 4), ("End", LATER, 6)]
    assert one_a_day(points) == [("20.07", 3), ("03.09", 6)]


def test_the_same_day_of_two_years_is_told_apart() -> None:
    assert one_a_day([("Start", date(2025, 7, 20), 3), ("End", DAY, 5)]) == [("20.07.25", 3), ("20.07.26", 5)]


def test_no_answers_are_no_points() -> None:
    assert one_a_day([]) == []
