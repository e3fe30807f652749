"""The team of a case: who joins in which role, and that somebody is always the one to ask."""

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.errors import Invalid, NotFound, NotNow
from portal.core.kinds import TeamScope
from portal.db import db
from portal.models.cases import TeamMember
from portal.models.users import Membership
from portal.services import accounts, cases
from tests.factories.people import actor_of, make_case, make_member, make_organisation

pytestmark = pytest.mark.usefixtures("session")


def primaries(case_id: int) -> list[int]:
    alive = sa.select(TeamMember.user_id).where(
        TeamMember.case_id == case_id, TeamMember.ended_at.is_(None), TeamMember.is_primary
    )
    return list(db.session.scalars(alive))


def row_of(case_id: int, member: Membership) -> TeamMember:
    return db.session.scalars(
        sa.select(TeamMember)
        .where(TeamMember.case_id == case_id, TeamMember.user_id == member.user_id)
        .execution_options(populate_existing=True)
    ).one()


def test_somebody_who_has_left_cannot_join() -> None:
    owner, gone = make_member(), make_member()
    case = make_case(owner)
    gone.ended_at = utc_now()
    db.session.flush()
    with pytest.raises(Invalid) as refusal:
        cases.join_team(case.id, gone.user_id, actor=actor_of(owner), now=utc_now())
    assert refusal.value.field == "user"


def test_a_colleague_joins_by_the_role_that_works_on_cases() -> None:
    owner = make_member()
    case = make_case(owner)
    colleague = make_member(Role.VOLUNTEER_COORDINATOR, owner.organisation)
    adviser = accounts.add_membership(
        colleague.user, make_organisation(OrganisationKind.MUNICIPALITY), Role.MUNICIPAL_ADVISER
    )
    cases.join_team(case.id, colleague.user_id, actor=actor_of(owner), now=utc_now())
    row = row_of(case.id, colleague)
    assert (row.membership_id, row.scope, row.is_primary) == (adviser.id, TeamScope.MUNICIPAL, False)


def test_a_new_primary_takes_over_from_the_one_before_whether_she_was_there_or_not() -> None:
    owner, there, new = make_member(), make_member(), make_member()
    case, actor = make_case(owner), actor_of(owner)
    cases.join_team(case.id, there.user_id, actor=actor, now=utc_now())
    assert primaries(case.id) == [owner.user_id]
    for member in (there, new):
        cases.join_team(case.id, member.user_id, actor=actor, now=utc_now(), is_primary=True)
        assert primaries(case.id) == [member.user_id]


def test_nobody_leaves_who_is_not_there_nor_the_one_to_ask() -> None:
    owner = make_member()
    case = make_case(owner)
    with pytest.raises(NotFound):
        cases.leave_team(case.id, make_member().user_id, actor=actor_of(owner), now=utc_now())
    with pytest.raises(NotNow):
        cases.leave_team(case.id, owner.user_id, actor=actor_of(owner), now=utc_now())
