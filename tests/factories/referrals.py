"""Offers, and referrals with their requests, brought to a state by the services."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from portal.core.actor import SYSTEM
from portal.core.clock import local_date, utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.ids import new_public_id
from portal.core.kinds import (
    ConsentForm,
    ConsentPurpose,
    ContactChannel,
    DeclineReason,
    HerAnswer,
    SafetyLevel,
    TrackKind,
    WithdrawReason,
)
from portal.core.states import RequestState
from portal.core.waiting import WaitReason
from portal.db import db
from portal.domain.programmes import QuestionType, read
from portal.models.cases import Case
from portal.models.organisations import Organisation
from portal.models.programmes import Offer, Programme
from portal.models.referrals import Referral, TrackRequest
from portal.models.users import Membership
from portal.services import (
    clients,
    consents,
    reference,
    referrals,
    request_endings,
    requests,
    risk,
    stays,
    waiting,
)
from tests.factories.people import actor_of, make_case, make_member, make_organisation

_numbers = count(1)


def make_programme(kind: TrackKind = TrackKind.VOLUNTEER_NETWORK, **rules: Any) -> Programme:
    """A programme of a kind: that of the reference file, with `rules` put over its own."""
    row = next(row for row in reference.list_programmes() if row["kind"] == kind)
    values = {name: value for name, value in row.items() if name not in reference.OWN_COLUMNS} | rules
    programme = Programme(
        public_id=new_public_id(),
        key=f"{row['key']}-{next(_numbers)}",
        name_da=row["name_da"],
        name_en=row["name_en"],
        provider=row["provider"],
        kind=kind,
        summary_da=row["summary_da"],
        summary_en=row["summary_en"],
        rules=values,
    )
    db.session.add(programme)
    db.session.flush()
    return programme


def make_offer(
    kind: TrackKind = TrackKind.VOLUNTEER_NETWORK,
    organisation: Organisation | None = None,
    *,
    capacity: int | None = None,
    programme: Programme | None = None,
    **rules: Any,
) -> Offer:
    """A programme at an association of its own, with programme and organisation loaded."""
    organisation = organisation or make_organisation(OrganisationKind.NGO)
    programme = programme or make_programme(kind, **rules)
    offer = Offer(
        public_id=new_public_id(), programme=programme, organisation=organisation, capacity=capacity, is_accepting=True
    )
    db.session.add(offer)
    db.session.flush()
    return offer


def make_ready_case(member: Membership, *, now: datetime | None = None, **values: Any) -> Case:
    """A case that may be referred: safe contact, fresh assessment, a stay, and a planned move."""
    now = now or utc_now()
    actor, today = actor_of(member), local_date(now)
    case = make_case(member, now=now, **values)
    clients.set_safe_contact(case, channel=ContactChannel.SMS, actor=actor, now=now)
    risk.assess_safety(case, level=SafetyLevel.ORDINARY, assessed_on=today, actor=actor, now=now)
    stays.record_stay(
        case, admitted_on=today - timedelta(days=60), planned_move_on=today + timedelta(days=35), actor=actor, now=now
    )
    return case


def answers_for(offer: Offer) -> dict[str, Any]:
    """An answer to every question of an offer's nomination form."""
    made: dict[str, Any] = {}
    for question in read(offer.programme.rules).questions:
        made[question.key] = {
            QuestionType.DATE: "2027-01-15",
            QuestionType.YES_NO: "yes",
            QuestionType.CHOICE: question.choices[0].key if question.choices else "",
        }.get(question.type, "Ro til børnene")
    return made


