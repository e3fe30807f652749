"""The journal: notes and contacts. A correction is a new note."""

from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.cases import bp
from portal.blueprints.cases.correcting import moment, note_form
from portal.blueprints.cases.note_forms import ContactForm, NoteForm
from portal.blueprints.cases.routes.slips import undo_of
from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.kinds import ContactMode, NeedArea
from portal.core.pages import Page
from portal.core.states import CaseState
from portal.domain.disclosure import FieldGroup
from portal.queries import case_parts, case_timeline, person_facts
from portal.queries import cases as case_queries
from portal.queries import notes as note_queries
from portal.queries.clock import database_now
from portal.queries.visibility import relation_of
from portal.services import cases, notes, violence
from portal.web import safe_contact
from portal.web.about_children import about_children, offer_children
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import case_url, lens_of
from portal.web.children import child_name
from portal.web.filters import of_both
from portal.web.htmx import after_change
from portal.web.paging import read_page
from portal.web.past import past_items
from portal.web.safety_questions import incident_link, safety_said
from portal.web.saving import saved
from portal.web.texts import MOVE


@bp.get("/<public_id>/notes")
@access(Permission.CASE_EDIT)
def journal(public_id: str) -> ResponseReturnValue:
    """Write a note or log a contact, with what has been below it; or correct a note, begun with what it says."""
    before = _before(public_id)
    named = [child for child in (request.args.get("child"),) if child]
    form = note_form(before, named)
    contact = ContactForm(data={"mode": ContactMode.PHONE.value, "about": named})
    return _journal_page(public_id, form, contact, before)


@bp.post("/<public_id>/notes")
@access(Permission.CASE_EDIT, audit=Audit.NOTE_WRITTEN)
def write_note(public_id: str) -> ResponseReturnValue:
    """Save a note, or a correction of an earlier one."""
    before = _before(public_id)
    form, case = note_form(before), case_queries.get(current_actor(), public_id)
    courses = _offer_courses(current_actor(), case, form, before=before)
    children = offer_children(case, lens_of(current_actor(), case), form)
    asks: list[bool] = []

    def save() -> None:
        said = _said(case, form, courses, children, utc_now()) | moment(form, before, utc_now())
        _write(case, said, before, names_children=bool(children))
        asks.append(violence.keep_answers(case, form.answers, actor=current_actor(), now=utc_now()))

    if not saved(form, save, then=case_url(public_id)):
        return _journal_page(public_id, form, ContactForm(formdata=None), before, status=422)
    said, further = _("The note has been saved."), incident_link(public_id, form.answers, form.happened_on.data)
    return after_change(case_url(public_id), message=said + safety_said(asks), further=further)


def _write(case: Any, said: dict[str, Any], before: Any, *, names_children: bool) -> None:
    """Write the note; where her children are closed to the writer, a correction is about those the first one was."""
    corrects = note_queries.get(current_actor(), case, before.public_id) if before else None
    kept = {"about", "was_spoken_with"} if before and not names_children else set()
    given = {name: value for name, value in said.items() if name not in kept}
    notes.write_note(case, **given | {"text": said["text"] or ""}, corrects=corrects)


def _before(public_id: str) -> Any:
    """The note that is to be corrected, where the page or the form names one."""
    named, actor = request.values.get("corrects"), current_actor()
    if not named:
        return None
    case = case_queries.get(actor, public_id)
    return note_queries.read(actor, note_queries.get(actor, case, named), lens_of(actor, case))


def _said(
    case: Any, form: NoteForm | ContactForm, courses: dict[str | None, int], children: Any, now: datetime
) -> dict[str, Any]:
    """What both forms say: the words, what they are about, and who says it when."""
    return {
        "text": _text(case, form, now),
        "themes": [NeedArea(theme) for theme in form.themes.data or ()],
        "enrolment_id": courses.get(form.course.data),
        "facts": form.facts,
        **about_children(form, children),
        "actor": current_actor(),
        "now": now,
    }


def _text(case: Any, form: NoteForm | ContactForm, now: datetime) -> str | None:
    """What was written, without what she asked to have moved to a protected field."""
    text: str | None = form.text.data
    if text and MOVE in request.form:
        return notes.move_to_protected(case, text, actor=current_actor(), now=now)
    return text


