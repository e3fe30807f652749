"""The board, one's own tasks, and the pool: what is offered to whom, in which order, and what stays visible."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from portal.core.clock import local_date, utc_now
from portal.core.enums import Region, Role
from portal.core.errors import NotFound
from portal.core.states import ClaimState, TaskState
from portal.core.volunteers import TaskKind, TaskOutcome
from portal.db import db
from portal.models.tasks import Claim, Task
from portal.models.users import Membership
from portal.models.volunteers import Volunteer
from portal.queries import own_tasks
from portal.queries import tasks as queries
from portal.services import claims, tasks
from tests.factories.people import actor_of, agree, make_case, make_member
from tests.factories.tasks import make_pool, make_task, make_volunteer

pytestmark = pytest.mark.usefixtures("session")


def take(task: Task, volunteer: Volunteer, member: Membership, *, confirmed_by: Membership | None = None) -> Claim:
    claim = claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
    if confirmed_by is not None:
        claims.confirm(claim, actor=actor_of(confirmed_by), now=utc_now())
    return claim


def test_the_board_shows_the_soonest_first_and_pages_go_on_where_they_ended() -> None:
    coordinator, _member, volunteer = make_pool()
    days = [make_task(coordinator, ahead=timedelta(days=number)) for number in (5, 2, 9, 3, 7)]
    soonest = [task.public_id for task in sorted(days, key=lambda task: task.starts_at)]
    seen, cursor = [], None
    for _ in range(3):
        rows, cursor = queries.list_open(volunteer, after=cursor, limit=2)
        seen += [row.public_id for row in rows]
    assert seen == soonest
    assert cursor is None


@pytest.mark.parametrize("changes", [{"region": Region.NORTH}, {"skills": ["tools", "painting"]}])
def test_a_task_elsewhere_or_beyond_her_skills_is_not_offered(changes: dict[str, Any]) -> None:
    coordinator, _member, volunteer = make_pool()
    make_task(coordinator, **changes)
    assert queries.list_open(volunteer) == ([], None)


def test_a_task_that_has_begun_is_not_offered() -> None:
    coordinator, _member, volunteer = make_pool()
    task = make_task(coordinator)
    task.starts_at = utc_now() + timedelta(minutes=1)
    assert queries.list_open(volunteer)[0] != []
    task.starts_at = utc_now() - timedelta(seconds=1)
    assert queries.list_open(volunteer)[0] == []


def test_what_she_has_given_back_is_not_offered_to_her_again_but_to_others() -> None:
    coordinator, member, volunteer = make_pool()
    other = make_volunteer(make_member(Role.VOLUNTEER, coordinator.organisation), actor_of(coordinator))
    task = make_task(coordinator)
    claims.release(take(task, volunteer, member), reason=None, actor=actor_of(member), now=utc_now())
    assert queries.list_open(volunteer)[0] == []
    assert [row.public_id for row in queries.list_open(other)[0]] == [task.public_id]


def test_a_task_with_children_is_offered_while_the_certificate_lasts_until_its_day() -> None:
    coordinator, member, volunteer = make_pool()
    task = make_task(coordinator, has_children=True, ahead=timedelta(days=10))
    volunteer.certificate_until = local_date(task.starts_at)
    assert [row.public_id for row in queries.list_open(volunteer)[0]] == [task.public_id]
    assert take(task, volunteer, member).state is ClaimState.PENDING
    later = make_task(coordinator, has_children=True, ahead=timedelta(days=11))
    plain = make_task(coordinator, ahead=timedelta(days=12))
    db.session.flush()
    offered = [row.public_id for row in queries.list_open(volunteer)[0]]
    # A task that she would be refused is not offered: the board and the rule say the same.
    assert later.public_id not in offered
    assert offered == [plain.public_id]


def test_somebody_who_came_second_sees_the_same_kind_first() -> None:
    coordinator, _member, volunteer = make_pool()
    lost = make_task(coordinator)
    other_kind = next(kind for kind in TaskKind if kind is not lost.kind)
    soon = make_task(coordinator, kind=other_kind, ahead=timedelta(days=1))
    same = make_task(coordinator, ahead=timedelta(days=8))
    similar = queries.list_similar(volunteer, lost)
    assert [row.public_id for row in similar] == [same.public_id, soon.public_id]


def test_ones_own_claims_are_the_living_and_nobody_elses() -> None:
    coordinator, member, volunteer = make_pool()
    stranger = make_member(Role.VOLUNTEER, coordinator.organisation)
    claim = take(make_task(coordinator), volunteer, member, confirmed_by=coordinator)
    assert queries.get_own(actor_of(member), claim.public_id).id == claim.id
    assert [one.public_id for one in own_tasks.list_mine(actor_of(member))] == [claim.public_id]
    assert queries.counts_own(volunteer) == (0, 1)
    with pytest.raises(NotFound):
        queries.get_own(actor_of(stranger), claim.public_id)
    claims.take_back(claim, actor=actor_of(coordinator), now=utc_now())
    with pytest.raises(NotFound):
        queries.get_own(actor_of(member), claim.public_id)


def test_hours_are_summed_by_danish_month_and_kind_the_newest_first() -> None:
    coordinator, member, volunteer = make_pool()
    # Late on 31 October in Copenhagen, and just after midnight on 1 November there: still 31 October in UTC.
    ends = [datetime(2026, 10, 31, 20, tzinfo=UTC), datetime(2026, 10, 31, 23, 30, tzinfo=UTC)]
    ends.append(datetime(2026, 11, 9, 12, tzinfo=UTC))
    for end, minutes in zip(ends, (60, 90, 30), strict=True):
        task = make_task(coordinator)
        claim = take(task, volunteer, member, confirmed_by=coordinator)
        task.starts_at, task.ends_at = end - timedelta(hours=3), end
        claims.report(claim, minutes=minutes, outcome=TaskOutcome.WENT_WELL, text=None, actor=actor_of(member), now=end)
    kind = TaskKind.ASSEMBLE_BEDS
    assert own_tasks.list_hours(volunteer) == [(date(2026, 11, 1), kind, 120), (date(2026, 10, 1), kind, 60)]


def test_the_pool_is_filtered_by_what_is_to_be_done_and_paged() -> None:
    coordinator, member, volunteer = make_pool()
    actor = actor_of(coordinator)
    open_ = [make_task(coordinator, ahead=timedelta(days=number)) for number in (4, 3, 5)]
    wanted, settled = make_task(coordinator, places=2), make_task(coordinator)
    take(wanted, volunteer, member)
    take(settled, volunteer, member, confirmed_by=coordinator)
    called_off = make_task(coordinator)
    tasks.cancel(called_off, actor=actor, now=utc_now())
    (waiting,), _cursor = queries.list_pool(actor, shown="claims")
    assert (waiting.public_id, waiting.taken, waiting.pending) == (wanted.public_id, 1, 1)
    assert [row.public_id for row in queries.list_pool(actor, shown="taken")[0]] == [settled.public_id]
    assert [row.state for row in queries.list_pool(actor, shown="ended")[0]] == [TaskState.CANCELLED]
    seen, cursor = [], None
    for _ in range(2):
        rows, cursor = queries.list_pool(actor, after=cursor, limit=2)
        seen += [row.public_id for row in rows]
    soonest = sorted([*open_, wanted], key=lambda task: (task.starts_at, task.id))
    assert seen == [task.public_id for task in soonest]
    assert cursor is None


def test_the_pool_is_its_coordinators_and_the_cases_own_team() -> None:
    coordinator, member, volunteer = make_pool()
    contact = make_member()
    case = make_case(contact)
    agree(case, coordinator.organisation_id)
    task = make_task(coordinator, case_id=case.id)
    claim = take(task, volunteer, member)
    for staff in (coordinator, contact):
        assert queries.get(actor_of(staff), task.public_id).id == task.id
        assert queries.get_claim(actor_of(staff), claim.public_id).id == claim.id
    for stranger in (make_member(Role.VOLUNTEER_COORDINATOR), make_member(), member):
        with pytest.raises(NotFound):
            queries.get(actor_of(stranger), task.public_id)
        with pytest.raises(NotFound):
            queries.get_claim(actor_of(stranger), claim.public_id)
        assert queries.list_pool(actor_of(stranger)) == ([], None)


def test_a_draft_or_another_region_is_not_on_the_board() -> None:
    coordinator, _member, volunteer = make_pool()
    task = make_task(coordinator)
    assert queries.get_for_board(volunteer, task.public_id).id == task.id
    task.state = TaskState.DRAFT
    db.session.flush()
    with pytest.raises(NotFound):
        queries.get_for_board(volunteer, task.public_id)
    with pytest.raises(NotFound):
        queries.get_for_board(volunteer, make_task(coordinator, region=Region.NORTH).public_id)


def test_without_a_certificate_she_is_offered_no_task_with_children() -> None:
    coordinator, _member, volunteer = make_pool()
    volunteer.certificate_until = None
    make_task(coordinator, has_children=True)
    plain = make_task(coordinator)
    assert [row.public_id for row in queries.list_open(volunteer)[0]] == [plain.public_id]
