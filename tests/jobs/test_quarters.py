"""Each quarter the leads of each crisis centre are asked for its statistics, two weeks ahead and once (R-847)."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.deadlines import DeadlineKind
from portal.core.enums import OrganisationKind, Role
from portal.core.states import DeadlineState
from portal.models.deadlines import Deadline
from portal.queries import deadlines as work_list
from portal.services import quarters, worklist
from tests.factories.people import actor_of, make_member, make_organisation

pytestmark = pytest.mark.usefixtures("session")


def night(day: date) -> datetime:
    return datetime.combine(day, time(3), UTC)


def rows(session: Any) -> list[tuple[date, int]]:
    asked = sa.select(Deadline).where(Deadline.kind == DeadlineKind.SHELTER_STATISTICS).order_by(Deadline.id)
    return [(row.due_on, row.organisation_id) for row in session.scalars(asked)]


def test_two_weeks_before_the_quarter_ends_each_centre_is_asked_once(session: Any) -> None:
    house = make_organisation()
    for kind in (OrganisationKind.MUNICIPALITY, OrganisationKind.NGO):
        make_organisation(kind)
    left = make_organisation()
    left.is_active = False
    assert quarters.put_up(now=night(date(2026, 9, 15))) == 0
    assert quarters.put_up(now=night(date(2026, 9, 16))) == 1
    assert quarters.put_up(now=night(date(2026, 9, 30))) == 0
    assert rows(session) == [(date(2026, 9, 30), house.id)]
    assert quarters.put_up(now=night(date(2026, 12, 20))) == 1
    assert rows(session)[1] == (date(2026, 12, 31), house.id)


def test_a_lead_presses_done_and_is_not_asked_again(session: Any) -> None:
    lead = actor_of(make_member(Role.PROGRAMME_LEAD, make_organisation()))
    now = night(date(2026, 9, 20))
    quarters.put_up(now=now)
    ((row,), _next) = work_list.list_mine(lead, today=date(2026, 9, 25))
    assert row.kind is DeadlineKind.SHELTER_STATISTICS
    worklist.mark_done(work_list.get_mine(lead, row.public_id), actor=lead, now=now)
    assert quarters.put_up(now=night(date(2026, 9, 21))) == 0
    assert session.scalars(sa.select(Deadline.state)).all() == [DeadlineState.DONE]
    stranger = actor_of(make_member(Role.PROGRAMME_LEAD))
    assert work_list.list_mine(stranger, today=date(2026, 9, 25))[0] == []
