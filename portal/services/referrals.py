"""A referral from the sending side: begun, saved, sent once to several programmes, answered, discarded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypedDict, Unpack

from sqlalchemy.exc import IntegrityError

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import OrganisationKind, Permission
from portal.core.errors import Conflict, Forbidden, Invalid, NotNow
from portal.core.i18n import _
from portal.core.ids import new_public_id, new_reference
from portal.core.kinds import NeedArea, ReferralSource, SubjectType
from portal.core.states import CaseState, RequestState
from portal.db import db
from portal.domain import programme_forms
from portal.domain import programmes as programme_rules
from portal.domain.deadlines import answer_due_on
from portal.domain.permissions import require
from portal.domain.referrals import DRAFT_WARNING_DAYS, LAST_STEP, WORKFLOW, Action, is_safety_fresh, resumed_due
from portal.domain.workflow import check_step, check_version
from portal.models.cases import Case
from portal.models.organisations import Organisation
from portal.models.programmes import Offer
from portal.models.referrals import Referral, TrackRequest
from portal.queries import asked_offers
from portal.queries import known as known_queries
from portal.queries import referrals as queries
from portal.queries.programme_versions import in_force_of
from portal.services import alert_rules, audit, case_marks, deadlines
from portal.services import programme_clocks as own_clocks
from portal.services.referral_sources import check_chosen, check_free, check_source, check_unasked
from portal.services.request_events import move, put_up_answer, tell_receivers


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender is told when it has been sent."""

    reference: str
    answer_due_on: date


def start(case: Case, *, actor: Actor, now: datetime, source: ReferralSource | None = None) -> Referral:
    """Begin a draft about an open case that the actor works on (R-159). Raises NotNow for a closed case."""
    require(actor, Permission.REFERRAL_MAKE)
    if case.state is not CaseState.OPEN:
        raise NotNow
    organisation = db.session.get_one(Organisation, actor.organisation_id)
    of_town = organisation.kind is OrganisationKind.MUNICIPALITY
    referral = Referral(
        public_id=new_public_id(),
        reference=new_reference(),
        case=case,
        referrer_id=actor.user_id,
        organisation=organisation,
        source=source or (ReferralSource.MUNICIPALITY if of_town else ReferralSource.SHELTER),
        created_at=now,
        edited_at=now,
        needs=[],
        planned_move_on=case.planned_move_on,
        step=1,
        version=1,
        may_see_progress=False,
    )
    db.session.add(referral)
    db.session.flush()
    _touch(referral, actor=actor, now=now)
    record(Audit.REFERRAL_STARTED, referral, actor, now)
    return referral


class DraftFacts(TypedDict, total=False):
    """What can be written in a draft; what is not given stays as it is."""

    source: ReferralSource
    needs: Sequence[NeedArea]
    own_words: str | None
    planned_move_on: date | None
    stale_safety_reason: str | None
    may_see_progress: bool


def save(
    referral: Referral,
    *,
    actor: Actor,
    now: datetime,
    step: int | None = None,
    version: int | None = None,
    **facts: Unpack[DraftFacts],
) -> None:
    """Keep what has been written in a draft; None or an empty text empties a field.

    Raises NotNow when it has been sent, Stale when `version` is not the one that the page was made from.
    """
    check_draft(referral, actor)
    check_version(version, referral.version)
    if "source" in facts:
        check_chosen(requests_of(referral), facts["source"])
    for name, value in facts.items():
        setattr(referral, name, None if value == "" else value)
    if "needs" in facts:
        referral.needs = [NeedArea(need).value for need in facts["needs"]]
    if step is not None:
        referral.step = max(referral.step, min(step, LAST_STEP))
    _touch(referral, actor=actor, now=now)
    record(Audit.REFERRAL_SAVED, referral, actor, now)


