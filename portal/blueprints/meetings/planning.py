"""A new meeting with her, and the sheet with her next dates."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.meetings import bp
from portal.blueprints.meetings.forms import MeetingForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.errors import NotFound
from portal.core.kinds import MeetingKind
from portal.core.pages import Page
from portal.domain.meetings import slot
from portal.domain.programmes import read
from portal.queries import cases as case_queries
from portal.queries import enrolments as enrolment_queries
from portal.queries import meetings as queries
from portal.queries import requests as request_queries
from portal.queries.visibility import relation_of
from portal.services import meetings as service
from portal.web.about_children import chosen, offer_children
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import lens_of
from portal.web.htmx import after_change
from portal.web.saving import saved


class About:
    """What a new meeting is about: a case, a course, or a request before the decision."""

    def __init__(self) -> None:
        actor, values = current_actor(), request.args
        self.steps: list[tuple[str, str]] = []
        self.reference: str | None = None
        self.ids: dict[str, int | None] = {}
        self.children: dict[str, Any] = {}
        self.case: Any = None
        self.query: dict[str, Any] = {
            name: values[name] for name in ("case", "enrolment", "request") if values.get(name)
        }
        if values.get("request"):
            row = request_queries.get(actor, values["request"])
            self.reference = row.referral.reference
            self.ids = {"request_id": row.id}
            self.steps = [(step.key, step.said(actor.language)) for step in read(row.rules).steps]
            self.case_id, self.back = row.case_id, url_for("referrals.request", public_id=row.public_id)
        elif values.get("enrolment"):
            course = enrolment_queries.get(actor, values["enrolment"])
            # A coordinator of volunteers knows the course, and not the case.
            self.reference = course.case.reference if queries.sees_case(actor, course.case_id) else None
            self.ids = {"enrolment_id": course.id, "case_id": course.case_id}
            self.case_id, self.back = course.case_id, url_for("enrolments.detail", public_id=course.public_id)
            self.case = course.case if self.reference else None
        elif values.get("case"):
            case = self.case = case_queries.get(actor, values["case"])
            self.reference, self.ids = case.reference, {"case_id": case.id}
            self.case_id, self.back = case.id, url_for("cases.detail", public_id=case.public_id)
        else:
            raise NotFound


def _form_page(form: MeetingForm, about: About, status: int = 200) -> ResponseReturnValue:
    url = url_for("meetings.create", **about.query)
    page = render_template(
        "meetings/new.html",
        form=form,
        reference=about.reference,
        back=about.back,
        url=url,
        has_steps=bool(about.steps),
        has_children=bool(about.children),
    )
    return page, status


def _form(about: About, **options: Any) -> MeetingForm:
    form = MeetingForm(**options)
    form.step.choices = [("", _("None of them")), *about.steps]
    if about.case is not None:
        about.children = offer_children(about.case, lens_of(current_actor(), about.case), form)
    return form


@bp.get("/new")
@access(Permission.MEETING_MANAGE)
def new() -> ResponseReturnValue:
    """A new meeting from a case, a course or a request."""
    about = About()
    kind = MeetingKind.INTAKE_TALK if about.steps else MeetingKind.TALK
    asked = request.args.get("step", "")
    form = _form(about, data={"kind": kind, "step": asked, "repeat": "once", "count": 1})
    log_view(case_id=about.case_id, relation=relation_of(current_actor()), page=Page.MEETING_NEW)
    return _form_page(form, about)


def _facts(form: MeetingForm, about: About) -> dict[str, Any]:
    """The meeting as typed, without its time."""
    actor = current_actor()
    return {
        "kind": form.kind.data,
        "place_kind": form.place_kind.data,
        "place": form.place.data,
        "theme": form.theme.data,
        "has_interpreter": form.has_interpreter.data,
        "responsible_id": actor.user_id,
        "step": form.step.data or None,
        "organisation_id": actor.organisation_id,
        "about": chosen(form, about.children),
        **about.ids,
    }


def _said(made: list[Any]) -> str:
    """That it is planned, and what to know about it."""
    parts = [_("The meeting has been planned.")]
    if queries.find_clashes(current_actor(), made):
        parts.append(_("Note: there is another meeting in your calendar at the same time."))
    if any(meeting.moved_from is not None for meeting in made):
        parts.append(_("Where a day is a public holiday, the next weekday was chosen."))
    return " ".join(parts)


@bp.post("/new")
@access(Permission.MEETING_MANAGE, audit=Audit.MEETING_PLANNED)
def create() -> ResponseReturnValue:
    """Plan it, once or as a series."""
    actor, about = current_actor(), About()
    form = _form(about)
    made: list[Any] = []
    said: list[tuple[str, str]] = []

    def act() -> None:
        first = slot(form.day.data, form.starts.data, form.ends.data, ends_next_day=form.ends_next_day.data)
        facts = {**_facts(form, about), "actor": actor, "now": utc_now()}
        made.extend(service.plan_series(first, form.repeat.data, form.count.data, **facts))
        said.append((_said(made), url_for("meetings.detail", public_id=made[0].public_id)))

    if not saved(form, act, then=about.back):
        return _form_page(form, about, 422)
    ((message, page),) = said
    return after_change(page, message=message)


@bp.get("/sheet/<case_id>")
@access(Permission.MEETING_VIEW)
def sheet(case_id: str) -> ResponseReturnValue:
    """Her next three dates, to print for her: no name, no organisation, no programme."""
    actor = current_actor()
    case = case_queries.get(actor, case_id)
    dates = queries.next_dates(actor, case.id, now=utc_now())
    language, back = case.client.language, url_for("cases.detail", public_id=case.public_id)
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.SHEET)
    return render_template("meetings/sheet.html", dates=dates, language=language, back=back)
