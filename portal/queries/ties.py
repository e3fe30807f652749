"""What there is between one person in one role and one case, read by the clauses through which she sees things.

`domain/relations.relation` makes one word of it. The clauses are those of the lists and pages, so that the word and
what is shown cannot drift apart (R-383).
"""

from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import Role
from portal.core.states import ClaimState
from portal.db import db
from portal.domain.relations import GRANT_ROLES, TRACK_ROLES, Ties
from portal.domain.tasks import CLOSES_AFTER, OPENS_BEFORE
from portal.models.cases import Case
from portal.models.enrolments import Enrolment
from portal.models.grants import GrantApplication
from portal.models.referrals import Referral, TrackRequest
from portal.models.tasks import Claim, Task
from portal.models.volunteers import Volunteer
from portal.queries.barriers import blocked_cases
from portal.queries.clock import NOW
from portal.queries.tasks import find_volunteer, in_order, may_touch, open_for
from portal.queries.visibility import (
    in_emergency,
    team_cases,
    visible_enrolments,
    visible_grants,
    visible_referrals,
    visible_requests,
    visible_tasks,
)

Clauses = dict[str, sa.ColumnElement[bool]]


def ties_of(actor: Actor, case_id: int) -> Ties:
    """The ties of the actor to a case, in one statement; a volunteer's own profile and whom she must not meet
    are two more.
    """
    facts = _of_the_house(actor, case_id) | _of_referrals(actor, case_id) | _of_tracks(actor, case_id)
    if actor.role is Role.VOLUNTEER:
        facts |= _of_a_volunteer(actor, case_id)
    row = db.session.execute(sa.select(*(clause.label(name) for name, clause in facts.items()))).one()
    return Ties(**row._mapping)


def _some(model: Any, case_id: int, *conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists(sa.select(model.id).where(model.case_id == case_id, *conditions))


def _of_the_house(actor: Actor, case_id: int) -> Clauses:
    own = sa.select(Case.id).where(Case.id == case_id, Case.owner_organisation_id == actor.organisation_id)
    number = sa.literal(case_id)
    return {
        "is_blocked": number.in_(blocked_cases(actor.user_id)),
        "is_own": sa.exists(own),
        "is_on_team": number.in_(team_cases(actor)),
        "has_emergency": in_emergency(actor, number),
    }


def _of_referrals(actor: Actor, case_id: int) -> Clauses:
    sent = sa.and_(visible_referrals(actor), Referral.sent_at.is_not(None))
    return {
        "is_referrer": _some(Referral, case_id, sent, Referral.referrer_id == actor.user_id),
        "is_referrers_colleague": _some(Referral, case_id, sent),
        "awaits_intake": _some(TrackRequest, case_id, visible_requests(actor)),
    }


def _of_tracks(actor: Actor, case_id: int) -> Clauses:
    course = _some(Enrolment, case_id, visible_enrolments(actor))
    pool = sa.or_(course, _some(Task, case_id, visible_tasks(actor)))
    queue = _some(GrantApplication, case_id, visible_grants(actor))
    nothing = sa.false()
    return {
        "is_on_own_track": course if actor.role in TRACK_ROLES else nothing,
        "is_in_own_pool": pool if actor.role is Role.VOLUNTEER_COORDINATOR else nothing,
        "is_in_own_queue": queue if actor.role in GRANT_ROLES else nothing,
    }


def _of_a_volunteer(actor: Actor, case_id: int) -> Clauses:
    volunteer = find_volunteer(actor)
    if volunteer is None:
        return {}
    return {
        "is_offered": _some(Task, case_id, open_for(volunteer)),
        "is_in_window": sa.exists(_in_window(volunteer).where(Task.case_id == case_id)),
    }


def _in_window(volunteer: Volunteer) -> sa.Select[int]:
    """Her confirmed claims whose window is open by the database's clock (R-131)."""
    opens = sa.func.greatest(Claim.confirmed_at, Task.starts_at - sa.literal(OPENS_BEFORE, sa.Interval))
    return (
        sa.select(Claim.id)
        .join(Claim.task)
        .where(
            Claim.volunteer_id == volunteer.id,
            sa.exists().where(Volunteer.id == volunteer.id, in_order()),
            Claim.state == ClaimState.CONFIRMED,
            opens <= NOW,
            Task.ends_at + sa.literal(CLOSES_AFTER, sa.Interval) > NOW,
            may_touch(volunteer),
        )
    )
