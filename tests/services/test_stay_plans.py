"""The stay plan: draft, agreed, replaced; what is refused, and what the municipality's plan asks (R-625 to R-627)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Invalid, NotFound, NotNow, Stale
from portal.core.measures import CtiArea
from portal.core.plans import ConfirmedHow, MunicipalPlan, StayPlanState
from portal.core.states import CaseState, DeadlineState
from portal.models.audit import AuditEntry
from portal.models.deadlines import Deadline
from portal.models.plans import StayPlan
from portal.queries import stay_plans as queries
from portal.services import plans, stay_plans, stays
from tests.factories.people import actor_of, make_case, make_member

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
TODAY = date(2026, 11, 20)
SAID = stay_plans.Written("Ro til at sove", offers="Samtale hver uge", children="De skal i skole")
YES: dict[str, Any] = {"how": ConfirmedHow.PAPER, "confirmed_on": TODAY}
NOTED = stay_plans.Noted(MunicipalPlan.ACTION_PLAN, plan_on=TODAY, consent_on=TODAY, sent_on=TODAY)
pytestmark = pytest.mark.usefixtures("session")


def rows(session: Any) -> list[tuple[str, date, DeadlineState]]:
    found = session.scalars(
        sa.select(Deadline).where(Deadline.kind == DeadlineKind.STAY_PLAN).order_by(Deadline.id)
    ).all()
    return [(one.source_key.rpartition(":")[2], one.due_on, one.state) for one in found]


def test_agreeing_meets_the_deadline_and_puts_up_the_next_review(session: Any) -> None:
    member = make_member()
    case, who = make_case(member, now=NOW), {"actor": actor_of(member), "now": NOW}
    stays.record_stay(case, admitted_on=TODAY, **who)
    stay_plans.write(case, replace(SAID, next_review_on=date(2026, 12, 20)), **who)
    assert rows(session) == [(case.public_id, date(2027, 1, 1), DeadlineState.OPEN)]
    stay_plans.agree(case, **YES, **who)
    assert rows(session) == [
        (case.public_id, date(2027, 1, 1), DeadlineState.DONE),
        ("review", date(2026, 12, 20), DeadlineState.OPEN),
    ]
    stay_plans.write(case, SAID, **who)
    stay_plans.agree(case, **YES, **who)
    assert rows(session)[1] == ("review", date(2026, 12, 20), DeadlineState.DONE)
    told = session.scalars(sa.select(AuditEntry.action).where(AuditEntry.action == Audit.STAY_PLAN_AGREED)).all()
    assert len(told) == 2


def test_a_version_keeps_the_words_that_it_was_agreed_in() -> None:
    member = make_member()
    case, who = make_case(member, now=NOW), {"actor": actor_of(member), "now": NOW}
    wanted = plans.Wanted(CtiArea.HOUSING, "Et værelse", "En lejekontrakt")
    goal = plans.set_goal(case, wanted, **who)
    stay_plans.write(case, replace(SAID, goals=[goal.public_id]), **who)
    plans.change_goal(case, goal, replace(wanted, wish="To værelser"), **who)
    first = stay_plans.agree(case, **YES, **who)
    plans.change_goal(case, goal, replace(wanted, wish="Et hus"), **who)
    stay_plans.write(case, replace(SAID, wish="Noget andet"), **who)
    second = stay_plans.agree(case, how=ConfirmedHow.ORALLY, confirmed_on=TODAY - timedelta(days=1), **who)
    kept = queries.get_version(case, first.public_id)
    assert (kept.state, kept.number, kept.wish) == (StayPlanState.REPLACED, 1, "Ro til at sove")
    assert kept.goals == ((goal.public_id, "To værelser"),)
    assert (kept.confirmed_how, kept.confirmed_on) == (ConfirmedHow.PAPER, TODAY)
    new = queries.get_version(case, second.public_id)
    assert (new.state, new.number, new.goals) == (StayPlanState.AGREED, 2, ())
    assert [one.number for one in queries.list_versions(case)] == [2, 1]


def test_the_draft_is_written_on_while_the_agreed_one_counts(session: Any) -> None:
    member = make_member()
    case, who = make_case(member, now=NOW), {"actor": actor_of(member), "now": NOW}
    stay_plans.write(case, SAID, version=0, **who)
    stay_plans.agree(case, **YES, **who)
    draft = stay_plans.write(case, replace(SAID, wish="Mere ro"), version=0, **who)
    with pytest.raises(Stale):
        stay_plans.write(case, SAID, version=0, **who)
    with pytest.raises(Stale):
        stay_plans.agree(case, version=draft.version + 1, **YES, **who)
    stay_plans.write(case, replace(SAID, wish="Endnu mere ro"), version=draft.version, **who)
    found = session.execute(sa.select(StayPlan.number, StayPlan.state).order_by(StayPlan.number)).all()
    assert [tuple(one) for one in found] == [(1, StayPlanState.AGREED), (2, StayPlanState.DRAFT)]


def test_what_is_no_plan_is_refused() -> None:
    member = make_member()
    case, who = make_case(member, now=NOW), {"actor": actor_of(member), "now": NOW}
    other = make_case(member, now=NOW)
    strange = plans.set_goal(other, plans.Wanted(CtiArea.WORK, "Job", "En kontrakt"), **who)
    with pytest.raises(NotNow):
        stay_plans.agree(case, **YES, **who)
    for wrong, field in (
        (replace(SAID, wish=" "), "wish"),
        (replace(SAID, next_review_on=TODAY - timedelta(days=1)), "next_review_on"),
    ):
        with pytest.raises(Invalid) as refusal:
            stay_plans.write(case, wrong, **who)
        assert refusal.value.field == field
    with pytest.raises(NotFound):
        stay_plans.write(case, replace(SAID, goals=[strange.public_id]), **who)
    stay_plans.write(case, SAID, **who)
    with pytest.raises(Invalid):
        stay_plans.agree(case, how=ConfirmedHow.PAPER, confirmed_on=TODAY + timedelta(days=1), **who)
    case.state, case.closed_at = CaseState.CLOSED, NOW
    for press in (
        lambda: stay_plans.write(case, SAID, **who),
        lambda: stay_plans.agree(case, **YES, **who),
        lambda: stay_plans.note_municipal_plan(case, stay_plans.Noted(MunicipalPlan.NONE), **who),
    ):
        with pytest.raises(NotNow):
            press()


def test_her_plan_is_sent_along_with_her_consent_only() -> None:
    member = make_member()
    case, who = make_case(member, now=NOW), {"actor": actor_of(member), "now": NOW}
    day = timedelta(days=1)
    with pytest.raises(Invalid) as refusal:
        stay_plans.note_municipal_plan(case, NOTED, **who)
    assert refusal.value.field == "sent_on"
    stay_plans.write(case, SAID, **who)
    stay_plans.agree(case, **YES, **who)
    for wrong, field in (
        (replace(NOTED, consent_on=None), "consent_on"),
        (replace(NOTED, sent_on=TODAY - day), "consent_on"),
        (replace(NOTED, consent_on=TODAY - day, sent_on=TODAY - day), "sent_on"),
        (replace(NOTED, kind=MunicipalPlan.NONE), "kind"),
        (replace(NOTED, plan_on=TODAY + day), "plan_on"),
    ):
        with pytest.raises(Invalid) as refusal:
            stay_plans.note_municipal_plan(case, wrong, **who)
        assert refusal.value.field == field
    link = stay_plans.note_municipal_plan(case, NOTED, version=0, **who)
    assert (link.kind, link.sent_on, link.consent_on) == (MunicipalPlan.ACTION_PLAN, TODAY, TODAY)
    with pytest.raises(Stale):
        stay_plans.note_municipal_plan(case, NOTED, version=0, **who)
    changed = replace(NOTED, next_meeting_on=TODAY + 9 * day)
    assert stay_plans.note_municipal_plan(case, changed, version=link.version, **who).id == link.id
