"""Who has left without an offer and is known to her municipality by a notice alone: nobody of it works with her.

The law has the municipality offer, and has the centre tell it in a notice with the day, the house and a number. What
the notice has told stands here, and nothing more: no name, no way into the case (R-867).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.core.actor import Actor
from portal.core.deadlines import DeadlineKind
from portal.core.enums import OrganisationKind, Role
from portal.core.kinds import MunicipalityDuty
from portal.core.standing import StandingKind
from portal.core.states import CaseState, CounsellingState, DeadlineState
from portal.db import db
from portal.models.cases import Case, TeamMember
from portal.models.clients import Client
from portal.models.counselling import CoordinatingCounselling as Counselling
from portal.models.deadlines import Deadline
from portal.models.municipalities import MunicipalityPeriod
from portal.models.organisations import Organisation
from portal.models.stays import StatutoryNotice, Stay
from portal.queries.barriers import is_open_to
from portal.queries.paging import PAGE_SIZE, decode, encode
from portal.queries.standing import stands
from portal.wall import as_system

# What tells the row of a municipality from that of whoever works in the case.
SUFFIX = "municipality"


@dataclass(frozen=True, slots=True)
class Unmet:
    """One woman, as the notice told of her. `house`: whom to ring; empty where only the number may be used."""

    reference: str
    left_on: date
    told_on: date
    house: str | None


def _told() -> sa.Exists:
    """The notice of her leaving was sent; or that of her coming, and it was this municipality all along."""
    other = sa.exists().where(
        MunicipalityPeriod.case_id == Counselling.case_id,
        MunicipalityPeriod.duty == MunicipalityDuty.RESPONSIBLE,
        MunicipalityPeriod.municipality_code.is_distinct_from(Counselling.municipality_code),
    )
    return sa.exists().where(
        StatutoryNotice.stay_id == Counselling.stay_id,
        StatutoryNotice.sent_on.is_not(None),
        sa.or_(StatutoryNotice.kind == "discharge", ~other),
    )


def _is_unmet(today: date) -> sa.ColumnElement[bool]:
    """She has left, nothing was offered, and nobody of the municipality that must offer it works in her case."""
    theirs = sa.exists().where(
        TeamMember.case_id == Counselling.case_id,
        TeamMember.ended_at.is_(None),
        TeamMember.organisation_id == Organisation.id,
    )
    return sa.and_(
        Counselling.is_current,
        Counselling.state == CounsellingState.NOT_OFFERED,
        Counselling.left_on <= today,
        Case.state == CaseState.OPEN,
        Case.erased_at.is_(None),
        # It was so on the day she left and is so now: who has become responsible since has got no notice.
        Counselling.municipality_code == Organisation.municipality_code,
        Case.responsible_municipality_code == Organisation.municipality_code,
        Case.owner_organisation_id != Organisation.id,
        Organisation.kind == OrganisationKind.MUNICIPALITY,
        Organisation.is_active,
        ~theirs,
        _told(),
        ~stands(Case.id, *StandingKind),
    )


def _hers(actor: Actor, today: date) -> sa.ColumnElement[bool]:
    """What an adviser of that municipality is told, unless she or her house is kept out of the case."""
    if actor.role is not Role.MUNICIPAL_ADVISER:
        return sa.false()
    return sa.and_(Organisation.id == actor.organisation_id, _is_unmet(today), is_open_to(actor, Case.id))


def _of_all(*columns: Any) -> sa.Select[*tuple[Any, ...]]:
    """The counselling beside its case and the municipality that was responsible on the day she left."""
    return (
        sa.select(*columns)
        .select_from(Counselling)
        .join(Case, Case.id == Counselling.case_id)
        .join(Organisation, Organisation.municipality_code == Counselling.municipality_code)
    )


@as_system()
def count_unmet(actor: Actor, *, today: date) -> int:
    """How many they are."""
    return db.session.scalar(_of_all(sa.func.count(Counselling.id)).where(_hers(actor, today))) or 0


@as_system()
def list_unmet(
    actor: Actor, *, today: date, after: str | None = None, limit: int = PAGE_SIZE
) -> tuple[list[Unmet], str | None]:
    """Who they are, who left first on top, and the next cursor. Raises ValueError for a bad one.

    The house is told as the notice told it; never of whoever came anonymously or is protected.
    """
    house = aliased(Organisation)
    sent = sa.and_(StatutoryNotice.stay_id == Stay.id, StatutoryNotice.sent_on.is_not(None))
    told_on = sa.select(sa.func.min(StatutoryNotice.sent_on)).where(sent).correlate(Stay).scalar_subquery()
    nameless = sa.exists().where(StatutoryNotice.stay_id == Stay.id, StatutoryNotice.is_anonymous).correlate(Stay)
    may_name = sa.and_(Client.protection_level == 0, ~nameless)
    statement = (
        _of_all(
            Counselling.id,
            Case.reference,
            Counselling.left_on,
            told_on.label("told_on"),
            sa.case((may_name, house.name)).label("house"),
        )
        .join(Client, Client.id == Case.client_id)
        .join(Stay, Stay.id == Counselling.stay_id)
        .outerjoin(house, house.id == Stay.organisation_id)
        .where(_hers(actor, today))
        .order_by(Counselling.left_on, Counselling.id)
        .limit(limit + 1)
    )
    if after:
        statement = statement.where(sa.tuple_(Counselling.left_on, Counselling.id) > decode(after, date, int))
    rows = db.session.execute(statement).all()
    following = encode(rows[limit - 1].left_on, rows[limit - 1].id) if len(rows) > limit else None
    return [Unmet(row.reference, row.left_on, row.told_on, row.house) for row in rows[:limit]], following


def list_needless(today: date) -> list[str]:
    """Whose row stands before a municipality that need not act any more: the counselling, for the nightly look."""
    still = (
        sa.select(Counselling.id)
        .join(Case, Case.id == Counselling.case_id)
        .where(Counselling.public_id == Deadline.subject_public_id, _is_unmet(today))
        .where(Organisation.id == Deadline.organisation_id)
        .correlate(Deadline)
    )
    rows = db.session.scalars(
        sa.select(Deadline.subject_public_id).where(
            Deadline.kind == DeadlineKind.COUNSELLING_MISSED,
            Deadline.queue_role == Role.MUNICIPAL_ADVISER.value,
            Deadline.state == DeadlineState.OPEN,
            ~sa.exists(still),
        )
    )
    return list(rows)


def list_untold(today: date) -> list[tuple[int, int]]:
    """Of whom no row stands before her municipality yet: the counselling and the house, for the nightly look."""
    key = sa.func.concat(DeadlineKind.COUNSELLING_MISSED.value, ":", Counselling.public_id, ":", SUFFIX)
    rows = db.session.execute(
        _of_all(Counselling.id, sa.func.min(Organisation.id))
        .where(_is_unmet(today), ~sa.exists().where(Deadline.source_key == key))
        .group_by(Counselling.id, Counselling.left_on)
        .order_by(Counselling.left_on, Counselling.id)
    )
    return [(row[0], row[1]) for row in rows]
