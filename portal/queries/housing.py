"""Reading homes: the board, one home, who waits, and which months become free."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.clock import add_months
from portal.core.enums import Permission, Role
from portal.core.errors import NotFound
from portal.core.kinds import TrackKind
from portal.core.states import EnrolmentState, MeetingState, RequestState, TenancyState, UnitState
from portal.db import db
from portal.domain.decisions import PROVED, Act, Sight
from portal.domain.disclosure import FieldGroup
from portal.domain.housing import Progress, progress
from portal.domain.permissions import can
from portal.models.cases import Case
from portal.models.children import Child
from portal.models.enrolments import Enrolment
from portal.models.housing import HousingUnit, Tenancy
from portal.models.meetings import Meeting
from portal.models.programmes import Offer, Programme
from portal.models.referrals import TrackRequest
from portal.queries import sight
from portal.queries.requests import position
from portal.queries.tenancies import ENDED, living_in, sees_tenancy
from portal.queries.visibility import visible_enrolments, visible_requests

OPEN = (
    RequestState.SUBMITTED,
    RequestState.NEEDS_INFO,
    RequestState.IN_VISITATION,
    RequestState.OFFERED,
    RequestState.WAITLISTED,
)
MONTHS_AHEAD = 8
MOST = 60


@dataclass(frozen=True, slots=True)
class Home:
    """One home on the board. Who lives there is a reference and a count, for the coordinator alone."""

    public_id: str
    number: int
    state: UnitState
    ready_on: date | None
    tenancy_id: str | None
    tenancy_state: TenancyState | None
    reference: str | None
    children: int
    start: date | None
    end: date | None
    months: int | None
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class Nomination:
    """A request for a home with what has been done about it."""

    public_id: str
    reference: str
    state: RequestState
    criteria: dict[str, Any]
    steps: dict[str, Any]
    planned: dict[str, datetime]
    sent_at: datetime | None
    position: int | None
    rules: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ready:
    """Somebody whose place is given and who has no home yet."""

    public_id: str
    reference: str


@dataclass(frozen=True, slots=True)
class OwnOffer:
    """A housing programme as the actor's organisation gives it, with the first number after those of its homes."""

    public_id: str
    names: tuple[str, str]
    next_number: int


def visible_units(actor: Actor) -> sa.ColumnElement[bool]:
    """The homes of the actor's organisation, for those who look after them."""
    if actor.role in (Role.HOUSING_COORDINATOR, Role.PROGRAMME_LEAD):
        return HousingUnit.organisation_id == actor.organisation_id
    return sa.false()


def list_programme_names(actor: Actor) -> list[tuple[str, str]]:
    """What the actor's organisation calls its homes, in Danish and English."""
    rows = db.session.execute(
        sa.select(Programme.name_da, Programme.name_en)
        .join(Offer, Offer.programme_id == Programme.id)
        .where(Offer.organisation_id == actor.organisation_id, Programme.kind == TrackKind.HOUSING)
        .distinct()
        .order_by(Programme.name_da, Programme.name_en)
        .limit(MOST)
    )
    return [(da, en or da) for da, en in rows]


def list_own_offers(actor: Actor) -> list[OwnOffer]:
    """The housing programmes that the actor's organisation gives, in one statement."""
    last = sa.select(sa.func.coalesce(sa.func.max(HousingUnit.number), 0)).where(HousingUnit.offer_id == Offer.id)
    rows = db.session.execute(
        sa.select(Offer.public_id, Programme.name_da, Programme.name_en, last.scalar_subquery())
        .join(Programme, Programme.id == Offer.programme_id)
        .where(Offer.organisation_id == actor.organisation_id, Programme.kind == TrackKind.HOUSING)
        .order_by(Programme.name_da, Offer.id)
        .limit(MOST)
    )
    return [OwnOffer(public_id, (da, en or da), number + 1) for public_id, da, en, number in rows]


def list_homes(actor: Actor, *, today: date) -> list[Home]:
    """All homes at a glance, by number, in one statement. A lead comes to the tenancies that she decides about."""
    children = sa.select(sa.func.count()).where(Child.client_id == Case.client_id, Child.is_along).scalar_subquery()
    live = sa.and_(Tenancy.unit_id == HousingUnit.id, Tenancy.state.not_in(ENDED))
    rows = db.session.execute(
        sa.select(
            HousingUnit.public_id,
            HousingUnit.number,
            HousingUnit.state,
            HousingUnit.ready_on,
            sa.case((sees_tenancy(actor), Tenancy.public_id)).label("tenancy_id"),
            Tenancy.state.label("tenancy_state"),
            sa.case((visible_enrolments(actor), Case.reference)).label("reference"),
            sa.case((visible_enrolments(actor), children)).label("children"),
            Tenancy.period,
            Tenancy.months,
            Tenancy.extension_decided_at.is_not(None).label("is_decided"),
        )
        .outerjoin(Tenancy, live)
        .outerjoin(Enrolment, Enrolment.id == Tenancy.enrolment_id)
        .outerjoin(Case, Case.id == Enrolment.case_id)
        .where(visible_units(actor))
        .order_by(HousingUnit.offer_id, HousingUnit.number)
        .limit(MOST)
    )
    shows_who = actor.role is Role.HOUSING_COORDINATOR
    return [_home(row, shows_who, today) for row in rows]


