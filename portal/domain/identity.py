"""How sure a provider must be before its word signs somebody in."""

from datetime import timedelta

from portal.core.people import Assurance

# The way to the provider and back, and the time to type the code from one's administrator.
JOURNEY = timedelta(minutes=10)
CODE_LASTS = timedelta(days=3)

# How the Danish NSIS levels are written in an answer; what is not here is no level at all.
LEVELS: dict[str, Assurance] = {
    "low": Assurance.LOW,
    "substantial": Assurance.SUBSTANTIAL,
    "high": Assurance.HIGH,
    "https://data.gov.dk/concept/core/nsis/loa/low": Assurance.LOW,
    "https://data.gov.dk/concept/core/nsis/loa/substantial": Assurance.SUBSTANTIAL,
    "https://data.gov.dk/concept/core/nsis/loa/high": Assurance.HIGH,
}
ORDER = tuple(Assurance)
LOWEST = Assurance.SUBSTANTIAL


def is_sure_enough(acr: str, wanted: Assurance) -> bool:
    """Whether the level that a provider names is at least the wanted one, and never below substantial (R-469)."""
    level = LEVELS.get(acr.strip().casefold())
    least = max(ORDER.index(wanted), ORDER.index(LOWEST))
    return level is not None and ORDER.index(level) >= least
