"""Handing over: everything moves in one go, to somebody who may have it, and nothing is lost."""

from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.messages import MessageKind
from portal.core.states import DeadlineState, FollowUpState, MeetingState, RequestState, RoundState
from portal.db import db
from portal.domain.hand_overs import NOBODY
from portal.models.access import CaseBlock
from portal.models.cases import TeamMember
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.followups import FollowUp
from portal.models.groups import RoundLeader
from portal.models.meetings import Meeting
from portal.models.messages import Message
from portal.models.referrals import TrackRequest
from portal.queries import hand_over_receipts
from portal.queries import hand_overs as queries
from portal.services import accounts, cases, hand_overs
from tests.factories.groups import make_group
from tests.factories.leavers import make_leaver, team_of
from tests.factories.people import actor_of, make_case, make_member, make_organisation
from tests.factories.referrals import make_request

pytestmark = pytest.mark.usefixtures("session")


def still_hers(user_id: int) -> dict[str, int]:
    counted: dict[str, Any] = {
        "team": sa.select(TeamMember.id).where(TeamMember.user_id == user_id, TeamMember.ended_at.is_(None)),
        "deadlines": sa.select(Deadline.id).where(Deadline.owner_id == user_id, Deadline.state == DeadlineState.OPEN),
        "meetings": sa.select(Meeting.id).where(
            Meeting.responsible_id == user_id, Meeting.state == MeetingState.PLANNED
        ),
        "courses": sa.select(Enrolment.id).where(Enrolment.worker_id == user_id),
        "follow_ups": sa.select(FollowUp.id).where(
            FollowUp.owner_id == user_id, FollowUp.state.in_((FollowUpState.PLANNED, FollowUpState.DUE))
        ),
    }
    return {name: len(db.session.scalars(statement).all()) for name, statement in counted.items()}


def test_everything_goes_to_one_colleague_and_she_is_the_one_to_ask() -> None:
    made, now = make_leaver(), utc_now()
    before = still_hers(made.worker.user_id)
    assert all(before.values())
    hand_overs.hand_over(
        made.worker.public_id,
        {},
        everyone=made.ane.user.public_id,
        is_end=True,
        actor=actor_of(made.administrator),
        now=now,
    )
    assert not any(still_hers(made.worker.user_id).values())
    assert still_hers(made.ane.user_id) == before
    assert [team_of(case.id) for case in made.cases] == [[(made.ane.user_id, True)]] * 3
    assert made.worker.ended_at == now
    told = sa.select(Message.kind).where(Message.recipient_id == made.ane.user_id)
    assert MessageKind.CASE_HANDED_OVER in db.session.scalars(told).all()


def test_each_row_may_go_to_somebody_else_and_the_loads_are_told_beforehand() -> None:
    made = make_leaver()
    actor = actor_of(made.lead)
    plan = queries.get_plan(actor, made.worker)
    assert [row.reference for row in plan.rows] == [case.lead_reference for case in made.cases]
    chosen = {row.key: made.ane.user.public_id for row in plan.rows}
    chosen[plan.rows[1].key] = made.bea.user.public_id
    hand_overs.hand_over(made.worker.public_id, chosen, actor=actor, now=utc_now())
    assert [team_of(case.id)[0][0] for case in made.cases] == [made.ane.user_id, made.bea.user_id, made.ane.user_id]
    assert made.worker.ended_at is None


def test_somebody_on_the_case_already_becomes_the_one_to_ask() -> None:
    made = make_leaver(1)
    cases.join_team(made.cases[0].id, made.bea.user_id, actor=actor_of(made.worker), now=utc_now())
    hand_overs.hand_over(
        made.worker.public_id, {}, everyone=made.bea.user.public_id, actor=actor_of(made.worker), now=utc_now()
    )
    assert team_of(made.cases[0].id) == [(made.bea.user_id, True)]


