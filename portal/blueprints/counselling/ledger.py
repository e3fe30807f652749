"""Psychologist hours: what somebody is entitled to, what was used, what is left."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.counselling import bp, forms
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.errors import Forbidden, NotFound
from portal.core.kinds import TrackKind
from portal.core.pages import Page
from portal.domain.disclosure import Relation
from portal.domain.enrolments import require_own
from portal.domain.permissions import can
from portal.queries import counselling as queries
from portal.queries import enrolments as enrolment_queries
from portal.services import hours as service
from portal.web.access import access, current_actor, log_view
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction
from portal.web.versions import with_sent


def _course(public_id: str) -> Any:
    course = enrolment_queries.get(current_actor(), public_id)
    if course.kind is not TrackKind.ENTITLEMENT:
        raise NotFound
    return course


def _may_change(course: Any) -> bool:
    try:
        require_own(current_actor(), course.organisation_id)
    except Forbidden:
        return False
    return can(current_actor(), Permission.ENROLMENT_MANAGE)


def _page(public_id: str, status: int = 200, **given: Any) -> ResponseReturnValue:
    """All ledgers of a course."""
    course = _course(public_id)
    log_view(case_id=course.case_id, relation=Relation.CT, page=Page.HOURS)
    course = _course(public_id)
    context = {
        "course": course,
        "ledgers": [(ledger, *_forms(ledger, given)) for ledger in queries.list_ledgers(course.id)],
        "may_change": _may_change(course),
    }
    return render_template("counselling/hours.html", **context), status


def _forms(ledger: queries.Ledger, given: dict[str, Any]) -> tuple[forms.HoursForm, forms.ChildHoursForm]:
    """What can be written in one ledger; what was sent to it stands in. Each ledger's fields have ids of their own."""
    use = forms.HoursForm(formdata=None, data={"held_on": local_date(utc_now())})
    size = forms.ChildHoursForm(formdata=None, data={"version": ledger.version, "minutes": ledger.minutes_total})
    if given.get("failed") == ledger.public_id:
        shown = with_sent({"use": use, "size": size}, given)
        use, size = shown["use"], shown["size"]
    for name, form in (("use", use), ("size", size)):
        for field in form:
            field.id = f"{name}-{field.name}-{ledger.public_id}"
    return use, size


@bp.get("/hours/<public_id>")
@access(Permission.FOLLOW_UP_FILL)
def hours(public_id: str) -> ResponseReturnValue:
    """The ledger of a course."""
    return _page(public_id)


def _save(public_id: str, ledger_id: str, name: str, form: Any, change: Any) -> ResponseReturnValue:
    course, page = _course(public_id), url_for("counselling.hours", public_id=public_id)
    if saved(form, lambda: change(course, actor=current_actor(), now=utc_now()), then=page):
        return after_change(page, message=_("Saved."))
    return _page(public_id, form.status, failed=ledger_id, **{name: form})


@bp.post("/hours/<public_id>/<ledger_id>/use")
@access(Permission.ENROLMENT_MANAGE, audit=Audit.HOURS_REGISTERED)
def use(public_id: str, ledger_id: str) -> ResponseReturnValue:
    """Register hours that have been held."""
    form = forms.HoursForm()

    def change(course: Any, **who: Any) -> None:
        service.register(
            course,
            ledger_id,
            held_on=form.held_on.data,
            minutes=form.minutes.data,
            authorisation=form.authorisation.data,
            **who,
        )

    return _save(public_id, ledger_id, "use", form, change)


@bp.post("/hours/<public_id>/<ledger_id>/size")
@access(Permission.ENROLMENT_MANAGE, audit=Audit.HOURS_REGISTERED)
def size(public_id: str, ledger_id: str) -> ResponseReturnValue:
    """Set how many hours a child has."""
    form = forms.ChildHoursForm()

    def change(course: Any, **who: Any) -> None:
        service.set_child_hours(course, ledger_id, form.minutes.data, version=form.seen, **who)

    return _save(public_id, ledger_id, "size", form, change)


@bp.post("/hours/<public_id>/entries/<entry_id>/correct")
@access(Permission.ENROLMENT_MANAGE, audit=Audit.HOURS_CORRECTED)
def correct(public_id: str, entry_id: str) -> ResponseReturnValue:
    """Take a wrong entry back by a counter-entry."""
    course, page = _course(public_id), url_for("counselling.hours", public_id=public_id)
    with transaction(then=page):
        service.correct(course, entry_id, actor=current_actor(), now=utc_now())
    return after_change(page, message=_("The entry is taken back."))
