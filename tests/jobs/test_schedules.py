"""When jobs are due: a grid for all workers, and Danish days that are not all 24 hours long."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest

from portal.core.clock import COPENHAGEN, local_date
from portal.core.jobs import ScheduledJob
from portal.jobs.registry import Daily, Every, all_jobs, intervals, job


def test_all_workers_stand_on_the_same_grid() -> None:
    quarter = Every(timedelta(minutes=15))
    for minute, second in ((0, 0), (7, 31), (14, 59)):
        assert quarter.slot(datetime(2026, 11, 2, 9, minute, second, 17, UTC)) == datetime(2026, 11, 2, 9, tzinfo=UTC)
    assert quarter.slot(datetime(2026, 11, 2, 9, 15, tzinfo=UTC)) == datetime(2026, 11, 2, 9, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "utc_hours"),
    [(date(2026, 3, 27), [2, 2, 1, 1]), (date(2026, 10, 23), [1, 1, 2, 2])],
    ids=["the night that loses an hour", "the night that has one twice"],
)
def test_a_daily_job_has_one_slot_per_danish_day(first: date, utc_hours: list[int]) -> None:
    daily = Daily(time(3, 30))
    start = datetime.combine(first, time(4), COPENHAGEN).astimezone(UTC)
    minutes = (start + timedelta(minutes=number) for number in range(3 * 24 * 60 + 60))
    slots = sorted({daily.slot(moment) for moment in minutes})
    assert [slot.hour for slot in slots] == utc_hours
    assert [local_date(slot) for slot in slots] == [first + timedelta(days=number) for number in range(4)]
    assert all(slot.astimezone(COPENHAGEN).time() == time(3, 30) for slot in slots)
    assert {after - before for before, after in pairwise(slots)} <= {timedelta(hours=h) for h in (23, 24, 25)}


@pytest.mark.parametrize("at", [time(2), time(2, 30), time(2, 59)])
def test_no_daily_job_lies_in_the_hour_that_moves(at: time) -> None:
    with pytest.raises(ValueError, match="two and three"):
        Daily(at)


def test_a_job_says_when_and_has_a_name_of_its_own() -> None:
    with pytest.raises(ValueError, match="or daily"):
        job("nothing")
    with pytest.raises(ValueError, match="or daily"):
        job("both", minutes=1, daily=time(5))
    all_jobs()
    with pytest.raises(ValueError, match="two jobs"):
        job("send_outbox", minutes=1)(lambda now: 0)


def test_the_declared_jobs_are_those_that_have_a_word() -> None:
    assert set(all_jobs()) == {job.value for job in ScheduledJob}


def test_the_declared_jobs_and_their_intervals() -> None:
    assert intervals(timedelta(seconds=5)) == {
        "anchor_audit": timedelta(minutes=10),
        "call_for_statistics": timedelta(days=1),
        "check_audit": timedelta(days=1),
        "check_audit_day": timedelta(hours=1),
        "draw_samples": timedelta(days=1),
        "answer_code_wishes": timedelta(minutes=1),
        "ask_apart": timedelta(minutes=15),
        "expire_tasks": timedelta(minutes=30),
        "find_silence": timedelta(days=1),
        "find_unspoken_children": timedelta(days=1),
        "miss_offers": timedelta(days=1),
        "scan_documents": timedelta(minutes=5),
        "guard": timedelta(days=1),
        "housekeeping": timedelta(days=1),
        "run_imports": timedelta(seconds=5),
        "lower_protection": timedelta(minutes=30),
        "match_surnames": timedelta(days=1),
        "publish_programmes": timedelta(days=1),
        "purge_drafts": timedelta(days=1),
        "revoke_left": timedelta(days=1),
        "review_staff": timedelta(days=1),
        "turn_absences": timedelta(minutes=60),
        "climb": timedelta(minutes=15),
        "tell_openings": timedelta(minutes=5),
        "raise_alerts": timedelta(minutes=1),
        "remind_deadlines": timedelta(minutes=15),
        "remind_protection": timedelta(days=1),
        "retention": timedelta(days=1),
        "return_offers": timedelta(days=1),
        "seal_audit": timedelta(days=1),
        "review_emergencies": timedelta(hours=1),
        "send_outbox": timedelta(seconds=5),
        "tend_keys": timedelta(days=1),
        "turn_follow_ups": timedelta(days=1),
    }
