"""How big the problems are: kept beside each other, never overwritten, and what is refused (R-624)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.errors import Invalid, NotNow
from portal.core.measures import CtiArea
from portal.core.plans import RatedBy, RatingPoint
from portal.core.states import CaseState
from portal.models.audit import AuditEntry
from portal.models.plans import NeedRating
from portal.queries import needs as queries
from portal.services import needs
from tests.factories.people import actor_of, make_case, make_member

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
TODAY = date(2026, 11, 20)
SAID = needs.Rated(RatingPoint.MOVE_IN, RatedBy.HER, TODAY, {CtiArea.HOUSING: 4, CtiArea.HEALTH: 2})
pytestmark = pytest.mark.usefixtures("session")


def test_a_correction_is_a_new_rating_and_both_stand(session: Any) -> None:
    member = make_member()
    case, who = make_case(member, now=NOW), {"actor": actor_of(member), "now": NOW}
    needs.rate(case, SAID, **who)
    later = replace(SAID, scores={CtiArea.HOUSING: 3})
    needs.rate(case, later, actor=actor_of(member), now=NOW + timedelta(minutes=5))
    midway = replace(SAID, point=RatingPoint.MIDWAY, rated_by=RatedBy.STAFF, rated_on=TODAY - timedelta(days=1))
    needs.rate(case, midway, actor=actor_of(member), now=NOW + timedelta(minutes=9))
    talks = queries.list_talks(case)
    assert [(talk.point, talk.rated_by, talk.rated_on) for talk in talks] == [
        (RatingPoint.MIDWAY, RatedBy.STAFF, TODAY - timedelta(days=1)),
        (RatingPoint.MOVE_IN, RatedBy.HER, TODAY),
        (RatingPoint.MOVE_IN, RatedBy.HER, TODAY),
    ]
    rows = {row.area: (row.scores, row.last) for row in queries.by_area(talks)}
    assert rows[CtiArea.HOUSING] == ((4, 4, 3), 3)
    assert rows[CtiArea.HEALTH] == ((2, 2, None), 2)
    assert rows[CtiArea.WORK] == ((None, None, None), None)
    told = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.NEEDS_RATED)).all()
    assert [(entry.case_id, entry.fields) for entry in told] == [(case.id, [])] * 3


def test_what_is_no_rating_is_refused(session: Any) -> None:
    member = make_member()
    case, who = make_case(member, now=NOW), {"actor": actor_of(member), "now": NOW}
    for wrong, field in (
        (replace(SAID, scores={}), "health"),
        (replace(SAID, scores={CtiArea.WORK: 5}), "work"),
        (replace(SAID, scores={CtiArea.WORK: -1}), "work"),
        (replace(SAID, rated_on=TODAY + timedelta(days=1)), "rated_on"),
    ):
        with pytest.raises(Invalid) as refusal:
            needs.rate(case, wrong, **who)
        assert refusal.value.field == field
    case.state, case.closed_at = CaseState.CLOSED, NOW
    with pytest.raises(NotNow):
        needs.rate(case, SAID, **who)
    assert session.scalar(sa.select(sa.func.count()).select_from(NeedRating)) == 0


def test_one_case_never_shows_the_ratings_of_another() -> None:
    member = make_member()
    case, other = make_case(member, now=NOW), make_case(member, now=NOW)
    needs.rate(case, SAID, actor=actor_of(member), now=NOW)
    assert queries.list_talks(other) == []
