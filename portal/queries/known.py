"""What the case says about her, as a referral shows it at the side."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.core.enums import OrganisationKind
from portal.core.identity import age_band
from portal.core.kinds import SafetyLevel
from portal.db import db
from portal.domain.programmes import CaseFacts
from portal.models.cases import Case
from portal.models.children import Child
from portal.models.clients import Client, SafeContactCard
from portal.models.risk import SafetyAssessment
from portal.models.stays import Stay
from portal.queries.case_page import ContactCard
from portal.queries.paging import PAGE_SIZE
from portal.queries.safe_contact import read_ways, ways_of

MOST_DRAFTS = 50


@dataclass(frozen=True, slots=True)
class Known:
    """What the case says already, for the side of the wizard and for the rules."""

    reference: str
    is_named: bool
    language: str | None
    needs_interpreter: bool
    needs_accessible: bool
    child_bands: tuple[str, ...]
    protection_level: int
    planned_move_on: date | None
    moved_on: date | None
    municipality: str | None
    has_stay_now: bool
    has_stay_ever: bool
    card: ContactCard | None
    safety_level: SafetyLevel | None
    safety_assessed_on: date | None
    safety_review_on: date | None

    def facts(self, sender: OrganisationKind) -> CaseFacts:
        """What the rules of the programmes may ask about."""
        return CaseFacts(
            has_stay_now=self.has_stay_now,
            has_stay_ever=self.has_stay_ever,
            planned_move_on=self.planned_move_on,
            moved_on=self.moved_on,
            municipality=self.municipality,
            children=len(self.child_bands),
            protection_level=self.protection_level,
            sender=sender,
        )


def known(case: Case, today: date) -> Known:
    """What the case says about her, in two statements. `case` has its client loaded."""
    row = _newest(case)
    years = db.session.scalars(
        sa.select(Child.birth_year)
        .where(Child.client_id == case.client_id, Child.is_along)
        .order_by(Child.birth_year.desc())
        .limit(PAGE_SIZE)
    )
    client: Client = case.client
    return Known(
        reference=case.reference,
        is_named=client.name is not None,
        language=client.language,
        needs_interpreter=client.needs_interpreter,
        needs_accessible=client.needs_accessible,
        child_bands=tuple(age_band(year, today) for year in years),
        protection_level=client.protection_level,
        planned_move_on=case.planned_move_on,
        moved_on=case.moved_on,
        municipality=case.responsible_municipality_code,
        has_stay_now=row.now,
        has_stay_ever=row.ever,
        card=ContactCard(read_ways(row.ways), *row[3:6]) if row.verified_at else None,
        safety_level=row.level,
        safety_assessed_on=row.assessed_on,
        safety_review_on=row.review_on,
    )


def _newest(case: Case) -> Any:
    """Stays, the newest safe-contact card and the newest safety assessment, in one row."""
    card = (
        sa.select(
            ways_of(SafeContactCard.id),
            SafeContactCard.is_device_shared,
            SafeContactCard.verified_at,
            SafeContactCard.code_word.is_not(None).label("has_code_word"),
        )
        .where(SafeContactCard.client_id == case.client_id)
        .order_by(SafeContactCard.verified_at.desc(), SafeContactCard.id.desc())
        .limit(1)
        .subquery()
    )
    safety = (
        sa.select(SafetyAssessment.level, SafetyAssessment.assessed_on, SafetyAssessment.review_on)
        .where(SafetyAssessment.case_id == case.id)
        .order_by(SafetyAssessment.assessed_on.desc(), SafetyAssessment.id.desc())
        .limit(1)
        .subquery()
    )
    return db.session.execute(
        sa.select(
            sa.exists().where(Stay.case_id == case.id).label("ever"),
            sa.exists().where(Stay.case_id == case.id, Stay.discharged_on.is_(None)).label("now"),
            *card.c,
            safety.c.level,
            safety.c.assessed_on,
            safety.c.review_on,
        )
        .select_from(sa.select(sa.literal(1)).subquery())
        .outerjoin(card, sa.true())
        .outerjoin(safety, sa.true())
    ).one()


def facts_of_case(case: Case, today: date) -> tuple[int, int | None]:
    """How many children are along, and how old the oldest is at most. One statement."""
    row = db.session.execute(
        sa.select(sa.func.count(), sa.func.min(Child.birth_year)).where(
            Child.client_id == case.client_id, Child.is_along
        )
    ).one()
    return row[0], None if row[1] is None else today.year - row[1]
