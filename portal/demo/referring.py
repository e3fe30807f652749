"""Referrals of the story: written once, answered by each programme in its own time."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.kinds import (
    ConsentForm,
    ConsentPurpose,
    CriterionAnswer,
    DeclineReason,
    HerAnswer,
    MarkReason,
    MeetingKind,
    NeedArea,
    PlaceKind,
)
from portal.core.waiting import WaitReason
from portal.db import db
from portal.demo import women
from portal.demo.house import OFFERS
from portal.demo.stage import Stage
from portal.demo.women import Woman
from portal.domain.consent import expires_on
from portal.domain.programmes import QuestionType, read
from portal.models.cases import Case, Consent
from portal.models.meetings import Meeting
from portal.models.programmes import Offer
from portal.models.referrals import TrackRequest
from portal.queries import programmes as programme_queries
from portal.queries import requests as request_queries
from portal.services import case_marks, consents, meetings, referrals, requests, waiting

MEANWHILE = "Rådgivningen på krisecentret går videre, mens hun venter."
# Where others wait: nobody is passed without a word.
FIRST = "Hun flytter om få dage, de andre først i næste måned."
RECEIVERS: Mapping[str, str] = {
    "group": "lone",
    "homes": "anne",
    "transition": "lone",
    "cti": "lone",
    "counselling-aarhus": "henrik",
    "counselling-odense": "claus",
    "hours": "lone",
    "qnet": "karen",
    "furnishing": "karen",
    "ambulatory": "marianne",
}
NEEDS: tuple[tuple[NeedArea, ...], ...] = (
    (NeedArea.HOUSING, NeedArea.FINANCES, NeedArea.NETWORK),
    (NeedArea.NETWORK, NeedArea.HEALTH),
    (NeedArea.SAFETY, NeedArea.HOUSING, NeedArea.SCHOOL),
    (NeedArea.FINANCES, NeedArea.WORK, NeedArea.PRACTICAL),
    (NeedArea.TREATMENT, NeedArea.DAYCARE, NeedArea.NETWORK),
)
WORDS = (
    "Jeg vil gerne have ro og et hjem, hvor børnene kan være trygge.",
    "Jeg har brug for nogen, der ved, hvordan man gør med papirerne.",
    "Jeg vil gerne i gang med at arbejde igen.",
    "Jeg kender ingen i byen og vil gerne have nogen at tale med.",
    "Jeg vil gerne sove om natten uden at være bange.",
)
ANSWERS = (
    "Hun ønsker ro i hverdagen og støtte til det praktiske.",
    "Hun har en søster i en anden by og få kontakter her.",
    "Hun vil gerne møde andre i samme situation.",
    "Hun har brug for hjælp til økonomi og kontakt med kommunen.",
)


def refer(
    stage: Stage, woman: Woman, keys: Sequence[str], *, sent: int, sender: str | None = None, until_step: int = 5
) -> None:
    """Let somebody refer her to several programmes at once; a draft when it stops before the fifth step."""
    stage.on(sent, lambda now: _write(stage, woman, keys, sender or woman.contact, until_step, now), hour=9)


def _write(stage: Stage, woman: Woman, keys: Sequence[str], sender: str, until_step: int, now: datetime) -> None:
    women.assess(stage, woman, sender, now)
    case, actor = women.get(stage, woman, sender)
    referral = referrals.start(case, actor=actor, now=now)
    if until_step > 1:
        referrals.save(
            referral,
            step=until_step,
            needs=stage.random.choice(NEEDS),
            own_words=stage.random.choice(WORDS),
            may_see_progress=stage.random.random() < 0.8,
            actor=actor,
            now=now,
        )
    if until_step > 2:
        offers = _offers(stage, keys)
        for request in referrals.choose(referral, offers, actor=actor, now=now):
            referrals.fill_in(request, _answers(stage, woman, request.offer, now), actor=actor, now=now)
    if until_step < 5:
        return
    for organisation_id in sorted({stage.offers[key].organisation_id for key in keys}):
        _agree(stage, case, organisation_id, actor=actor, now=now)
    referrals.send(referral, actor=actor, now=now)
    by_offer = {stage.offers[key].id: key for key in keys}
    for request in referrals.requests_of(referral):
        woman.requests[by_offer[request.offer_id]] = request.public_id


def _agree(stage: Stage, case: Case, organisation_id: int, *, actor: Actor, now: datetime) -> None:
    """She consents; one that would have run out by now has been renewed with her."""
    given_on = stage.day(stage.ago_of(now))
    terms: Any = {
        "purpose": ConsentPurpose.REFERRAL,
        "form": stage.random.choice((ConsentForm.WRITTEN, ConsentForm.WRITTEN, ConsentForm.ORAL)),
        "recipient_organisation_id": organisation_id,
        "actor": actor,
    }
    consents.give_consent(case, given_on=given_on, now=now, **terms)
    if expires_on(given_on) <= stage.today:
        _renew(stage, case, stage.random.randrange(10, 120), organisation_id, actor=actor)


def _renew(stage: Stage, case: Case, days_ago: int, organisation_id: int, *, actor: Actor) -> None:
    """She has said yes again since. The row is there at once, because the database's clock calls the first one old;
    the trail tells of it on its day."""
    given_on = stage.day(days_ago)
    renewed = Consent(
        case_id=case.id,
        purpose=ConsentPurpose.REFERRAL,
        recipient_organisation_id=organisation_id,
        form=ConsentForm.WRITTEN,
        given_on=given_on,
        expires_on=expires_on(given_on),
        recorded_by_id=actor.user_id,
    )
    db.session.add(renewed)
    purpose = [ConsentPurpose.REFERRAL.value]
    stage.on(days_ago, lambda now: case_marks.record(Audit.CONSENT_GIVEN, case, actor=actor, now=now, fields=purpose))


def _offers(stage: Stage, keys: Sequence[str]) -> list[Offer]:
    return programme_queries.list_by_public_id([stage.offers[key].public_id for key in keys])


def _answers(stage: Stage, woman: Woman, offer: Offer, now: datetime) -> dict[str, Any]:
    leaves = stage.day(stage.ago_of(now)) + timedelta(days=max(women.planned_days(stage, woman, now), 1))
    made: dict[str, Any] = {}
    for question in read(offer.programme.rules).questions:
        made[question.key] = {
            QuestionType.DATE: leaves.isoformat(),
            QuestionType.YES_NO: "yes",
            QuestionType.CHOICE: stage.random.choice(question.choices).key if question.choices else "",
        }.get(question.type, stage.random.choice(ANSWERS))
    return made


def _get(stage: Stage, woman: Woman, key: str) -> TrackRequest:
    return request_queries.get(stage.actors[RECEIVERS[key]], woman.requests[key])


def take(stage: Stage, woman: Woman, key: str, *, on: int, is_met: bool = True) -> None:
    """Let the receiver take it up and check the criteria; one may be unknown yet."""

    def act(now: datetime) -> None:
        actor, request = stage.actors[RECEIVERS[key]], _get(stage, woman, key)
        requests.take(request, actor=actor, now=now)
        criteria = read(request.offer.programme.rules).kept_criteria
        answers = {criterion.key: CriterionAnswer.MET.value for criterion in criteria}
        if not is_met and criteria:
            answers[criteria[0].key] = CriterionAnswer.UNKNOWN.value
        requests.check_criteria(request, answers, actor=actor, now=now)

    stage.on(on, act, hour=10)


def talk(stage: Stage, woman: Woman, key: str, step: str, *, planned: int, held: int, hour: int = 13) -> None:
    """Let the receiver plan a talk before the decision, and hold it when its day has come."""

    def plan(now: datetime) -> None:
        actor, request = stage.actors[RECEIVERS[key]], _get(stage, woman, key)
        starts = stage.moment(held, hour)
        meetings.plan(
            kind=MeetingKind.INTAKE_TALK,
            starts_at=starts,
            ends_at=starts + timedelta(minutes=60),
            place_kind=PlaceKind.OUR_ROOMS,
            responsible_id=actor.user_id or 0,
            organisation_id=request.organisation_id,
            request_id=request.id,
            step=step,
            actor=actor,
            now=now,
        )

    def hold(now: datetime) -> None:
        request = _get(stage, woman, key)
        found = sa.select(Meeting).where(Meeting.request_id == request.id, Meeting.step == step)
        meetings.hold(db.session.scalars(found).one(), actor=stage.actors[RECEIVERS[key]], now=now)

    stage.on(planned, plan, hour=11)
    if held > 0:
        stage.on(held, hold, hour=hour + 2)


def ask(stage: Stage, woman: Woman, key: str, wanted: str, *, on: int, answered: int | None = None) -> None:
    """Let the receiver ask for what is missing, and the sender answer."""

    def act(now: datetime) -> None:
        requests.ask_info(_get(stage, woman, key), wanted, actor=stage.actors[RECEIVERS[key]], now=now)

    def give(now: datetime) -> None:
        referrals.give_info(
            _get(stage, woman, key), "Det er afklaret med hende.", actor=stage.actors[woman.contact], now=now
        )

    stage.on(on, act, hour=11)
    if answered is not None:
        stage.on(answered, give, hour=12)


def offer(stage: Stage, woman: Woman, key: str, *, on: int, answer: HerAnswer | None = None) -> None:
    """Let the receiver offer her a place; she may be thinking about it."""

    def act(now: datetime) -> None:
        actor, request = stage.actors[RECEIVERS[key]], _get(stage, woman, key)
        requests.offer_place(request, actor=actor, now=now, reason=MarkReason.MOVES_SOON, text=FIRST)
        if answer is not None:
            requests.set_her_answer(request, answer, actor=actor, now=now)

    stage.on(on, act, hour=12)


def accept(stage: Stage, woman: Woman, key: str, *, on: int, worker: str | None = None) -> None:
    """Let her say yes and be taken in."""

    def act(now: datetime) -> None:
        actor, request = stage.actors[RECEIVERS[key]], _get(stage, woman, key)
        requests.set_her_answer(request, HerAnswer.YES, actor=actor, now=now)
        worker_id = stage.actors[worker].user_id if worker else None
        woman.courses[key] = requests.accept(request, worker_id=worker_id, actor=actor, now=now).public_id

    stage.on(on, act, hour=13)


def wait(stage: Stage, woman: Woman, key: str, *, on: int) -> None:
    """Let the receiver put her on the waiting list."""

    def act(now: datetime) -> None:
        again = stage.day(stage.ago_of(now) - 28)
        waiting.waitlist(
            _get(stage, woman, key),
            again,
            WaitReason.NO_ROOM,
            meanwhile_text=MEANWHILE,
            actor=stage.actors[RECEIVERS[key]],
            now=now,
        )

    stage.on(on, act, hour=14)


def decline(
    stage: Stage, woman: Woman, key: str, reason: DeclineReason, text: str, *, on: int, instead: str | None = None
) -> None:
    """Let the receiver say no, with a reason and what could be done instead."""

    def act(now: datetime) -> None:
        requests.decline(
            _get(stage, woman, key),
            reason,
            text,
            alternative_offer=_offers(stage, [instead])[0] if instead else None,
            alternative_text=None if instead else "Kommunens koordinerende rådgivning kan begynde nu.",
            actor=stage.actors[RECEIVERS[key]],
            now=now,
        )

    stage.on(on, act, hour=14)


def admit(stage: Stage, woman: Woman, key: str, *, sent: int, worker: str | None = None) -> int:
    """The plain way from a sent referral to a place, within its five weekdays. Returns the day she was taken in."""
    take(stage, woman, key, on=sent - 1)
    if key == "homes":
        talk(stage, woman, key, "motivation", planned=sent - 1, held=sent - 3)
        talk(stage, woman, key, "safety", planned=sent - 1, held=sent - 4)
        offer(stage, woman, key, on=sent - 5)
        accept(stage, woman, key, on=sent - 6, worker=worker)
        return sent - 6
    offer(stage, woman, key, on=sent - 2)
    accept(stage, woman, key, on=sent - 3, worker=worker)
    return sent - 3


assert set(RECEIVERS) <= set(OFFERS)
