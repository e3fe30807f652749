"""Roles sleep after 60 quiet days or an unconfirmed quarter; somebody is told before, and the last ones stay awake."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.messages import MessageKind
from portal.core.people import Suspension
from portal.core.states import DeadlineState
from portal.db import db
from portal.models.deadlines import Deadline
from portal.models.messages import Message
from portal.models.users import Membership, User
from portal.services import accounts, suspensions
from tests.factories.leavers import make_leaver
from tests.factories.people import actor_of

pytestmark = pytest.mark.usefixtures("session")
# The middle of a quarter: nothing is to be confirmed then, so that only quiet days count.
NOON = datetime.fromisoformat("2026-11-20T12:00:00+00:00")
QUARTER = datetime.fromisoformat("2026-10-05T12:00:00+00:00")


def seen(member: Membership, days: int, *, now: datetime = NOON) -> None:
    """She signed in last so many days ago, and was let in long before; everybody else is fresh."""
    db.session.execute(sa.update(User).values(signed_in_at=now, created_at=now - timedelta(days=400)))
    db.session.execute(sa.update(Membership).values(given_at=now - timedelta(days=400), attested_at=now))
    then = now - timedelta(days=days)
    db.session.execute(sa.update(User).where(User.id == member.user_id).values(signed_in_at=then))
    db.session.expire_all()


@pytest.mark.parametrize(("days", "is_asleep"), [(59, False), (61, True)])
def test_a_role_sleeps_after_sixty_days_without_signing_in(days: int, is_asleep: bool) -> None:
    made = make_leaver(0)
    seen(made.worker, days)
    assert suspensions.review(NOON) == int(is_asleep)
    assert made.worker.suspended_for == (Suspension.DORMANT if is_asleep else None)


@pytest.mark.parametrize(("days", "is_told"), [(52, False), (54, True)])
def test_somebody_is_told_seven_days_before_and_once(days: int, is_told: bool) -> None:
    made = make_leaver(0)
    seen(made.worker, days)
    for _night in range(2):
        suspensions.review(NOON)
    told = sa.select(Message.kind).where(Message.recipient_id == made.worker.user_id)
    assert db.session.scalars(told).all() == [MessageKind.ROLE_SLEEPS_SOON] * int(is_told)


def test_signing_in_counts_from_the_session_that_was_opened() -> None:
    made = make_leaver(0)
    seen(made.worker, 61)
    accounts.open_session(db.session.get_one(User, made.worker.user_id), made.worker, now=NOON)
    assert suspensions.review(NOON) == 0


def test_waking_gives_sixty_days_more() -> None:
    made = make_leaver(0)
    seen(made.worker, 61)
    suspensions.review(NOON)
    suspensions.wake(made.worker.public_id, actor=actor_of(made.administrator), now=NOON)
    assert suspensions.review(NOON) == 0
    assert made.worker.suspended_at is None


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SAFETY_OFFICER])
def test_the_last_who_could_wake_the_others_stays_awake(role: Role) -> None:
    made = make_leaver(0)
    member = made.administrator if role is Role.ADMINISTRATOR else made.safety_officer
    seen(member, 100)
    assert suspensions.review(NOON) == 0


def test_a_case_whose_only_worker_sleeps_raises_the_alarm() -> None:
    made = make_leaver(1)
    seen(made.worker, 61)
    suspensions.review(NOON)
    told = sa.select(Message.kind).where(Message.recipient_id == made.lead.user_id)
    assert MessageKind.CASE_WITHOUT_TEAM in db.session.scalars(told).all()


def test_at_the_beginning_of_a_quarter_the_lead_is_asked_and_on_day_fifteen_the_rest_sleeps() -> None:
    made = make_leaver(0)
    seen(made.worker, 1, now=QUARTER)
    db.session.execute(sa.update(Membership).values(attested_at=QUARTER - timedelta(days=30)))
    assert suspensions.review(QUARTER) == 0
    (row,) = db.session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.ATTESTATION))
    assert (row.queue_role, row.due_on.isoformat()) == (Role.PROGRAMME_LEAD, "2026-10-14")
    confirmed = [made.worker.public_id, made.ane.public_id]
    suspensions.attest(confirmed, actor=actor_of(made.lead), now=QUARTER)
    assert suspensions.review(QUARTER.replace(day=14)) == 0
    assert suspensions.review(QUARTER.replace(day=15)) == 2
    asleep = sa.select(Membership.id).where(Membership.suspended_for == Suspension.UNATTESTED)
    assert set(db.session.scalars(asleep)) == {made.bea.id, made.lead.id}


def test_when_everybody_is_confirmed_it_is_off_the_list() -> None:
    made = make_leaver(0)
    seen(made.worker, 1, now=QUARTER)
    db.session.execute(sa.update(Membership).values(attested_at=QUARTER - timedelta(days=30)))
    suspensions.review(QUARTER)
    others = (made.worker, made.ane, made.bea, made.administrator, made.safety_officer)
    suspensions.attest([one.public_id for one in others], actor=actor_of(made.lead), now=QUARTER)
    states = sa.select(Deadline.state).where(Deadline.kind == DeadlineKind.ATTESTATION)
    assert db.session.scalars(states).all() == [DeadlineState.DONE]


def test_nobody_confirms_or_wakes_herself() -> None:
    made = make_leaver(0)
    suspensions.attest([made.lead.public_id, made.ane.public_id], actor=actor_of(made.lead), now=utc_now())
    db.session.expire_all()
    assert made.lead.attested_at is None
    assert made.ane.attested_at is not None
    made.administrator.suspended_at, made.administrator.suspended_for = utc_now(), Suspension.DORMANT
    with pytest.raises(NotNow):
        suspensions.wake(made.administrator.public_id, actor=actor_of(made.administrator), now=utc_now())
    with pytest.raises(Forbidden):
        suspensions.wake(made.administrator.public_id, actor=actor_of(made.lead), now=utc_now())
    with pytest.raises(Invalid):
        suspensions.attest([], actor=actor_of(made.lead), now=utc_now())
