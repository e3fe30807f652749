"""The stage: days counted back from today, and acts that are played in the order in which they happened."""

import heapq
import random
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import count

from portal.core.actor import Actor
from portal.core.clock import at_local, is_weekday, local_date
from portal.models.organisations import Organisation
from portal.models.programmes import Offer
from portal.models.volunteers import Volunteer

Act = Callable[[datetime], None]


class Stage:
    """Who and what there is, and what happens when. Every act is told the moment at which it happens."""

    def __init__(self, now: datetime, seed: int) -> None:
        self.now = now
        self.today = local_date(now)
        self.random = random.Random(seed)
        self.actors: dict[str, Actor] = {}
        self.organisations: dict[str, Organisation] = {}
        self.offers: dict[str, Offer] = {}
        self.volunteers: dict[str, Volunteer] = {}
        # How often each form has been answered at each point in time.
        self.asked: Counter[object] = Counter()
        self._acts: list[tuple[datetime, int, Act]] = []
        self._numbers = count()

    def day(self, days_ago: int) -> date:
        """The date so many days ago; a negative number lies ahead."""
        return self.today - timedelta(days=days_ago)

    def ago(self, day: date) -> int:
        """How many days ago a date is."""
        return (self.today - day).days

    def ago_of(self, moment: datetime) -> int:
        """How many days ago the Danish day of a moment was."""
        return self.ago(local_date(moment))

    def moment(self, days_ago: int, hour: int = 10, minute: int = 0) -> datetime:
        """A Danish time of day so many days ago."""
        return at_local(self.day(days_ago), time(hour, minute))

    def weekday(self, days_ahead: int) -> date:
        """The first weekday from so many days ahead on."""
        day = self.today + timedelta(days=days_ahead)
        while not is_weekday(day):
            day += timedelta(days=1)
        return day

    def on(self, days_ago: int, act: Act, *, hour: int | None = None) -> None:
        """Let something happen so many days ago, in working hours. Nothing happens later than now."""
        drawn = self.random.randrange(8, 16), self.random.randrange(0, 60)
        at = self.moment(days_ago, drawn[0] if hour is None else hour, drawn[1])
        heapq.heappush(self._acts, (min(at, self.now), next(self._numbers), act))

    def at(self, days_ago: int, hour: int, act: Act) -> None:
        """Let something happen at a full hour so many days ago, without drawing anything. Never later than now."""
        heapq.heappush(self._acts, (min(self.moment(days_ago, hour), self.now), next(self._numbers), act))

    def play(self) -> None:
        """Play everything, in the order of time. An act may let other things happen later."""
        while self._acts:
            at, _number, act = heapq.heappop(self._acts)
            act(at)
