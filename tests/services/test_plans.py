"""Goals with steps: what is kept, what is refused, and what stands on whose work list (R-620 to R-622)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Invalid, NotNow, Stale
from portal.core.measures import CtiArea
from portal.core.plans import GoalState
from portal.core.states import CaseState, DeadlineState
from portal.models.audit import AuditEntry
from portal.models.deadlines import Deadline
from portal.models.plans import GoalChange
from portal.models.users import User
from portal.services import plans
from portal.services.team import hand_over_primary, join_team
from tests.factories.people import actor_of, make_case, make_member

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
WANTED = plans.Wanted(CtiArea.HOUSING, "Mit eget sted", "En lejekontrakt i eget navn", due_on=date(2026, 12, 1))
pytestmark = pytest.mark.usefixtures("session")


def rows(session: Any, kind: DeadlineKind) -> list[tuple[date, DeadlineState, int]]:
    found = session.scalars(sa.select(Deadline).where(Deadline.kind == kind).order_by(Deadline.id))
    return [(one.due_on, one.state, one.owner_id) for one in found]


def test_a_goal_stands_on_the_list_of_the_one_responsible(session: Any) -> None:
    member, other = make_member(), make_member()
    case, who = make_case(member, now=NOW), {"actor": actor_of(member), "now": NOW}
    join_team(case.id, other.user_id, **who)
    name = session.get(User, other.user_id).public_id
    goal = plans.set_goal(case, replace(WANTED, owner=name), **who)
    assert (goal.wish, goal.owner_id, goal.state) == ("Mit eget sted", other.user_id, GoalState.OPEN)
    assert rows(session, DeadlineKind.GOAL) == [(date(2026, 12, 1), DeadlineState.OPEN, other.user_id)]
    plans.change_goal(case, goal, replace(WANTED, due_on=date(2026, 12, 5)), **who)
    assert rows(session, DeadlineKind.GOAL) == [(date(2026, 12, 5), DeadlineState.OPEN, member.user_id)]
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.GOAL_CHANGED)).one()
    assert entry.fields == ["owner_id", "due_on"]


def test_the_rows_of_a_goal_stay_with_its_own_helper_when_the_case_is_handed_over(session: Any) -> None:
    member, other = make_member(), make_member()
    case, who = make_case(member, now=NOW), {"actor": actor_of(member), "now": NOW}
    third = make_member()
    join_team(case.id, other.user_id, **who)
    join_team(case.id, third.user_id, **who)
    plans.set_goal(case, replace(WANTED, owner=session.get(User, other.user_id).public_id), **who)
    plans.set_goal(case, WANTED, **who)
    hand_over_primary(case, third.user_id, **who)
    assert [owner for _day, _state, owner in rows(session, DeadlineKind.GOAL)] == [other.user_id, third.user_id]


def test_somebody_must_act_and_only_the_team_is_chosen(session: Any) -> None:
    member, stranger = make_member(), make_member()
    case, who = make_case(member, now=NOW), {"actor": actor_of(member), "now": NOW}
    name = session.get(User, stranger.user_id).public_id
    for wrong, field in (
        (replace(WANTED, is_hers=False), "owner"),
        (replace(WANTED, owner=name), "owner"),
        (replace(WANTED, wish=" "), "wish"),
        (replace(WANTED, sign=""), "sign"),
    ):
        with pytest.raises(Invalid) as refusal:
            plans.set_goal(case, wrong, **who)
        assert refusal.value.field == field
    assert plans.set_goal(case, replace(WANTED, is_hers=False, helper="Bankens rådgiver"), **who).helper


def test_each_change_of_state_is_kept_and_what_ended_goes_off_the_list(session: Any) -> None:
    member = make_member()
    case, who = make_case(member, now=NOW), {"actor": actor_of(member), "now": NOW}
    goal = plans.set_goal(case, WANTED, **who)
    plans.add_step(case, goal, "Skriv os op", due_on=date(2026, 11, 25), **who)
    plans.move_goal(case, goal, GoalState.DROPPED, reason="Hun vil noget andet", **who)
    for kind in (DeadlineKind.GOAL, DeadlineKind.GOAL_STEP):
        assert [state for _day, state, _who in rows(session, kind)] == [DeadlineState.DONE]
    with pytest.raises(NotNow):
        plans.add_step(case, goal, "Et skridt til", **who)
    plans.move_goal(case, goal, GoalState.IN_PROGRESS, **who)
    for kind in (DeadlineKind.GOAL, DeadlineKind.GOAL_STEP):
        assert [state for _day, state, _who in rows(session, kind)] == [DeadlineState.OPEN]
    plans.move_goal(case, goal, GoalState.REACHED, attainment=4, **who)
    kept = session.scalars(sa.select(GoalChange).order_by(GoalChange.id)).all()
    assert [(one.state, one.attainment, one.reason) for one in kept] == [
        (GoalState.OPEN, None, None),
        (GoalState.DROPPED, None, "Hun vil noget andet"),
        (GoalState.IN_PROGRESS, None, None),
        (GoalState.REACHED, 4, None),
    ]
    told = session.scalars(sa.select(AuditEntry.action).where(AuditEntry.action == Audit.GOAL_REACHED)).all()
    assert len(told) == 1


def test_a_step_is_done_once_and_two_people_do_not_overwrite_each_other(session: Any) -> None:
    member = make_member()
    case, who = make_case(member, now=NOW), {"actor": actor_of(member), "now": NOW}
    goal = plans.set_goal(case, replace(WANTED, due_on=None), **who)
    step = plans.add_step(case, goal, "Ring til kommunen", due_on=date(2026, 11, 25), **who)
    plans.finish_step(case, goal, step, **who)
    assert (step.done_on, rows(session, DeadlineKind.GOAL)) == (date(2026, 11, 20), [])
    assert [state for _day, state, _who in rows(session, DeadlineKind.GOAL_STEP)] == [DeadlineState.DONE]
    with pytest.raises(NotNow):
        plans.finish_step(case, goal, step, **who)
    with pytest.raises(Stale):
        plans.change_goal(case, goal, WANTED, version=goal.version + 1, **who)
    with pytest.raises(Stale):
        plans.move_goal(case, goal, GoalState.IN_PROGRESS, version=goal.version + 1, **who)


def test_nothing_is_written_in_a_closed_case() -> None:
    member = make_member()
    case, who = make_case(member, now=NOW), {"actor": actor_of(member), "now": NOW}
    goal = plans.set_goal(case, WANTED, **who)
    step = plans.add_step(case, goal, "Ring til kommunen", **who)
    case.state, case.closed_at = CaseState.CLOSED, NOW
    for press in (
        lambda: plans.set_goal(case, WANTED, **who),
        lambda: plans.change_goal(case, goal, WANTED, **who),
        lambda: plans.move_goal(case, goal, GoalState.IN_PROGRESS, **who),
        lambda: plans.add_step(case, goal, "Et skridt", **who),
        lambda: plans.finish_step(case, goal, step, **who),
    ):
        with pytest.raises(NotNow):
            press()
