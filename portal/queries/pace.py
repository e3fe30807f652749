"""How many cases somebody has opened within the last minutes, and how many people she has named today."""

from datetime import datetime

import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.db import db
from portal.domain.decisions import COMPARED_FIELDS, STRETCH
from portal.models.audit import AuditEntry, AuditEvent
from portal.queries.clock import NOW


def opened_lately(user_id: int | None, case_id: int) -> tuple[sa.ScalarSelect[int], sa.ScalarSelect[bool]]:
    """How many cases this person has opened within the stretch, in all her roles, and whether this is one of them.

    To be asked within another statement; a look that the statement itself writes down does not count yet.
    """
    looks = (
        AuditEvent.actor_id == user_id,
        AuditEvent.at > NOW - STRETCH,
        # In the words of the index.
        AuditEvent.page.is_not(None),
        AuditEvent.case_id.is_not(None),
    )
    count = sa.select(sa.func.count(AuditEvent.case_id.distinct())).where(*looks).scalar_subquery()
    is_among_them = sa.select(sa.func.bool_or(AuditEvent.case_id == case_id)).where(*looks).scalar_subquery()
    return count, is_among_them


def compared_since(user_id: int, since: datetime) -> int:
    """How often this person has named, since a moment, somebody who is compared across all organisations (R-610).

    An address that is kept out or apart, somebody for the watch list, a telephone or CPR number of a woman.
    """
    by_address = AuditEntry.action.in_((Audit.BLOCK_SET, Audit.KEEP_APART_SET))
    named = sa.or_(
        AuditEntry.action == Audit.WATCH_ADDED,
        sa.and_(by_address, AuditEntry.fields.contains(["email"])),
        sa.and_(AuditEntry.action == Audit.CASE_CHANGED, AuditEntry.fields.overlap(list(COMPARED_FIELDS))),
    )
    hers = (AuditEntry.actor_id == user_id, AuditEntry.at >= since, named)
    return db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry).where(*hers)) or 0
