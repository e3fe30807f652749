"""Furnishing, and volunteers who accompany her, wait while her safety is looked at anew (R-762)."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.kinds import MeetingKind, PlaceKind, SafetyLevel, SubjectType, TrackKind
from portal.core.messages import MessageKind
from portal.core.risk import ByWhom, ViolenceKind
from portal.core.states import DeadlineState
from portal.db import db
from portal.domain.furnishing import FurnishingAction
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.furnishing import FurnishingProject
from portal.models.messages import Message
from portal.models.users import Membership
from portal.models.volunteers import Volunteer
from portal.services import furnishing, meetings, risk, violence, visits, volunteers
from tests.factories.furnishing import make_volunteer_course
from tests.factories.people import actor_of, make_member
from tests.factories.tasks import make_volunteer

pytestmark = pytest.mark.usefixtures("session")
K = MessageKind


@dataclass
class Home:
    """Her home: a course of a volunteer house, its coordinator and a volunteer, and the one on her own team."""

    contact: Membership
    coordinator: Membership
    member: Membership
    volunteer: Volunteer
    case: Case
    course: Enrolment


def make_home(kind: TrackKind = TrackKind.FURNISHING) -> Home:
    coordinator, course = make_volunteer_course(kind)
    member = make_member(Role.VOLUNTEER, coordinator.organisation)
    volunteer = make_volunteer(member, actor_of(coordinator))
    case = db.session.get_one(Case, course.case_id)
    contact = db.session.scalars(sa.select(Membership).where(Membership.user_id == case.opened_by_id)).one()
    return Home(contact, coordinator, member, volunteer, case, course)


def strike(home: Home) -> None:
    told = violence.Told([ViolenceKind.STALKING], ByWhom.UNKNOWN)
    violence.record_violence(home.case, told, actor=actor_of(home.contact), now=utc_now())


def assess(home: Home, level: SafetyLevel, may_visit: bool | None) -> None:
    risk.assess_safety(
        home.case,
        level=level,
        reason="Trusler" if level is not SafetyLevel.ORDINARY else None,
        assessed_on=local_date(utc_now()),
        judged=risk.Judged(may_visit=may_visit),
        actor=actor_of(home.contact),
        now=utc_now(),
    )


def project_of(home: Home) -> FurnishingProject:
    db.session.expire_all()
    wanted = sa.select(FurnishingProject).where(FurnishingProject.enrolment_id == home.course.id)
    found = db.session.scalars(wanted).one()
    db.session.refresh(found, ["enrolment"])
    return found


def told(member: Membership) -> list[tuple[MessageKind, SubjectType, int | None]]:
    kinds = (K.VISITS_POSTPONED, K.VISITS_RESUMED)
    rows = sa.select(Message.kind, Message.subject_type, Message.case_id).where(
        Message.recipient_id == member.user_id, Message.kind.in_(kinds)
    )
    return [(kind, subject, case_id) for kind, subject, case_id in db.session.execute(rows.order_by(Message.id))]


def lines() -> list[Audit]:
    tags = (Audit.VISITS_POSTPONED, Audit.VISITS_RESUMED)
    rows = db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.action.in_(tags)).order_by(AuditEntry.id))
    return [Audit(row) for row in rows]


def test_new_violence_puts_furnishing_off_and_her_own_team_is_asked() -> None:
    home = make_home()
    strike(home)
    project = project_of(home)
    assert project.held_at is not None
    assert lines() == [Audit.VISITS_POSTPONED]
    assert told(home.coordinator) == [(K.VISITS_POSTPONED, SubjectType.FURNISHING, None)]
    asked = sa.select(Deadline).where(Deadline.kind == DeadlineKind.SAFETY_REVIEW, Deadline.case_id == home.case.id)
    assert db.session.scalars(asked).one().owner_id == home.contact.user_id
    for action in visits_of_a_project():
        with pytest.raises((NotNow, Invalid)):
            furnishing.advance(project_of(home), action, actor=actor_of(home.coordinator), now=utc_now())


def visits_of_a_project() -> list[FurnishingAction]:
    return sorted(furnishing.VISITS)


def test_what_is_done_elsewhere_goes_on_and_a_visit_does_not() -> None:
    home = make_home()
    coordinator = actor_of(home.coordinator)
    strike(home)
    furnishing.advance(project_of(home), FurnishingAction.ACCEPT, actor=coordinator, now=utc_now())
    with pytest.raises(NotNow, match="udsat"):
        furnishing.advance(project_of(home), FurnishingAction.SCOPE, actor=coordinator, now=utc_now())
    assess(home, SafetyLevel.RAISED, may_visit=True)
    furnishing.advance(project_of(home), FurnishingAction.SCOPE, actor=coordinator, now=utc_now())


@pytest.mark.parametrize(("may_visit", "goes_on"), [(True, True), (False, False)])
def test_her_team_says_whether_they_go_on(may_visit: bool, goes_on: bool) -> None:
    home = make_home()
    strike(home)
    with pytest.raises(Invalid) as refused:
        assess(home, SafetyLevel.ORDINARY, None)
    assert refused.value.field == "may_visit"
    assess(home, SafetyLevel.ORDINARY, may_visit)
    assert (project_of(home).held_at is None) is goes_on
    assert lines() == ([Audit.VISITS_POSTPONED, Audit.VISITS_RESUMED] if goes_on else [Audit.VISITS_POSTPONED])
    kinds = [kind for kind, _subject, _case in told(home.coordinator)]
    assert kinds == ([K.VISITS_POSTPONED, K.VISITS_RESUMED] if goes_on else [K.VISITS_POSTPONED])


def test_the_house_that_furnishes_cannot_let_them_go_on_itself() -> None:
    home = make_home()
    strike(home)
    with pytest.raises(Forbidden):
        risk.assess_safety(
            home.case,
            level=SafetyLevel.ORDINARY,
            assessed_on=local_date(utc_now()),
            judged=risk.Judged(may_visit=True),
            actor=actor_of(home.coordinator),
            now=utc_now(),
        )
    assert project_of(home).held_at is not None


@pytest.mark.parametrize(
    ("level", "may_visit", "waits"),
    [
        (SafetyLevel.HIGH, None, True),
        (SafetyLevel.HIGH, False, True),
        (SafetyLevel.HIGH, True, False),
        (SafetyLevel.RAISED, None, False),
        (SafetyLevel.ORDINARY, None, False),
    ],
)
def test_they_wait_when_the_risk_becomes_high(level: SafetyLevel, may_visit: bool | None, waits: bool) -> None:
    home = make_home()
    assess(home, level, may_visit)
    assert (project_of(home).held_at is not None) is waits
    review = sa.select(Deadline.state).where(Deadline.kind == DeadlineKind.SAFETY_REVIEW)
    assert list(db.session.scalars(review)) == ([DeadlineState.OPEN] if waits else [])


def test_they_are_not_put_off_again_by_a_risk_that_stays_high() -> None:
    home = make_home()
    assess(home, SafetyLevel.HIGH, None)
    assess(home, SafetyLevel.HIGH, True)
    assert project_of(home).held_at is None
    assess(home, SafetyLevel.HIGH, None)
    assert project_of(home).held_at is None


def test_a_volunteer_who_accompanies_her_is_told_of_nobody() -> None:
    home = make_home(TrackKind.VOLUNTEER_NETWORK)
    today = local_date(utc_now())
    coordinator = actor_of(home.coordinator)
    match = volunteers.start_match(home.course, home.volunteer, started_on=today, actor=coordinator, now=utc_now())
    strike(home)
    assert told(home.member) == [(K.VISITS_POSTPONED, SubjectType.SYSTEM, None)]
    db.session.refresh(match, ["volunteer"])
    volunteers.end_match(match, home.course, ended_on=today, actor=coordinator, now=utc_now())
    with pytest.raises(NotNow):
        volunteers.start_match(home.course, home.volunteer, started_on=today, actor=coordinator, now=utc_now())
    assess(home, SafetyLevel.RAISED, may_visit=True)
    volunteers.start_match(home.course, home.volunteer, started_on=today, actor=coordinator, now=utc_now())


@pytest.mark.parametrize("kind", sorted(visits.VISITS))
def test_no_visit_is_planned_while_they_wait(kind: MeetingKind) -> None:
    home = make_home()
    starts = utc_now() + timedelta(days=2)

    def plan(which: MeetingKind) -> None:
        meetings.plan(
            kind=which,
            starts_at=starts,
            ends_at=starts + timedelta(hours=1),
            place_kind=PlaceKind.OUR_ROOMS,
            responsible_id=home.coordinator.user_id,
            organisation_id=home.coordinator.organisation_id,
            enrolment_id=home.course.id,
            case_id=home.case.id,
            actor=actor_of(home.coordinator),
            now=utc_now(),
        )

    plan(kind)
    strike(home)
    assert K.VISITS_POSTPONED in [row[0] for row in told(home.coordinator)]
    with pytest.raises(NotNow):
        plan(kind)
    plan(MeetingKind.TALK)
