"""The women and their children, none of whom exists."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from portal.demo.national import names
from portal.demo.national.lots import Deck, share

# Youngest and oldest of a band, and its share in a hundred; None: not known.
AGES = (((18, 24), 15), ((25, 29), 16), ((30, 39), 32), ((40, 49), 20), ((50, 75), 11), (None, 6))
CHILDREN = ((1, 14), (2, 8), (3, 2), (4, 1))
# Born in Denmark, somewhere else, not known.
ORIGINS = (("danish", 50), ("other", 43), ("unknown", 7))
# Protection of name and address; special protection.
PROTECTION = ((0, 88), (1, 10), (2, 2))
MOTHER_AT = 17


@dataclass(slots=True, eq=False)
class Woman:
    """She. Whoever is anonymous has no name, and every fourth of those no birth year."""

    number: int
    name: str | None
    birth_year: int | None
    phone: str | None
    cpr: str
    language: str | None
    needs_interpreter: bool
    protection: int
    # Birth years, along with her or not.
    children: list[tuple[int, bool]] = field(default_factory=list)

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody knows her name."""
        return self.name is None


class People:
    """Draws one woman after the other, always the same ones for a seed."""

    def __init__(self, random: Random, today: date) -> None:
        self._random, self._today = random, today
        self._ages = Deck(random, AGES)
        self._has_children = share(random, 46)
        self._children = Deck(random, CHILDREN)
        self._origins = Deck(random, ORIGINS)
        self._anonymous = share(random, 9)
        self._protection = Deck(random, PROTECTION)
        self._cprs: set[str] = set()
        self._count = 0

    def next(self, admitted: date) -> Woman:
        """A woman who comes to a centre for the first time on a day."""
        random = self._random
        self._count += 1
        is_anonymous, band = self._anonymous.deal(), self._ages.deal()
        age = 36 if band is None else random.randint(*band)
        born = None if band is None or (is_anonymous and random.random() < 0.25) else admitted.year - age
        origin = self._origins.deal()
        language = "dansk" if origin == "danish" else random.choice(names.LANGUAGES) if origin == "other" else None
        return Woman(
            number=self._count,
            name=None if is_anonymous else names.person(random),
            birth_year=born,
            phone=None if is_anonymous else names.phone(self._count),
            cpr=names.cpr(random, self._today, self._cprs),
            language=language,
            needs_interpreter=origin == "other" and random.random() < 0.6,
            protection=self._protection.deal(),
            children=self._kin(admitted, admitted.year - age),
        )

    def _kin(self, admitted: date, born: int) -> list[tuple[int, bool]]:
        if not self._has_children.deal():
            return []
        oldest = max(0, min(17, admitted.year - born - MOTHER_AT))
        years = sorted(self._random.randint(0, oldest) for _ in range(self._children.deal()))
        return [(admitted.year - years_old, self._random.random() < 0.94) for years_old in years]
