"""The machine of a referral in the house: every action in every state by everybody who stands around it.

The door that a page goes through, and then the act: who may not, is refused in every state; who may, at a wrong moment
is told so, and at the right one it leads where the table says. The table is `tests/domain/test_referral_machine.py`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.clock import local_date, utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.errors import Forbidden, NotFound, NotNow
from portal.core.kinds import (
    ConsentForm,
    ConsentPurpose,
    DeclineReason,
    HerAnswer,
    MarkReason,
    WithdrawReason,
)
from portal.core.states import RequestState as S
from portal.core.waiting import WaitReason
from portal.db import db
from portal.domain.programmes import read
from portal.domain.referrals import Action as A
from portal.models.audit import AuditEntry
from portal.models.organisations import Organisation
from portal.models.programmes import Offer
from portal.models.referrals import TrackRequest
from portal.queries import referrals as sent
from portal.queries import requests as received
from portal.services import consents, referrals, request_endings, request_undo, requests, waiting
from tests.domain.test_referral_machine import EXPECTED
from tests.factories.people import actor_of, make_member, make_organisation
from tests.factories.referrals import Made, make_offer, make_request

pytestmark = pytest.mark.usefixtures("session")

# Who stands around a request, and all that each of them may ever do with it. Everything else is refused.
ANSWERS = (
    "take check_criteria ask_info offer her_answer return accept waitlist skip still_wanted reassess decline redirect"
)
UNDO = "undo_accept undo_decline"
MAY = {
    "who wrote it": "send give_info withdraw",
    "a colleague of hers who is not on the case": "",
    "intake where it was written": "",
    "a contact person elsewhere": "",
    "intake where it was sent": f"{ANSWERS} withdraw {UNDO}",
    "another one of that intake": f"{ANSWERS} withdraw {UNDO}",
    "intake elsewhere": "",
    "an adviser elsewhere": "",
    "the lead where it was sent": f"lapse reopen {UNDO}",
    "a lead elsewhere": "",
    "a volunteer where it was sent": "",
    "the data protection officer there": "",
}
ANSWERED = frozenset(A(word) for word in ANSWERS.split())
LED = frozenset({A.LAPSE, A.REOPEN})
# What has a day of its own before which it is too early.
LATER = {
    A.LAPSE: timedelta(days=15),
    A.RETURN: timedelta(days=10),
    A.UNDO_ACCEPT: timedelta(minutes=5),
    A.UNDO_DECLINE: timedelta(minutes=5),
}
UNDOES = {S.ACCEPTED: A.UNDO_ACCEPT, S.DECLINED: A.UNDO_DECLINE}


def people(made: Made) -> dict[str, Actor]:
    """One of each."""
    sender_house = made.sender.organisation
    receiver = db.session.get_one(Organisation, made.offer.organisation_id)
    ngo = make_organisation(OrganisationKind.NGO)
    members = {
        "who wrote it": made.sender,
        "a colleague of hers who is not on the case": make_member(Role.CONTACT_PERSON, sender_house),
        "intake where it was written": make_member(Role.INTAKE, sender_house),
        "a contact person elsewhere": make_member(),
        "intake where it was sent": made.intake,
        "another one of that intake": make_member(Role.INTAKE, receiver),
        "intake elsewhere": make_member(Role.INTAKE, ngo),
        "an adviser elsewhere": make_member(Role.MUNICIPAL_ADVISER),
        "the lead where it was sent": make_member(Role.PROGRAMME_LEAD, receiver),
        "a lead elsewhere": make_member(Role.PROGRAMME_LEAD, ngo),
        "a volunteer where it was sent": make_member(Role.VOLUNTEER, receiver),
        "the data protection officer there": make_member(Role.DATA_PROTECTION_OFFICER, receiver),
    }
    return {who: actor_of(member) for who, member in members.items()}


def loaded(offer: Offer) -> Offer:
    """An offer with what a page has of it."""
    known = [joinedload(Offer.programme), joinedload(Offer.organisation)]
    return db.session.scalars(sa.select(Offer).where(Offer.id == offer.id).options(*known)).one()


def acts(other: Offer, actor: Actor, now: datetime) -> Mapping[A, Callable[[Any], object]]:
    """How each action is done, with all that it asks for."""
    given: dict[str, Any] = {"actor": actor, "now": now}
    soon = local_date(now) + timedelta(days=7)
    return {
        A.SEND: lambda row: referrals.send(row.referral, **given),
        A.TAKE: lambda row: requests.take(row, **given),
        A.CHECK_CRITERIA: lambda row: requests.check_criteria(row, {}, **given),
        A.ASK_INFO: lambda row: requests.ask_info(row, "Hvornår flytter hun?", **given),
        A.GIVE_INFO: lambda row: referrals.give_info(row, "Til januar.", **given),
        A.LAPSE: lambda row: request_endings.lapse(row, **given),
        A.OFFER: lambda row: requests.offer_place(row, **given),
        A.HER_ANSWER: lambda row: requests.set_her_answer(row, HerAnswer.YES, **given),
        A.RETURN: lambda row: requests.return_offer(row, **given),
        A.ACCEPT: lambda row: requests.accept(row, **given),
        A.WAITLIST: lambda row: waiting.waitlist(row, soon, WaitReason.NO_ROOM, meanwhile_text="Prøv Qnet.", **given),
        A.SKIP: lambda row: waiting.skip(row, MarkReason.HER_WISH, "Hun ville vente lidt endnu.", **given),
        A.STILL_WANTED: lambda row: waiting.still_wanted(row, soon, **given),
        A.REASSESS: lambda row: waiting.reassess(row, **given),
        A.DECLINE: lambda row: requests.decline(
            row, DeclineReason.CRITERIA, "Vi kan ikke nu.", alternative_text="Prøv et andet sted.", **given
        ),
        A.REDIRECT: lambda row: request_endings.redirect(row, loaded(other), **given),
        A.WITHDRAW: lambda row: request_endings.withdraw(row, WithdrawReason.HER_WISH, **given),
        A.REOPEN: lambda row: request_endings.reopen(row, **given),
        A.UNDO_ACCEPT: lambda row: request_undo.undo(row, **given),
        A.UNDO_DECLINE: lambda row: request_undo.undo(row, **given),
    }


def through_the_door(action: A, made: Made, actor: Actor) -> Any:
    """The request as the page of that action gets it. Raises NotFound, Forbidden."""
    if action is A.SEND:
        draft = sent.get(actor, made.referral.public_id)
        return next(row for row in sent.list_requests(draft) if row.id == made.request.id)
    if action in LED or (action in UNDOES.values() and actor.role is Role.PROGRAMME_LEAD):
        return received.get_for_lead(actor, made.request.public_id)
    if action in ANSWERED or action in UNDOES.values():
        return received.get(actor, made.request.public_id)
    # Taken back from either side.
    side = sent if action is A.GIVE_INFO or actor.organisation_id == made.referral.organisation_id else received
    get = sent.get_request if side is sent else received.get
    return get(actor, made.request.public_id)


def tried(action: A, made: Made, other: Offer, actor: Actor, now: datetime) -> S | str:
    """What comes of it, undone afterwards: the state that it led to, or how it was refused."""
    undo = db.session.begin_nested()
    try:
        before = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0
        row = through_the_door(action, made, actor)
        acts(other, actor, now)[action](row)
        db.session.flush()
        written = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0
        assert written > before, f"{action} leaves no trace"
        state: S = db.session.get_one(TrackRequest, row.id).state
        return state
    except (NotFound, Forbidden):
        return "refused"
    except NotNow:
        return "not now"
    finally:
        undo.rollback()
        db.session.expire_all()


def expected(action: A, state: S, who: str) -> S | str:
    """What the table says comes of it."""
    if action.value not in MAY[who].split():
        return "refused"
    if state is S.DRAFT and action is not A.SEND:
        return "refused"  # nobody but its writer knows of a draft, and she sends it
    if action in UNDOES.values() and state in UNDOES:
        # One verb, whatever was answered; and only by whoever answered, or the lead.
        return "refused" if who == "another one of that intake" else EXPECTED[UNDOES[state], state] or "not now"
    return EXPECTED[action, state] or "not now"


@pytest.mark.parametrize("state", list(S))
def test_every_action_by_everybody(state: S) -> None:
    now = utc_now()
    made = make_request(state, now=now)
    other = make_offer()
    rules = read(made.offer.programme.rules)
    consents.give_consent(
        made.case,
        purpose=ConsentPurpose.REFERRAL,
        form=ConsentForm.ORAL,
        given_on=local_date(now),
        recipient_organisation_id=other.organisation_id,
        actor=actor_of(made.sender),
        now=now,
    )
    # Whatever an action asks for besides the state is there.
    made.request.criteria = {one.key: "met" for one in rules.criteria}
    made.request.steps = {one.key: local_date(now).isoformat() for one in rules.steps}
    made.request.her_answer = HerAnswer.YES
    db.session.flush()
    around = people(made)
    assert set(around) == set(MAY)
    found = {
        (action, who): tried(action, made, other, actor, now + LATER.get(action, timedelta(hours=3)))
        for who, actor in around.items()
        for action in A
    }
    wanted = {(action, who): expected(action, state, who) for action, who in found}
    assert {key: (found[key], wanted[key]) for key in found if found[key] != wanted[key]} == {}
    assert db.session.get_one(TrackRequest, made.request.id).state is state, "all of it was only tried"
