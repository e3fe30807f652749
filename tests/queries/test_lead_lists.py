"""The lists of a lead go on page by page: every row stands there once, in its order, however long the list is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.kinds import DeclineReason, EndReason, TrackKind
from portal.core.states import EnrolmentState, RequestState
from portal.db import db
from portal.domain.ladder import LEAD
from portal.models.cases import TeamMember
from portal.models.organisations import Organisation
from portal.models.users import Membership
from portal.models.waiting import RequestRung
from portal.queries import bridge, candidates, ended_courses, ladder, requests, teamless, workerless
from portal.services import cases
from tests.factories.enrolments import make_enrolment
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.referrals import make_offer, make_request

pytestmark = pytest.mark.usefixtures("session")
NOW = utc_now()
TODAY = local_date(NOW)
MANY = 5


def lead_of(organisation: Organisation) -> Actor:
    return actor_of(make_member(Role.PROGRAMME_LEAD, organisation))


def alone() -> tuple[Actor, list[str]]:
    member = make_member()
    made = [make_case(member) for _number in range(MANY)]
    db.session.execute(sa.update(TeamMember).values(ended_at=NOW))
    return lead_of(member.organisation), [case.lead_reference for case in made]


def left() -> tuple[Actor, list[str]]:
    member = make_member()
    made = [make_case(member) for _number in range(MANY)]
    for number, case in enumerate(made):
        who: Any = {"actor": actor_of(member), "now": NOW}
        cases.record_stay(case, admitted_on=TODAY - timedelta(days=30), **who)
        cases.plan_move(case, TODAY - timedelta(days=number // 2), **who)
    expected = sorted(range(MANY), key=lambda number: (-(number // 2), number))
    return lead_of(member.organisation), [made[number].lead_reference for number in expected]


def courses(*, have_ended: bool) -> tuple[Membership, list[str]]:
    made = [make_enrolment(TrackKind.TRANSITION_SUPPORT, is_started=True) for _number in range(MANY)]
    first = made[0][0]
    for number, (_worker, course) in enumerate(made):
        course.organisation_id = first.organisation_id
        if have_ended:
            course.state, course.end_reason = EnrolmentState.ENDED_EARLY, EndReason.HER_WISH
            course.ended_on = TODAY - timedelta(days=number // 2)
            course.started_on = TODAY - timedelta(days=40)
        else:
            course.worker_id = None
    db.session.flush()
    order = sorted(range(MANY), key=lambda number: (number // 2, -number)) if have_ended else range(MANY)
    return first, [made[number][1].public_id for number in order]


def asked(state: RequestState) -> tuple[Actor, list[str]]:
    offer = make_offer()
    intake = make_member(Role.INTAKE, offer.organisation)
    made = [make_request(RequestState.WAITLISTED, offer=offer, intake=intake).request for _number in range(MANY)]
    for number, request in enumerate(made):
        at = NOW - timedelta(days=MANY - number // 2)
        request.state, request.waiting_since, request.answer_due_on = state, at, local_date(at)
        if state is RequestState.DECLINED:
            request.decided_at, request.decided_by_id = at, intake.user_id
            request.decline_reason = DeclineReason.CAPACITY
        db.session.add(RequestRung(request_id=request.id, clock_round=request.clock_round, rung=LEAD, fired_at=NOW))
    db.session.flush()
    return lead_of(offer.organisation), [request.public_id for request in made]


def walked(page: Callable[[str | None], Any], name: str) -> list[str]:
    """All rows, two at a time."""
    seen, after = [], None
    for _page in range(MANY):
        rows = page(after)
        assert len(rows) <= 2
        seen += [getattr(row, name) for row in rows]
        after = rows.following
        if after is None:
            return seen
    raise AssertionError("the list does not end")


def test_cases_without_a_team() -> None:
    lead, expected = alone()
    assert walked(lambda after: teamless.list_own(lead, after=after, limit=2), "reference") == expected


def test_cases_that_nobody_has_taken_over() -> None:
    lead, expected = left()
    assert walked(lambda after: bridge.list_alone(lead, TODAY, after=after, limit=2), "reference") == expected


def test_courses_without_a_worker_and_each_of_them_can_be_given_away() -> None:
    first, expected = courses(have_ended=False)
    lead = lead_of(first.organisation)
    assert walked(lambda after: workerless.list_waiting(lead, after=after, limit=2), "public_id") == expected
    assert [workerless.get_row(lead, public_id).public_id for public_id in expected] == expected


def test_courses_that_have_ended() -> None:
    first, expected = courses(have_ended=True)
    lead = lead_of(first.organisation)
    assert walked(lambda after: ended_courses.list_ended(lead, TODAY, after=after, limit=2), "public_id") == expected


def test_requests_that_are_late() -> None:
    lead, expected = asked(RequestState.SUBMITTED)
    assert walked(lambda after: ladder.list_late(lead, after=after, limit=2), "public_id") == expected


def test_who_waits() -> None:
    lead, expected = asked(RequestState.WAITLISTED)
    assert walked(lambda after: candidates.list_for_lead(lead, after=after, limit=2), "public_id") == expected


def test_answers_that_can_be_opened_again() -> None:
    lead, expected = asked(RequestState.DECLINED)
    assert walked(lambda after: requests.list_closing(lead, now=NOW, after=after, limit=2), "public_id") == expected


@pytest.mark.parametrize(
    "path",
    [
        "/people/without-team?after=bad",
        "/people/without-team?courses_after=bad",
        "/bridge/?after=bad",
        "/courses/ended?after=bad",
        "/referrals/closing?after=bad",
        "/referrals/closing?late_after=bad",
        "/referrals/closing?waiting_after=bad",
    ],
)
def test_a_cursor_that_is_none_is_refused(as_user: Callable[..., Any], path: str) -> None:
    browser = as_user(make_member(Role.PROGRAMME_LEAD))
    assert browser.get(path.partition("?")[0]).status_code == 200
    assert browser.get(path).status_code == 400
