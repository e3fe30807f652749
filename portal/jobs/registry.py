"""What a job is and when it is due: the whole declaration stands beside the function."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Protocol

from portal.core.clock import at_local, local_date

# These hours do not exist in the night when summer time begins, and occur twice when it ends.
FORBIDDEN_FROM, FORBIDDEN_TO = time(2), time(3)

Work = Callable[[datetime], int]


class Schedule(Protocol):
    """When a job is due."""

    @property
    def interval(self) -> timedelta:
        """How far apart two due times are."""

    def slot(self, now: datetime) -> datetime:
        """The last due time that is not later than `now`."""


@dataclass(frozen=True, slots=True)
class Every:
    """Due at every multiple of an interval, on the same grid for all workers."""

    interval: timedelta

    def slot(self, now: datetime) -> datetime:
        """The last point of the grid."""
        step = int(self.interval.total_seconds())
        return datetime.fromtimestamp(int(now.timestamp()) // step * step, UTC)


@dataclass(frozen=True, slots=True)
class Daily:
    """Due once on each Danish calendar day, at a local time outside the hour that moves."""

    at: time

    def __post_init__(self) -> None:
        if FORBIDDEN_FROM <= self.at < FORBIDDEN_TO:
            raise ValueError("a daily job stays out of the hour between two and three")

    @property
    def interval(self) -> timedelta:
        """One day; two days a year have an hour more or less."""
        return timedelta(days=1)

    def slot(self, now: datetime) -> datetime:
        """Today's time if it has come, else yesterday's."""
        today = at_local(local_date(now), self.at)
        return today if today <= now else at_local(local_date(now) - timedelta(days=1), self.at)


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work with its schedule. It is given the time and returns how many things it did."""

    name: str
    schedule: Schedule
    work: Work
    # Runs at the worker's own tick when that is shorter: the demo shows its mails within seconds.
    is_quick: bool = False
    # A run that has not finished by then is taken for dead, and another worker may do it.
    lease: timedelta = timedelta(minutes=10)


_jobs: dict[str, Job] = {}


def job(
    name: str, *, minutes: int | None = None, daily: time | None = None, is_quick: bool = False
) -> Callable[[Work], Work]:
    """Declare the function below as a job: every so many minutes, or daily at a Danish time."""
    if (minutes is None) == (daily is None):
        raise ValueError("a job runs every so many minutes or daily")
    schedule: Schedule = Daily(daily) if daily is not None else Every(timedelta(minutes=minutes or 0))

    def declare(work: Work) -> Work:
        if name in _jobs:
            raise ValueError(f"two jobs are called {name}")
        _jobs[name] = Job(name, schedule, work, is_quick)
        return work

    return declare


def all_jobs(tick: timedelta = timedelta(minutes=1)) -> dict[str, Job]:
    """Every declared job by its name; the quick ones at the worker's tick, which is at least a second."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        importlib.import_module(f"portal.jobs.{module.name}")
    quick = Every(max(tick, timedelta(seconds=1)))
    return {
        name: Job(found.name, quick, found.work, found.is_quick, found.lease) if found.is_quick else found
        for name, found in sorted(_jobs.items())
    }


def intervals(tick: timedelta = timedelta(minutes=1)) -> dict[str, timedelta]:
    """How far apart the runs of each job are, for whoever watches them."""
    return {name: found.schedule.interval for name, found in all_jobs(tick).items()}
