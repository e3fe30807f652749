"""How many cases somebody has opened within the last minutes."""

import sqlalchemy as sa

from portal.domain.decisions import STRETCH
from portal.models.audit import AuditEvent
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
