"""Her children."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.cases import bp
from portal.blueprints.cases.forms import ChildForm
from portal.core.audit_tags import Audit, Page
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup
from portal.queries import case_parts
from portal.queries import cases as case_queries
from portal.queries.person_facts import child_facts
from portal.queries.visibility import relation_of
from portal.services import cases
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import case_url, form_page, must_show
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.versions import against

CHILD_FIELDS = ("birth_year", "is_along", "name", "needs")


@bp.get("/<public_id>/children")
@access(Permission.CASE_EDIT)
def children(public_id: str) -> ResponseReturnValue:
    """Her children."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    seen = must_show(actor, case, FieldGroup.CHILD_IDENTITY)
    rows = [child_facts(row, seen) for row in case_parts.list_children(case)]
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.CHILDREN)
    return render_template("cases/children.html", rows=rows, public_id=public_id, seen=seen, case_id=public_id)


@bp.get("/<public_id>/children/new")
@access(Permission.CASE_EDIT)
def child(public_id: str) -> ResponseReturnValue:
    """A new child of hers."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.CHILD_IDENTITY)
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.CHILDREN)
    return _child_page(ChildForm(data={"is_along": True}), public_id)


@bp.post("/<public_id>/children/new")
@access(Permission.CASE_EDIT, audit=Audit.CHILD_ADDED)
def add_child(public_id: str) -> ResponseReturnValue:
    """Record a child of hers."""
    actor, form = current_actor(), ChildForm()
    case = case_queries.get(actor, public_id)
    must_show(actor, case, FieldGroup.CHILD_IDENTITY)

    def save() -> None:
        cases.add_child(
            case,
            birth_year=form.birth_year.data,
            name=form.name.data,
            is_along=form.is_along.data,
            needs=form.needs.data,
            actor=actor,
            now=utc_now(),
        )

    then = url_for("cases.children", public_id=public_id)
    if not saved(form, save, then=then):
        return _child_page(form, public_id, status=422)
    return after_change(then, message=_("The child has been added."))


@bp.get("/<public_id>/children/<child_id>")
@access(Permission.CASE_EDIT)
def edit_child(public_id: str, child_id: str) -> ResponseReturnValue:
    """What is known about a child of hers."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    seen = must_show(actor, case, FieldGroup.CHILD_IDENTITY)
    form = _known_child(case_parts.get_child(case, child_id), seen)
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.CHILDREN)
    return _child_page(form, public_id)


def _known_child(found: Any, seen: Lens) -> ChildForm:
    return ChildForm(formdata=None, obj=child_facts(found, seen))


@bp.post("/<public_id>/children/<child_id>")
@access(Permission.CASE_EDIT, audit=Audit.CHILD_CHANGED)
def save_child(public_id: str, child_id: str) -> ResponseReturnValue:
    """Correct what is known about a child."""
    actor, form = current_actor(), ChildForm()
    case = case_queries.get(actor, public_id)
    seen = must_show(actor, case, FieldGroup.CHILD_IDENTITY)
    found = case_parts.get_child(case, child_id)

    def save() -> None:
        cases.change_child(
            case,
            found,
            birth_year=form.birth_year.data,
            name=form.name.data,
            is_along=form.is_along.data,
            needs=form.needs.data,
            version=form.seen,
            actor=actor,
            now=utc_now(),
        )

    then = url_for("cases.children", public_id=public_id)
    if not saved(form, save, then=then):
        form = against(
            form, lambda: _known_child(case_parts.get_child(case_queries.get(actor, public_id), child_id), seen)
        )
        return _child_page(form, public_id, status=form.status)
    return after_change(then, message=_("Saved."))


def _child_page(form: ChildForm, public_id: str, status: int = 200) -> ResponseReturnValue:
    fields = [(name, None, name in ("name", "needs")) for name in CHILD_FIELDS]
    return form_page(form, _("A child of hers"), fields, button=_("Save"), back=case_url(public_id), status=status)
