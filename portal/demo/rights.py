"""Rights in the story: consents kept alive, a request half way, an incident whose clock runs, and what will disappear.

Without lots of its own, so that the rest of the story stays what it is.
"""

from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.clock import local_date
from portal.core.kinds import ConsentForm
from portal.core.rights import (
    Capacity,
    ConsentScope,
    IdentityCheck,
    IncidentKind,
    PeopleBand,
    RetentionRule,
    RightsKind,
    TellingState,
)
from portal.core.states import CaseState
from portal.db import db
from portal.demo.cast import Cast
from portal.demo.stage import Stage
from portal.domain.consent import renewal_on
from portal.models.cases import Case, Consent
from portal.models.rights import RightsRequest
from portal.queries import cases as case_queries
from portal.services import case_marks, cases, closing, consents, holds, incidents, retention, rights

# Every so many days the teams look at consents that end; what ends in the last days is left for somebody to ask about.
EVERY, SINCE, LEFT = 7, 420, 8
SCOPE = (ConsentScope.IDENTITY, ConsentScope.CONTACT, ConsentScope.SAFETY, ConsentScope.NEEDS)


def tell(stage: Stage, cast: Cast) -> None:
    """Let it happen. The lots that others draw stay what they are."""
    lots = stage.random.getstate()
    for days in range(SINCE, LEFT, -EVERY):
        stage.on(days, partial(_renew, stage), hour=15)
    stage.on(12, partial(_ask, stage, cast), hour=13)
    stage.on(9, partial(_take, stage), hour=9)
    stage.on(70, partial(_open_another, stage), hour=10)
    stage.on(20, partial(_close_it, stage), hour=15)
    stage.on(5, partial(_hold, stage, cast), hour=10)
    stage.on(0, partial(_incident, stage), hour=23)
    stage.on(0, partial(_retention, stage), hour=23)
    stage.random.setstate(lots)


def _renew(stage: Stage, now: datetime) -> None:
    """Ask her again in time, as her team would."""
    by_user = {actor.user_id: actor for actor in stage.actors.values()}
    today = local_date(now)
    newer = aliased(Consent)
    renewed = sa.exists().where(
        newer.case_id == Consent.case_id,
        newer.purpose == Consent.purpose,
        newer.recipient_organisation_id.is_not_distinct_from(Consent.recipient_organisation_id),
        newer.id > Consent.id,
    )
    ending = sa.select(Consent, Case).join(Case, Case.id == Consent.case_id)
    ending = ending.where(Consent.withdrawn_at.is_(None), Case.state == CaseState.OPEN, ~renewed).order_by(Consent.id)
    for consent, case in db.session.execute(ending).all():
        actor = by_user.get(case_marks.primary_of(case))
        if actor is not None and renewal_on(consent.expires_on) <= today:
            consents.give_consent(
                case,
                purpose=consent.purpose,
                form=ConsentForm.ORAL,
                given_on=today,
                recipient_organisation_id=consent.recipient_organisation_id,
                scope=SCOPE,
                actor=actor,
                now=now,
            )


def _hers(cast: Cast, place: int) -> str:
    """One of the women who came by themselves."""
    return [one for one in cast.women if one.contact == "birthe" and one.public_id][place].public_id


def _ask(stage: Stage, cast: Cast, now: datetime) -> None:
    """She asks to see what is kept about her."""
    birthe = stage.actors["birthe"]
    rights.record(
        case_queries.get(birthe, _hers(cast, 0)),
        kind=RightsKind.ACCESS,
        capacity=Capacity.HERSELF,
        received_on=local_date(now),
        wishes="Jeg vil gerne se, hvad I har skrevet om mig.",
        actor=birthe,
        now=now,
    )


def _take(stage: Stage, now: datetime) -> None:
    request = db.session.scalars(sa.select(RightsRequest)).one()
    rights.take(request, IdentityCheck.KNOWN, actor=stage.actors["jens"], now=now)


def _open_another(stage: Stage, now: datetime) -> None:
    """Somebody called, was helped at once, and wanted no more."""
    cases.open_case(actor=stage.actors["birthe"], now=now)


def _close_it(stage: Stage, now: datetime) -> None:
    birthe = stage.actors["birthe"]
    opened = sa.select(Case).where(Case.opened_by_id == birthe.user_id).order_by(Case.id.desc())
    case = next(one for one in db.session.scalars(opened) if stage.ago_of(one.opened_at) == 70)
    closing.close_case(case, case_queries.count_unfinished(case.id), actor=birthe, now=now)


def _hold(stage: Stage, cast: Cast, now: datetime) -> None:
    case = case_queries.get(stage.actors["birthe"], _hers(cast, -1))
    holds.set_hold(case, "Verserende erstatningssag.", actor=stage.actors["jens"], now=now)


def _incident(stage: Stage, now: datetime) -> None:
    """A telephone was left in a train: known since yesterday."""
    account = incidents.Account(
        kind=IncidentKind.LOST_DEVICE,
        people=PeopleBand.ONE_TO_FOUR,
        groups=("contact_phone_email", "person_name"),
        happened_at=now - timedelta(hours=31),
        what_happened="En arbejdstelefon blev glemt i toget. Den var låst.",
        consequences="Den, der finder den, kan måske se fornavne på låseskærmen.",
        measures="Telefonen er spærret og tømt på afstand.",
    )
    rikke = stage.actors["rikke"]
    incident = incidents.open_incident(account, now - timedelta(hours=30), actor=rikke, now=now)
    incidents.set_telling(incident, TellingState.SAFETY_FIRST, plan=None, holder=None, actor=rikke, now=now)


def _retention(stage: Stage, now: datetime) -> None:
    """Another length is wished for, and the night has looked fourteen days ahead."""
    retention.ask_for_length(RetentionRule.R4, 21, actor=stage.actors["jens"], now=now)
    retention.look_ahead(now)
