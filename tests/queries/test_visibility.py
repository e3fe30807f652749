"""SQL and rules agree: every role, every case, seen or not there at all."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.core.kinds import MeetingKind, PlaceKind
from portal.db import db
from portal.models.cases import Case
from portal.queries import cases as case_queries
from portal.queries import grants as grant_queries
from portal.queries import meetings as meeting_queries
from portal.queries import referrals as referral_queries
from portal.queries import tasks as task_queries
from portal.queries.visibility import relation_of, visible_cases
from portal.services import cases, meetings, referrals
from tests.factories.grants import make_application, make_house
from tests.factories.people import actor_of, make_case, make_member, make_organisation
from tests.factories.tasks import make_pool, make_task

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


def test_a_draft_is_there_only_while_its_writer_works_on_the_case() -> None:
    owner = make_member()
    case = make_case(owner)
    writer = make_member(organisation=owner.organisation)
    cases.join_team(case.id, writer.user_id, actor=actor_of(owner), now=utc_now())
    draft = referrals.start(case, actor=actor_of(writer), now=utc_now())
    assert referral_queries.get(actor_of(writer), draft.public_id).id == draft.id
    cases.leave_team(case.id, writer.user_id, actor=actor_of(owner), now=utc_now())
    with pytest.raises(NotFound):
        referral_queries.get(actor_of(writer), draft.public_id)
    assert referral_queries.list_drafts(actor_of(writer)) == []


def test_the_municipality_has_its_own_part_of_anothers_case() -> None:
    house = make_house()
    application = make_application(house)
    adviser = actor_of(make_member(Role.MUNICIPAL_ADVISER))
    contact, now = actor_of(house.contact), utc_now()
    cases.join_team(application.case_id, adviser.user_id or 0, actor=contact, now=now)
    soon = now + timedelta(days=1)
    facts: meetings.MeetingFacts = {
        "kind": MeetingKind.HOME_VISIT,
        "starts_at": soon,
        "ends_at": soon + timedelta(hours=1),
        "place_kind": PlaceKind.HER_HOME,
        "case_id": application.case_id,
        "responsible_id": house.contact.user_id,
        "organisation_id": house.contact.organisation_id,
    }
    meeting = meetings.plan(actor=contact, now=now, **facts)
    make_task(make_pool()[0], case_id=application.case_id)
    assert grant_queries.get(contact, application.public_id) and meeting_queries.get(contact, meeting.public_id)
    assert task_queries.list_pool(contact)[0]
    with pytest.raises(NotFound):
        grant_queries.get(adviser, application.public_id)
    with pytest.raises(NotFound):
        meeting_queries.get(adviser, meeting.public_id)
    assert task_queries.list_pool(adviser)[0] == []
    assert grant_queries.list_queue(adviser, queue="decide")[0] == []
