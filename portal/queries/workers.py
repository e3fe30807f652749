"""Who could take a course, and how many each has."""

from dataclasses import dataclass

import sqlalchemy as sa

from portal.core.enums import Role
from portal.core.kinds import TrackKind
from portal.core.safety import ApartState
from portal.db import db
from portal.domain.enrolments import queue_role
from portal.models.apart import KeepApart
from portal.models.users import Membership, User
from portal.queries.barriers import blocked_cases
from portal.wall import as_system

WORKER_ROLES = (Role.PROGRAMME_WORKER, Role.CONTACT_PERSON, Role.MUNICIPAL_ADVISER)


@dataclass(frozen=True, slots=True)
class WorkerRow:
    user_id: int
    public_id: str
    name: str
    live: int


def roles_for(kind: TrackKind) -> frozenset[Role]:
    """In which roles somebody gives courses of this kind."""
    return frozenset({queue_role(kind), *(WORKER_ROLES if queue_role(kind) in WORKER_ROLES else ())})


@as_system()
def list_workers(organisation_id: int, kind: TrackKind, case_id: int) -> list[WorkerRow]:
    """Who at an organisation could take a course of this kind, the one with the fewest live courses first.

    Nobody who is kept out of the case: she would never find the course that she was given.
    """
    live = sa.func.bro_live_courses(User.id, type_=sa.BigInteger)
    rows = db.session.execute(
        sa.select(User.id, User.public_id, User.name, live.label("live"))
        .where(
            User.is_active,
            _may_know_of(case_id),
            User.id.in_(
                sa.select(Membership.user_id).where(
                    Membership.organisation_id == organisation_id,
                    Membership.is_live,
                    Membership.role.in_(roles_for(kind)),
                )
            ),
        )
        .order_by(sa.text("live"), User.id)
        .limit(100)
    )
    return [WorkerRow(*row) for row in rows]


@as_system()
def find_free_worker(organisation_id: int, kind: TrackKind, case_id: int) -> int | None:
    """Who takes a course when nobody is named: of those whose role it is, who has the fewest (R-306)."""
    live = sa.func.bro_live_courses(User.id, type_=sa.BigInteger)
    wanted = sa.case(
        {role.value: place for place, role in enumerate((queue_role(kind), *WORKER_ROLES))},
        value=sa.cast(Membership.role, sa.Text),
        else_=9,
    )
    return db.session.scalar(
        sa.select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(
            User.is_active,
            _may_know_of(case_id),
            User.id.not_in(_apart_from(case_id)),
            Membership.organisation_id == organisation_id,
            Membership.is_live,
            Membership.role.in_({queue_role(kind), *WORKER_ROLES}),
        )
        .order_by(wanted, live, User.id)
        .limit(1)
    )


def _may_know_of(case_id: int) -> sa.ColumnElement[bool]:
    return sa.literal(case_id).not_in(blocked_cases(User.id))


def _apart_from(case_id: int) -> sa.Select[int | None]:
    """Whom she must not meet: chosen by somebody one asks first, and by nobody without being asked (R-751)."""
    said = sa.and_(KeepApart.case_id == case_id, KeepApart.state == ApartState.IN_FORCE)
    return sa.select(KeepApart.user_id).where(said, KeepApart.user_id.is_not(None))
