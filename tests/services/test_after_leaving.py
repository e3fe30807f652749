"""What somebody has applied for or sent is answered to whoever comes after her, never to an account that has ended."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden
from portal.core.kinds import TrackKind
from portal.core.messages import MessageKind
from portal.core.people import Thing
from portal.core.states import DeadlineState, GrantState, RequestState
from portal.db import db
from portal.domain.hand_overs import NOBODY
from portal.models.deadlines import Deadline
from portal.models.grants import GrantApplication
from portal.models.users import Membership
from portal.queries import hand_overs as queries
from portal.queries import messages as message_queries
from portal.queries import teamless as teamless_queries
from portal.services import absences, cases, grant_decisions, grant_payments, grants, hand_overs, leavers, teamless
from portal.services import referrals as referral_service
from portal.services import requests as request_service
from portal.services.absences import Days
from portal.services.request_events import sender_today
from tests.factories.grants import House, make_application, make_house
from tests.factories.people import actor_of, make_member
from tests.factories.referrals import Made, make_draft, make_offer, make_ready_case, make_request
from tests.services.test_house_blocks import block, told

pytestmark = pytest.mark.usefixtures("session")
M = MessageKind
Leave = Callable[[Membership, Membership], None]


def hand_over(leaver: Membership, taker: Membership) -> None:
    """She leaves, and everything goes to a colleague."""
    hand_overs.hand_over(
        leaver.public_id,
        {},
        everyone=taker.user.public_id,
        is_end=True,
        actor=runs(leaver),
        now=utc_now(),
    )


def end_at_once(leaver: Membership, taker: Membership) -> None:
    """Her role ends this second, and the case is given to a colleague from the cases without a team."""
    leavers.end_membership(leaver.public_id, actor=runs(leaver), now=utc_now())
    lead = make_member(Role.PROGRAMME_LEAD, leaver.organisation)
    (alone,) = teamless_queries.list_own(actor_of(lead))
    teamless.adopt(alone.public_id, taker.user.public_id, actor=actor_of(lead), now=utc_now())


def runs(member: Membership) -> Actor:
    return actor_of(make_member(Role.ADMINISTRATOR, member.organisation))


def away(member: Membership, deputy: Membership) -> None:
    today = local_date(utc_now())
    days = Days(today, today + timedelta(days=3))
    absences.plan(member.public_id, deputy.user.public_id, days, actor=actor_of(member), now=utc_now())


def owner(kind: DeadlineKind) -> int | None:
    return db.session.scalars(
        sa.select(Deadline.owner_id).where(Deadline.kind == kind, Deadline.state == DeadlineState.OPEN)
    ).one()


def pay(house: House, application: GrantApplication) -> None:
    db.session.refresh(application, ["fund", "case"])
    grant_decisions.approve(application, actor=actor_of(house.first), now=utc_now())
    grant_payments.order_payment(application, actor=actor_of(house.payer), now=utc_now())
    today = local_date(utc_now())
    grant_payments.pay(application, paid_on=today, reference="B-1", actor=actor_of(house.payer), now=utc_now())


@pytest.mark.parametrize("leave", [hand_over, end_at_once])
def test_news_and_receipts_of_an_application_go_to_whoever_has_the_case_now(leave: Leave) -> None:
    house = make_house()
    application = make_application(house, state=GrantState.ASSESSED)
    taker = make_member(house.contact.role, house.contact.organisation)
    leave(house.contact, taker)
    pay(house, application)
    assert {M.GRANT_APPROVED, M.GRANT_PAID} <= told(taker)
    assert not {M.GRANT_APPROVED, M.GRANT_PAID} & told(house.contact)
    assert owner(DeadlineKind.GRANT_RECEIPT) == taker.user_id


def test_what_is_missing_and_a_no_are_told_to_whoever_has_the_case_now() -> None:
    house = make_house()
    application = make_application(house, state=GrantState.SCREENING)
    taker = make_member(house.contact.role, house.contact.organisation)
    hand_over(house.contact, taker)
    grants.ask_info(application, wanted="Kvittering", actor=actor_of(house.officer), now=utc_now())
    assert M.GRANT_INFO_WANTED in told(taker)
    assert M.GRANT_INFO_WANTED not in told(house.contact)


def test_the_applicant_stays_written_down_and_never_recommends_her_own() -> None:
    house = make_house()
    application = make_application(house, state=GrantState.SCREENING)
    taker = make_member(house.contact.role, house.contact.organisation)
    hand_over(house.contact, taker)
    also = Membership(
        user_id=house.contact.user_id, organisation_id=house.fund.organisation_id, role=Role.GRANT_OFFICER
    )
    db.session.add(also)
    db.session.flush()
    db.session.refresh(also, ["organisation", "user"])
    with pytest.raises(Forbidden):
        grant_decisions.recommend(application, amounts={}, text="x", actor=actor_of(also), now=utc_now())


def test_while_she_is_away_her_deputy_is_told_as_well() -> None:
    house = make_house()
    application = make_application(house, state=GrantState.SCREENING)
    deputy = make_member(house.contact.role, house.contact.organisation)
    away(house.contact, deputy)
    grants.ask_info(application, wanted="Kvittering", actor=actor_of(house.officer), now=utc_now())
    assert M.GRANT_INFO_WANTED in told(deputy) & told(house.contact)


def test_a_colleague_of_the_applicants_house_comes_before_the_one_whom_the_others_ask() -> None:
    house = make_house()
    application = make_application(house, state=GrantState.SCREENING)
    elsewhere, colleague = make_member(), make_member(house.contact.role, house.contact.organisation)
    for member in (elsewhere, colleague):
        cases.join_team(application.case_id, member.user_id, actor=actor_of(house.contact), now=utc_now())
    cases.hand_over_primary(application.case, elsewhere.user_id, actor=actor_of(house.contact), now=utc_now())
    leavers.end_membership(house.contact.public_id, actor=runs(house.contact), now=utc_now())
    assert grants.applicant_today(application) == colleague.user_id
    colleague.ended_at = utc_now()
    db.session.flush()
    assert grants.applicant_today(application) == elsewhere.user_id
    elsewhere.ended_at = utc_now()
    db.session.flush()
    assert grants.applicant_today(application) is None


def test_the_fund_tells_nobody_who_is_kept_out() -> None:
    house = make_house()
    application = make_application(house, state=GrantState.SCREENING)
    block(application.case, user_id=house.first.user_id)
    grants.tell_role(
        M.GRANT_NEEDS_APPROVAL, Role.GRANT_APPROVER, application, actor=actor_of(house.officer), now=utc_now()
    )
    assert M.GRANT_NEEDS_APPROVAL in told(house.second)
    assert M.GRANT_NEEDS_APPROVAL not in told(house.first)


def ask(made: Made) -> None:
    db.session.refresh(made.request, ["referral", "offer"])
    request_service.ask_info(made.request, "Hvornår?", actor=actor_of(made.intake), now=utc_now())


@pytest.mark.parametrize("leave", [hand_over, end_at_once])
def test_a_referral_goes_along_and_what_is_asked_is_asked_of_her_who_has_it_now(leave: Leave) -> None:
    made = make_request(RequestState.IN_VISITATION)
    taker = make_member(made.sender.role, made.sender.organisation)
    leave(made.sender, taker)
    db.session.refresh(made.referral)
    assert made.referral.referrer_id == taker.user_id
    ask(made)
    assert owner(DeadlineKind.REFERRAL_INFO) == taker.user_id
    assert M.REFERRAL_INFO_WANTED in told(taker)
    assert M.REFERRAL_INFO_WANTED not in told(made.sender)


def test_a_draft_goes_along_and_can_be_sent_by_her_who_has_it_now() -> None:
    sender, offer = make_member(), make_offer()
    draft = make_draft(sender, offer)
    taker = make_member(sender.role, sender.organisation)
    (row,) = queries.get_plan(runs(sender), sender).rows
    assert dict(row.counts)[Thing.REFERRAL] == 1
    hand_over(sender, taker)
    db.session.refresh(draft, ["referrer_id"])
    referral_service.check_draft(draft, actor_of(taker))


def test_one_that_is_settled_keeps_its_sender() -> None:
    made = make_request(RequestState.DECLINED)
    taker = make_member(made.sender.role, made.sender.organisation)
    hand_over(made.sender, taker)
    db.session.refresh(made.referral, ["referrer_id"])
    assert made.referral.referrer_id == made.sender.user_id


def test_a_referral_that_nobody_takes_goes_to_intake_of_its_house_when_the_role_ends() -> None:
    made = make_request(RequestState.IN_VISITATION)
    block(made.case, user_id=make_member(Role.INTAKE, made.sender.organisation).user_id)
    intake = make_member(Role.INTAKE, made.sender.organisation)
    hand_overs.hand_over(
        made.sender.public_id, {made.case.public_id: NOBODY}, is_end=True, actor=runs(made.sender), now=utc_now()
    )
    db.session.refresh(made.referral, ["referrer_id"])
    assert made.referral.referrer_id == intake.user_id
    ask(made)
    assert owner(DeadlineKind.REFERRAL_INFO) == intake.user_id
    (news,) = [row for row in message_queries.list_mine(actor_of(intake))[0] if row.kind is M.REFERRAL_INFO_WANTED]
    assert news.referral == made.referral.reference


def test_one_without_anybody_lies_in_the_queue_of_its_house() -> None:
    made = make_request(RequestState.IN_VISITATION)
    leavers.end_membership(made.sender.public_id, actor=runs(made.sender), now=utc_now())
    ask(made)
    found = db.session.execute(
        sa.select(Deadline.owner_id, Deadline.queue_role).where(
            Deadline.kind == DeadlineKind.REFERRAL_INFO, Deadline.state == DeadlineState.OPEN
        )
    ).one()
    assert tuple(found) == (None, Role.INTAKE)


def test_a_sender_whose_role_sleeps_is_passed_over_and_her_deputy_is_told_of_news() -> None:
    made = make_request(RequestState.IN_VISITATION)
    deputy = make_member(made.sender.role, made.sender.organisation)
    away(made.sender, deputy)
    ask(made)
    assert M.REFERRAL_INFO_WANTED in told(deputy) & told(made.sender)
    made.sender.suspended_at, made.sender.suspended_for = utc_now(), "dormant"
    db.session.flush()
    assert sender_today(made.referral) == deputy.user_id


def test_an_intake_that_has_referred_for_another_hands_it_to_a_colleague() -> None:
    sender = make_member()
    case = make_ready_case(sender)
    made = make_request(RequestState.SUBMITTED, offer=make_offer(TrackKind.CTI), sender=sender, case=case)
    intake, colleague = (make_member(Role.INTAKE, sender.organisation) for _number in range(2))
    made.referral.referrer_id = intake.user_id
    db.session.flush()
    (row,) = queries.get_plan(runs(sender), intake).rows
    assert row.about == case.id
    hand_over(intake, colleague)
    db.session.refresh(made.referral, ["referrer_id"])
    assert made.referral.referrer_id == colleague.user_id
