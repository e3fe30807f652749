"""Rights in the story: consents kept alive, a request half way, an incident whose clock runs, and what will disappear.

Told when all else has been, and without drawing lots, so that the story before it stays what it is.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

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
from portal.queries import cases as case_queries
from portal.services import case_marks, cases, consents, holds, incidents, retention, rights

# So many consents are left for somebody to ask about.
LEFT = 3
RENEWED_BEFORE = timedelta(days=12)
SCOPE = (ConsentScope.IDENTITY, ConsentScope.CONTACT, ConsentScope.SAFETY, ConsentScope.NEEDS)


def tell(stage: Stage, cast: Cast) -> None:
    """Let it happen."""
    _renew(stage)
    _request(stage, cast)
    _incident(stage)
    _retention(stage, cast)


def _renew(stage: Stage) -> None:
    """Ask her again in time, as her team would have; a few have been forgotten lately."""
    by_user = {actor.user_id: actor for actor in stage.actors.values()}
    ending = sa.select(Consent, Case).join(Case, Case.id == Consent.case_id)
    ending = ending.where(Consent.withdrawn_at.is_(None), Case.state == CaseState.OPEN).order_by(Consent.id)
    rows = [row for row in db.session.execute(ending).all() if renewal_on(row[0].expires_on) <= stage.today]
    recent = [row for row in rows if row[0].expires_on > stage.today][:LEFT]
    for consent, case in rows:
        actor = by_user.get(case_marks.primary_of(case))
        if actor is None or any(consent is left for left, _case in recent):
            continue
        expires_on = consent.expires_on
        while renewal_on(expires_on) <= stage.today:
            days_ago = max(stage.ago(expires_on - RENEWED_BEFORE), 0)
            given = consents.give_consent(
                case,
                purpose=consent.purpose,
                form=ConsentForm.ORAL,
                given_on=stage.day(days_ago),
                recipient_organisation_id=consent.recipient_organisation_id,
                scope=SCOPE,
                actor=actor,
                now=min(stage.moment(days_ago, 11), stage.now),
            )
            expires_on = given.expires_on


def _request(stage: Stage, cast: Cast) -> None:
    """She asked to see what is kept about her; the data-protection officer has begun."""
    woman = next(one for one in cast.women if one.contact == "birthe" and one.public_id and one.name)
    birthe, jens = stage.actors["birthe"], stage.actors["jens"]
    request = rights.record(
        case_queries.get(birthe, woman.public_id),
        kind=RightsKind.ACCESS,
        capacity=Capacity.HERSELF,
        received_on=stage.day(12),
        wishes="Jeg vil gerne se, hvad I har skrevet om mig.",
        actor=birthe,
        now=stage.moment(12, 13),
    )
    rights.take(request, IdentityCheck.KNOWN, actor=jens, now=stage.moment(9, 9))


def _incident(stage: Stage) -> None:
    """A telephone was left in a train: known since yesterday, told with care."""
    rikke = stage.actors["rikke"]
    account = incidents.Account(
        kind=IncidentKind.LOST_DEVICE,
        people=PeopleBand.ONE_TO_FOUR,
        groups=("contact_phone_email", "person_name"),
        happened_at=stage.now - timedelta(hours=31),
        what_happened="En arbejdstelefon blev glemt i toget. Den var låst.",
        consequences="Den, der finder den, kan måske se fornavne på låseskærmen.",
        measures="Telefonen er spærret og tømt på afstand.",
    )
    incident = incidents.open_incident(account, stage.now - timedelta(hours=30), actor=rikke, now=_hours_ago(stage, 29))
    incidents.set_telling(
        incident,
        TellingState.SAFETY_FIRST,
        plan=None,
        holder=None,
        actor=rikke,
        now=_hours_ago(stage, 28),
    )


def _hours_ago(stage: Stage, hours: int) -> datetime:
    return stage.now - timedelta(hours=hours)


def _retention(stage: Stage, cast: Cast) -> None:
    """One case must be kept, one was closed three weeks ago, and the night has looked fourteen days ahead."""
    birthe, jens = stage.actors["birthe"], stage.actors["jens"]
    ended = cases.open_case(actor=birthe, now=stage.moment(70, 10))
    cases.close_case(ended, case_queries.count_unfinished(ended.id), actor=birthe, now=stage.moment(20, 15))
    woman = [one for one in cast.women if one.contact == "birthe" and one.public_id][-1]
    case = case_queries.get(birthe, woman.public_id)
    holds.set_hold(case, "Verserende erstatningssag.", actor=jens, now=stage.moment(5, 10))
    retention.ask_for_length(RetentionRule.R4, 21, actor=jens, now=stage.moment(1, 14))
    retention.look_ahead(stage.now)
