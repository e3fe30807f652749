"""A house that is kept out of a case keeps out whoever also works for it: nothing of it is given to her (R-374)."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import OrganisationKind, Role
from portal.core.errors import Invalid, NotFound
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.states import DeadlineState, RequestState
from portal.db import db
from portal.models.access import CaseBlock
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.messages import Message
from portal.models.organisations import Organisation
from portal.models.users import Membership
from portal.queries import counselling, hand_over_receipts, hand_overs, requests, teamless
from portal.queries.deadlines import Span, list_mine
from portal.services import absences, accounts, deadlines, leavers, reminders
from portal.services import hand_overs as service
from portal.services import teamless as teamless_service
from portal.services.absences import Days
from tests.factories.leavers import Leaver, make_leaver, team_of
from tests.factories.people import actor_of, make_member, make_organisation
from tests.factories.referrals import make_request

pytestmark = pytest.mark.usefixtures("session")


def close_to_house(case: Case, member: Membership) -> Organisation:
    """Keep a house out of the case for which this person also works, in a role that has nothing to do with it."""
    other = make_organisation(OrganisationKind.NGO)
    db.session.add(Membership(user_id=member.user_id, organisation_id=other.id, role=member.role))
    block(case, organisation_id=other.id)
    return other


def block(case: Case, **whom: int) -> None:
    db.session.add(CaseBlock(case_id=case.id, created_at=utc_now(), created_by_id=case.opened_by_id, **whom))
    db.session.flush()


def kinds(member: Membership) -> set[DeadlineKind]:
    return {row.kind for row in list_mine(actor_of(member), today=local_date(utc_now()), span=Span.ALL)[0]}


def told(member: Membership) -> set[MessageKind]:
    return set(db.session.scalars(sa.select(Message.kind).where(Message.recipient_id == member.user_id)))


def hand_all_to(made: Leaver, taker: Membership, actor: Membership, *, is_end: bool = False) -> str:
    return service.hand_over(
        made.worker.public_id,
        {},
        everyone=taker.user.public_id,
        is_end=is_end,
        actor=actor_of(actor),
        now=utc_now(),
    )


def test_a_hand_over_passes_over_whoever_works_for_a_house_that_is_kept_out() -> None:
    made = make_leaver(2)
    close_to_house(made.cases[0], made.ane)
    key = made.cases[0].public_id
    plan = hand_overs.get_plan(actor_of(made.administrator), made.worker)
    assert plan.blocked == {(made.cases[0].id, made.ane.user_id)}
    chosen = {row.key: made.ane.user.public_id for row in plan.rows}
    with pytest.raises(Invalid) as refusal:
        service.hand_over(made.worker.public_id, chosen, actor=actor_of(made.administrator), now=utc_now())
    assert refusal.value.field == key
    hand_all_to(made, made.ane, made.administrator)
    assert [team_of(case.id)[0][0] for case in made.cases] == [made.bea.user_id, made.ane.user_id]


def test_a_referral_being_read_goes_to_nobody_who_is_kept_out() -> None:
    made = make_request(RequestState.IN_VISITATION)
    colleague = make_member(Role.INTAKE, made.intake.organisation)
    administrator = make_member(Role.ADMINISTRATOR, made.intake.organisation)
    close_to_house(made.case, colleague)
    key = made.request.public_id
    with pytest.raises(Invalid) as refusal:
        service.hand_over(
            made.intake.public_id,
            {key: colleague.user.public_id},
            actor=actor_of(administrator),
            now=utc_now(),
        )
    assert refusal.value.field == key


def test_a_deputy_comes_to_no_case_of_which_another_house_of_hers_is_kept_out_and_is_not_reminded_of_it() -> None:
    made, now = make_leaver(2), utc_now()
    close_to_house(made.cases[0], made.ane)
    today = local_date(now)
    days = Days(today, today + timedelta(days=3))
    absences.plan(made.worker.public_id, made.ane.user.public_id, days, actor=actor_of(made.worker), now=now)
    assert [len(team_of(case.id)) for case in made.cases] == [1, 2]
    for case in made.cases:
        deadlines.put_up(
            DeadlineKind.OTHER,
            SubjectType.CASE,
            case.public_id,
            due_on=today - timedelta(days=1),
            organisation_id=made.organisation.id,
            owner_id=made.worker.user_id,
            case_id=case.id,
            now=now,
        )
    for row in db.session.scalars(sa.select(Deadline.id).where(Deadline.kind == DeadlineKind.OTHER)).all():
        reminders.remind(row, actor=SYSTEM, now=now)
    about = sa.select(Message.case_id).where(
        Message.recipient_id == made.ane.user_id, Message.deadline_kind == DeadlineKind.OTHER
    )
    assert db.session.scalars(about).all() == [made.cases[1].id]


def test_a_case_is_alone_when_its_last_one_works_for_a_house_that_is_kept_out() -> None:
    made = make_leaver(1)
    case = made.cases[0]
    assert teamless.list_own(actor_of(made.lead)) == []
    other = make_organisation(OrganisationKind.NGO)
    block(case, organisation_id=other.id)
    accounts.add_membership(made.worker.user, other, Role.PROGRAMME_WORKER)
    assert team_of(case.id) == []
    assert [row.public_id for row in teamless.list_own(actor_of(made.lead))] == [case.public_id]
    assert DeadlineKind.TEAM_WANTED in kinds(made.lead)
    assert MessageKind.CASE_WITHOUT_TEAM in told(made.lead)
    assert not kinds(made.worker)


def test_somebody_on_the_team_who_is_kept_out_is_nobody() -> None:
    made = make_leaver(1)
    case = made.cases[0]
    close_to_house(case, made.worker)
    assert [row.public_id for row in teamless.list_own(actor_of(made.lead))] == [case.public_id]
    assert not teamless.has_primary(case.id)
    teamless_service.adopt(case.public_id, made.ane.user.public_id, actor=actor_of(made.lead), now=utc_now())
    assert (made.ane.user_id, True) in team_of(case.id)
    owners = sa.select(Deadline.owner_id).where(Deadline.case_id == case.id, Deadline.state == DeadlineState.OPEN)
    assert set(db.session.scalars(owners)) == {made.ane.user_id}


def test_a_case_without_a_team_is_offered_and_given_to_nobody_who_is_kept_out() -> None:
    made = make_leaver(1)
    leavers.end_membership(made.worker.public_id, actor=actor_of(made.administrator), now=utc_now())
    case = made.cases[0]
    close_to_house(case, made.ane)
    lead = actor_of(made.lead)
    offered = teamless.list_takers_of(lead, {case.public_id: case.id})[case.public_id]
    assert offered == [(made.bea.user.public_id, "Bea")]
    with pytest.raises(NotFound):
        teamless_service.adopt(case.public_id, made.ane.user.public_id, actor=lead, now=utc_now())


@pytest.mark.parametrize("is_house", [False, True])
def test_who_runs_the_house_and_is_kept_out_is_told_nothing_of_a_case_without_a_team(is_house: bool) -> None:
    made = make_leaver(1)
    other = make_member(Role.PROGRAMME_LEAD, made.organisation)
    case = made.cases[0]
    if is_house:
        close_to_house(case, made.lead)
    else:
        block(case, user_id=made.lead.user_id)
    leavers.end_membership(made.worker.public_id, actor=actor_of(made.administrator), now=utc_now())
    kept_out = actor_of(made.lead)
    assert teamless.list_own(kept_out) == []
    assert not teamless.is_own_case(kept_out, case.public_id)
    with pytest.raises(NotFound):
        teamless_service.adopt(case.public_id, made.ane.user.public_id, actor=kept_out, now=utc_now())
    assert DeadlineKind.TEAM_WANTED not in kinds(made.lead)
    assert MessageKind.CASE_WITHOUT_TEAM not in told(made.lead)
    assert DeadlineKind.TEAM_WANTED in kinds(other)
    assert MessageKind.CASE_WITHOUT_TEAM in told(other)


def test_where_only_the_safety_officer_may_know_of_it_it_stands_on_her_list() -> None:
    made = make_leaver(1)
    block(made.cases[0], user_id=made.lead.user_id)
    leavers.end_membership(made.worker.public_id, actor=actor_of(made.administrator), now=utc_now())
    assert DeadlineKind.TEAM_WANTED in kinds(made.safety_officer)


@pytest.mark.parametrize("role", ["lead", "administrator"])
def test_a_hand_over_shows_nobody_a_case_that_she_is_kept_out_of_and_loses_none(role: str) -> None:
    made = make_leaver(2)
    actor = getattr(made, role)
    hidden, shown = made.cases
    close_to_house(hidden, actor)
    plan = hand_overs.get_plan(actor_of(actor), made.worker)
    assert [row.case_id for row in plan.rows] == [shown.id]
    # While the role goes on, it stays hers: a colleague who may know of it hands it over.
    hand_all_to(made, made.ane, actor)
    assert team_of(hidden.id) == [(made.worker.user_id, True)]
    assert team_of(shown.id) == [(made.ane.user_id, True)]
    assert MessageKind.CASE_WITHOUT_TEAM not in told(made.lead)


def test_when_the_role_ends_what_the_giver_may_not_know_of_goes_to_those_who_may() -> None:
    made = make_leaver(2)
    intake = make_member(Role.INTAKE, made.organisation)
    hidden = made.cases[0]
    close_to_house(hidden, made.administrator)
    receipt = hand_all_to(made, made.ane, made.administrator, is_end=True)
    assert team_of(hidden.id) == []
    assert DeadlineKind.TEAM_WANTED in kinds(intake)
    assert [row.public_id for row in teamless.list_own(actor_of(intake))] == [hidden.public_id]
    for reader, count in ((made.administrator, 1), (made.lead, 2)):
        rows = hand_over_receipts.get(actor_of(reader), receipt).rows
        assert len(rows) == count, reader.role
        assert (hidden.lead_reference in {row.reference for row in rows}) is (count == 2)


def test_a_colleague_who_approves_may_know_of_the_case_and_so_may_whoever_is_told_of_something() -> None:
    made = make_leaver(1)
    case = made.cases[0]
    close_to_house(case, made.ane)
    lead = actor_of(made.lead)
    assert made.ane.user_id not in {one.user_id for one in counselling.list_colleagues(lead, case.id)}
    roles = [Role.PROGRAMME_WORKER]
    assert made.ane.user_id in requests.list_receivers(made.organisation.id, roles)
    assert made.ane.user_id not in requests.list_receivers(made.organisation.id, roles, case.id)