def make_draft(member: Membership, *offers: Offer, case: Case | None = None, now: datetime | None = None) -> Referral:
    """A filled-in draft of a referral to the offers, ready to be sent."""
    now = now or utc_now()
    actor = actor_of(member)
    case = case or make_ready_case(member, now=now)
    referral = referrals.start(case, actor=actor, now=now)
    for request in referrals.choose(referral, list(offers), actor=actor, now=now):
        referrals.fill_in(request, answers_for(request.offer), actor=actor, now=now)
    for offer in offers:
        consents.give_consent(
            case,
            purpose=ConsentPurpose.REFERRAL,
            form=ConsentForm.WRITTEN,
            given_on=local_date(now),
            recipient_organisation_id=offer.organisation_id,
            actor=actor,
            now=now,
        )
    return referral


@dataclass
class Made:
    """A request with the people around it."""

    request: TrackRequest
    referral: Referral
    case: Case
    offer: Offer
    sender: Membership
    intake: Membership


def make_request(
    state: RequestState = RequestState.SUBMITTED,
    *,
    offer: Offer | None = None,
    sender: Membership | None = None,
    intake: Membership | None = None,
    case: Case | None = None,
    now: datetime | None = None,
) -> Made:
    """A request in a state, brought there by the services."""
    now = now or utc_now()
    offer = offer or make_offer()
    sender = sender or make_member(now=now)
    intake = intake or make_member(Role.INTAKE, offer.organisation, now=now)
    case = case or make_ready_case(sender, now=now)
    referral = make_draft(sender, offer, case=case, now=now)
    if state is not RequestState.DRAFT:
        referrals.send(referral, actor=actor_of(sender), now=now)
    request = referrals.requests_of(referral)[0]
    made = Made(request, referral, case, offer, sender, intake)
    walk_to(made, state, now=now)
    return made


def walk_to(made: Made, state: RequestState, *, now: datetime) -> None:
    """Take a submitted request the shortest way to a state."""
    request, intake, sender = made.request, actor_of(made.intake), actor_of(made.sender)
    given = {"actor": intake, "now": now}
    if state in (RequestState.DRAFT, RequestState.SUBMITTED):
        return
    if state is RequestState.WITHDRAWN:
        request_endings.withdraw(request, WithdrawReason.HER_WISH, actor=sender, now=now)
        return
    if state in (RequestState.NEEDS_INFO, RequestState.LAPSED):
        requests.ask_info(request, "Hvornår flytter hun?", **given)
        if state is RequestState.LAPSED:
            request_endings.lapse(request, actor=SYSTEM, now=now + timedelta(days=15))
        return
    requests.take(request, **given)
    if state is RequestState.WAITLISTED:
        waiting.waitlist(
            request, local_date(now) + timedelta(days=14), WaitReason.NO_ROOM, meanwhile_text="Prøv Qnet.", **given
        )
    elif state is RequestState.DECLINED:
        requests.decline(request, DeclineReason.CRITERIA, "Vi kan ikke nu.", alternative_text="Prøv Qnet.", **given)
    elif state is RequestState.REDIRECTED:
        other = make_offer()
        consents.give_consent(
            made.case,
            purpose=ConsentPurpose.REFERRAL,
            form=ConsentForm.ORAL,
            given_on=local_date(now),
            recipient_organisation_id=other.organisation_id,
            actor=sender,
            now=now,
        )
        request_endings.redirect(request, other, **given)
    elif state in (RequestState.OFFERED, RequestState.ACCEPTED):
        offer_place(made, now=now)
        if state is RequestState.ACCEPTED:
            requests.set_her_answer(request, HerAnswer.YES, **given)
            requests.accept(request, **given)


def offer_place(made: Made, *, now: datetime) -> None:
    """Check the criteria, hold the talks, and offer the place of a request that has been taken."""
    rules = read(made.offer.programme.rules)
    given = {"actor": actor_of(made.intake), "now": now}
    if rules.criteria and made.request.state is RequestState.IN_VISITATION:
        requests.check_criteria(made.request, {criterion.key: "met" for criterion in rules.criteria}, **given)
    made.request.steps = {step.key: local_date(now).isoformat() for step in rules.steps}
    requests.offer_place(made.request, **given)