def choose(referral: Referral, offers: Sequence[Offer], *, actor: Actor, now: datetime) -> list[TrackRequest]:
    """Say which offers the draft goes to; forms of offers that are chosen still are kept (R-159).

    `offers` have programme and organisation loaded. Raises Invalid (`offers`) for one that she cannot have.
    """
    check_draft(referral, actor)
    facts = known_queries.known(referral.case, local_date(now)).facts(referral.organisation.kind)
    asked, today = asked_offers.asked(actor, referral.case_id), local_date(now)
    for offer in offers:
        check_offer(offer, facts)
        check_source(offer.programme.rules, referral.source, field="offers")
        if offer.id in asked:
            check_unasked(asked[offer.id], today)
    wanted = {offer.id: offer for offer in offers}
    kept = {request.offer_id: request for request in requests_of(referral)}
    editions = in_force_of([offer.programme_id for offer in wanted.values()])
    for offer_id, request in kept.items():
        if offer_id not in wanted:
            db.session.delete(request)
    for offer_id, offer in wanted.items():
        if offer_id not in kept:
            db.session.add(
                TrackRequest(
                    public_id=new_public_id(),
                    referral=referral,
                    case_id=referral.case_id,
                    offer=offer,
                    organisation_id=offer.organisation_id,
                    programme_version=editions.get(offer.programme_id),
                    state=RequestState.DRAFT,
                    answers={},
                    version=1,
                )
            )
    _touch(referral, actor=actor, now=now)
    db.session.flush()
    return requests_of(referral)


def check_offer(offer: Offer, facts: programme_rules.CaseFacts) -> None:
    """Raise Invalid (`offers`) with the first reason why she cannot have the offer (R-150)."""
    if not offer.is_accepting:
        raise Invalid(_("The programme is closed for referrals at present."), field="offers")
    rules = programme_rules.read(offer.programme.rules)
    known = programme_rules.CaseFacts(
        **{name: getattr(facts, name) for name in facts.__slots__ if name != "offer_municipality"},
        offer_municipality=offer.organisation.municipality_code,
    )
    reasons = programme_rules.eligibility(rules, known)
    if reasons:
        raise Invalid(reasons[0], field="offers")


def fill_in(request: TrackRequest, answers: Mapping[str, Any], *, actor: Actor, now: datetime) -> None:
    """Keep the answers to the programme's own nomination form; days as ISO text.

    Unknown questions and those that the answers hide are left out (R-662).
    """
    check_draft(request.referral, actor)
    request.answers = programme_forms.kept(programme_rules.read(request.rules), answers)
    _touch(request.referral, actor=actor, now=now)


def missing(referral: Referral, requests: Sequence[TrackRequest], *, today: date) -> list[object]:
    """What stands between the draft and sending it, consents aside, as sentences; empty when all is there (R-153)."""
    known = known_queries.known(referral.case, today)
    found: list[object] = []
    if known.card is None:
        found.append(_("Write the safe contact card first: how she may be reached."))
    if known.safety_assessed_on is None:
        found.append(_("Assess her safety first."))
    elif not is_safety_fresh(known.safety_assessed_on, today) and not referral.stale_safety_reason:
        found.append(_("The safety assessment is older than 30 days: renew it, or write why not."))
    if not requests:
        found.append(_("Choose at least one programme."))
    for request in requests:
        if not programme_forms.is_complete(programme_rules.read(request.rules), request.answers):
            found.append(_("Fill in the form of %(programme)s.", programme=request.offer.programme.name_da))
    return found


