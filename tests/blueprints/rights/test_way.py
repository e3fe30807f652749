"""The way of a request: what is done, what is next."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from portal.blueprints.rights.way import WAYS, way
from portal.core.rights import Harm, RightsKind, RightsState

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
ACCESS = RightsKind.ACCESS


def request(kind: RightsKind = ACCESS, state: RightsState = RightsState.IN_WORK, **given: Any) -> SimpleNamespace:
    values = {"taken_at": AT, "harm": None, "seconded_at": None, "decided_at": None, "closed_at": None}
    return SimpleNamespace(kind=kind, state=state, **(values | given))


def file(**given: Any) -> SimpleNamespace:
    return SimpleNamespace(**({"built_at": AT, "fetched_at": None, "deleted_at": None} | given))


def states(one: Any, export: Any = None) -> str:
    """The first letters: d(one), c(urrent), t(odo)."""
    return "".join(step.state[0] for step in way(one, export))


def test_every_kind_has_a_way() -> None:
    assert set(WAYS) == set(RightsKind)


@pytest.mark.parametrize(
    ("one", "export", "said"),
    [
        (request(taken_at=None), None, "ctttt"),
        (request(), None, "dcttt"),
        (request(), file(), "ddctt"),
        (request(), file(deleted_at=AT), "dcttt"),
        (request(), file(fetched_at=AT, deleted_at=AT), "dddct"),
        (request(decided_at=AT), None, "dctdt"),
        (request(decided_at=AT), file(fetched_at=AT, deleted_at=AT), "ddddc"),
        (request(decided_at=AT, closed_at=AT), file(fetched_at=AT, deleted_at=AT), "ddddd"),
        # Handed over without a file of the portal: nothing is asked for any more.
        (request(decided_at=AT, closed_at=AT), None, "dttdd"),
    ],
)
def test_an_access_is_built_fetched_granted_and_handed_over(one: Any, export: Any, said: str) -> None:
    assert states(one, export) == said


def test_a_dossier_has_harm_and_a_second_person_before_its_file() -> None:
    kind = RightsKind.CHILD_DOSSIER
    assert states(request(kind)) == "dctttt"
    assert states(request(kind, harm=Harm.POSSIBLE)) == "ddcttt"
    assert states(request(kind, harm=Harm.POSSIBLE, seconded_at=AT)) == "dddctt"


def test_an_erasure_is_done_by_the_second_person() -> None:
    assert states(request(RightsKind.ERASURE)) == "dct"
    assert states(request(RightsKind.ERASURE, seconded_at=AT, closed_at=AT)) == "ddd"


@pytest.mark.parametrize("state", [RightsState.REFUSED, RightsState.WITHDRAWN])
def test_what_ended_early_has_no_way(state: RightsState) -> None:
    assert way(request(state=state), None) == []
