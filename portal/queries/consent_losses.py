"""Who loses a case with a consent, and which courses: said before she takes it back, and afterwards (R-840)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa

from portal.core.clock import local_date
from portal.core.kinds import ConsentPurpose
from portal.db import db
from portal.domain.enrolments import LIVE, TEAM_KINDS
from portal.models.cases import Case, Consent, TeamMember
from portal.models.enrolments import Enrolment
from portal.models.organisations import Organisation
from portal.models.programmes import Offer, Programme
from portal.queries.consents import is_there_by_law

MOST = 500


@dataclass(frozen=True, slots=True)
class CourseLoss:
    """A course that loses the case. `ended_on`: None while it is still to be ended, which the owner may do or not."""

    public_id: str
    programme: tuple[str, str]
    is_live: bool
    is_owners_to_end: bool
    ended_on: date | None


@dataclass(slots=True)
class Loss:
    """What ends, or ended, with one consent. `by_law`: its people stay, since the law lets them in."""

    people: int = 0
    lost_at: datetime | None = None
    by_law: bool = False
    courses: list[CourseLoss] = field(default_factory=list)


def list_losses(case: Case, consents: Sequence[Consent]) -> list[Loss | None]:
    """For each consent what ends with it; None for one that lets nobody in. Callers have got the case.

    Three statements, however many consents.
    """
    houses = {one.recipient_organisation_id for one in consents if _names_a_house(case, one)}
    if not houses:
        return [None for _one in consents]
    by_law = set(
        db.session.scalars(
            sa.select(Organisation.id).where(Organisation.id.in_(houses), is_there_by_law(case.id, Organisation.id))
        )
    )
    seats = db.session.execute(
        sa.select(TeamMember.organisation_id, TeamMember.ended_at)
        .where(TeamMember.case_id == case.id, TeamMember.organisation_id.in_(houses))
        .limit(MOST)
    ).all()
    courses = _courses(case, houses)
    found: list[Loss | None] = []
    for one in consents:
        house = one.recipient_organisation_id
        if not _names_a_house(case, one) or house is None:
            found.append(None)
            continue
        # Those who were taken off at the very moment of the withdrawal, or those who are there now.
        people = sum(1 for whose, ended_at in seats if whose == house and ended_at == one.withdrawn_at)
        theirs = [course for whose, course in courses if whose == house]
        is_back = any(other.recipient_organisation_id == house and not other.withdrawn_at for other in consents)
        lost_at = one.withdrawn_at if house not in by_law else None
        found.append(Loss(people, lost_at, house in by_law, _still_told(theirs, one, is_back=is_back)))
    return found


def _names_a_house(case: Case, consent: Consent) -> bool:
    receiver = consent.recipient_organisation_id
    return consent.purpose is ConsentPurpose.REFERRAL and receiver not in (None, case.owner_organisation_id)


def _still_told(courses: list[CourseLoss], consent: Consent, *, is_back: bool) -> list[CourseLoss]:
    """Running ones, and of a consent that is taken back those that were ended since. `is_back`: she has agreed anew."""
    if consent.withdrawn_at is None:
        return [one for one in courses if one.is_live]
    since = local_date(consent.withdrawn_at)
    return [one for one in courses if (one.is_live and not is_back) or (one.ended_on and one.ended_on >= since)]


def _courses(case: Case, houses: set[int | None]) -> list[tuple[int, CourseLoss]]:
    rows = db.session.execute(
        sa.select(
            Enrolment.organisation_id,
            Enrolment.public_id,
            Programme.name_da,
            Programme.name_en,
            Enrolment.state,
            Enrolment.kind,
            Enrolment.ended_on,
        )
        .join(Offer, Offer.id == Enrolment.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .where(Enrolment.case_id == case.id, Enrolment.organisation_id.in_(houses))
        .order_by(Enrolment.id)
        .limit(MOST)
    )
    return [
        (house, CourseLoss(public_id, (da, en), state in LIVE, kind in TEAM_KINDS, ended_on))
        for house, public_id, da, en, state, kind, ended_on in rows
    ]
