"""A home is furnished step by step, within its budget."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Invalid, NotNow
from portal.core.kinds import TrackKind
from portal.core.states import DeadlineState, FurnishingState, ItemState
from portal.db import db
from portal.domain.furnishing import FurnishingAction, Room, Source
from portal.models.deadlines import Deadline
from portal.models.furnishing import FurnishingProject
from portal.models.users import Membership
from portal.queries import furnishing as queries
from portal.services import furnishing
from tests.factories.furnishing import make_volunteer_course
from tests.factories.people import actor_of

pytestmark = pytest.mark.usefixtures("session")


def make_project(*actions: FurnishingAction) -> tuple[Membership, FurnishingProject]:
    coordinator, _course = make_volunteer_course(TrackKind.FURNISHING)
    public_id = db.session.scalars(sa.select(FurnishingProject.public_id).order_by(FurnishingProject.id.desc())).first()
    project = queries.get(actor_of(coordinator), public_id or "")
    for action in actions:
        furnishing.advance(project, action, actor=actor_of(coordinator), now=utc_now())
    return coordinator, project


def test_a_given_course_asks_the_coordinator_for_an_answer_in_ten_weekdays() -> None:
    coordinator, project = make_project()
    kind = db.session.scalar(sa.select(Deadline.kind).where(Deadline.subject_public_id == project.public_id))
    assert kind is DeadlineKind.FURNISHING_ANSWER
    furnishing.advance(project, FurnishingAction.ACCEPT, actor=actor_of(coordinator), now=utc_now())
    state = db.session.scalar(sa.select(Deadline.state).where(Deadline.subject_public_id == project.public_id))
    assert state is not DeadlineState.OPEN


def test_the_list_begins_once_with_what_most_homes_need() -> None:
    coordinator, project = make_project()
    furnishing.add_template(project, actor=actor_of(coordinator), now=utc_now())
    assert len(queries.list_items(project)) == 8
    with pytest.raises(NotNow):
        furnishing.add_template(project, actor=actor_of(coordinator), now=utc_now())


def test_a_work_day_waits_until_enough_is_found() -> None:
    actions = FurnishingAction.ACCEPT, FurnishingAction.SCOPE, FurnishingAction.DESIGN, FurnishingAction.SOURCE
    coordinator, project = make_project(*actions)
    actor, now = actor_of(coordinator), utc_now()
    furnishing.add_template(project, actor=actor, now=now)
    ahead = local_date(now) + timedelta(days=14)
    with pytest.raises(Invalid):
        furnishing.advance(project, FurnishingAction.SCHEDULE, work_day_on=ahead, actor=actor, now=now)
    for item in queries.list_items(project)[:7]:
        furnishing.set_item(
            project, item, state=ItemState.IN_STOCK, source=Source.STOCK, cost_ore=0, actor=actor, now=now
        )
    with pytest.raises(Invalid):
        furnishing.advance(
            project, FurnishingAction.SCHEDULE, work_day_on=ahead - timedelta(days=30), actor=actor, now=now
        )
    furnishing.advance(project, FurnishingAction.SCHEDULE, work_day_on=ahead, actor=actor, now=now)
    assert (project.state, project.work_day_on) == (FurnishingState.SCHEDULED, ahead)


def test_things_cost_no_more_than_the_budget() -> None:
    coordinator, project = make_project()
    actor, now = actor_of(coordinator), utc_now()
    furnishing.plan(project, wishes="lyst", budget_ore=100_000, architect=None, actor=actor, now=now)
    furnishing.add_template(project, actor=actor, now=now)
    first, second, *_rest = queries.list_items(project)
    change = {"state": ItemState.RESERVED, "source": Source.PURCHASE, "actor": actor, "now": now}
    furnishing.set_item(project, first, cost_ore=60_000, **change)
    with pytest.raises(Invalid):
        furnishing.set_item(project, second, cost_ore=40_001, **change)
    furnishing.set_item(project, second, cost_ore=40_000, **change)


def test_a_project_that_has_ended_is_not_changed() -> None:
    coordinator, project = make_project(FurnishingAction.CANCEL)
    actor, now = actor_of(coordinator), utc_now()
    with pytest.raises(NotNow):
        furnishing.plan(project, wishes="Grønt", budget_ore=1, architect=None, actor=actor, now=now)
    with pytest.raises(NotNow):
        furnishing.add_template(project, actor=actor, now=now)
    assert (project.wishes, queries.list_items(project)) == (None, [])


def test_a_dropped_thing_frees_its_money() -> None:
    coordinator, project = make_project(FurnishingAction.ACCEPT)
    actor, now = actor_of(coordinator), utc_now()
    furnishing.plan(project, wishes=None, budget_ore=10_000, architect=None, actor=actor, now=now)
    furnishing.add_template(project, actor=actor, now=now)
    bed, table = queries.list_items(project)[:2]
    given = {"source": Source.PURCHASE, "actor": actor, "now": now}
    furnishing.set_item(project, bed, state=ItemState.RESERVED, cost_ore=8_000, **given)
    with pytest.raises(Invalid) as refusal:
        furnishing.set_item(project, table, state=ItemState.RESERVED, cost_ore=3_000, **given)
    assert refusal.value.field == "cost_ore"
    furnishing.set_item(project, bed, state=ItemState.DROPPED, cost_ore=0, **given)
    furnishing.set_item(project, table, state=ItemState.RESERVED, cost_ore=3_000, **given)
    assert table.cost_ore == 3_000


def test_the_budget_is_counted_one_purchase_after_the_other() -> None:
    coordinator, project = make_project()
    actor, now = actor_of(coordinator), utc_now()
    item = furnishing.add_item(project, room=Room.KITCHEN, what="Gryde", quantity=1, is_must=True, actor=actor, now=now)
    # Somebody else has lowered the budget since this page was read.
    lowered = sa.update(FurnishingProject).values(budget_ore=10_000).execution_options(synchronize_session=False)
    furnishing.plan(project, wishes=None, budget_ore=90_000, architect=None, actor=actor, now=now)
    db.session.execute(lowered)
    with pytest.raises(Invalid):
        furnishing.set_item(
            project, item, state=ItemState.RESERVED, source=Source.PURCHASE, cost_ore=50_000, actor=actor, now=now
        )
