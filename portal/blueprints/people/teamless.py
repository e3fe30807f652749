"""Cases that nobody works on, for leads and safety officers: given to somebody, never looked into."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.people import bp
from portal.blueprints.people.forms import AdoptForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.queries import teamless as queries
from portal.services import teamless as service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.saving import saved


@bp.get("/without-team")
@access(Permission.CASE_ADOPT)
def without_team() -> ResponseReturnValue:
    """The cases of the own organisation on whose team nobody is left."""
    return _page()


def _page(sent: AdoptForm | None = None, at: str = "", status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    rows, takers = queries.list_own(actor), queries.list_takers(actor)
    forms = [(row, sent if sent is not None and row.public_id == at else AdoptForm(formdata=None)) for row in rows]
    for row, form in forms:
        form.user.id = f"user-{row.public_id}"
        form.user.choices = [("", _("Choose")), *takers]
    return render_template("people/without_team.html", forms=forms), status


@bp.post("/without-team/<public_id>")
@access(Permission.CASE_ADOPT, audit=Audit.TEAM_JOINED)
def adopt(public_id: str) -> ResponseReturnValue:
    """Give one of them to somebody."""
    queries.get_alone(current_actor(), public_id)
    form = AdoptForm()
    form.user.choices = queries.list_takers(current_actor())

    def act() -> None:
        service.adopt(public_id, form.user.data, actor=current_actor(), now=utc_now())

    if saved(form, act, then=url_for(".without_team")):
        return after_change(url_for(".without_team"), message=_("The case has been given to a colleague."))
    return _page(form, public_id, form.status)
