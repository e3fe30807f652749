"""The two fields that ask why nobody has looked at her safety, in each form that may end a course early (R-785)."""

from typing import Any

from portal.core.clock import local_date, utc_now
from portal.core.courses import MissingCheck
from portal.core.i18n import _
from portal.core.kinds import EndReason
from portal.domain.last_checks import Unchecked, counts_from, is_asked_for
from portal.queries.last_checks import has_check
from portal.web.fields import Radio, optional
from portal.web.texts import Line, Scan


def why_field(**options: Any) -> Radio:
    """Why no look was taken at her safety."""
    return Radio(_("Why could nobody look at her safety?"), [optional()], kind=MissingCheck, **options)


def by_field(**options: Any) -> Line:
    """By whom it was done elsewhere. Leads and others outside the team read it."""
    return Line(_("Who did it?"), [optional()], scan=Scan.REFUSE, **options)


def said(form: Any) -> Unchecked | None:
    """What was chosen in the two fields, if anything."""
    return Unchecked(form.unchecked.data, form.checked_by.data) if form.unchecked.data else None


def is_wanting(course: Any) -> bool:
    """Whether the course, were it to end today, has had no look at her safety lately: the fields are shown then."""
    return not has_check(course.case_id, since=counts_from(local_date(utc_now())))


def would_be_early(course: Any) -> bool:
    """Whether to complete the course today is to end it before its time."""
    return is_asked_for(EndReason.COMPLETED, course.planned_end_on, local_date(utc_now()))
