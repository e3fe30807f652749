"""Courses given with an answer that can still be undone: only the house that gave them is told of them (R-850)."""

from datetime import timedelta

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.states import EnrolmentState
from portal.domain.enrolments import NOT_UNDONE
from portal.domain.referrals import UNDO_MINUTES
from portal.models.enrolments import Enrolment
from portal.queries.clauses import built_once
from portal.queries.clock import NOW


@built_once
def is_unsaid(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether a course is nothing yet to this person: another house gave it less than ten minutes ago."""
    return sa.and_(
        Enrolment.organisation_id.is_distinct_from(actor.organisation_id),
        Enrolment.request_id.is_not(None),
        Enrolment.state == EnrolmentState.PROPOSED,
        Enrolment.kind.not_in(NOT_UNDONE),
        Enrolment.created_at > NOW - timedelta(minutes=UNDO_MINUTES),
    )
