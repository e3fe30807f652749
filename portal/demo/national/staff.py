"""Desks, and the people who have sat at them: most stay a few years, and their successor takes over what is open."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from random import Random

from portal.core.actor import SYSTEM
from portal.core.clock import at_local
from portal.core.enums import Language, Role
from portal.demo.logins import PASSWORD
from portal.demo.national import names
from portal.models.organisations import Organisation
from portal.services import accounts

# Days that somebody stays at a desk.
SHORTEST, LONGEST = 900, 2000


@dataclass(frozen=True, slots=True)
class Term:
    """Somebody at a desk, from a day to a day; the last of them works there now."""

    user_id: int
    membership_id: int
    organisation_id: int
    role: Role
    email: str
    since: date
    until: date | None


@dataclass(slots=True)
class Desk:
    """One place of work over the years."""

    terms: list[Term] = field(default_factory=list)

    def on(self, day: date) -> Term:
        """Who sat there on a day."""
        return next((term for term in self.terms if term.until is None or day < term.until), self.terms[-1])

    def between(self, first: date, last: date) -> list[Term]:
        """Everybody who sat there in a stretch of days, in order."""
        return [term for term in self.terms if (term.until is None or term.until > first) and term.since <= last] or [
            self.terms[-1]
        ]

    @property
    def now(self) -> Term:
        """Who sits there today."""
        return self.terms[-1]


class Hiring:
    """Makes accounts, each with the password that the demo prints, hashed once."""

    def __init__(self, random: Random, first: date, today: date) -> None:
        self._random, self._first, self._today = random, first, today
        self._hashed = accounts.hasher.hash(PASSWORD)
        self._count = 0

    def desk(self, organisation: Organisation, role: Role, *, is_steady: bool = False) -> Desk:
        """A desk with everybody who has sat there; a steady one has had one person only."""
        desk, since = Desk(), self._first
        while True:
            days = self._random.randint(SHORTEST, LONGEST) if not is_steady else LONGEST * 9
            until = since + timedelta(days=days)
            is_last = until >= self._today - timedelta(days=200)
            desk.terms.append(self._hire(organisation, role, since, None if is_last else until))
            if is_last:
                return desk
            since = until

    def desks(self, organisation: Organisation, role: Role, count: int) -> list[Desk]:
        """Several desks of one kind."""
        return [self.desk(organisation, role) for _ in range(count)]

    def _hire(self, organisation: Organisation, role: Role, since: date, until: date | None) -> Term:
        self._count += 1
        email = f"{role.value.replace('_', '-')}-{self._count}@{names.DOMAIN}"
        begun = at_local(since, time(8))
        user = accounts.create_user(
            names.person(self._random),
            email,
            None,
            language=Language.DANISH,
            hashed=self._hashed,
            actor=SYSTEM,
            now=begun,
        )
        membership = accounts.add_membership(user, organisation, role)
        membership.given_at = begun
        if until is not None:
            membership.ended_at = at_local(until, time(8))
        return Term(user.id, membership.id, organisation.id, role, email, since, until)
