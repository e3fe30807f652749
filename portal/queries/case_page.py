"""Everything that the page of a case shows, in few statements, as values: no model object reaches a template."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.core.identity import age_band
from portal.core.kinds import SafetyLevel
from portal.core.standing import StandingKind
from portal.core.states import CaseState, CounsellingState
from portal.db import db
from portal.domain.cases import Lens, shown_name
from portal.domain.disclosure import FieldGroup as F
from portal.domain.silence import Quiet
from portal.models.cases import Case
from portal.models.children import Child
from portal.models.clients import Client, SafeContactCard
from portal.models.counselling import CoordinatingCounselling, HourEntitlement
from portal.models.enrolments import Enrolment
from portal.models.organisations import Municipality, Organisation
from portal.models.risk import SafetyAssessment, SafetyReview
from portal.models.stays import Stay
from portal.queries import silence, standing
from portal.queries.asked_offers import waiting_for_answer
from portal.queries.barriers import emergency_end
from portal.queries.case_lens import lens_columns, lens_from
from portal.queries.clauses import built_once
from portal.queries.person_facts import ContactRules
from portal.queries.safe_contact import read_ways, ways_of
from portal.queries.visibility import readable_cases


@dataclass(frozen=True, slots=True)
class ContactCard(ContactRules):
    """How she may be reached without danger."""

    has_code_word: bool


@dataclass(frozen=True, slots=True)
class Header:
    """What the reader may know of the case. A field that is not open to the reader is None or empty."""

    id: int
    public_id: str
    reference: str
    is_open: bool
    # Closed so long that the page only says that there was a case (modifier M6).
    is_over: bool
    # Until when an emergency access lasts; None for everybody who works with the case.
    emergency_until: datetime | None
    seen: Lens
    owner: str
    name: str | None
    is_anonymous: bool
    birth_year: int | None
    phone: str | None
    has_cpr: bool
    language: str | None
    needs_interpreter: bool
    needs_accessible: bool
    child_bands: tuple[str, ...]
    protection_level: int
    has_address: bool
    responsible: str | None
    paying: str | None
    planned_move_on: date | None
    moved_on: date | None
    stay_from: date | None
    stay_until: date | None
    centre: str | None
    card: ContactCard | None
    safety_level: SafetyLevel | None
    safety_assessed_on: date | None
    safety_review_on: date | None
    # Until when somebody must look at her safety anew, because something has happened.
    safety_due_on: date | None
    counselling: tuple[CounsellingState, date | None] | None
    # Minutes used and given: hers, and her children's together.
    hours: tuple[int, int] | None
    child_hours: tuple[int, int] | None
    # Requests of the reader's house that wait for an answer.
    requests_waiting: int
    # How long nobody has reached her; None in a closed case, and for whoever has a part of it only.
    quiet: Quiet | None
    # What stands over the case, and since which day: she has died, or has moved abroad.
    standing: dict[StandingKind, date]

    @property
    def died_on(self) -> date | None:
        """The day of her death, where it is known that she has died."""
        return self.standing.get(StandingKind.DIED)

    @property
    def abroad_since(self) -> date | None:
        """Since when she lives abroad."""
        return self.standing.get(StandingKind.MOVED_ABROAD)

    @property
    def child_count(self) -> int:
        """How many children go with her."""
        return len(self.child_bands)


def _newest(model: Any, condition: sa.ColumnElement[bool], *order: Any) -> Any:
    return aliased(model, sa.select(model).where(condition).order_by(*order).limit(1).lateral())


def header(actor: Actor, public_id: str, *, today: date) -> Header:
    """The case's facts through the reader's lens, in one statement. Raises NotFound, also for one she may not see."""
    row = db.session.execute(_read(actor), {"public_id": public_id}).one_or_none()
    if row is None:
        raise NotFound
    return _project(actor, row, today)


@built_once
def _read(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    emergency = emergency_end(actor).label("emergency_until")
    waiting = waiting_for_answer(actor).label("requests_waiting")
    named = Case.public_id == sa.bindparam("public_id")
    return _facts().add_columns(*lens_columns(actor), emergency, waiting).where(named, readable_cases(actor))


def _facts() -> sa.Select[*tuple[Any, ...]]:
    card = _newest(
        SafeContactCard,
        SafeContactCard.client_id == Case.client_id,
        SafeContactCard.verified_at.desc(),
        SafeContactCard.id.desc(),
    )
    safety = _newest(
        SafetyAssessment,
        SafetyAssessment.case_id == Case.id,
        SafetyAssessment.assessed_on.desc(),
        SafetyAssessment.id.desc(),
    )
    stay = _newest(Stay, Stay.case_id == Case.id, Stay.admitted_on.desc(), Stay.id.desc())
    acting, paying = aliased(Municipality), aliased(Municipality)
    centre, current = aliased(Organisation), CoordinatingCounselling
    return (
        sa.select(
            Case,
            Client,
            card,
            safety,
            stay,
            Organisation.name.label("owner"),
            centre.name.label("centre"),
            acting.name.label("responsible"),
            paying.name.label("paying"),
            *_kept(card),
            *_counts(),
        )
        .join(Client, Client.id == Case.client_id)
        .join(Organisation, Organisation.id == Case.owner_organisation_id)
        .outerjoin(card, sa.true())
        .outerjoin(safety, sa.true())
        .outerjoin(stay, sa.true())
        .outerjoin(centre, centre.id == stay.organisation_id)
        .outerjoin(acting, acting.code == Case.responsible_municipality_code)
        .outerjoin(paying, paying.code == Case.paying_municipality_code)
        .outerjoin(current, sa.and_(current.case_id == Case.id, current.is_current))
    )


def _kept(card: Any) -> tuple[sa.Label[Any], ...]:
    """Whether something is kept that is shown on demand only, without reading it; and how long it has been quiet."""
    keeps = Client.cpr_number.is_not(None).label("keeps_cpr"), Client.address.is_not(None).label("keeps_address")
    return (*keeps, ways_of(card.id), *silence.columns(), silence.was_reached(), standing.marks_of_case())


def _asked_anew() -> sa.Label[Any]:
    due = sa.select(sa.func.min(SafetyReview.due_on)).where(
        SafetyReview.case_id == Case.id, SafetyReview.closed_at.is_(None)
    )
    return due.correlate(Case).scalar_subquery().label("safety_due_on")


def _counts() -> tuple[sa.Label[Any], ...]:
    years = sa.select(sa.func.array_agg(Child.birth_year)).where(Child.client_id == Case.client_id)
    is_hers = HourEntitlement.child_id.is_(None)
    sums = [
        sa.func.sum(column).filter(whose)
        for whose in (is_hers, ~is_hers)
        for column in (HourEntitlement.minutes_used, HourEntitlement.minutes_total)
    ]
    hours = (
        sa.select(sa.func.jsonb_build_array(*sums))
        .join(Enrolment, Enrolment.id == HourEntitlement.enrolment_id)
        .where(Enrolment.case_id == Case.id)
    )
    return (
        CoordinatingCounselling.state.label("counselling"),
        CoordinatingCounselling.planned_end_on.label("until"),
        years.correlate(Case).scalar_subquery().label("years"),
        hours.correlate(Case).scalar_subquery().label("hours"),
        _asked_anew(),
    )


def _project(actor: Actor, row: Any, today: date) -> Header:
    case, client, card, safety, stay = row[:5]
    seen = lens_from(actor, row)
    bands = tuple(sorted(age_band(year, today) for year in row.years or ()) if seen.shows(F.CHILD_COUNT_BAND) else ())
    sees_courses = seen.shows(F.ENROL_TRACK_STATE)
    sees_stay = seen.sees_all_tracks and sees_courses
    return Header(
        id=case.id,
        public_id=case.public_id,
        reference=case.reference,
        is_open=case.state is CaseState.OPEN,
        is_over=not seen.shows(F.NOTE_CASE) and case.closed_at is not None,
        emergency_until=row.emergency_until,
        seen=seen,
        owner=row.owner,
        name=shown_name(client.name, seen),
        is_anonymous=client.name is None,
        birth_year=client.birth_year if seen.sees_all_tracks and seen.shows(F.PERSON_AGE_BAND) else None,
        phone=client.phone if seen.shows(F.CONTACT_PHONE_EMAIL) else None,
        has_cpr=row.keeps_cpr and seen.may_reveal(F.PERSON_CPR),
        language=client.language if seen.shows(F.PERSON_LANGUAGE_NEEDS) else None,
        needs_interpreter=client.needs_interpreter and seen.shows(F.PERSON_LANGUAGE_NEEDS),
        needs_accessible=client.needs_accessible and seen.shows(F.PERSON_LANGUAGE_NEEDS),
        child_bands=bands,
        protection_level=client.protection_level if seen.shows(F.ADDR_PROTECTION_LEVEL) else 0,
        has_address=row.keeps_address and seen.may_reveal(F.ADDR_EXACT),
        responsible=row.responsible if seen.shows(F.ADDR_AREA) else None,
        paying=row.paying if seen.shows(F.ADDR_AREA) else None,
        planned_move_on=case.planned_move_on if sees_courses else None,
        moved_on=case.moved_on if sees_courses else None,
        stay_from=stay.admitted_on if stay and sees_stay else None,
        stay_until=stay.discharged_on if stay and sees_stay else None,
        centre=row.centre if sees_stay else None,
        **_reached(card, row, seen),
        **_danger(safety, row.safety_due_on, seen),
        counselling=(row.counselling, row.until) if row.counselling and _sees_statutory(actor, seen) else None,
        **_hours(row, sees_stay=sees_stay),
        requests_waiting=row.requests_waiting if sees_courses else 0,
        quiet=_quiet(row) if case.closed_at is None and sees_stay and seen.shows(F.NOTE_CASE) else None,
    )


def _reached(card: SafeContactCard | None, row: Any, seen: Lens) -> dict[str, Any]:
    """How she may be reached, and whether she still can be."""
    if not seen.shows(F.CONTACT_SAFE_RULES):
        return {"card": None, "standing": {}}
    return {"card": _card(card, row.ways), "standing": standing.read_marks(row.standing)}


def _danger(risk: SafetyAssessment | None, due_on: date | None, seen: Lens) -> dict[str, Any]:
    risk = risk if seen.shows(F.RISK_LEVEL) else None
    return {
        "safety_level": risk.level if risk else None,
        "safety_assessed_on": risk.assessed_on if risk else None,
        "safety_review_on": risk.review_on if risk else None,
        "safety_due_on": due_on if seen.shows(F.RISK_LEVEL) else None,
    }


def _sees_statutory(actor: Actor, seen: Lens) -> bool:
    is_hers = seen.sees_all_tracks or actor.role is Role.MUNICIPAL_ADVISER
    return is_hers and seen.shows(F.ENROL_TRACK_STATE)


def _hours(row: Any, *, sees_stay: bool) -> dict[str, Any]:
    """Hours with a psychologist: hers, and her children's together."""
    return {name: _spent(row.hours, at) if sees_stay else None for name, at in (("hours", 0), ("child_hours", 2))}


def _spent(hours: Sequence[Any] | None, first: int) -> tuple[int, int] | None:
    """Used and in all, of four numbers: hers, then the children's."""
    used, total = (hours or (None,) * 4)[first : first + 2]
    return (int(used or 0), int(total)) if total else None


def _card(card: SafeContactCard | None, ways: Sequence[Any] | None) -> ContactCard | None:
    if card is None:
        return None
    return ContactCard(
        ways=read_ways(ways),
        is_device_shared=card.is_device_shared,
        has_code_word=card.code_word is not None,
        verified_at=card.verified_at,
    )


def _quiet(row: Any) -> Quiet:
    return replace(silence.read(row), was_reached=row.was_reached)