def send(referral: Referral, *, actor: Actor, now: datetime) -> Receipt:
    """Send a draft to all its programmes, each with its clock: five weekdays, or its own (R-071, R-153, R-667).

    Raises Invalid when something is missing or a programme has closed meanwhile, Conflict when she has been referred
    to one of them already, NotNow also for a case that has been closed and when she has died.
    """
    check_draft(referral, actor)
    case_marks.must_go_on(referral.case)
    today, requests = local_date(now), requests_of(referral)
    lacks = missing(referral, requests, today=today)
    if lacks:
        raise Invalid(lacks[0])
    check_chosen(requests, referral.source)
    due_days = []
    referral.sent_at, referral.step, referral.edited_at = now, LAST_STEP, now
    for request in requests:
        check_step(WORKFLOW, Action.SEND, request.state, actor)
        check_free(request)
        _check_consent(request, today)
        rules = programme_rules.read(request.rules)
        request.sent_at = now
        request.answer_due_on = answer_due_on(now, weekdays=rules.answer_weekdays)
        due_days.append(request.answer_due_on)
        _submit(request, actor=actor, now=now)
        own_clocks.start_on_request(request, rules, now=now)
        alert_rules.active_elsewhere(request.case_id, request.public_id, receiver_id=request.organisation_id, now=now)
    deadlines.finish(DeadlineKind.REFERRAL_DRAFT, referral.public_id, actor=actor, now=now)
    record(Audit.REFERRAL_SENT, referral, actor, now)
    return Receipt(referral.reference, max(due_days))


def _check_consent(request: TrackRequest, today: date) -> None:
    if not queries.has_consent(request.case_id, request.organisation_id, on=today):
        raise Invalid(
            _("She must consent to %(name)s before it is sent.", name=request.organisation.name),
            field=f"consent_{request.public_id}",
        )


def _submit(request: TrackRequest, *, actor: Actor, now: datetime) -> None:
    programme = request.offer.programme.name_da
    try:
        with db.session.begin_nested():
            move(request, RequestState.SUBMITTED, actor=actor, now=now)
            db.session.flush()
    except IntegrityError as double:
        raise Conflict(
            _("She has already been referred to %(programme)s. The answer is on its way.", programme=programme)
        ) from double
    put_up_answer(request, now=now)
    tell_receivers(request, actor=actor, now=now)


def give_info(request: TrackRequest, text: str, *, actor: Actor, now: datetime) -> None:
    """Answer what the receiver asked; the clock goes on with the rest, at least one weekday (R-154)."""
    step = check_step(WORKFLOW, Action.GIVE_INFO, request.state, actor)
    request.info_given = text
    request.answer_due_on = resumed_due(request.paused_days_left, local_date(now))
    request.paused_days_left = None
    deadlines.finish(
        DeadlineKind.REFERRAL_INFO, request.referral.public_id, actor=actor, now=now, suffix=request.public_id
    )
    move(request, step.target, actor=actor, now=now, tag=step.audit)
    put_up_answer(request, now=now)
    tell_receivers(request, actor=actor, now=now, is_info=True)


def requests_of(referral: Referral) -> list[TrackRequest]:
    """The requests of a referral as they stand in this transaction."""
    db.session.flush()
    return queries.list_requests(referral)


def check_draft(referral: Referral, actor: Actor) -> None:
    """Raise Forbidden or NotNow unless this is the actor's own draft."""
    require(actor, Permission.REFERRAL_MAKE)
    if referral.referrer_id != actor.user_id:
        raise Forbidden
    if referral.sent_at is not None:
        raise NotNow(_("The referral has been sent."))


def _touch(referral: Referral, *, actor: Actor, now: datetime) -> None:
    referral.edited_at = now
    deadlines.put_up(
        DeadlineKind.REFERRAL_DRAFT,
        SubjectType.REFERRAL,
        referral.public_id,
        due_on=local_date(now) + timedelta(days=DRAFT_WARNING_DAYS),
        organisation_id=referral.organisation_id,
        owner_id=referral.referrer_id,
        case_id=referral.case_id,
        now=now,
    )
    db.session.flush()


def record(tag: Audit, referral: Referral, actor: Actor, now: datetime) -> None:
    """Write a mark about a referral."""
    audit.record(tag, SubjectType.REFERRAL, referral.public_id, actor=actor, now=now, case_id=referral.case_id)
    db.session.flush()
