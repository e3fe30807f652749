"""A course whose worker is kept out of the case is given to somebody else of its house, never forgotten (R-577)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import OrganisationKind, Role
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.kinds import MeetingCancelReason, TrackKind
from portal.core.states import DeadlineState, MeetingState
from portal.db import db
from portal.models.cases import Case, TeamMember
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.followups import FollowUp
from portal.models.users import Membership
from portal.queries import case_team, workerless, workers
from portal.queries.deadlines import Span, list_mine
from portal.services import blocks, leavers, take_overs
from portal.services import workerless as service
from tests.factories.enrolments import make_enrolment
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, make_case, make_member, make_organisation
from tests.support.counting import Counter

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
K = DeadlineKind


class Story:
    """A course whose worker is kept out by the one whom the others ask, with a lead and a colleague at its house."""

    def __init__(self, *, has_lead: bool = True, is_house: bool = False, is_started: bool = False) -> None:
        self.worker, self.course = make_enrolment(TrackKind.CTI, is_started=is_started)
        self.case = db.session.get_one(Case, self.course.case_id)
        self.owner = primary(self.case)
        house = self.worker.organisation
        self.lead = make_member(Role.PROGRAMME_LEAD, house) if has_lead else None
        self.colleague = make_member(Role.PROGRAMME_WORKER, house)
        self.is_house = is_house

    def keep_out(self) -> None:
        """Keep out the worker or her house; and beforehand a house that has nothing to do with any of it."""
        apart = make_organisation()
        blocks.keep_out(self.case, organisation_id=apart.id, reason=None, actor=actor_of(self.owner), now=utc_now())
        whom = {"organisation_id": self.worker.organisation_id} if self.is_house else {"user_id": self.worker.user_id}
        blocks.keep_out(self.case, **whom, reason=None, actor=actor_of(self.owner), now=utc_now())


def primary(case: Case) -> Membership:
    return db.session.scalars(
        sa.select(Membership)
        .join(TeamMember, TeamMember.membership_id == Membership.id)
        .where(TeamMember.case_id == case.id, TeamMember.is_primary)
    ).one()


def kinds(member: Membership) -> set[DeadlineKind]:
    """What stands on somebody's work list."""
    return {row.kind for row in list_mine(actor_of(member), today=local_date(utc_now()), span=Span.ALL)[0]}


def test_the_lead_of_its_house_gives_it_to_a_colleague_with_what_is_due() -> None:
    story = Story()
    assert story.lead is not None
    lead = actor_of(story.lead)
    assert workerless.list_waiting(lead) == []
    story.keep_out()
    assert story.course.worker_id is None
    assert K.WORKER_WANTED in kinds(story.lead)
    assert K.WORKER_WANTED not in kinds(story.colleague) | kinds(story.worker)
    (row,) = workerless.list_waiting(lead)
    assert row.reference == story.case.lead_reference
    takers = workerless.list_takers(lead, [row])[row.public_id]
    assert takers == [(story.colleague.user.public_id, story.colleague.user.name)]
    service.give(row.public_id, takers[0][0], actor=lead, now=utc_now())
    assert story.course.worker_id == story.colleague.user_id
    assert K.FIRST_CONTACT in kinds(story.colleague)
    assert K.WORKER_WANTED not in kinds(story.lead)
    with pytest.raises(NotFound):
        service.give(row.public_id, takers[0][0], actor=lead, now=utc_now())


def test_it_is_never_given_to_whoever_is_kept_out_nor_taken_by_the_giver() -> None:
    story = Story()
    assert story.lead is not None
    also = make_member(Role.PROGRAMME_WORKER, story.worker.organisation)
    intake = make_member(Role.INTAKE, story.worker.organisation)
    story.keep_out()
    for actor, taker, error in (
        (story.lead, story.worker, NotFound),
        (intake, story.lead, NotFound),
        (story.colleague, also, Forbidden),
    ):
        with pytest.raises(error):
            service.give(story.course.public_id, taker.user.public_id, actor=actor_of(actor), now=utc_now())
    with pytest.raises(Invalid):
        take_overs.give(story.course, story.worker.user_id, None, actor=actor_of(story.colleague), now=utc_now())
    could = workers.list_workers(story.course.organisation_id, TrackKind.CTI, story.case.id)
    assert {row.user_id for row in could} == {story.colleague.user_id, also.user_id}


@pytest.mark.parametrize("is_house", [False, True])
def test_where_nobody_there_may_know_of_the_case_the_one_whom_the_others_ask_looks_for_other_help(
    is_house: bool,
) -> None:
    story = Story(has_lead=is_house, is_house=is_house)
    story.keep_out()
    assert K.COURSE_LEFT in kinds(story.owner)
    assert K.WORKER_WANTED not in kinds(story.owner) | kinds(story.colleague)
    if story.lead is not None:
        assert workerless.list_waiting(actor_of(story.lead)) == []
        assert kinds(story.lead) == set()
        who = story.colleague.user.public_id
        with pytest.raises(NotFound):
            service.give(story.course.public_id, who, actor=actor_of(story.lead), now=utc_now())


