"""A course that ends early: somebody has looked at her safety, or it is kept why not (R-785)."""

from datetime import date, datetime

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.kinds import EndReason
from portal.domain.last_checks import Unchecked, check_unchecked, counts_from, is_asked_for
from portal.models.enrolments import Enrolment
from portal.queries.last_checks import has_check
from portal.services import audit


def settle(
    enrolment: Enrolment,
    reason: EndReason,
    ended_on: date,
    unchecked: Unchecked | None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep why nobody looked at her safety in the 14 days before an early end; nothing where somebody did (R-785).

    It never stops an end: each of the reasons is enough. Raises Invalid (field named) where none is given.
    """
    if not is_asked_for(reason, enrolment.planned_end_on, ended_on):
        return
    if has_check(enrolment.case_id, since=counts_from(ended_on)):
        return
    said = check_unchecked(unchecked)
    enrolment.unchecked_reason, enrolment.checked_by = said.reason, said.by or None
    audit.record_about(Audit.ENROLMENT_UNCHECKED, enrolment, actor=actor, now=now, reason=said.reason.value)
