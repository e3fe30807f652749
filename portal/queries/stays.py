"""Stays: all of hers with what was corrected, who decides, what was before, and how many come back."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.errors import Invalid, NotFound, NotNow
from portal.core.i18n import _
from portal.core.stays import CounsellingAtExit, DelayReason, LinkReason, MainActivity, Permit
from portal.db import db
from portal.domain.stays import SENT_ON, TOLD_ON
from portal.models.cases import Case
from portal.models.organisations import Organisation
from portal.models.stays import Stay, StayCorrection
from portal.models.users import Membership, User
from portal.queries.visibility import visible_cases
from portal.wall import as_system

MOST = 50
# What a notice said is shown with the notice.
OF_NOTICES = {*SENT_ON.values(), TOLD_ON}
SPOKEN: tuple[str, ...] = (
    *("admitted_on", "previous_stay_ever", "admission_reasons", "decided_by_id", "previous_stay_id", "link_reason"),
    *("discharged_on", "destination", "delay_reason", "main_activity", "permit", "is_reported", "counselling"),
)


@dataclass(frozen=True, slots=True)
class Corrected:
    """When a stay was corrected and why, and the days that stood there before."""

    at: datetime
    admitted_on: str | None
    discharged_on: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class StayRow:
    """One stay, as the page of her stays shows it."""

    public_id: str
    admitted_on: date
    discharged_on: date | None
    # Empty: another centre that is not named.
    centre: str | None
    previous_stay_ever: bool | None
    # Whether the portal knows of an earlier stay that is not one course with this.
    is_known_before: bool
    reasons: tuple[str, ...]
    decided_by: str | None
    linked_to: date | None
    link_reason: LinkReason | None
    destination: str | None
    delay_reason: DelayReason | None
    main_activity: MainActivity | None
    permit: Permit | None
    is_reported: bool | None
    counselling: CounsellingAtExit | None
    originals: tuple[Corrected, ...]
    # Whether it stands in this very case, and can be corrected from its page.
    is_of_case: bool = False


@dataclass(frozen=True, slots=True)
class Rates:
    """How many of the stays begun in a period are repeat stays, by both definitions."""

    base: int
    # What she says herself: an earlier stay ever; of those who were asked and knew.
    said_yes: int
    said: int
    # What the portal knows: an earlier stay at this house that is not one course with this.
    known: int


def _of_her(actor: Actor, client_id: int) -> sa.ColumnElement[bool]:
    """Stays of hers in cases that the actor sees."""
    cases = sa.select(Case.id).where(Case.client_id == client_id, visible_cases(actor))
    return Stay.case_id.in_(cases)


def list_stays(actor: Actor, case: Case) -> list[StayRow]:
    """All stays of hers in cases that the actor sees, the newest first."""
    before = aliased(Stay)
    rows = db.session.execute(
        sa.select(Stay, Organisation.name.label("centre"), User, before.admitted_on.label("linked_to"))
        .outerjoin(Organisation, Organisation.id == Stay.organisation_id)
        .outerjoin(User, User.id == Stay.decided_by_id)
        .outerjoin(before, before.id == Stay.previous_stay_id)
        .where(_of_her(actor, case.client_id))
        .order_by(Stay.admitted_on.desc(), Stay.id.desc())
        .limit(MOST)
    ).all()
    originals = _originals([row.Stay.id for row in rows])
    days = _days_known(actor, case.client_id)
    return [_row(row, originals.get(row.Stay.id, ()), days, case.id) for row in rows]


def _originals(stay_ids: list[int]) -> dict[int, tuple[Corrected, ...]]:
    """When each stay was corrected and why, with the days that stood there before."""
    found: dict[int, tuple[Corrected, ...]] = {}
    for row in db.session.scalars(
        sa.select(StayCorrection).where(StayCorrection.stay_id.in_(stay_ids)).order_by(StayCorrection.id)
    ):
        was = row.original
        if was.keys() <= OF_NOTICES:
            continue
        one = Corrected(row.corrected_at, was.get("admitted_on"), was.get("discharged_on"), row.reason)
        found[row.stay_id] = (*found.get(row.stay_id, ()), one)
    return found


@as_system()
def _days_known(actor: Actor, client_id: int) -> list[tuple[int, date, int | None]]:
    """Her stays at the own house, also in cases that the actor does not see: key, day and link, and nothing else."""
    rows = db.session.execute(
        sa.select(Stay.id, Stay.admitted_on, Stay.previous_stay_id)
        .join(Case, Case.id == Stay.case_id)
        .where(
            Case.client_id == client_id,
            Case.erased_at.is_(None),
            sa.or_(Stay.organisation_id == actor.organisation_id, Case.owner_organisation_id == actor.organisation_id),
        )
    )
    return [(key, day, before) for key, day, before in rows]


def _row(row: Any, originals: tuple[Corrected, ...], days: list[tuple[int, date, int | None]], case_id: int) -> StayRow:
    stay: Stay = row.Stay
    known = any(
        key not in (stay.id, stay.previous_stay_id) and day < stay.admitted_on and before != stay.id
        for key, day, before in days
    )
    return StayRow(
        public_id=stay.public_id,
        admitted_on=stay.admitted_on,
        discharged_on=stay.discharged_on,
        centre=row.centre,
        previous_stay_ever=stay.previous_stay_ever,
        is_known_before=known,
        reasons=tuple(stay.admission_reasons),
        decided_by=row.User.name if row.User else None,
        linked_to=row.linked_to,
        link_reason=stay.link_reason,
        destination=stay.destination,
        delay_reason=stay.delay_reason,
        main_activity=stay.main_activity,
        permit=stay.permit,
        is_reported=stay.is_reported,
        counselling=stay.counselling,
        originals=originals,
        is_of_case=stay.case_id == case_id,
    )


def get_ended(case: Case, public_id: str) -> Stay:
    """A stay in this case that has ended. Raises NotFound, and NotNow for one that is still open."""
    found = db.session.scalar(sa.select(Stay).where(Stay.public_id == public_id, Stay.case_id == case.id))
    if found is None:
        raise NotFound
    if found.discharged_on is None:
        raise NotNow(_("She still stays there. Correct how the stay began, or end it."))
    return found


def list_leaders(actor: Actor) -> list[tuple[str, str]]:
    """The leads of the own house, who decide on admissions: public id and name."""
    rows = db.session.execute(_leaders(actor))
    return sorted(((public_id, name) for _key, public_id, name in rows), key=lambda one: one[1].casefold())


def _leaders(actor: Actor) -> sa.Select[int, str, str]:
    return (
        sa.select(User.id, User.public_id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == actor.organisation_id,
            Membership.role == Role.PROGRAMME_LEAD,
            Membership.is_live,
        )
        .distinct()
        .limit(MOST)
    )


def leader_id(actor: Actor, public_id: str | None) -> int | None:
    """The key of a lead of the own house; None for none. Raises Invalid for anybody else: a leader decides (R-654)."""
    if not public_id:
        return None
    for key, found, _name in db.session.execute(_leaders(actor)):
        if found == public_id:
            return int(key)
    raise Invalid(_("A leader of the house decides on the admission."), field="leader")


def list_before(actor: Actor, case: Case) -> list[tuple[str, date, date | None, str | None]]:
    """Stays with which a new one may be one course: public id, first and last day, centre."""
    rows = db.session.execute(
        sa.select(Stay.public_id, Stay.admitted_on, Stay.discharged_on, Organisation.name)
        .outerjoin(Organisation, Organisation.id == Stay.organisation_id)
        .where(_of_her(actor, case.client_id))
        .order_by(Stay.admitted_on.desc(), Stay.id.desc())
        .limit(MOST)
    )
    return [(public_id, first, last, centre) for public_id, first, last, centre in rows]


def find_before(actor: Actor, stay: Stay, public_id: str | None) -> int | None:
    """The key of the stay before; None for none. Raises Invalid unless hers, seen, another, earlier (R-654)."""
    if not public_id:
        return None
    with db.session.no_autoflush:
        client_id = db.session.scalar(sa.select(Case.client_id).where(Case.id == stay.case_id))
        found = db.session.execute(
            sa.select(Stay.id, Stay.admitted_on).where(Stay.public_id == public_id, _of_her(actor, client_id or 0))
        ).one_or_none()
    if found is None or found.id == stay.id or found.admitted_on > stay.admitted_on:
        raise Invalid(_("Choose an earlier stay of hers."), field="earlier")
    return int(found.id)


def public_ids(stay: Stay) -> tuple[str | None, str | None]:
    """The public ids of who decided and of the stay before."""
    row = db.session.execute(
        sa.select(
            sa.select(User.public_id).where(User.id == stay.decided_by_id).scalar_subquery(),
            sa.select(Stay.public_id).where(Stay.id == stay.previous_stay_id).scalar_subquery(),
        )
    ).one()
    return row[0], row[1]


def spoken(stay: Stay) -> dict[str, str | None]:
    """What a correction may change, as text."""
    values = {name: getattr(stay, name) for name in SPOKEN}
    return {name: None if value is None else str(value) for name, value in values.items()}


@as_system()
def repeat_rates(actor: Actor, first: date, last: date) -> Rates:
    """Repeat stays among those begun at the own house in a period: by her own word, and as known here (R-654).

    Numbers alone. A stay that is one connected course with the one before is no repeat stay.
    """
    earlier, before = aliased(Stay), aliased(Case)
    known = (
        sa.exists()
        .where(
            earlier.case_id == before.id,
            before.client_id == Case.client_id,
            earlier.admitted_on < Stay.admitted_on,
            earlier.organisation_id == Stay.organisation_id,
            earlier.id.is_distinct_from(Stay.previous_stay_id),
        )
        .correlate(Stay, Case)
    )
    said = Stay.previous_stay_ever
    row = db.session.execute(
        sa.select(
            sa.func.count(),
            sa.func.count().filter(said.is_(True)),
            sa.func.count().filter(said.is_not(None)),
            sa.func.count().filter(known),
        )
        .select_from(Stay)
        .join(Case, Case.id == Stay.case_id)
        .where(Stay.organisation_id == actor.organisation_id, Stay.admitted_on.between(first, last))
        # The continuation of a course is no new stay.
        .where(Stay.previous_stay_id.is_(None))
    ).one()
    return Rates(*(int(value) for value in row))
