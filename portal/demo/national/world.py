"""What the parts of the set share while they are written: the days, the country, and each case with its keys."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from portal.core.clock import COPENHAGEN
from portal.core.protection import KeyKind
from portal.demo.national.episodes import Episode
from portal.demo.national.house import Country, House
from portal.demo.national.keys import KeyMaker
from portal.demo.national.people import Woman
from portal.demo.national.staff import Desk, Term
from portal.vault.keys import OpenKey


@dataclass(slots=True, eq=False)
class Client:
    """A woman as one centre knows her: another centre knows nothing of it."""

    woman: Woman
    public_id: str
    keys: dict[KeyKind, OpenKey]
    organisation_id: int
    id: int = 0


@dataclass(slots=True, eq=False)
class WrittenCase:
    """A case with what others point to."""

    episode: Episode
    client: Client
    house: House
    desk: Desk
    public_id: str
    keys: dict[KeyKind, OpenKey]
    reference: str
    is_closed: bool
    # Its house reports stays and nothing else.
    is_bare: bool
    adviser: Desk | None = None
    id: int = 0
    stay_ids: list[int] = field(default_factory=list)

    def worker(self, day: date) -> Term:
        """The contact person of a day."""
        return self.desk.on(day)


@dataclass(slots=True)
class World:
    """Everything that the writing parts need."""

    random: Random
    today: date
    now: datetime
    country: Country
    makes: KeyMaker
    cases: list[WrittenCase] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)

    def moment(self, day: date, hour: int | None = None) -> datetime:
        """A time of day in working hours; never later than now."""
        at = time(self.random.randrange(8, 16) if hour is None else hour, self.random.randrange(60))
        return min(datetime.combine(day, at, COPENHAGEN), self.now - timedelta(minutes=5))
