"""A draft: whose it is, what may be chosen, what stands between it and sending it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date
from portal.core.enums import OrganisationKind, Role
from portal.core.errors import Conflict, Forbidden, Invalid, NotNow
from portal.core.kinds import NeedArea, ReferralSource, TrackKind
from portal.core.states import CaseState, EnrolmentState, RequestState
from portal.db import db
from portal.domain.cases import Unfinished
from portal.models.cases import Consent
from portal.models.enrolments import Enrolment
from portal.models.referrals import Referral
from portal.services import closing, consents, referrals
from tests.factories.people import actor_of, make_case, make_member, make_organisation
from tests.factories.referrals import answers_for, make_draft, make_offer, make_request

pytestmark = pytest.mark.usefixtures("session")
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
TODAY = local_date(NOW)


def test_a_draft_is_about_an_open_case_and_knows_where_it_comes_from() -> None:
    contact, adviser = make_member(), make_member(Role.MUNICIPAL_ADVISER)
    sources = []
    for member in (contact, adviser):
        case = make_case(member, now=NOW)
        sources.append(referrals.start(case, actor=actor_of(member), now=NOW).source)
        closing.close_case(case, Unfinished(), actor=actor_of(member), now=NOW)
        with pytest.raises(NotNow):
            referrals.start(case, actor=actor_of(member), now=NOW)
    assert sources == [ReferralSource.SHELTER, ReferralSource.MUNICIPALITY]


def test_a_draft_is_written_by_the_one_who_began_it_until_it_is_sent() -> None:
    made = make_request(RequestState.DRAFT, now=NOW)
    colleague = make_member(organisation=made.sender.organisation)
    with pytest.raises(Forbidden):
        referrals.save(made.referral, own_words="Hej", actor=actor_of(colleague), now=NOW)
    referrals.send(made.referral, actor=actor_of(made.sender), now=NOW)
    with pytest.raises(NotNow):
        referrals.save(made.referral, own_words="Hej", actor=actor_of(made.sender), now=NOW)
    with pytest.raises(NotNow):
        referrals.fill_in(made.request, {}, actor=actor_of(made.sender), now=NOW)


def test_what_is_not_named_is_kept_and_an_empty_text_empties() -> None:
    member = make_member()
    referral, actor = make_draft(member, now=NOW), actor_of(member)
    referrals.save(referral, needs=[NeedArea.HOUSING], own_words="Ro", step=3, actor=actor, now=NOW)
    referrals.save(referral, step=2, actor=actor, now=NOW)
    assert (referral.needs, referral.own_words, referral.step) == ([NeedArea.HOUSING.value], "Ro", 3)
    referrals.save(referral, own_words="", actor=actor, now=NOW)
    assert referral.own_words is None
    with pytest.raises(Conflict):
        referrals.save(referral, own_words="Nyt", version=referral.version + 1, actor=actor, now=NOW)


def test_a_choice_that_is_kept_keeps_its_form_and_one_that_is_dropped_goes() -> None:
    member = make_member()
    first, second, third = make_offer(), make_offer(), make_offer()
    referral, actor = make_draft(member, first, second, now=NOW), actor_of(member)
    written = {request.offer_id: request.answers for request in referrals.requests_of(referral)}
    chosen = referrals.choose(referral, [second, third], actor=actor, now=NOW)
    assert {request.offer_id: request.answers for request in chosen} == {second.id: written[second.id], third.id: {}}


def test_a_closed_offer_or_one_that_she_cannot_have_is_not_chosen() -> None:
    member = make_member()
    referral, actor = make_draft(member, now=NOW), actor_of(member)
    closed = make_offer()
    closed.is_accepting = False
    municipal = make_organisation(OrganisationKind.MUNICIPALITY)
    for offer in (closed, make_offer(TrackKind.COORDINATING_COUNSELLING, municipal)):
        with pytest.raises(Invalid) as refusal:
            referrals.choose(referral, [offer], actor=actor, now=NOW)
        assert refusal.value.field == "offers"
    assert referrals.requests_of(referral) == []


def test_unknown_and_empty_answers_are_left_out_of_the_form() -> None:
    made = make_request(RequestState.DRAFT, offer=make_offer(TrackKind.HOUSING), now=NOW)
    answers = answers_for(made.offer)
    first = next(iter(answers))
    referrals.fill_in(made.request, answers | {"weather": "sol", first: ""}, actor=actor_of(made.sender), now=NOW)
    assert set(made.request.answers) == set(answers) - {first}


def lacks(referral: Referral, *, today: Any = TODAY) -> int:
    return len(referrals.missing(referral, referrals.requests_of(referral), today=today))


def test_everything_that_is_missing_is_said_before_it_is_sent() -> None:
    member = make_member()
    bare = referrals.start(make_case(member, now=NOW), actor=actor_of(member), now=NOW)
    assert lacks(bare) == 3, "safe contact, safety, programme"
    with pytest.raises(Invalid):
        referrals.send(bare, actor=actor_of(member), now=NOW)
    assert bare.sent_at is None


def test_an_unfilled_form_stands_in_the_way() -> None:
    made = make_request(RequestState.DRAFT, offer=make_offer(TrackKind.HOUSING), now=NOW)
    assert lacks(made.referral) == 0
    referrals.fill_in(made.request, {}, actor=actor_of(made.sender), now=NOW)
    assert lacks(made.referral) == 1


def test_an_old_assessment_is_renewed_or_explained() -> None:
    made = make_request(RequestState.DRAFT, now=NOW)
    later = NOW + timedelta(days=31)
    assert lacks(made.referral, today=local_date(later)) == 1
    referrals.save(made.referral, stale_safety_reason="Uændret", actor=actor_of(made.sender), now=later)
    assert lacks(made.referral, today=local_date(later)) == 0


def test_without_her_consent_to_the_receiver_nothing_is_sent() -> None:
    made = make_request(RequestState.DRAFT, now=NOW)
    given = db.session.scalars(sa.select(Consent).where(Consent.case_id == made.case.id)).one()
    consents.withdraw_consent(made.case, given, actor=actor_of(made.sender), now=NOW)
    with pytest.raises(Invalid) as refusal:
        referrals.send(made.referral, actor=actor_of(made.sender), now=NOW)
    assert refusal.value.field == f"consent_{made.request.public_id}"


def test_she_is_not_referred_twice_to_the_same_programme() -> None:
    made = make_request(RequestState.DRAFT, now=NOW)
    again = make_draft(made.sender, made.offer, case=made.case, now=NOW)
    referrals.send(made.referral, actor=actor_of(made.sender), now=NOW)
    with pytest.raises(Conflict):
        referrals.send(again, actor=actor_of(made.sender), now=NOW)


def test_she_is_referred_again_where_her_course_has_ended_and_not_while_it_goes_on() -> None:
    member, offer = make_member(), make_offer(TrackKind.TRANSITION_SUPPORT)
    begun = make_draft(member, offer, now=NOW)
    too_early = make_draft(member, offer, case=begun.case, now=NOW)
    made = make_request(RequestState.ACCEPTED, sender=member, case=begun.case, offer=offer, now=NOW)
    course = db.session.scalars(sa.select(Enrolment).where(Enrolment.request_id == made.request.id)).one()
    later, actor = NOW + timedelta(minutes=11), actor_of(made.sender)
    again = make_draft(made.sender, case=made.case, now=later)
    with pytest.raises(Invalid):
        referrals.choose(again, [made.offer], actor=actor, now=later)
    with pytest.raises(Conflict):
        referrals.send(too_early, actor=actor, now=later)
    course.state = EnrolmentState.COMPLETED
    db.session.flush()
    [track] = referrals.choose(again, [made.offer], actor=actor, now=later)
    assert track.state is RequestState.DRAFT
    referrals.send(begun, actor=actor, now=later)
    assert {one.state for one in referrals.requests_of(begun)} == {RequestState.SUBMITTED}


def test_nothing_is_sent_to_a_programme_that_has_closed_or_from_a_closed_case() -> None:
    member, offer = make_member(), make_offer()
    referral, actor = make_draft(member, offer, now=NOW), actor_of(member)
    offer.is_accepting = False
    with pytest.raises(Invalid):
        referrals.send(referral, actor=actor, now=NOW)
    offer.is_accepting = True
    referral.case.state, referral.case.closed_at = CaseState.CLOSED, NOW
    with pytest.raises(NotNow):
        referrals.send(referral, actor=actor, now=NOW)