def _home(row: Any, shows_who: bool, today: date) -> Home:
    period, lived = row.period, row.tenancy_state not in (None, TenancyState.RESERVED)
    return Home(
        row.public_id,
        row.number,
        row.state,
        row.ready_on,
        row.tenancy_id,
        row.tenancy_state,
        row.reference if shows_who else None,
        (row.children or 0) if shows_who else 0,
        period.lower if period else None,
        period.upper if period else None,
        row.months,
        progress(period.lower, row.months, row.tenancy_state, today, is_decided=row.is_decided) if lived else None,
    )


def free_months(homes: Iterable[Home], today: date) -> list[tuple[date, int]]:
    """How many homes become free in each of the months ahead: by agreed end, notice, or the day one is ready."""
    first = today.replace(day=1)
    months = [add_months(first, number) for number in range(MONTHS_AHEAD)]
    found = dict.fromkeys(months, 0)
    for home in homes:
        day = _free_on(home)
        if day is not None and max(day, today).replace(day=1) in found:
            found[max(day, today).replace(day=1)] += 1
    return list(found.items())


def _free_on(home: Home) -> date | None:
    if home.state in (UnitState.ACCEPTING, UnitState.VACANT_READY):
        return date.min.replace(year=2000)
    if home.state in (UnitState.VACANT_NOT_READY, UnitState.NOTICE_GIVEN, UnitState.OUT_OF_SERVICE):
        return home.ready_on
    return home.end if home.state is UnitState.OCCUPIED else None


def list_nominations(actor: Actor) -> list[Nomination]:
    """Requests for a home that have no final answer yet, the oldest first, with their talks; two statements."""
    rows = db.session.execute(
        sa.select(TrackRequest, Case.reference, Programme.rules, position().label("position"))
        .join(Case, Case.id == TrackRequest.case_id)
        .join(Offer, Offer.id == TrackRequest.offer_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .where(visible_requests(actor), Programme.kind == TrackKind.HOUSING, TrackRequest.state.in_(OPEN))
        .order_by(TrackRequest.sent_at, TrackRequest.id)
        .limit(MOST)
    ).all()
    planned = _planned_talks([row.TrackRequest.id for row in rows])
    return [
        Nomination(
            r.public_id,
            reference,
            r.state,
            r.criteria,
            r.steps,
            planned.get(r.id, {}),
            r.sent_at,
            place if r.state is RequestState.WAITLISTED else None,
            rules,
        )
        for r, reference, rules, place in rows
    ]


def _planned_talks(request_ids: list[int]) -> dict[int, dict[str, datetime]]:
    rows = db.session.execute(
        sa.select(Meeting.request_id, Meeting.step, Meeting.starts_at)
        .where(Meeting.request_id.in_(request_ids), Meeting.state == MeetingState.PLANNED)
        .order_by(Meeting.starts_at.desc())
    )
    found: dict[int, dict[str, datetime]] = {}
    for request_id, step, starts_at in rows:
        if request_id is not None and step is not None:
            found.setdefault(request_id, {})[step] = starts_at
    return found


def list_ready(actor: Actor) -> list[Ready]:
    """Those whose place is given and who have no home."""
    rows = db.session.execute(
        sa.select(Enrolment.public_id, Case.reference)
        .join(Case, Case.id == Enrolment.case_id)
        .where(
            visible_enrolments(actor),
            Enrolment.kind == TrackKind.HOUSING,
            Enrolment.state.in_((EnrolmentState.PROPOSED, EnrolmentState.ACTIVE)),
            ~sa.exists().where(Tenancy.enrolment_id == Enrolment.id, Tenancy.state != TenancyState.NOT_TAKEN),
        )
        .order_by(Enrolment.id)
        .limit(MOST)
    )
    return [Ready(*row) for row in rows]


def sight_of_home(actor: Actor, case_id: int | None) -> Sight:
    """What the actor is to a home: what she is to the case of whoever lives there, or the one who looks after it."""
    return sight.ABOUT_NOBODY if case_id is None else sight.of_case(actor, case_id)


def has_address(actor: Actor, unit: HousingUnit) -> bool:
    """Whether there is an address that the actor may ask to see, without reading it."""
    if not can(actor, Permission.ADDRESS_REVEAL):
        return False
    kept = db.session.scalar(sa.select(HousingUnit.address.is_not(None)).where(HousingUnit.id == unit.id))
    found = sight_of_home(actor, living_in(unit.id))
    return bool(kept) and found.asks(Act.REVEAL, FieldGroup.HOUSING_UNIT_IDENTITY, PROVED).is_yes


def get_unit(actor: Actor, public_id: str) -> HousingUnit:
    """A home of the actor's organisation. Raises NotFound."""
    found = db.session.scalar(
        sa.select(HousingUnit)
        .where(HousingUnit.public_id == public_id, visible_units(actor))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found
