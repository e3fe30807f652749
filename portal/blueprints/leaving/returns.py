"""The organisation that leaves receives its cases: one file for its certificate, and the receipts for such files."""

from base64 import b64encode

from flask import Response, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.blueprints.leaving import bp
from portal.blueprints.leaving.forms import ReturnForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.domain.organisation_exits import is_time_to_return
from portal.queries import organisation_exits, organisation_returns
from portal.services import organisation_returns as service
from portal.vault.certificates import read_certificate
from portal.web.access import access, current_actor
from portal.web.return_file import FILE_NAME, packed
from portal.web.saving import saved


@bp.get("/return")
@access(Permission.ORGANISATION_LEAVE, step_up=True)
def ask_back() -> ResponseReturnValue:
    """Choose the certificate. The proof of who asks comes before the file is chosen, which no proof can keep."""
    return _ask_page(ReturnForm(formdata=None))


def _ask_page(form: ReturnForm, status: int = 200) -> ResponseReturnValue:
    leaving = organisation_exits.find_live(current_actor().organisation_id or 0)
    is_time = leaving is not None and is_time_to_return(leaving.frozen_at, utc_now())
    return render_template("leaving/return.html", form=form, is_time=is_time), status


@bp.post("/return")
@access(Permission.ORGANISATION_LEAVE, audit=Audit.DATA_RETURNED, step_up=True)
def give_back() -> ResponseReturnValue:
    """Make the file and hand it out. Its name says nothing."""
    form, made = ReturnForm(), list[bytes]()
    if not saved(form, lambda: made.append(_make(form.content())), then=url_for(".index")):
        return _ask_page(form, form.status)
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return Response(made[0], mimetype="application/pkcs7-mime", headers=headers)


def _make(certificate: bytes) -> bytes:
    actor, now = current_actor(), utc_now()
    leaving = service.begin(actor=actor, now=now)
    receiver = read_certificate(certificate, now=now)
    file = packed(service.documents(leaving, actor=actor, now=now), actor.organisation_name, now)
    store = current_app.extensions["anchors"]
    return service.hand_out(leaving, file, receiver, store=store, actor=actor, now=now)


@bp.get("/returns/<public_id>")
@access(Permission.ORGANISATION_LEAVE)
def receipt(public_id: str) -> ResponseReturnValue:
    """The receipt for one file, with what was signed and the key that checks it."""
    row, shown = organisation_returns.get_receipt(current_actor(), public_id)
    store, statement = current_app.extensions["anchors"], service.statement(row)
    return render_template(
        "leaving/receipt.html",
        receipt=shown,
        statement=statement,
        is_signed=store.is_signed(statement, row.signature),
        signature=b64encode(row.signature).decode(),
        public_key=store.public_key,
    )
