"""Where what is still open in a case is ended: the oldest of each kind that the reader may open."""

from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.kinds import SubjectType
from portal.core.states import ClaimState
from portal.db import db
from portal.models.enrolments import Enrolment
from portal.models.grants import GrantApplication
from portal.models.referrals import Referral, TrackRequest
from portal.models.stays import StatutoryNotice
from portal.models.tasks import Claim, Task
from portal.queries.cases import CLOSED_GRANTS, CLOSED_REQUESTS
from portal.queries.visibility import LIVE, visible_enrolments, visible_grants, visible_referrals, visible_tasks


def find_first(actor: Actor, case_id: int) -> dict[SubjectType, str]:
    """The public id of the oldest open thing of each kind, in one statement. Assumes that the caller sees the case."""
    first = {
        SubjectType.ENROLMENT: _first(
            Enrolment, Enrolment.case_id == case_id, Enrolment.state.in_(LIVE), visible_enrolments(actor)
        ),
        SubjectType.REFERRAL: _first(
            Referral,
            sa.exists().where(
                TrackRequest.referral_id == Referral.id,
                TrackRequest.case_id == case_id,
                TrackRequest.state.not_in(CLOSED_REQUESTS),
            ),
            visible_referrals(actor),
        ),
        SubjectType.TASK: _first(
            Task,
            Task.case_id == case_id,
            sa.exists().where(Claim.task_id == Task.id, Claim.state.in_((ClaimState.PENDING, ClaimState.CONFIRMED))),
            visible_tasks(actor),
        ),
        SubjectType.GRANT: _first(
            GrantApplication,
            GrantApplication.case_id == case_id,
            GrantApplication.state.not_in(CLOSED_GRANTS),
            visible_grants(actor),
        ),
        SubjectType.NOTICE: _first(
            StatutoryNotice, StatutoryNotice.case_id == case_id, StatutoryNotice.sent_on.is_(None)
        ),
    }
    row = db.session.execute(sa.select(*first.values())).one()
    return {kind: public_id for kind, public_id in zip(first, row, strict=True) if public_id is not None}


def _first(model: Any, *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    return sa.select(model.public_id).where(*conditions).order_by(model.id).limit(1).scalar_subquery()
