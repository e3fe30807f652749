"""Contact with others: one form, and what has been below it."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.contacts import bp
from portal.blueprints.contacts.forms import OutsideContactForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.contacts import ContactDirection, ContactTheme
from portal.core.enums import Permission
from portal.core.pages import Page
from portal.core.states import CaseState
from portal.domain.contacts import ground_on
from portal.queries import cases as case_queries
from portal.queries import contacts as queries
from portal.queries.visibility import relation_of
from portal.services import contacts as service
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import case_url, lens_of
from portal.web.htmx import after_change
from portal.web.paging import read_page
from portal.web.saving import saved


@bp.get("/<public_id>")
@access(Permission.CASE_EDIT)
def index(public_id: str) -> ResponseReturnValue:
    """Log a contact with another party, with what has been below."""
    return _page(public_id, OutsideContactForm(data={"direction": ContactDirection.OUT}))


@bp.post("/<public_id>")
@access(Permission.CASE_EDIT, audit=Audit.OUTSIDE_CONTACT_LOGGED)
def log(public_id: str) -> ResponseReturnValue:
    """Save one."""
    actor, form = current_actor(), OutsideContactForm()
    case, then = case_queries.get(actor, public_id), url_for(".index", public_id=public_id)
    if not saved(form, lambda: service.log(case, form.said(), actor=actor, now=utc_now()), then=then):
        return _page(public_id, form, status=form.status)
    return after_change(then, message=_("The contact has been logged."))


def _page(public_id: str, form: OutsideContactForm, status: int = 200) -> ResponseReturnValue:
    actor, after = current_actor(), request.args.get("after")
    case = case_queries.get(actor, public_id)
    seen = lens_of(actor, case)
    rows, following = read_page(lambda: queries.list_contacts(actor, case, seen, after=after))
    base, counts = queries.count_themes(actor, case, seen)
    shown = {
        "seen": seen,
        "case_id": public_id,
        "reference": case.reference,
        "is_open": case.state is CaseState.OPEN,
        "form": form,
        "rows": [(row, ground_on(row.basis, local_date(row.happened_at))) for row in rows],
        "base": base,
        "counts": [(theme, counts[theme.value]) for theme in ContactTheme if theme.value in counts],
        "action": url_for(".log", public_id=public_id),
        "back": case_url(public_id),
        "next_url": url_for(".index", public_id=public_id, after=following) if following else None,
    }
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.OUTSIDE_CONTACTS)
    return render_template("contacts/index.html", **shown), status