def test_nobody_gets_a_case_that_she_is_kept_out_of() -> None:
    made, now = make_leaver(2), utc_now()
    db.session.add(
        CaseBlock(case_id=made.cases[0].id, user_id=made.ane.user_id, created_at=now, created_by_id=made.worker.user_id)
    )
    db.session.flush()
    actor, ane = actor_of(made.administrator), made.ane.user.public_id
    keys = [case.public_id for case in made.cases]
    with pytest.raises(Invalid) as refusal:
        hand_overs.hand_over(made.worker.public_id, dict.fromkeys(keys, ane), actor=actor, now=now)
    assert refusal.value.field == keys[0]
    # With one choice for all the case that she may not have goes to another.
    hand_overs.hand_over(made.worker.public_id, {}, everyone=ane, actor=actor, now=now)
    assert [team_of(case.id)[0][0] for case in made.cases] == [made.bea.user_id, made.ane.user_id]


def test_what_came_after_the_page_was_opened_is_not_passed_over() -> None:
    made = make_leaver(1)
    seen = {made.cases[0].public_id: made.ane.user.public_id}
    late = make_case(made.worker)
    with pytest.raises(Invalid) as refusal:
        hand_overs.hand_over(made.worker.public_id, seen, actor=actor_of(made.administrator), now=utc_now())
    assert refusal.value.field == late.public_id


@pytest.mark.parametrize("wrong", ["", "nobody-like-that"])
def test_a_row_without_a_successor_is_refused_beside_it(wrong: str) -> None:
    made = make_leaver(1)
    key = made.cases[0].public_id
    with pytest.raises(Invalid) as refusal:
        hand_overs.hand_over(made.worker.public_id, {key: wrong}, actor=actor_of(made.lead), now=utc_now())
    assert refusal.value.field == key


def test_a_case_that_nobody_takes_raises_the_alarm() -> None:
    made = make_leaver(1)
    chosen = {made.cases[0].public_id: NOBODY}
    hand_overs.hand_over(made.worker.public_id, chosen, is_end=True, actor=actor_of(made.administrator), now=utc_now())
    told = sa.select(Message.kind).where(Message.recipient_id == made.lead.user_id)
    assert MessageKind.CASE_WITHOUT_TEAM in db.session.scalars(told).all()


def test_a_successor_works_here_and_in_such_a_role_and_is_never_the_one_who_gives() -> None:
    made = make_leaver(1)
    people = (make_member(Role.PROGRAMME_WORKER), made.administrator, made.worker)
    for stranger in [one.user.public_id for one in people]:
        with pytest.raises(Invalid):
            hand_overs.hand_over(
                made.worker.public_id,
                {},
                everyone=stranger,
                actor=actor_of(made.administrator),
                now=utc_now(),
            )


def test_only_the_leaver_and_those_who_run_the_same_house_hand_over() -> None:
    made = make_leaver(1)
    for stranger in (make_member(Role.ADMINISTRATOR), made.ane, make_member(Role.PROGRAMME_LEAD)):
        with pytest.raises(NotFound):
            hand_overs.hand_over(made.worker.public_id, {}, actor=actor_of(stranger), now=utc_now())


def test_a_lead_hands_over_and_does_not_end() -> None:
    made = make_leaver(1)
    with pytest.raises(Forbidden):
        hand_overs.hand_over(
            made.worker.public_id,
            {},
            everyone=made.ane.user.public_id,
            is_end=True,
            actor=actor_of(made.lead),
            now=utc_now(),
        )


def test_a_group_leader_hands_over_her_rounds_and_their_meetings() -> None:
    house = make_group(RoundState.CONFIRMED)
    third = make_member(Role.GROUP_LEADER, house.leader.organisation)
    administrator = make_member(Role.ADMINISTRATOR, house.leader.organisation)
    hand_overs.hand_over(
        house.leader.public_id,
        {},
        everyone=third.user.public_id,
        is_end=True,
        actor=actor_of(administrator),
        now=utc_now(),
    )
    led = sa.select(RoundLeader.user_id).where(RoundLeader.round_id == house.round.id)
    assert set(db.session.scalars(led)) == {house.other.user_id, third.user_id}
    assert not db.session.scalars(
        sa.select(Meeting.id).where(
            Meeting.responsible_id == house.leader.user_id, Meeting.state == MeetingState.PLANNED
        )
    ).all()


