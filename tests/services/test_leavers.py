"""A role that ends opens nothing any more, the last of some stay, and no case is left in silence."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.states import DeadlineState
from portal.db import db
from portal.models.deadlines import Deadline
from portal.models.groups import RoundLeader
from portal.models.messages import Message
from portal.models.outbox import MailState, OutgoingMail
from portal.models.users import UserSession
from portal.queries import teamless as teamless_queries
from portal.services import accounts, cases, leavers, mail, messages, teamless
from tests.factories.groups import make_group
from tests.factories.leavers import make_leaver, team_of
from tests.factories.people import actor_of, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")


def kinds_told(user_id: int) -> list[MessageKind]:
    return list(db.session.scalars(sa.select(Message.kind).where(Message.recipient_id == user_id)))


def test_a_safety_officer_ends_a_role_and_gives_none() -> None:
    made = make_leaver(1)
    leavers.end_membership(made.worker.public_id, actor=actor_of(made.safety_officer), now=utc_now())
    assert made.worker.ended_at is not None
    with pytest.raises(Forbidden):
        leavers.end_membership(made.ane.public_id, actor=actor_of(made.lead), now=utc_now())


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SAFETY_OFFICER])
def test_the_last_administrator_and_the_last_safety_officer_stay(role: Role) -> None:
    made = make_leaver(0)
    other = {Role.ADMINISTRATOR: made.safety_officer, Role.SAFETY_OFFICER: made.administrator}[role]
    last = {Role.ADMINISTRATOR: made.administrator, Role.SAFETY_OFFICER: made.safety_officer}[role]
    with pytest.raises(Invalid):
        leavers.end_membership(last.public_id, actor=actor_of(other), now=utc_now())
    make_member(role, made.organisation)
    leavers.end_membership(last.public_id, actor=actor_of(other), now=utc_now())
    assert last.ended_at is not None


def test_one_who_sleeps_does_not_count_as_another() -> None:
    made = make_leaver(0)
    asleep = make_member(Role.ADMINISTRATOR, made.organisation)
    asleep.suspended_at, asleep.suspended_for = utc_now(), "dormant"
    db.session.flush()
    with pytest.raises(Invalid):
        leavers.end_membership(made.administrator.public_id, actor=actor_of(made.safety_officer), now=utc_now())


def test_the_last_one_on_a_case_does_not_leave_it() -> None:
    owner, colleague = make_member(), make_member()
    case, now = make_case(owner), utc_now()
    cases.join_team(case.id, colleague.user_id, actor=actor_of(owner), now=now)
    cases.hand_over_primary(case, colleague.user_id, actor=actor_of(owner), now=now)
    leavers_actor = make_member(Role.SAFETY_OFFICER, colleague.organisation)
    leavers.end_membership(colleague.public_id, actor=actor_of(leavers_actor), now=now)
    with pytest.raises(Invalid):
        cases.leave_team(case.id, owner.user_id, actor=actor_of(owner), now=now)
    assert team_of(case.id) == [(owner.user_id, False)]


def test_sessions_and_what_is_queued_go_with_the_role_and_other_roles_stay() -> None:
    made, now = make_leaver(1), utc_now()
    worker = made.worker
    other = accounts.add_membership(worker.user, make_member(Role.INTAKE).organisation, Role.VOLUNTEER)
    here = accounts.open_session(worker.user, worker, now=now)
    there = accounts.open_session(worker.user, other, now=now)
    messages.notify(
        MessageKind.CASE_SHARED,
        worker.user_id,
        SubjectType.CASE,
        made.cases[0].public_id,
        actor=actor_of(made.lead),
        now=now,
        case_id=made.cases[0].id,
        dedupe_key="shared",
    )
    leavers.end_membership(worker.public_id, actor=actor_of(made.administrator), now=now)
    assert accounts.find_session(here, now=now) is None
    assert accounts.find_session(there, now=now) is not None
    unread = sa.select(Message.id).where(Message.recipient_id == worker.user_id, Message.read_at.is_(None))
    assert db.session.scalars(unread).all() == []


def test_mail_that_waits_is_called_off_when_no_role_is_left() -> None:
    made, now = make_leaver(0), utc_now()
    mail.queue_news(made.worker.user_id, dedupe_key="news:1", now=now)
    leavers.end_membership(made.worker.public_id, actor=actor_of(made.administrator), now=now)
    states = sa.select(OutgoingMail.state).where(OutgoingMail.recipient_id == made.worker.user_id)
    assert set(db.session.scalars(states)) == {MailState.CANCELLED}


def test_a_group_leader_who_left_leads_no_round_any_more() -> None:
    house = make_group()
    officer = make_member(Role.SAFETY_OFFICER, house.leader.organisation)
    leavers.end_membership(house.leader.public_id, actor=actor_of(officer), now=utc_now())
    led = sa.select(RoundLeader.user_id).where(RoundLeader.round_id == house.round.id)
    assert db.session.scalars(led).all() == [house.other.user_id]


def test_a_case_left_without_anybody_goes_to_intake_and_lead_with_an_alarm() -> None:
    made = make_leaver(1)
    intake = make_member(Role.INTAKE, made.organisation)
    leavers.end_membership(made.worker.public_id, actor=actor_of(made.administrator), now=utc_now())
    for told in (intake, made.lead, made.safety_officer):
        assert kinds_told(told.user_id) == [MessageKind.CASE_WITHOUT_TEAM]
    (row,) = db.session.scalars(sa.select(Deadline).where(Deadline.subject_type == SubjectType.ORGANISATION))
    assert (row.kind, row.queue_role) == (DeadlineKind.TEAM_WANTED, Role.INTAKE)
    assert [one.reference for one in teamless_queries.list_own(actor_of(made.lead))] == [made.cases[0].lead_reference]


def test_somebody_else_on_the_team_means_no_alarm() -> None:
    made = make_leaver(1)
    cases.join_team(made.cases[0].id, made.ane.user_id, actor=actor_of(made.worker), now=utc_now())
    leavers.end_membership(made.worker.public_id, actor=actor_of(made.administrator), now=utc_now())
    assert kinds_told(made.lead.user_id) == []


def test_the_lead_gives_such_a_case_to_a_worker_with_the_dates_that_wait_in_it() -> None:
    made, now = make_leaver(1), utc_now()
    case = made.cases[0]
    leavers.end_membership(made.worker.public_id, actor=actor_of(made.administrator), now=now)
    teamless.adopt(case.public_id, made.ane.user.public_id, actor=actor_of(made.lead), now=now + timedelta(hours=1))
    assert team_of(case.id) == [(made.ane.user_id, True)]
    owners = sa.select(Deadline.owner_id).where(Deadline.case_id == case.id, Deadline.state == DeadlineState.OPEN)
    assert set(db.session.scalars(owners)) == {made.ane.user_id}
    assert teamless_queries.list_own(actor_of(made.lead)) == []
    with pytest.raises(NotFound):
        teamless.adopt(case.public_id, made.bea.user.public_id, actor=actor_of(made.lead), now=now)


def test_nobody_gives_herself_a_case_and_no_stranger_gives_one() -> None:
    made, now = make_leaver(1), utc_now()
    both = accounts.add_membership(made.lead.user, made.organisation, Role.PROGRAMME_WORKER)
    leavers.end_membership(made.worker.public_id, actor=actor_of(made.administrator), now=now)
    case = made.cases[0].public_id
    with pytest.raises(Forbidden):
        teamless.adopt(case, made.lead.user.public_id, actor=actor_of(made.lead), now=now)
    with pytest.raises(Forbidden):
        teamless.adopt(case, made.ane.user.public_id, actor=actor_of(both), now=now)
    with pytest.raises(NotFound):
        teamless.adopt(case, made.ane.user.public_id, actor=actor_of(make_member(Role.PROGRAMME_LEAD)), now=now)


def test_a_session_that_was_open_is_revoked_and_not_only_hidden() -> None:
    made, now = make_leaver(0), utc_now()
    accounts.open_session(made.worker.user, made.worker, now=now)
    leavers.end_membership(made.worker.public_id, actor=actor_of(made.administrator), now=now)
    assert db.session.scalars(sa.select(UserSession.revoked_at)).all() == [now]
