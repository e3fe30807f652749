"""An administrator gives and ends roles at the own organisation, and never at another."""

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Language, Role
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.states import ClaimState, TaskState
from portal.db import db
from portal.models.cases import TeamMember
from portal.models.deadlines import Deadline
from portal.models.messages import Message
from portal.models.users import Membership, User, UserSession
from portal.services import accounts, claims, code_answers, deadlines, leavers, users
from tests.factories.people import actor_of, make_case, make_member, make_organisation
from tests.factories.tasks import make_pool, make_task

pytestmark = pytest.mark.usefixtures("session")
DANISH = Language.DANISH
PASSWORD = "tre blå fisk i en spand"


def test_a_new_person_chooses_her_password_and_a_known_one_shows_hers() -> None:
    admin = make_member(Role.ADMINISTRATOR)
    actor, now = actor_of(admin), utc_now()
    first = users.add_person("Ny", "ny@example.org", Role.INTAKE, DANISH, actor=actor, now=now)
    assert accounts.find_user("ny@example.org") is None
    code_answers.answer(code_answers.Answer("ny@example.org", first, PASSWORD, PASSWORD), now=now)
    second = users.add_person("Ny", "NY@example.org ", Role.GROUP_LEADER, DANISH, actor=actor, now=now)
    with pytest.raises(Invalid):
        code_answers.answer(code_answers.Answer("ny@example.org", second, "et andet kodeord", "x"), now=now)
    code_answers.answer(code_answers.Answer("ny@example.org", second, PASSWORD, PASSWORD), now=now)
    user = db.session.scalars(sa.select(User).where(User.email_index == accounts.email_index("ny@example.org"))).one()
    roles = sa.select(Membership.role).where(Membership.user_id == user.id).order_by(Membership.id)
    assert db.session.scalars(roles).all() == [Role.INTAKE, Role.GROUP_LEADER]


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.INTAKE])
def test_no_role_is_given_twice_and_nobody_becomes_the_machine(role: Role) -> None:
    actor, now = actor_of(make_member(Role.ADMINISTRATOR)), utc_now()
    code = users.add_person("Ny", "ny@example.org", Role.INTAKE, DANISH, actor=actor, now=now)
    code_answers.answer(code_answers.Answer("ny@example.org", code, PASSWORD, PASSWORD), now=now)
    with pytest.raises(Invalid) as refusal:
        users.add_person("Ny", "ny@example.org", role, DANISH, actor=actor, now=now)
    assert refusal.value.field == "role"


def test_only_an_administrator_gives_and_ends_roles() -> None:
    member, other = make_member(), make_member()
    with pytest.raises(Forbidden):
        users.add_person("Ny", "ny@example.org", Role.INTAKE, DANISH, actor=actor_of(member), now=utc_now())
    with pytest.raises(Forbidden):
        leavers.end_membership(other.public_id, actor=actor_of(member), now=utc_now())
    with pytest.raises(Forbidden):
        users.give_code(other.public_id, actor=actor_of(member), now=utc_now())


def test_a_role_that_ends_takes_sessions_teams_and_work_with_it() -> None:
    admin = make_member(Role.ADMINISTRATOR)
    leaving = make_member(organisation=admin.organisation)
    case, now = make_case(leaving), utc_now()
    accounts.open_session(leaving.user, leaving, now=now)
    deadlines.put_up(
        DeadlineKind.OTHER,
        SubjectType.CASE,
        case.public_id,
        due_on=local_date(now),
        organisation_id=leaving.organisation_id,
        owner_id=leaving.user_id,
        case_id=case.id,
        now=now,
    )
    leavers.end_membership(leaving.public_id, actor=actor_of(admin), now=now)
    db.session.expire_all()
    assert leaving.ended_at == now
    assert db.session.scalars(sa.select(UserSession.revoked_at)).all() == [now]
    assert db.session.scalars(sa.select(TeamMember.ended_at)).all() == [now]
    hers = sa.select(Deadline).where(Deadline.case_id == case.id, Deadline.kind == DeadlineKind.OTHER)
    (row,) = db.session.scalars(hers)
    assert (row.owner_id, row.queue_role) == (None, Role.CONTACT_PERSON)


def test_nobody_ends_an_own_role_or_one_elsewhere() -> None:
    admin = make_member(Role.ADMINISTRATOR)
    with pytest.raises(Invalid):
        leavers.end_membership(admin.public_id, actor=actor_of(admin), now=utc_now())
    with pytest.raises(NotFound):
        leavers.end_membership(make_member().public_id, actor=actor_of(admin), now=utc_now())


def test_the_password_of_somebody_who_also_works_elsewhere_is_not_ours_to_change() -> None:
    admin = make_member(Role.ADMINISTRATOR)
    colleague = make_member(organisation=admin.organisation)
    assert users.give_code(colleague.public_id, actor=actor_of(admin), now=utc_now())
    accounts.add_membership(colleague.user, make_organisation(), Role.INTAKE)
    with pytest.raises(Invalid):
        users.give_code(colleague.public_id, actor=actor_of(admin), now=utc_now())
    assert accounts.is_password(colleague.user, "correct horse battery")


def test_nobody_gives_herself_a_role() -> None:
    admin = make_member(Role.ADMINISTRATOR)
    with pytest.raises(Invalid):
        users.add_person(
            admin.user.name, admin.user.email, Role.INTAKE, Language.DANISH, actor=actor_of(admin), now=utc_now()
        )


def test_what_a_volunteer_has_taken_is_free_again_when_her_role_ends() -> None:
    coordinator, member, volunteer = make_pool()
    admin, task, now = make_member(Role.ADMINISTRATOR, coordinator.organisation), make_task(coordinator), utc_now()
    claim = claims.claim(task, volunteer, actor=actor_of(member), now=now)
    claims.confirm(claim, actor=actor_of(coordinator), now=now)
    leavers.end_membership(member.public_id, actor=actor_of(admin), now=now)
    assert (claim.state, task.taken, task.state) == (ClaimState.WITHDRAWN_BY_STAFF, 0, TaskState.PUBLISHED)
    told = sa.select(Message.kind).where(Message.recipient_id == coordinator.user_id).order_by(Message.id.desc())
    assert db.session.scalars(told).first() is MessageKind.TASK_RELEASED
