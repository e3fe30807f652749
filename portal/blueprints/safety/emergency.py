"""Opening a case in an emergency."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.safety import bp
from portal.blueprints.safety.forms import EmergencyForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.safety import BreakGlassReason
from portal.services import break_glass
from portal.web.access import access, current_actor
from portal.web.denials import note_reference
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction


@bp.get("/emergency")
@access(Permission.CASE_EMERGENCY, step_up=True)
def ask() -> ResponseReturnValue:
    """Which case, and why."""
    return _page(EmergencyForm(formdata=None))


@bp.post("/emergency")
@access(Permission.CASE_EMERGENCY, audit=Audit.BREAK_GLASS_OPENED, step_up=True)
def open_case() -> ResponseReturnValue:
    """Open it for an hour; everybody who must know is told in the same moment."""
    form, opened = EmergencyForm(), []
    refused: list[str] = []
    try:
        is_saved = saved(form, lambda: opened.append(_open(form, refused)), then=url_for("safety.ask"))
    finally:
        for reference in refused:
            note_reference(reference)
    if not is_saved:
        return _page(form, form.status)
    return after_change(
        url_for("cases.detail", public_id=opened[0]),
        message=_("The case is open to you for an hour. Her caseworker and the safety officer have been told."),
    )


def _open(form: EmergencyForm, refused: list[str]) -> str:
    """The page of the case that is opened. Which one was refused is noted, also where nothing of it is said."""
    try:
        found = break_glass.open_case(
            form.reference.data,
            category=BreakGlassReason(form.category.data),
            reason=form.reason.data,
            actor=current_actor(),
            now=utc_now(),
        )
    except (Forbidden, NotFound) as refusal:
        refused.append(form.reference.data)
        if isinstance(refusal, Forbidden):
            raise
        # Not there, another house's, closed, or kept from her: the same words.
        raise Invalid(_("No open case here has that reference."), field="reference") from refusal
    return break_glass.page_of(found)


def _page(form: EmergencyForm, status: int = 200) -> ResponseReturnValue:
    return render_template("safety/emergency.html", form=form), status


@bp.post("/emergency/<public_id>/end")
@access(Permission.CASE_EMERGENCY, audit=Audit.BREAK_GLASS_ENDED)
def end_here(public_id: str) -> ResponseReturnValue:
    """End one's own access to a case before the hour is over."""
    with transaction(then=url_for("home.start")):
        break_glass.end(public_id, actor=current_actor(), now=utc_now())
    return after_change(url_for("home.start"), message=_("The emergency access has ended."))
