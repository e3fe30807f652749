"""Referrals to associations, their answers, the consents behind them, and the courses that came of them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.core.clock import add_weekdays
from portal.core.ids import new_public_id
from portal.core.kinds import (
    ConsentForm,
    ConsentPurpose,
    DeclineReason,
    EndReason,
    HerAnswer,
    ReferralSource,
    TrackKind,
    WithdrawReason,
)
from portal.core.measures import Phase
from portal.core.rights import ConsentScope
from portal.core.states import EnrolmentState, RequestState
from portal.demo.national.cases import ShortReferences
from portal.demo.national.days import Days
from portal.demo.national.house import House
from portal.demo.national.lots import Deck, answer_weekdays
from portal.demo.national.world import World, WrittenCase
from portal.demo.national.writer import Row, Writer
from portal.domain.deadlines import answer_due_on
from portal.models.cases import Consent
from portal.models.cti import CtiCourse
from portal.models.enrolments import Enrolment
from portal.models.referrals import Referral, RequestEvent, TrackRequest

# Women who begin in a year, of 3,100; and how many days a course lasts.
UPTAKE = {
    TrackKind.VOLUNTEER_NETWORK: (850, 365),
    TrackKind.FURNISHING: (380, 120),
    TrackKind.CTI: (300, 274),
    TrackKind.GROUP: (250, 150),
    TrackKind.INDIVIDUAL_COUNSELLING: (150, 150),
    TrackKind.TRANSITION_SUPPORT: (120, 180),
}
A_YEAR = 3100
ANSWERS = (
    *((RequestState.ACCEPTED, 72), (RequestState.DECLINED, 18), (RequestState.WITHDRAWN, 6), (RequestState.LAPSED, 4)),
)
ENDS = ((EnrolmentState.COMPLETED, 80), (EnrolmentState.ENDED_EARLY, 20))
WAITS, WAIT_DAYS = 0.3, 45
SCOPES = [ConsentScope.IDENTITY, ConsentScope.CONTACT, ConsentScope.NEEDS, ConsentScope.CHILDREN]
WORDS = "Opdigtet: jeg vil gerne møde andre og have hjælp til at komme i gang."
ANSWERED = {"situation": "opdigtet"}


@dataclass(slots=True)
class Asked:
    """One programme that is asked, with its answer when there is one."""

    case: WrittenCase
    kind: TrackKind
    house: House
    public_id: str
    sent: date
    answered: date | None
    state: RequestState
    referral: int = 0
    id: int = 0

    @property
    def is_taken(self) -> bool:
        """Whether a course came of it."""
        return self.state is RequestState.ACCEPTED


class Asking:
    """Draws who is referred to what, and what is answered."""

    def __init__(self, world: World) -> None:
        self._world, self._answers = world, Deck(world.random, ANSWERS)
        self._givers: dict[TrackKind, list[House]] = {}
        for house in world.country.associations:
            for kind in house.by_kind:
                self._givers.setdefault(kind, []).append(house)

    def of_case(self, case: WrittenCase) -> list[Asked]:
        """What is asked for her, shortly before or after she moves."""
        random, wanted = self._world.random, list[TrackKind]()
        for kind, (a_year, _days) in UPTAKE.items():
            if random.random() < a_year / A_YEAR / 0.72:
                wanted.append(kind)
        sent = case.episode.left + timedelta(days=random.randint(-21, 30))
        sent = max(sent, case.episode.opened)
        if not wanted or sent > self._world.today or sent > case.episode.closed:
            return []
        sent = add_weekdays(sent - timedelta(days=1), 1)
        return [] if sent > self._world.today else [self._asked(case, kind, sent) for kind in wanted]

    def _asked(self, case: WrittenCase, kind: TrackKind, sent: date) -> Asked:
        world = self._world
        answered = add_weekdays(sent, answer_weekdays(world.random))
        house = world.random.choice(self._givers[kind])
        asked = Asked(case, kind, house, new_public_id(), sent, answered, self._answers.deal())
        if answered > world.today:
            asked.answered, asked.state = None, RequestState.SUBMITTED
        elif asked.is_taken and (world.today - answered).days < WAIT_DAYS and world.random.random() < WAITS:
            asked.answered, asked.state = None, RequestState.WAITLISTED
        return asked


def write(world: World, days: Days) -> None:
    """Referrals, consents, requests with their history, and courses."""
    drawn, asking = [], Asking(world)
    for case in world.cases:
        if asked := asking.of_case(case):
            drawn.append(asked)
    _write_referrals(world, drawn)
    every = [one for asked in drawn for one in asked]
    _write_requests(world, every, days)
    _write_events(world, every)
    _write_courses(world, [one for one in every if one.is_taken])


def _write_referrals(world: World, drawn: list[list[Asked]]) -> None:
    referrals, consents, short = Writer(Referral, wants_ids=True), Writer(Consent), ShortReferences(world)
    for asked in drawn:
        case, sent = asked[0].case, asked[0].sent
        worker, at = case.worker(sent), world.moment(sent)
        referrals.add(
            {
                "reference": short.next(),
                "case_id": case.id,
                "referrer_id": worker.user_id,
                "organisation_id": case.house.id,
                "source": ReferralSource.SHELTER,
                "created_at": at - timedelta(hours=2),
                "edited_at": at,
                "sent_at": at,
                "needs": ["network", "practical"],
                "own_words": WORDS,
                "planned_move_on": case.episode.left if case.episode.left >= sent else None,
                "step": 5,
            },
            case.keys,
        )
        for house_id in {one.house.id for one in asked}:
            consents.add(_consent_row(world, case, house_id, sent))
    referrals.flush()
    consents.flush()
    for asked, referral_id in zip(drawn, referrals.ids, strict=True):
        for one in asked:
            one.referral = referral_id


def _consent_row(world: World, case: WrittenCase, organisation_id: int, given: date) -> Row:
    is_live = not case.is_closed
    return {
        "case_id": case.id,
        "purpose": ConsentPurpose.REFERRAL,
        "recipient_organisation_id": organisation_id,
        "scope": [one.value for one in SCOPES],
        "form": ConsentForm.ORAL,
        "given_on": given,
        # Renewed while the case is open.
        "expires_on": world.today + timedelta(days=world.random.randint(30, 330))
        if is_live
        else given + timedelta(days=365),
        "recorded_by_id": case.worker(given).user_id,
    }


def _write_requests(world: World, every: list[Asked], days: Days) -> None:
    writer = Writer(TrackRequest, wants_ids=True)
    for one in every:
        row = _request_row(world, one)
        due = row["answer_due_on"]
        done = (one.answered, _answerer(one)) if one.answered else None
        if one.state is not RequestState.WAITLISTED:
            days.of_request(one.public_id, since=one.sent, due=due, organisation_id=one.house.id, done=done)
        writer.add(row, one.case.keys)
    writer.flush()
    for one, request_id in zip(every, writer.ids, strict=True):
        one.id = request_id


def _answerer(one: Asked) -> int:
    assert one.house.intake is not None
    return one.house.intake.on(one.answered or one.sent).user_id


def _request_row(world: World, one: Asked) -> Row:
    sent_at = _sent_at(world, one)
    decided = world.moment(one.answered) if one.answered else None
    is_declined, is_withdrawn = one.state is RequestState.DECLINED, one.state is RequestState.WITHDRAWN
    return {
        "public_id": one.public_id,
        "referral_id": one.referral,
        "case_id": one.case.id,
        "offer_id": one.house.offers[one.kind].id,
        "organisation_id": one.house.id,
        "state": one.state,
        "answers": dict(ANSWERED),
        "sent_at": sent_at,
        "answer_due_on": answer_due_on(sent_at),
        "her_answer": HerAnswer.YES if one.is_taken else HerAnswer.NOT_ASKED,
        "waiting_since": sent_at + timedelta(days=2) if one.state is RequestState.WAITLISTED else None,
        "decided_at": decided,
        "decided_by_id": _answerer(one) if decided else None,
        "decline_reason": world.random.choice((DeclineReason.CAPACITY, DeclineReason.CRITERIA))
        if is_declined
        else None,
        "withdraw_reason": WithdrawReason.HER_WISH if is_withdrawn else None,
    }


def _sent_at(world: World, one: Asked) -> datetime:
    return world.moment(one.sent, 11)


def _write_events(world: World, every: list[Asked]) -> None:
    writer = Writer(RequestEvent)
    for one in every:
        sender = one.case.worker(one.sent).user_id
        steps: list[tuple[RequestState, RequestState, date, int]] = [
            (RequestState.DRAFT, RequestState.SUBMITTED, one.sent, sender)
        ]
        if one.state is not RequestState.SUBMITTED:
            day = one.answered or min(one.sent + timedelta(days=2), world.today)
            steps.append((RequestState.SUBMITTED, one.state, day, _answerer(one)))
        for before, after, day, who in steps:
            at = _sent_at(world, one) if after is RequestState.SUBMITTED else world.moment(day)
            writer.add({"request_id": one.id, "from_state": before, "to_state": after, "actor_id": who, "at": at})
    writer.flush()


def _write_courses(world: World, taken: list[Asked]) -> None:
    writer, ends = Writer(Enrolment, wants_ids=True), Deck(world.random, ENDS)
    for one in taken:
        writer.add(_course_row(world, one, ends.deal()))
    writer.flush()
    phases = Writer(CtiCourse)
    for one, enrolment_id in zip(taken, writer.ids, strict=True):
        if one.kind is TrackKind.CTI:
            phases.add({"enrolment_id": enrolment_id, **_phase(world, one)})
    phases.flush()


def _course_row(world: World, one: Asked, ending: EnrolmentState) -> Row:
    assert one.answered is not None
    started = one.answered + timedelta(days=world.random.randint(3, 14))
    has_started = started <= world.today
    planned = started + timedelta(days=UPTAKE[one.kind][1])
    ended = planned if ending is EnrolmentState.COMPLETED else started + (planned - started) * world.random.random()
    # A course ends at the latest with the case.
    ended = max(started, min(ended, one.case.episode.closed))
    has_ended = ended <= world.today
    state = ending if has_ended else EnrolmentState.ACTIVE if has_started else EnrolmentState.PROPOSED
    reason = EndReason.COMPLETED if ending is EnrolmentState.COMPLETED else EndReason.HER_WISH
    return {
        "case_id": one.case.id,
        "offer_id": one.house.offers[one.kind].id,
        "organisation_id": one.house.id,
        "kind": one.kind,
        "request_id": one.id,
        "worker_id": one.house.by_kind[one.kind].on(min(ended, world.today)).user_id,
        "state": state,
        "created_at": world.moment(one.answered),
        "started_on": started if has_started else None,
        "planned_end_on": planned,
        "ended_on": ended if has_ended else None,
        "end_reason": reason if has_ended else None,
    }


def _phase(world: World, one: Asked) -> Row:
    moved = one.case.episode.moved
    gone = (world.today - moved).days if moved else -1
    if gone < 0 or moved is None:
        return {"t0": None, "phase": Phase.PRE}
    phase = Phase.P1 if gone < 90 else Phase.P2 if gone < 180 else Phase.P3 if gone < 270 else Phase.ENDED
    return {"t0": moved, "phase": phase}
