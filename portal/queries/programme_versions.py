"""Versions of the programmes that a lead makes: hers to read, and which one a request or a course began with."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.kinds import TrackKind
from portal.core.programmes import VersionState
from portal.db import db
from portal.domain.enrolments import LIVE
from portal.domain.referrals import OPEN
from portal.models.enrolments import Enrolment
from portal.models.programmes import Offer, Programme, ProgrammeVersion
from portal.models.referrals import TrackRequest
from portal.wall import as_system

MOST = 100
UNPUBLISHED = (VersionState.DRAFT, VersionState.SCHEDULED)


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One programme of the lead's organisation, as her list shows it."""

    public_id: str
    name_da: str
    name_en: str
    kind: TrackKind
    retired_on: date | None
    in_force: int | None
    draft: int | None
    next_from: date | None
    edited_at: datetime


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version with how many began with it and are under way: numbers, and nobody's name."""

    number: int
    state: VersionState
    valid_from: date | None
    edited_at: datetime
    requests: int
    courses: int


def list_own(actor: Actor) -> list[OwnRow]:
    """The programmes that the actor's organisation has made, by name. One statement."""

    def of(state: VersionState, column: Any) -> Any:
        return sa.func.max(column).filter(ProgrammeVersion.state == state)

    draft = ProgrammeVersion.content["name_da"].astext
    rows = db.session.execute(
        sa.select(
            Programme.public_id,
            sa.func.coalesce(sa.func.nullif(Programme.name_da, ""), sa.func.max(draft)),
            Programme.name_en,
            Programme.kind,
            Programme.retired_on,
            of(VersionState.IN_FORCE, ProgrammeVersion.number),
            sa.func.max(ProgrammeVersion.number).filter(ProgrammeVersion.state.in_(UNPUBLISHED)),
            of(VersionState.SCHEDULED, ProgrammeVersion.valid_from),
            sa.func.max(ProgrammeVersion.edited_at),
        )
        .join(ProgrammeVersion, ProgrammeVersion.programme_id == Programme.id)
        .where(Programme.owner_id == actor.organisation_id)
        .group_by(Programme.id)
        .order_by(Programme.name_da, Programme.id)
        .limit(MOST)
    )
    return [OwnRow(*row) for row in rows]


def get_own(actor: Actor, public_id: str) -> Programme:
    """A programme that the actor's own organisation has made. Raises NotFound, also for one of the reference file."""
    found = db.session.scalar(
        sa.select(Programme).where(Programme.public_id == public_id, Programme.owner_id == actor.organisation_id)
    )
    if found is None:
        raise NotFound
    return found


def get_version(programme: Programme, number: int | None = None) -> ProgrammeVersion:
    """A version by its number, or the one that is drafted or waits for its day. Raises NotFound."""
    which = ProgrammeVersion.number == number if number is not None else ProgrammeVersion.state.in_(UNPUBLISHED)
    found = db.session.scalar(
        sa.select(ProgrammeVersion)
        .where(ProgrammeVersion.programme_id == programme.id, which)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def find_in_force(programme_id: int) -> ProgrammeVersion | None:
    """The version that counts today; None for a programme of the reference file, and before the first day."""
    return db.session.scalar(
        sa.select(ProgrammeVersion).where(
            ProgrammeVersion.programme_id == programme_id, ProgrammeVersion.state == VersionState.IN_FORCE
        )
    )


def find_last(programme_id: int) -> ProgrammeVersion | None:
    """The newest version, whatever its state."""
    return db.session.scalar(
        sa.select(ProgrammeVersion)
        .where(ProgrammeVersion.programme_id == programme_id)
        .order_by(ProgrammeVersion.number.desc())
        .limit(1)
    )


def in_force_of(programme_ids: Collection[int]) -> dict[int, ProgrammeVersion]:
    """The versions that count today, by programme; those of the reference file have none."""
    rows = db.session.scalars(
        sa.select(ProgrammeVersion).where(
            ProgrammeVersion.programme_id.in_(programme_ids), ProgrammeVersion.state == VersionState.IN_FORCE
        )
    )
    return {row.programme_id: row for row in rows}


def list_versions(programme: Programme) -> list[VersionRow]:
    """All versions, the newest first, with how many are under way on each. Only the numbers come out (R-661)."""
    requests = _count(TrackRequest, TrackRequest.state.in_(OPEN))
    courses = _count(Enrolment, Enrolment.state.in_(LIVE))
    statement = (
        sa.select(
            ProgrammeVersion.number,
            ProgrammeVersion.state,
            ProgrammeVersion.valid_from,
            ProgrammeVersion.edited_at,
            requests,
            courses,
        )
        .where(ProgrammeVersion.programme_id == programme.id)
        .order_by(ProgrammeVersion.number.desc())
        .limit(MOST)
    )
    with as_system():
        return [VersionRow(*row) for row in db.session.execute(statement)]


def _count(model: Any, condition: sa.ColumnElement[bool]) -> Any:
    counted = sa.select(sa.func.count()).where(model.programme_version_id == ProgrammeVersion.id, condition)
    return counted.correlate(ProgrammeVersion).scalar_subquery()


def list_due(today: date, *, limit: int = 200) -> list[int]:
    """Versions that wait for a day that has come, by id."""
    return list(
        db.session.scalars(
            sa.select(ProgrammeVersion.id)
            .where(ProgrammeVersion.state == VersionState.SCHEDULED, ProgrammeVersion.valid_from <= today)
            .order_by(ProgrammeVersion.id)
            .limit(limit)
        )
    )


def rules_of(enrolment: Enrolment) -> dict[str, Any]:
    """The rules that a course began with, whatever has been published since (R-661)."""
    if enrolment.programme_version_id is not None:
        statement: sa.Select[*tuple[Any, ...]] = sa.select(ProgrammeVersion.content).where(
            ProgrammeVersion.id == enrolment.programme_version_id
        )
    else:
        statement = (
            sa.select(Programme.rules)
            .join(Offer, Offer.programme_id == Programme.id)
            .where(Offer.id == enrolment.offer_id)
        )
    return db.session.scalar(statement) or {}
