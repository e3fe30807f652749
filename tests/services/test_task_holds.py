"""Volunteer tasks that wait while her safety is looked at: which, what a volunteer sees, and when they go on."""

from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotFound, NotNow
from portal.core.kinds import SafetyLevel
from portal.core.messages import MessageKind
from portal.core.risk import ByWhom, ReviewReason, ViolenceKind
from portal.core.standing import StandingKind
from portal.core.volunteers import TaskOutcome
from portal.db import db
from portal.domain.risk import Answers
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.models.messages import Message
from portal.models.risk import SafetyReview
from portal.models.standing import StandingMark
from portal.models.tasks import Claim, Task
from portal.models.users import Membership
from portal.models.volunteers import Volunteer
from portal.queries import own_tasks
from portal.queries import tasks as task_queries
from portal.queries.clock import database_now
from portal.services import claims, reveals, risk, risk_reviews, standing, task_addresses, task_holds, violence
from tests.factories.people import actor_of, agree, make_case, make_member
from tests.factories.tasks import make_open_window, make_pool, make_task, make_volunteer

pytestmark = pytest.mark.usefixtures("session")
# What is recorded, and whether visits wait for it.
EVENTS: list[tuple[str, bool]] = [
    ("violence", True),
    ("yes", True),
    ("low", True),
    ("calm", False),
    ("court", False),
    ("address", False),
    ("death", True),
    ("abroad", False),
]


@dataclass
class Home:
    """Her case, a task there that a volunteer has been confirmed for and may see the address of, and a free one."""

    contact: Membership
    coordinator: Membership
    member: Membership
    volunteer: Volunteer
    case: Case
    free: Task
    claim: Claim


@pytest.fixture
def home() -> Home:
    coordinator, member, volunteer = make_pool()
    contact = make_member()
    case = make_case(contact)
    agree(case, coordinator.organisation_id)
    mine = make_task(coordinator, case_id=case.id, address="Skovvej 1")
    free = make_task(coordinator, case_id=case.id)
    claim = claims.claim(mine, volunteer, actor=actor_of(member), now=utc_now())
    claims.confirm(claim, actor=actor_of(coordinator), now=utc_now())
    task_addresses.approve_address(claim, actor=actor_of(contact), now=utc_now())
    db.session.flush()
    return Home(contact, coordinator, member, volunteer, case, free, claim)


def happen(what: str, home: Home) -> None:
    case, actor, now = home.case, actor_of(home.contact), utc_now()
    if what == "violence":
        told = violence.Told([ViolenceKind.STALKING], ByWhom.UNKNOWN)
        violence.record_violence(case, told, actor=actor, now=now)
    elif what in ("death", "abroad"):
        kind = StandingKind.DIED if what == "death" else StandingKind.MOVED_ABROAD
        standing.record(case, standing.Told(kind, local_date(now)), actor=actor, now=now)
    elif what in ("court", "address"):
        reason = ReviewReason.COURT_DATE if what == "court" else ReviewReason.NEW_ADDRESS
        risk_reviews.ask(case, reason, actor=actor, now=now)
    else:
        answers = {"yes": Answers(new_violence=True), "low": Answers(feels_safe=2), "calm": Answers(feels_safe=6)}
        violence.keep_answers(case, answers[what], actor=actor, now=now)


def assess(home: Home, may_visit: bool | None) -> None:
    risk.assess_safety(
        home.case,
        level=SafetyLevel.ORDINARY,
        assessed_on=local_date(utc_now()),
        judged=risk.Judged(may_visit=may_visit),
        actor=actor_of(home.contact),
        now=utc_now(),
    )


def held() -> set[bool]:
    db.session.expire_all()
    return {row.held_at is not None for row in db.session.scalars(sa.select(Task))}


def told(user_id: int) -> list[MessageKind]:
    kinds = (MessageKind.TASK_POSTPONED, MessageKind.TASK_RESUMED)
    mine = sa.select(Message.kind).where(Message.recipient_id == user_id, Message.kind.in_(kinds))
    return list(db.session.scalars(mine.order_by(Message.id)))


