"""How large the set is. Everything follows from the number of cases; a case is one woman's course in one year."""

from dataclasses import dataclass

YEARS = 10
NATIONAL_CASES, NATIONAL_CONTACTS = 31_000, 1_500_000
# At national size: centres, municipalities, associations.
CENTRES, MUNICIPALITIES, ASSOCIATIONS = 75, 98, 12
# A centre that reports nothing but stays would be half of a small set.
FAULTS_FROM = 8


@dataclass(frozen=True, slots=True)
class Size:
    """So many cases, with so many contacts between them."""

    cases: int
    contacts: int

    def part_of(self, national: int, *, least: int) -> int:
        """So many of something there are, where there are so many at national size."""
        return max(least, round(national * self.cases / NATIONAL_CASES))


SIZES = {
    "national": Size(NATIONAL_CASES, NATIONAL_CONTACTS),
    "small": Size(NATIONAL_CASES // 100, NATIONAL_CONTACTS // 100),
}


def of_cases(cases: int, contacts: int | None = None) -> Size:
    """So many cases, with as many contacts each as at national size unless told otherwise."""
    return Size(cases, round(cases * NATIONAL_CONTACTS / NATIONAL_CASES) if contacts is None else contacts)
