"""Asking the contact person before somebody is placed. Whoever asks learns whether she may, and no more."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.apart import bp
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission as P
from portal.services import placements
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.pages import own_page
from portal.web.placements import read
from portal.web.submissions import transaction


@bp.post("/ask")
@access(
    P.CASE_EDIT,
    P.GROUP_MANAGE,
    P.HOUSING_MANAGE,
    P.TASK_MANAGE,
    P.FURNISHING_MANAGE,
    P.ENROLMENT_MANAGE,
    P.MEETING_MANAGE,
    P.REFERRAL_ANSWER,
    audit=Audit.PLACEMENT_ASKED,
)
def ask() -> ResponseReturnValue:
    """Put the question to whoever is to be asked."""
    actor = current_actor()
    placement, then = read(request.form.get("placement", ""), actor), own_page()
    with transaction(then=then):
        placements.ask(placement, actor=actor, now=utc_now())
    words = _("The team has been asked. The answer comes among your messages, and counts once.")
    return after_change(then, message=words)