def test_a_course_of_somebody_who_has_left_waits_too() -> None:
    story = Story()
    assert story.lead is not None
    boss = make_member(Role.ADMINISTRATOR, story.worker.organisation)
    leavers.end_membership(story.worker.public_id, actor=actor_of(boss), now=utc_now())
    assert [row.public_id for row in workerless.list_waiting(actor_of(story.lead))] == [story.course.public_id]
    other = make_member(Role.PROGRAMME_LEAD, make_organisation(OrganisationKind.NGO))
    assert workerless.list_waiting(actor_of(other)) == []


def test_what_they_were_to_hold_is_called_off_and_somebody_is_to_tell_her() -> None:
    story = Story()
    ahead = timedelta(days=2)
    theirs = make_meeting(story.worker, story.case, ahead=ahead)
    ours = make_meeting(story.owner, story.case, ahead=ahead)
    apart = make_meeting(story.worker, make_case(story.worker), ahead=ahead)
    before = make_meeting(story.worker, story.case, ahead=-ahead)
    story.keep_out()
    db.session.expire_all()
    assert (theirs.state, theirs.cancel_reason) == (MeetingState.CANCELLED, MeetingCancelReason.SAFETY)
    assert {ours.state, apart.state, before.state} == {MeetingState.PLANNED}
    left = sa.select(Deadline.kind, Deadline.owner_id).where(
        Deadline.subject_public_id == theirs.public_id, Deadline.state == DeadlineState.OPEN
    )
    assert [tuple(row) for row in db.session.execute(left)] == [(K.MEETING_CALLED_OFF, story.owner.user_id)]


def test_follow_ups_of_somebody_kept_out_are_asked_by_the_one_whom_the_others_ask() -> None:
    story = Story(is_started=True)
    asked_by = sa.select(FollowUp.owner_id)
    assert db.session.scalars(asked_by).all() == [story.worker.user_id]
    story.keep_out()
    assert db.session.scalars(asked_by).all() == [story.owner.user_id]


def test_the_row_of_the_work_list_leads_to_where_it_is_given(as_user: AsUser) -> None:
    story = Story()
    assert story.lead is not None
    story.keep_out()
    course, browser = story.course.public_id, as_user(story.lead)
    taker, taker_id = story.colleague.user.public_id, story.colleague.user_id
    assert 'href="/people/without-team"' in browser.get("/day").text
    page = f"/people/without-team/courses/{course}"
    assert page in browser.get("/people/without-team").text
    assert browser.submit("/people/without-team", page, {"user": ""}).status_code == 422
    assert browser.submit("/people/without-team", page, {"user": taker}).status_code == 303
    given = sa.select(Enrolment.worker_id).where(Enrolment.public_id == course)
    assert db.session.scalars(given).one() == taker_id
    assert browser.post(page, data={"user": taker}).status_code == 404


def test_the_team_sees_on_the_case_that_it_waits_and_opens_the_course(as_user: AsUser) -> None:
    story = Story()
    course, case = story.course.public_id, story.case.public_id
    story.keep_out()
    browser = as_user(story.owner)
    shown = browser.get(f"/cases/{case}").text
    assert "Et forløb venter på, at nogen tager det" in shown and f'href="/courses/{course}"' in shown
    assert browser.get(f"/courses/{course}").status_code == 200


def test_the_page_asks_the_same_number_of_times_for_many(as_user: AsUser, count_queries: Counter) -> None:
    story, seen = Story(), []
    assert story.lead is not None
    story.keep_out()
    browser = as_user(story.lead)
    for more in (0, 5):
        for _each in range(more):
            case = make_case(make_member())
            given = {name: getattr(story.course, name) for name in ("offer_id", "organisation_id", "kind", "state")}
            db.session.add(Enrolment(case_id=case.id, created_at=utc_now(), **given))
        db.session.flush()
        browser.get("/people/without-team")
        count_queries.start()
        assert browser.get("/people/without-team").text.count("/without-team/courses/") == more + 1
        seen.append(count_queries.stop())
    assert seen[0] == seen[1] <= 12, count_queries.statements


def test_a_colleague_who_is_kept_out_is_not_offered_for_the_team() -> None:
    owner = make_member()
    case, one, two = make_case(owner), make_member(organisation=owner.organisation), make_member()
    ours = make_member(organisation=owner.organisation)
    for user in (one, two):
        blocks.keep_out(case, user_id=user.user_id, reason=None, actor=actor_of(owner), now=utc_now())
    assert [who for who, _name in case_team.colleague_choices(actor_of(owner), case)] == [ours.user.public_id]
