"""Her children in a list, and what is known of each."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.children import bp
from portal.blueprints.children.forms import ChildForm, NewChildForm
from portal.blueprints.children.view import child_url, facts_of, index_url, looked, open_case
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.domain.cases import Lens
from portal.domain.children import MANY
from portal.queries import children as queries
from portal.queries import concerns as concern_queries
from portal.services import children as service
from portal.web.access import access
from portal.web.case_pages import form_page
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.versions import against

ORDER = (
    *("name", "birth_date", "birth_year", "is_along", "custody", "contact", "contact_text", "needs"),
    *("language", "needs_interpreter"),
)
OPTIONAL = frozenset({"name", "birth_date", "birth_year", "custody", "contact", "contact_text", "needs", "language"})


@bp.get("/<public_id>")
@access(Permission.CASE_EDIT)
def index(public_id: str) -> ResponseReturnValue:
    """Her children: how old, with whom, when somebody last spoke with each; and the notices of concern."""
    actor, case, seen = open_case(public_id)
    today = local_date(utc_now())
    rows = [facts_of(case, child, seen) for child in queries.list_children(case)]
    shown = {
        "rows": rows,
        "unspoken": [row for row in rows if row.is_unspoken],
        "concerns": concern_queries.list_of(case, seen, today=today),
        "case_reference": case.reference,
    }
    looked(actor, case)
    return render_template("children/index.html", seen=seen, case_id=public_id, **shown)


@bp.get("/<public_id>/new")
@access(Permission.CASE_EDIT)
def new(public_id: str) -> ResponseReturnValue:
    """A new child of hers."""
    actor, case, _seen = open_case(public_id)
    asks_sure = queries.count(case) >= MANY
    looked(actor, case)
    return _form_page(NewChildForm(data={"is_along": True}), public_id, asks_sure=asks_sure)


@bp.post("/<public_id>/new")
@access(Permission.CASE_EDIT, audit=Audit.CHILD_ADDED)
def add(public_id: str) -> ResponseReturnValue:
    """Record a child of hers."""
    actor, case, _seen = open_case(public_id)
    form = NewChildForm()

    def save() -> None:
        service.add(case, _typed(form), is_sure=form.is_sure.data, actor=actor, now=utc_now())

    if not saved(form, save, then=index_url(public_id)):
        asks_sure = queries.count(open_case(public_id)[1]) >= MANY
        return _form_page(form, public_id, asks_sure=asks_sure, status=422)
    return after_change(index_url(public_id), message=_("The child has been added."))


@bp.get("/<public_id>/of/<child_id>/facts")
@access(Permission.CASE_EDIT)
def change(public_id: str, child_id: str) -> ResponseReturnValue:
    """What is known about a child of hers."""
    actor, case, seen = open_case(public_id)
    form = _known(case, child_id, seen)
    looked(actor, case)
    return _form_page(form, public_id, back=child_url(public_id, child_id))


def _known(case: Any, child_id: str, seen: Lens) -> ChildForm:
    found = queries.get(case, child_id)
    form = ChildForm(formdata=None, obj=facts_of(case, found, seen))
    # The year stands in the date already.
    if form.birth_date.data:
        form.birth_year.data = None
    return form


@bp.post("/<public_id>/of/<child_id>/facts")
@access(Permission.CASE_EDIT, audit=Audit.CHILD_CHANGED)
def save(public_id: str, child_id: str) -> ResponseReturnValue:
    """Correct what is known about a child."""
    actor, case, seen = open_case(public_id)
    form, found, page = ChildForm(), queries.get(case, child_id), child_url(public_id, child_id)

    def act() -> None:
        service.change(case, found, _typed(form), version=form.seen, actor=actor, now=utc_now())

    if not saved(form, act, then=page):
        form = against(form, lambda: _known(open_case(public_id)[1], child_id, seen))
        return _form_page(form, public_id, back=page, status=form.status)
    return after_change(page, message=_("Saved."))


def _typed(form: ChildForm) -> service.ChildRecord:
    return service.ChildRecord(**{name: form[name].data for name in ORDER})


def _form_page(
    form: ChildForm, public_id: str, *, asks_sure: bool = False, back: str | None = None, status: int = 200
) -> ResponseReturnValue:
    hints = {
        "birth_date": _("Enough with the year, if the day is not known."),
        "contact": _("As it is agreed or decided now."),
        "needs": _("Health, allergies, what calms the child, what it is afraid of."),
    }
    names = (*ORDER, "is_sure") if asks_sure else ORDER
    fields = [(name, hints.get(name), name in OPTIONAL) for name in names]
    heading = _("A child of hers")
    return form_page(form, heading, fields, button=_("Save"), back=back or index_url(public_id), status=status)
