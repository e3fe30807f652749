"""Roles that exclude each other are refused wherever the second comes from, and nothing is told of the first."""

import pytest

from portal.core.actor import SYSTEM
from portal.core.clock import utc_now
from portal.core.enums import Language, Role
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.db import db
from portal.services import accounts, cases, code_answers, users
from tests.factories.people import actor_of, make_case, make_member, make_organisation

pytestmark = pytest.mark.usefixtures("session")


def test_the_second_role_is_refused_at_another_organisation_too_in_words_that_name_nothing() -> None:
    worker = make_member(Role.PROGRAMME_WORKER)
    elsewhere = make_member(Role.ADMINISTRATOR)
    with pytest.raises(Invalid) as refusal:
        accounts.add_membership(worker.user, elsewhere.organisation, Role.ADMINISTRATOR)
    assert refusal.value.field == "role"
    assert worker.organisation.name not in str(refusal.value)
    assert "PROGRAMME" not in str(refusal.value).upper()


def test_the_refusal_is_the_same_at_the_own_organisation_and_elsewhere() -> None:
    worker, said = make_member(Role.PROGRAMME_WORKER), []
    for organisation in (worker.organisation, make_organisation()):
        with pytest.raises(Invalid) as refusal:
            accounts.add_membership(worker.user, organisation, Role.SYSTEM)
        said.append((str(refusal.value), refusal.value.field))
    assert said[0] == said[1]


def test_a_second_account_of_the_same_mailbox_is_the_same_person() -> None:
    now = utc_now()
    one = accounts.create_user("Vera", "vera@example.org", "x" * 12, language=Language.DANISH, actor=SYSTEM, now=now)
    two = accounts.create_user("V.", "Vera+2@example.org", "x" * 12, language=Language.DANISH, actor=SYSTEM, now=now)
    accounts.add_membership(one, make_organisation(), Role.CONTACT_PERSON)
    with pytest.raises(Invalid):
        accounts.add_membership(two, make_organisation(), Role.ADMINISTRATOR)


def test_a_role_that_has_ended_stands_in_nobodys_way() -> None:
    worker = make_member(Role.PROGRAMME_WORKER)
    worker.ended_at = utc_now()
    db.session.flush()
    assert accounts.add_membership(worker.user, make_organisation(), Role.ADMINISTRATOR)


def test_nobody_new_comes_into_an_organisation_that_is_leaving() -> None:
    administrator = make_member(Role.ADMINISTRATOR)
    administrator.organisation.is_frozen = True
    with pytest.raises(NotNow):
        accounts.add_membership(make_member().user, administrator.organisation, Role.INTAKE)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER])
def test_those_who_run_the_house_put_nobody_on_a_team(role: Role) -> None:
    case = make_case()
    runner, colleague = make_member(role), make_member()
    with pytest.raises(Forbidden):
        cases.join_team(case.id, colleague.user_id, actor=actor_of(runner), now=utc_now())


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER, Role.SAFETY_OFFICER])
def test_those_who_run_the_house_are_put_on_no_team(role: Role) -> None:
    member = make_member()
    case, runner = make_case(member), make_member(role)
    with pytest.raises(Forbidden):
        cases.join_team(case.id, runner.user_id, actor=actor_of(member), now=utc_now())


@pytest.mark.parametrize("is_here", [True, False])
def test_an_administrator_is_refused_for_what_she_is_here_and_learns_nothing_of_elsewhere(is_here: bool) -> None:
    administrator = make_member(Role.ADMINISTRATOR)
    worker = make_member(Role.PROGRAMME_WORKER, administrator.organisation if is_here else None)
    name, email, actor = worker.user.name, worker.user.email, actor_of(administrator)

    def invite() -> str:
        role = Role.DATA_PROTECTION_OFFICER
        return users.add_person(name, email, role, Language.DANISH, actor=actor, now=utc_now())

    if is_here:
        with pytest.raises(Invalid):
            invite()
        return
    code = invite()
    # She who answers is told; the inviter has the code in her hand and knows no more than before.
    answer = code_answers.Answer(email=email, code=code, new="correct horse battery", again="correct horse battery")
    with pytest.raises(Invalid):
        code_answers.answer(answer, now=utc_now())
