"""A round costs the same to show for ten participants as for one."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.queries import groups as queries
from tests.factories.groups import make_group, make_participant
from tests.support.counting import Counter

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
MOST = 12


@pytest.mark.parametrize("part", ["", "/session/"])
def test_a_round_costs_the_same_for_many_participants(as_user: AsUser, count_queries: Counter, part: str) -> None:
    seen = []
    for many in (1, 8):
        house = make_group(places_max=10)
        page = f"/groups/{house.round.public_id}"
        if part:
            page += part + queries.list_sessions(house.round.id)[0].public_id
        for _woman in range(many):
            make_participant(house)
        browser = as_user(house.leader)
        browser.get(page)
        count_queries.start()
        assert browser.get(page).status_code == 200
        seen.append(count_queries.stop())
    assert seen[0] == seen[1] <= MOST, count_queries.statements
