"""Whom alarms and drawn looks are for, and who stands in where nobody of them may know of the case."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.alerts import AlertRule
from portal.core.enums import Role
from portal.db import db
from portal.domain.alerts import RULES, STAND_INS, rules_of
from portal.models.alerts import Alert, AuditSample
from portal.models.audit import AuditEvent
from portal.models.users import Membership, User
from portal.queries.barriers import knows_of
from portal.wall import as_system


def list_receivers(rule: AlertRule, organisation_id: int | None, case_id: int | None) -> Sequence[int]:
    """The users who are told of a new alarm: nobody who is kept out of its case (R-374, R-490).

    The first of those who stand in has the first role in which somebody is left. Empty where there is nobody at all:
    the alarm waits in the list for whoever comes.
    """
    found = _list_people(RULES[rule].receivers, organisation_id, case_id)
    stand_ins = STAND_INS if organisation_id is not None and rule in rules_of(Role.SAFETY_OFFICER) else ()
    for role in stand_ins:
        found = found or _list_people((role,), organisation_id, case_id)
    return found


def _list_people(roles: Sequence[Role], organisation_id: int | None, case_id: int | None) -> Sequence[int]:
    people = sa.select(Membership.user_id).join(User, User.id == Membership.user_id)
    people = people.where(_receives(roles, sa.literal(case_id, sa.BigInteger)))
    if organisation_id is not None:
        people = people.where(Membership.organisation_id == organisation_id)
    return db.session.scalars(people.distinct().order_by(Membership.user_id)).all()


def _receives(roles: Sequence[Role], case_id: Any) -> sa.ColumnElement[bool]:
    here = sa.and_(Membership.role.in_(roles), Membership.is_live, User.is_active)
    return sa.and_(here, knows_of(Membership.user_id, case_id))


def is_told(actor: Actor) -> sa.ColumnElement[bool]:
    """The alarms of the actor's list, as it stands now: with who has come, left or been kept out since it rang."""
    mine = sa.or_(Alert.organisation_id.is_(None), Alert.organisation_id == actor.organisation_id)
    told: sa.ColumnElement[bool] = Alert.rule.in_(rules_of(actor.role))
    if actor.role in STAND_INS:
        before = (Role.SAFETY_OFFICER, *STAND_INS[: STAND_INS.index(actor.role)])
        officers = Alert.rule.in_(rules_of(Role.SAFETY_OFFICER))
        told = sa.or_(told, sa.and_(officers, ~_somebody(before)))
    return sa.and_(mine, told, knows_of(actor.user_id, Alert.case_id))


def _somebody(roles: Sequence[Role]) -> sa.ColumnElement[bool]:
    """Whether somebody at the alarm's organisation is there now, in one of these roles, who may know of its case."""
    here = (User.id == Membership.user_id, Membership.organisation_id == Alert.organisation_id)
    return sa.exists().where(*here, _receives(roles, Alert.case_id)).correlate(Alert)


@as_system()
def list_explainers(samples: Collection[int], organisation_id: int) -> tuple[Role, dict[int, str]]:
    """Who of a house explains these looks: in which role, and for each the first that she may know of, by user.

    The safety officers; the data-protection officers where none of them may know of any. Nobody at all: the looks wait
    for a safety officer.
    """
    for role in (Role.SAFETY_OFFICER, Role.DATA_PROTECTION_OFFICER):
        rows = db.session.execute(
            sa.select(Membership.user_id, AuditSample.public_id)
            .join(User, User.id == Membership.user_id)
            .join(AuditSample, AuditSample.organisation_id == Membership.organisation_id)
            .join(AuditEvent, AuditEvent.id == AuditSample.event_id)
            .where(
                Membership.organisation_id == organisation_id,
                AuditSample.id.in_(samples),
                _receives((role,), AuditEvent.case_id),
            )
            .order_by(AuditSample.id.desc())
        ).all()
        if rows:
            return role, {user_id: public_id for user_id, public_id in rows}  # noqa: C416 - a row is not a pair
    return Role.SAFETY_OFFICER, {}
