"""Operations: every job with its last run, in words."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.jobs import OutsideWork, ScheduledJob
from portal.services import job_runs
from tests.factories.people import make_member
from tests.support.counting import Counter

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
LEASE = timedelta(minutes=10)


def begin(job: ScheduledJob, at: datetime) -> None:
    assert job_runs.win(job, at, lease=LEASE, now=at)


def rows_of(page: str) -> dict[str, list[str]]:
    body = page.split('id="runs"')[1].split("<tbody>")[1].split("</tbody>")[0]
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in body.split("</tr>") if row.strip()]
    return {row[0]: [re.sub(r"<[^>]+>", "", cell).strip() for cell in row[1:]] for row in cells}


def test_each_job_has_one_row_in_words(as_user: AsUser) -> None:
    now = utc_now()
    for minutes in range(3):
        at = now - timedelta(minutes=5 + minutes)
        begin(ScheduledJob.SEND_OUTBOX, at)
        job_runs.finish(ScheduledJob.SEND_OUTBOX, at, done=minutes + 4, now=at)
    begin(ScheduledJob.PURGE_DRAFTS, now - timedelta(hours=2))
    job_runs.fail(ScheduledJob.PURGE_DRAFTS, now - timedelta(hours=2), error="ValueError K7Q2", now=now)
    browser = as_user(make_member(Role.ADMINISTRATOR))
    rows = rows_of(browser.get("/admin/operations").get_data(as_text=True))
    assert len(rows) == len(ScheduledJob) + len(OutsideWork)
    assert rows["Sikkerhedskopi, som meldt"] == ["aldrig", "", "", "0"]
    assert rows["Send mails"][1:] == ["for 5 minutter siden", "4 klaret", "0"]
    assert rows["Slet efterladte kladder"][1:] == ["for 2 timer siden", "fejlede", "1 ValueError"]
    assert rows["Mind om frister"] == ["aldrig", "", "", "0"]


def test_it_costs_the_same_for_many_runs_as_for_none(as_user: AsUser, count_queries: Counter) -> None:
    browser, now, seen = as_user(make_member(Role.ADMINISTRATOR)), utc_now(), []
    for more in (0, 30):
        for minutes in range(more):
            begin(ScheduledJob.SEND_OUTBOX, now - timedelta(minutes=minutes))
        count_queries.start()
        browser.get("/admin/operations")
        seen.append(count_queries.stop())
    assert seen[0] == seen[1] <= 12, count_queries.statements