@bp.post("/<public_id>/contacts")
@access(Permission.CASE_EDIT, audit=Audit.CONTACT_LOGGED)
def log_contact(public_id: str) -> ResponseReturnValue:
    """Log a contact in two taps."""
    actor, form = current_actor(), ContactForm()
    case = case_queries.get(actor, public_id)
    courses, children = _offer_courses(actor, case, form), offer_children(case, lens_of(actor, case), form)

    asks: list[bool] = []
    undo: list[dict[str, str]] = []
    # One moment, by the database's clock, for all that is saved here: until when it can be undone is counted from it.
    now = database_now()

    def save() -> None:
        note = _log(case, form, _said(case, form, courses, children, now))
        asks.append(_answered(case, form, actor, now))
        undo.extend(undo_of(case, note))

    if not saved(form, save, then=case_url(public_id)):
        return _journal_page(public_id, NoteForm(formdata=None), form, status=422)
    said = _("The contact has been logged.") + safety_said(asks)
    further = incident_link(public_id, form.answers)
    return after_change(case_url(public_id), message=said, undo=undo[0] if undo else None, further=further)


def _log(case: Any, form: ContactForm, said: dict[str, Any]) -> Any:
    what = {"mode": form.mode.data, "result": form.result.data, "minutes": form.spent}
    return notes.log_contact(case, enrolment_public_id=form.course.data, **what, **said)


def _answered(case: Any, form: ContactForm, actor: Actor, now: datetime) -> bool:
    """Keep what she was asked in the same step: whether it is still safe, and what has happened. Whether that asks."""
    if form.still_safe.data:
        cases.confirm_card(case, was_reached=form.was_reached, actor=actor, now=now)
    return violence.keep_answers(case, form.answers, actor=actor, now=now)


def _offer_courses(
    actor: Actor, case: Any, *forms: NoteForm | ContactForm, before: Any = None
) -> dict[str | None, int]:
    """Let the forms choose among the live courses, and the one of the note that is corrected. Returns their keys."""
    rows = case_parts.list_live_courses(actor, case)
    choices = [("", _("None")), *((public_id, of_both((da, en))) for _key, public_id, da, en in rows)]
    keys: dict[str | None, int] = {public_id: key for key, public_id, _da, _en in rows}
    if before is not None and before.course and before.course[0] not in keys:
        choices.append((before.course[0], _("As in the note that is corrected")))
        keys[before.course[0]] = before.course[1]
    usual = request.args.get("course") or (rows[0][1] if len(rows) == 1 else "")
    for form in forms:
        form.course.choices = choices
        if request.method == "GET" and before is None:
            form.course.data = usual
    return keys


def _journal_page(
    public_id: str, form: NoteForm, contact: ContactForm, before: Any = None, status: int = 200
) -> ResponseReturnValue:
    actor, after = current_actor(), request.args.get("after")
    case = case_queries.get(actor, public_id)
    _offer_courses(actor, case, form, contact, before=before)
    # Both forms of the page have these: each stands under a name of its own.
    own = (contact.course, contact.themes, contact.text, contact.about, contact.was_spoken_with)
    for one in (*own, *contact.questions, *contact.said):
        one.id = f"contact-{one.short_name}"
    seen = lens_of(actor, case)
    offered = offer_children(case, seen, form, contact)
    if request.method == "GET":
        for one in (form, contact):
            one.about.data = [child for child in one.about.data or () if child in offered]
    names = {key: child_name(facts) for key, (_child, facts) in offered.items()}
    past = read_page(lambda: case_timeline.list_past(actor, case.id, seen, after=after, pins_first=True))
    shown = {
        "seen": seen,
        "case_id": public_id,
        "reference": case.reference,
        "is_open": case.state is CaseState.OPEN,
        "form": form,
        "contact": contact,
        "before": before,
        "to_confirm": safe_contact.to_confirm(person_facts.find_card(actor, case)),
        "card_url": url_for("cases.contact_card", public_id=public_id),
        "has_children": bool(offered),
        "back": case_url(public_id),
        "items": past_items(past.rows, public_id, names, past.pinned),
        "pinned": past_items(past.pinned, public_id, names, past.rows),
        "waiting": past_items(past.waiting, public_id, names),
        "can_decide": seen.sees_all_tracks and seen.shows(FieldGroup.NOTE_CASE),
        "note_url": url_for("cases.write_note", public_id=public_id),
        "contact_url": url_for("cases.log_contact", public_id=public_id),
        "next_url": url_for("cases.journal", public_id=public_id, after=past.following) if past.following else None,
        "first_url": url_for("cases.journal", public_id=public_id) if after else None,
    }
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.JOURNAL)
    return render_template("cases/journal.html", **shown), status
