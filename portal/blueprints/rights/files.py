"""Files for handing over: built in memory, sealed, fetched once."""

from flask import Response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.rights import bp, view
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.errors import NotNow
from portal.core.rights import RightsKind, RightsState
from portal.domain.decisions import Act
from portal.domain.disclosure import FieldGroup
from portal.queries import rights as queries
from portal.services import access_export, dossier, gates
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.subject_document import FILE_NAME, access_file, dossier_file
from portal.web.submissions import transaction


@bp.post("/<public_id>/build")
@access(Permission.RIGHTS_RUN, audit=Audit.EXPORT_BUILT, step_up=True)
def build(public_id: str) -> ResponseReturnValue:
    """Put the file together. A child's dossier only when a second person has released it."""
    actor, then = current_actor(), view.here(public_id)
    request = queries.get(actor, public_id)
    controller = request.case.owner.name
    with transaction(then=then):
        gates.must(actor, request.case_id, Act.EDIT, FieldGroup.EXPORT_SUBJECT_ACCESS)
        if request.kind is RightsKind.CHILD_DOSSIER:
            dossier.check_released(request)
            content = dossier_file(dossier.lines(request), controller)
        elif request.kind is RightsKind.ACCESS and request.state in (RightsState.IN_WORK, RightsState.GRANTED):
            content = access_file(access_export.of_woman(request), controller)
        else:
            raise NotNow
        access_export.store(request, content, actor=actor, now=utc_now())
    return after_change(then, message=_("The file is ready. It can be fetched once, within seven days."))


@bp.post("/<public_id>/fetch")
@access(Permission.RIGHTS_RUN, audit=Audit.EXPORT_FETCHED, step_up=True)
def fetch(public_id: str) -> ResponseReturnValue:
    """Hand the file to the one who hands it over. Its name says nothing."""
    actor = current_actor()
    request = queries.get(actor, public_id)
    with transaction(then=url_for("rights.detail", public_id=public_id)):
        gates.must(actor, request.case_id, Act.EDIT, FieldGroup.EXPORT_SUBJECT_ACCESS)
        content = access_export.fetch(request, actor=actor, now=utc_now())
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return Response(content, mimetype="application/zip", headers=headers)