@pytest.mark.parametrize(("what", "waits"), EVENTS)
def test_what_puts_the_tasks_at_her_home_off(home: Home, what: str, waits: bool) -> None:
    happen(what, home)
    assert held() == {waits}
    assert task_holds.is_held(home.case.id) is waits
    assert told(home.member.user_id) == ([MessageKind.TASK_POSTPONED] if waits else [])
    assert len(told(home.coordinator.user_id)) == (2 if waits else 0)
    lines = sa.select(sa.func.count()).where(AuditEntry.action == Audit.TASK_POSTPONED)
    assert db.session.scalar(lines) == (2 if waits else 0)


@pytest.mark.parametrize(("before", "waits"), [(None, False), ("violence", True)])
def test_a_death_that_was_a_mistake_lets_them_go_on_unless_her_safety_is_looked_at(
    home: Home, before: str | None, waits: bool
) -> None:
    if before:
        happen(before, home)
    happen("death", home)
    mark = db.session.scalars(sa.select(StandingMark)).one()
    standing.take_back(home.case, mark, "Det var en anden", actor=actor_of(home.contact), now=utc_now())
    assert (held(), task_holds.is_held(home.case.id)) == ({waits}, waits)


def test_an_assessment_lets_nobody_go_to_somebody_who_has_died(home: Home) -> None:
    happen("violence", home)
    happen("death", home)
    assess(home, True)
    assert held() == {True}


def test_the_volunteer_sees_that_it_is_put_off_and_nothing_else(home: Home) -> None:
    before = own_tasks.get(actor_of(home.member), home.claim.public_id)
    assert before.starts_at is not None and not before.is_held
    happen("violence", home)
    db.session.expire_all()
    own = own_tasks.get(actor_of(home.member), home.claim.public_id)
    assert own.is_held
    hidden = (own.card, own.starts_at, own.ends_at, own.alias, own.meeting_point, own.opening)
    assert hidden == (None,) * 6
    assert not (own.has_address or own.may_see_address or own.is_window_open or own.may_log or own.wants_hours)
    assert task_queries.list_open(home.volunteer)[0] == []


def test_the_address_is_hidden_at_once_inside_the_window() -> None:
    case, member, claim, _consent = make_open_window()
    actor, why = actor_of(member), "I am on my way to the task"
    secret = task_addresses.its_address(claim, actor=actor)
    assert reveals.reveal(secret, reason=why, actor=actor, now=database_now())
    task_holds.hold(case.id, actor=SYSTEM, now=database_now())
    db.session.expire_all()
    own = own_tasks.get(actor, claim.public_id)
    assert (own.is_held, own.has_address, own.is_window_open) == (True, False, False)
    with pytest.raises((Forbidden, NotFound)):
        reveals.reveal(secret, reason=why, actor=actor, now=database_now())


def test_nobody_takes_confirms_or_logs_it_meanwhile(home: Home) -> None:
    happen("violence", home)
    db.session.refresh(home.claim.task)
    other = make_member(Role.VOLUNTEER, home.coordinator.organisation)
    second = make_volunteer(other, actor_of(home.coordinator))
    with pytest.raises(claims.TaskTaken):
        claims.claim(home.free, second, actor=actor_of(other), now=utc_now())
    with pytest.raises(NotNow):
        claims.report(
            home.claim,
            minutes=60,
            outcome=TaskOutcome.WENT_WELL,
            text=None,
            actor=actor_of(home.member),
            now=home.claim.task.ends_at,
        )


def test_a_new_task_at_her_home_waits_too_and_others_do_not(home: Home) -> None:
    happen("violence", home)
    assert make_task(home.coordinator, case_id=home.case.id).held_at is not None
    assert make_task(home.coordinator).held_at is None
    assert make_task(home.coordinator, case_id=make_case(home.contact).id).held_at is None


@pytest.mark.parametrize(("may_visit", "goes_on"), [(True, True), (False, False)])
def test_an_assessment_says_whether_they_go_on(home: Home, may_visit: bool, goes_on: bool) -> None:
    happen("violence", home)
    with pytest.raises(Invalid) as refusal:
        assess(home, None)
    assert refusal.value.field == "may_visit"
    assess(home, may_visit)
    assert held() == {not goes_on}
    waiting: Any = db.session.scalars(sa.select(SafetyReview.reason).where(SafetyReview.closed_at.is_(None))).all()
    assert waiting == ([] if goes_on else [ReviewReason.VISITS_WAIT])
    expected = [MessageKind.TASK_POSTPONED, *([MessageKind.TASK_RESUMED] if goes_on else [])]
    assert told(home.member.user_id) == expected
    if not goes_on:
        assess(home, True)
        assert held() == {False}
