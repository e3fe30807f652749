"""SQL and rules agree: every role, every case, seen or not there at all."""

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.db import db
from portal.models.cases import Case
from portal.queries import cases as case_queries
from portal.queries.visibility import relation_of, visible_cases
from portal.services import cases
from tests.factories.people import actor_of, make_case, make_member, make_organisation

pytestmark = pytest.mark.usefixtures("session")
TEAM = (Role.CONTACT_PERSON, Role.MUNICIPAL_ADVISER, Role.PROGRAMME_WORKER)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM}))
def test_a_case_is_seen_by_its_team_and_by_nobody_else_in_the_house(role: Role) -> None:
    owner = make_member()
    case = make_case(owner)
    colleague = make_member(role, owner.organisation)
    seen = db.session.scalars(sa.select(Case.id).where(visible_cases(actor_of(colleague)))).all()
    assert seen == []
    with pytest.raises(NotFound):
        case_queries.get(actor_of(colleague), case.public_id)


@pytest.mark.parametrize("role", TEAM)
def test_joining_the_team_opens_the_case_and_leaving_closes_it(role: Role) -> None:
    owner = make_member()
    case = make_case(owner)
    member = make_member(role, make_organisation())
    actor = actor_of(member)
    cases.join_team(case.id, member.user_id, actor=actor_of(owner), now=utc_now())
    assert case_queries.get(actor, case.public_id).id == case.id
    assert relation_of(actor).value == "CT"
    cases.leave_team(case.id, member.user_id, actor=actor_of(owner), now=utc_now())
    with pytest.raises(NotFound):
        case_queries.get(actor, case.public_id)


def test_another_role_of_the_same_person_opens_nothing() -> None:
    from portal.services import accounts

    owner = make_member()
    case = make_case(owner)
    second = accounts.add_membership(owner.user, make_organisation(), Role.CONTACT_PERSON)
    second.user, second.organisation = owner.user, make_organisation()
    with pytest.raises(NotFound):
        case_queries.get(actor_of(second), case.public_id)
