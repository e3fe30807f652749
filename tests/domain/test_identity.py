"""How sure a provider must be: a table."""

import pytest

from portal.core.people import Assurance
from portal.domain.identity import is_sure_enough

NSIS = "https://data.gov.dk/concept/core/nsis/loa/"


@pytest.mark.parametrize(
    ("acr", "wanted", "is_enough"),
    [
        ("Substantial", Assurance.SUBSTANTIAL, True),
        (f"{NSIS}High", Assurance.SUBSTANTIAL, True),
        (f"{NSIS}Substantial", Assurance.HIGH, False),
        ("high", Assurance.HIGH, True),
        ("low", Assurance.LOW, False),
        ("substantial", Assurance.LOW, True),
        ("", Assurance.SUBSTANTIAL, False),
        ("urn:something:else", Assurance.SUBSTANTIAL, False),
    ],
)
def test_only_a_known_level_of_at_least_substantial_is_enough(acr: str, wanted: Assurance, is_enough: bool) -> None:
    assert is_sure_enough(acr, wanted) is is_enough