def test_a_referral_that_she_reads_goes_to_a_colleague_in_intake() -> None:
    made = make_request(RequestState.IN_VISITATION)
    colleague = make_member(Role.INTAKE, made.intake.organisation)
    administrator = make_member(Role.ADMINISTRATOR, made.intake.organisation)
    hand_overs.hand_over(
        made.intake.public_id, {}, everyone=colleague.user.public_id, actor=actor_of(administrator), now=utc_now()
    )
    assert db.session.scalar(sa.select(TrackRequest.holder_id)) == colleague.user_id
    owners = sa.select(Deadline.owner_id).where(Deadline.subject_public_id == made.request.public_id)
    assert set(db.session.scalars(owners.where(Deadline.state == DeadlineState.OPEN))) == {colleague.user_id}


def test_the_receipt_says_what_went_where_and_is_for_the_house_alone() -> None:
    made = make_leaver(2)
    receipt_id = hand_overs.hand_over(
        made.worker.public_id,
        {},
        everyone=made.ane.user.public_id,
        is_end=True,
        actor=actor_of(made.administrator),
        now=utc_now(),
    )
    receipt = hand_over_receipts.get(actor_of(made.lead), receipt_id)
    assert [(row.reference, row.to) for row in receipt.rows] == [(case.lead_reference, "Ane") for case in made.cases]
    assert receipt.is_end
    with pytest.raises(NotFound):
        hand_over_receipts.get(actor_of(made.bea), receipt_id)
    with pytest.raises(NotFound):
        hand_over_receipts.get(actor_of(make_member(Role.ADMINISTRATOR)), receipt_id)


def test_whoever_is_kept_out_of_a_case_neither_gives_it_away_nor_reads_where_it_went() -> None:
    made = make_leaver(2)
    hidden, shown = made.cases
    keep_out(hidden.id, made.administrator.user_id, by=made.worker.user_id)
    rows = queries.get_plan(actor_of(made.administrator), made.worker).rows
    assert {row.case_id for row in rows} - {None} == {shown.id}
    given = {"everyone": made.ane.user.public_id, "now": utc_now()}
    receipt_id = hand_overs.hand_over(made.worker.public_id, {}, actor=actor_of(made.lead), **given)
    told = [
        [row.reference for row in hand_over_receipts.get(actor_of(one), receipt_id).rows]
        for one in (made.lead, made.administrator)
    ]
    assert told == [[hidden.lead_reference, shown.lead_reference], [shown.lead_reference]]


def test_what_the_one_who_ends_a_role_may_not_know_of_is_told_to_the_others() -> None:
    made = make_leaver(1)
    keep_out(made.cases[0].id, made.administrator.user_id, by=made.worker.user_id)
    given = {"everyone": made.ane.user.public_id, "is_end": True, "now": utc_now()}
    hand_overs.hand_over(made.worker.public_id, {}, actor=actor_of(made.administrator), **given)
    assert not [user for user, _is_primary in team_of(made.cases[0].id) if user == made.worker.user_id]
    told = sa.select(Message.recipient_id).where(Message.kind == MessageKind.CASE_WITHOUT_TEAM)
    assert made.lead.user_id in db.session.scalars(told).all()


def test_somebody_kept_out_through_another_house_gets_no_case_either() -> None:
    made = make_leaver(1)
    elsewhere = make_organisation()
    accounts.add_membership(made.ane.user, elsewhere, Role.CONTACT_PERSON)
    by = made.worker.user_id
    db.session.add(
        CaseBlock(case_id=made.cases[0].id, organisation_id=elsewhere.id, created_at=utc_now(), created_by_id=by)
    )
    db.session.flush()
    plan = queries.get_plan(actor_of(made.lead), made.worker)
    assert (made.cases[0].id, made.ane.user_id) in plan.blocked


def keep_out(case_id: int, user_id: int, *, by: int) -> None:
    db.session.add(CaseBlock(case_id=case_id, user_id=user_id, created_at=utc_now(), created_by_id=by))
    db.session.flush()
