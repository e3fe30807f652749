"""A contact that was logged by a slip is taken back while it is fresh."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.cases import bp
from portal.core.audit_tags import Audit
from portal.core.enums import Permission
from portal.domain.cases import contact_undo_until
from portal.queries import cases as case_queries
from portal.queries import notes as queries
from portal.queries import slips
from portal.queries.clock import database_now
from portal.services import notes
from portal.web.access import access, current_actor
from portal.web.case_pages import case_url
from portal.web.filters import clock
from portal.web.htmx import after_change
from portal.web.submissions import transaction


def undo_of(case: Any, note: Any) -> list[dict[str, str]]:
    """What undoes the contact, while nothing hangs on it."""
    if not slips.find_hanging(case, note).is_free:
        return []
    url = url_for("cases.undo_contact", public_id=case.public_id, note_id=note.public_id)
    return [{"url": url, "until": clock(contact_undo_until(note.written_at))}]


@bp.post("/<public_id>/contacts/<note_id>/undo")
@access(Permission.CASE_EDIT, audit=Audit.CONTACT_UNDONE)
def undo_contact(public_id: str, note_id: str) -> ResponseReturnValue:
    """Undo a contact that one has just logged by a slip."""
    actor = current_actor()
    case = case_queries.get(actor, public_id)
    note = queries.get(actor, case, note_id)
    with transaction(then=case_url(public_id)):
        notes.undo_contact(case, note, actor=actor, now=database_now())
    said = _("The contact is undone and counts nowhere. The journal keeps that it was logged and undone.")
    return after_change(case_url(public_id), message=said)
