"""The few notes that stand first in the journal of a case."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.cases import bp
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.queries import cases as case_queries
from portal.queries import notes as queries
from portal.services import pins
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.submissions import transaction


@bp.post("/<public_id>/notes/<note_id>/pin")
@access(Permission.CASE_EDIT, audit=Audit.NOTE_PINNED)
def pin_note(public_id: str, note_id: str) -> ResponseReturnValue:
    """Put a note first in the journal."""
    return _moved(public_id, note_id, pins.pin, _("The note stands first in the journal now."))


@bp.post("/<public_id>/notes/<note_id>/unpin")
@access(Permission.CASE_EDIT, audit=Audit.NOTE_UNPINNED)
def unpin_note(public_id: str, note_id: str) -> ResponseReturnValue:
    """Take a note down from its place."""
    return _moved(public_id, note_id, pins.unpin, _("The note stands among the others again."))


def _moved(public_id: str, note_id: str, move: Any, message: str) -> ResponseReturnValue:
    actor, then = current_actor(), url_for("cases.journal", public_id=public_id)
    case = case_queries.get(actor, public_id)
    note = queries.get(actor, case, note_id)
    with transaction(then=then):
        move(case, note, actor=actor, now=utc_now())
    return after_change(then, message=message)
