"""A safety plan: a version for each home, never changed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Invalid, NotNow
from portal.core.risk import PlanHome, PlanSection, ReviewReason
from portal.core.states import DeadlineState
from portal.domain.cases import Unfinished
from portal.models.audit import AuditEntry
from portal.models.deadlines import Deadline
from portal.queries import risk as queries
from portal.queries import safety_plans as plan_queries
from portal.services import closing, risk_reviews, safety_plans
from portal.web.case_pages import lens_of
from tests.factories.people import actor_of, make_case, make_member

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("session")


def write(case: Any, actor: Any, now: datetime = NOW, text: str | None = "Ring til søster", **more: Any) -> None:
    said = {"home": PlanHome.CENTRE, "has_code_word": True, "confirmed_on": now.date()} | more
    safety_plans.write_plan(case, sections={PlanSection.WHO_TO_CALL: text}, actor=actor, now=now, **said)


def test_a_new_home_asks_for_a_new_version_and_the_old_one_stays(session: Any) -> None:
    member = make_member()
    case, actor = make_case(member, now=NOW), actor_of(member)
    seen = lens_of(actor, case)
    write(case, actor)
    assert not queries.overview(case, seen).is_plan_outdated
    risk_reviews.ask(case, ReviewReason.MOVED, actor=actor, now=NOW + timedelta(days=1))
    assert queries.overview(case, seen).is_plan_outdated
    write(case, actor, NOW + timedelta(days=2), "Ring til nabo", home=PlanHome.OWN_HOME)
    known = queries.overview(case, seen)
    assert not known.is_plan_outdated
    assert [(one.number, one.home) for one in known.plans] == [(2, PlanHome.OWN_HOME), (1, PlanHome.CENTRE)]
    first = plan_queries.get_plan(case, seen, known.plans[1].public_id)
    assert first.sections == ((PlanSection.WHO_TO_CALL, "Ring til søster"),)
    row = session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.SAFETY_PLAN)).one()
    assert row.state is DeadlineState.DONE
    assert len(session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.SAFETY_PLAN_WRITTEN)).all()) == 2


@pytest.mark.parametrize(
    ("given", "field"),
    [({"text": "  "}, "warning_signs"), ({"confirmed_on": NOW.date() + timedelta(days=1)}, "confirmed_on")],
)
def test_an_empty_plan_and_a_day_ahead_are_refused(given: dict[str, Any], field: str) -> None:
    member = make_member()
    with pytest.raises(Invalid) as refusal:
        write(make_case(member, now=NOW), actor_of(member), **given)
    assert refusal.value.field == field


def test_a_closed_case_takes_no_plan() -> None:
    member = make_member()
    case, actor = make_case(member, now=NOW), actor_of(member)
    closing.close_case(case, Unfinished(), actor=actor, now=NOW)
    with pytest.raises(NotNow):
        write(case, actor)
