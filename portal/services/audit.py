"""The audit trail: what was done, and who looked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit, EventKind, Outcome
from portal.core.errors import TooMany
from portal.core.kinds import SubjectType
from portal.core.pages import Page
from portal.core.request_id import current_request_id
from portal.core.surroundings import surroundings
from portal.db import db
from portal.domain.decisions import is_too_many_cases
from portal.domain.disclosure import Relation
from portal.domain.edition import edition
from portal.models.audit import AccessEntry, AuditEntry
from portal.models.counselling import CoordinatingCounselling
from portal.models.enrolments import Enrolment
from portal.models.followups import FollowUp
from portal.models.grants import GrantApplication
from portal.models.groups import GroupRound
from portal.models.meetings import Meeting
from portal.queries import pace

Subject = CoordinatingCounselling | Enrolment | FollowUp | GrantApplication | GroupRound | Meeting

SUBJECTS: Mapping[type[Subject], SubjectType] = {
    CoordinatingCounselling: SubjectType.COUNSELLING,
    Enrolment: SubjectType.ENROLMENT,
    FollowUp: SubjectType.FOLLOW_UP,
    GrantApplication: SubjectType.GRANT,
    GroupRound: SubjectType.ROUND,
    Meeting: SubjectType.MEETING,
}


def record(
    action: Audit,
    subject_type: SubjectType,
    subject_public_id: str | None,
    *,
    actor: Actor,
    now: datetime,
    case_id: int | None = None,
    fields: Sequence[str] = (),
    reason: str | None = None,
    reason_category: str | None = None,
    relation: Relation | None = None,
    outcome: Outcome = Outcome.ALLOWED,
    rule: str | None = None,
    shown: int | None = None,
) -> None:
    """Write one line of the audit trail into the running transaction. Never a value, never a name (R-005).

    The line takes its place in the chain when the transaction commits (R-481). `rule` names what refused, `shown` how
    many rows were found.
    """
    db.session.add(
        AuditEntry(
            **_who(actor, now),
            action=action,
            subject_type=subject_type,
            subject_public_id=subject_public_id,
            case_id=case_id,
            fields=list(fields),
            reason=reason,
            reason_category=reason_category,
            relation=relation.value if relation else None,
            outcome=outcome,
            rule=rule,
            shown=shown,
        )
    )


def _who(actor: Actor, now: datetime) -> dict[str, Any]:
    """What every line says of who acts, and from where."""
    place = surroundings()
    return {
        "at": now,
        "actor_id": actor.user_id,
        "membership_id": actor.membership_id,
        "organisation_id": actor.organisation_id,
        "role": actor.role,
        "request_id": current_request_id(),
        "session": place.session,
        "device": place.device,
        "network": place.network,
        "policy": edition(),
    }


def record_about(
    action: Audit, row: Subject, *, actor: Actor, now: datetime, fields: Sequence[str] = (), reason: str | None = None
) -> None:
    """Write one line about a row that says itself what it is and which case it belongs to (R-005)."""
    record(
        action,
        SUBJECTS[type(row)],
        row.public_id,
        actor=actor,
        now=now,
        case_id=getattr(row, "case_id", None),
        fields=fields,
        reason=reason,
    )
    db.session.flush()


def record_view(*, actor: Actor, case_id: int, relation: Relation, page: Page, now: datetime) -> None:
    """Write who looks at a case, at which page and in which relation to it (R-006). The caller commits, then shows it.

    Raises TooMany at the sixty-first case within ten minutes: neither a stolen session nor a patient insider takes a
    whole register home in an evening (R-576, threat T10). The safety officer's alarm has rung long before.
    """
    line = sa.insert(AccessEntry).values(
        **_who(actor, now),
        kind=EventKind.SEEN,
        relation=relation.value,
        page=page,
        subject_type=SubjectType.CASE,
        case_id=case_id,
        outcome=Outcome.ALLOWED,
    )
    # Asked in the statement that writes the line: a look costs one statement.
    opened, is_among_them = db.session.execute(line.returning(*pace.opened_lately(actor.user_id, case_id))).one()
    if is_too_many_cases(opened, is_among_them=bool(is_among_them)):
        raise TooMany


def record_list(*, actor: Actor, page: Page, shown: int, now: datetime) -> None:
    """Write who had a list of cases before her, and how many it showed (R-482). The caller commits."""
    db.session.add(
        AccessEntry(
            **_who(actor, now), page=page, subject_type=SubjectType.SYSTEM, shown=shown, outcome=Outcome.ALLOWED
        )
    )
