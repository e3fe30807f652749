"""Reading tenancies: one of them, and which home is taken by whom."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.enums import Permission, Role
from portal.core.errors import NotFound
from portal.core.states import TenancyState
from portal.db import db
from portal.domain.disclosure import FieldGroup, opens
from portal.domain.permissions import can
from portal.models.cases import Case
from portal.models.enrolments import Enrolment
from portal.models.housing import HousingUnit, Tenancy
from portal.models.programmes import Offer
from portal.queries.barriers import is_open_to
from portal.queries.visibility import relation_of, told_cases, visible_enrolments
from portal.wall import as_system

ENDED = (TenancyState.MOVED_OUT, TenancyState.NOT_TAKEN)


@dataclass(frozen=True, slots=True)
class Reasons:
    """What is written about a tenancy: why days lie before it, why more time is asked for, why it was given or not."""

    gap: str | None
    wish: str | None
    decision: str | None


def sees_tenancy(actor: Actor) -> sa.ColumnElement[bool]:
    """The coordinator sees all tenancies of her own homes, past ones too, unless she is kept out of the case.

    A caseworker sees those of her cases. A lead sees those alone that she has been asked to decide about: she knows
    homes, not who lives there.
    """
    if not can(actor, Permission.TENANCY_VIEW):
        return sa.false()
    if can(actor, Permission.TENANCY_ASK):
        cases = sa.select(Case.id).where(told_cases(actor))
        return Tenancy.enrolment_id.in_(sa.select(Enrolment.id).where(Enrolment.case_id.in_(cases)))
    own = sa.select(HousingUnit.id).where(HousingUnit.organisation_id == actor.organisation_id)
    case_id = sa.select(Enrolment.case_id).where(Enrolment.id == Tenancy.enrolment_id).correlate(Tenancy)
    is_own = sa.and_(Tenancy.unit_id.in_(own), is_open_to(actor, case_id.scalar_subquery()))
    if actor.role is Role.PROGRAMME_LEAD:
        return sa.and_(is_own, Tenancy.extension_asked_at.is_not(None))
    return is_own


def tells_of_her(actor: Actor, tenancy: Tenancy) -> bool:
    """Whether the reader is still told whose tenancy it is: not once the case is closed or the consent taken back."""
    if not opens(FieldGroup.HOUSING_OFFER_STATE, relation_of(actor)):
        return False
    here = Enrolment.id == tenancy.enrolment_id
    return bool(db.session.scalar(sa.select(sa.exists().where(here, visible_enrolments(actor)))))


def find_tenancy_id(unit_id: int) -> str | None:
    """The public id of the tenancy that a home is reserved or taken by."""
    found: str | None = db.session.scalar(
        sa.select(Tenancy.public_id).where(Tenancy.unit_id == unit_id, Tenancy.state.not_in(ENDED))
    )
    return found


def living_in(unit_id: int) -> int | None:
    """The case of whoever a home is reserved or taken by; for the lock and the question alone, never to be shown.

    Asked beyond the actor's own sight: to somebody who is kept out of the case, the home must not pass for an empty
    one.
    """
    with as_system():
        found: int | None = db.session.scalar(
            sa.select(Enrolment.case_id)
            .join(Tenancy, Tenancy.enrolment_id == Enrolment.id)
            .where(Tenancy.unit_id == unit_id, Tenancy.state.not_in(ENDED))
        )
    return found


def reasons(actor: Actor, tenancy: Tenancy) -> Reasons:
    """The reasons as far as they are the reader's: a lead decides about more time and sees no case.

    Whoever knows the home, and is told of her no longer, learns none of them.
    """
    sees_case = can(actor, Permission.CASE_VIEW)
    if sees_case and not tells_of_her(actor, tenancy):
        return Reasons(gap=None, wish=None, decision=None)
    return Reasons(
        gap=tenancy.gap_reason if sees_case else None,
        wish=tenancy.extension_wish,
        decision=tenancy.extension_reason,
    )


def get_tenancy(actor: Actor, public_id: str) -> Tenancy:
    """A tenancy with home and course, case, offer and programme. Raises NotFound (R-004)."""
    found = db.session.scalar(
        sa.select(Tenancy)
        .where(Tenancy.public_id == public_id, sees_tenancy(actor))
        .options(
            joinedload(Tenancy.unit),
            joinedload(Tenancy.enrolment).joinedload(Enrolment.case).joinedload(Case.client),
            joinedload(Tenancy.enrolment).joinedload(Enrolment.offer).joinedload(Offer.programme),
        )
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found
