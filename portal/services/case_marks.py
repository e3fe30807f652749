"""What every change of a case leaves behind: a line in the audit trail, and a row on the work list of whom to ask."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.deadlines import DeadlineKind
from portal.core.errors import NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.states import CaseState
from portal.db import db
from portal.domain.standing import DIED
from portal.models.cases import Case, TeamMember
from portal.queries.standing import has_died
from portal.services import audit, deadlines


def record(action: Audit, case: Case, *, actor: Actor, now: datetime, fields: Sequence[str] = ()) -> None:
    """Write the change of a case into the audit trail: field names, never values (R-005)."""
    audit.record(action, SubjectType.CASE, case.public_id, actor=actor, now=now, case_id=case.id, fields=fields)


def put_up(kind: DeadlineKind, case: Case, *, due_on: date, actor: Actor, now: datetime) -> None:
    """Put something about the case on the work list of the one to ask, or of the actor while there is none (R-007)."""
    deadlines.put_up(
        kind,
        SubjectType.CASE,
        case.public_id,
        due_on=due_on,
        organisation_id=case.owner_organisation_id,
        owner_id=primary_of(case) or actor.user_id,
        case_id=case.id,
        now=now,
    )


def must_be_open(case_id: int | None) -> None:
    """Raise NotNow when the case is closed: its team reads it then, and changes nothing (M6, R-616)."""
    if case_id is None:
        return
    if db.session.scalar(sa.select(Case.state).where(Case.id == case_id)) is CaseState.CLOSED:
        raise NotNow(_("The case is closed. Reopen it to write in it."))


def must_go_on(case: Case) -> None:
    """Raise NotNow when the case is closed, or when she has died: nothing new is asked for her (R-815)."""
    if case.state is CaseState.CLOSED:
        raise NotNow
    if has_died(case.id):
        raise NotNow(DIED)


def primary_of(case: Case) -> int | None:
    """The user whom the others ask about a case, or None."""
    return db.session.scalar(
        sa.select(TeamMember.user_id).where(
            TeamMember.case_id == case.id, TeamMember.ended_at.is_(None), TeamMember.is_primary
        )
    )
