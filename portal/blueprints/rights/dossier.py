"""The screen on which a child's texts are looked through before they leave the house."""

from collections.abc import Callable

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.rights import bp, forms, view
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.pages import Page
from portal.core.rights import RightsKind, RightsState
from portal.domain import redaction
from portal.domain.disclosure import Relation
from portal.domain.permissions import can
from portal.queries import rights as queries
from portal.services import dossier
from portal.web.access import access, current_actor, log_view
from portal.web.htmx import after_change
from portal.web.own_values import term
from portal.web.saving import saved
from portal.web.submissions import transaction

CHANGES: dict[str, Callable[..., None]] = {
    "take-back": dossier.take_back,
    "want": dossier.want_shown,
    "agree": dossier.agree_to_show,
}


@bp.get("/<public_id>/dossier")
@access(Permission.RIGHTS_RUN, Permission.RIGHTS_SECOND, step_up=True)
def texts(public_id: str) -> ResponseReturnValue:
    """Each text with what is struck."""
    return _page(public_id)


@bp.post("/<public_id>/dossier")
@access(Permission.RIGHTS_RUN, audit=Audit.DOSSIER_PREPARED, step_up=True)
def prepare(public_id: str) -> ResponseReturnValue:
    """Take the texts down as they stand now."""
    actor = current_actor()
    request = queries.get(actor, public_id)
    with transaction(then=_here(public_id)):
        dossier.prepare(request, actor=actor, now=utc_now())
        has_texts = bool(queries.list_texts(request))
    words = _("The texts have been taken down. Look through each of them.") if has_texts else _("There is no text.")
    return after_change(_here(public_id), message=words)


@bp.post("/<public_id>/dossier/<text_id>/strike")
@access(Permission.RIGHTS_RUN, audit=Audit.DOSSIER_STRUCK, step_up=True)
def strike(public_id: str, text_id: str) -> ResponseReturnValue:
    """Strike words in a text."""
    actor, form = current_actor(), forms.StrikeForm()
    request = queries.get(actor, public_id)
    text = queries.get_text(request, text_id)

    def save() -> None:
        dossier.strike(request, text, form.words.data, actor=actor, now=utc_now(), version=form.seen)

    if not saved(form, save, then=_here(public_id)):
        return _page(public_id, form, text_id)
    return after_change(_here(public_id), message=_("Struck out."))


@bp.post("/<public_id>/dossier/<text_id>/<action>")
@access(Permission.RIGHTS_RUN, Permission.RIGHTS_SECOND, audit=Audit.DOSSIER_STRUCK, step_up=True)
def change_span(public_id: str, text_id: str, action: str) -> ResponseReturnValue:
    """One stretch of a text: taken back, wanted shown, agreed to."""
    actor, form = current_actor(), forms.SpanForm()
    request = queries.get(actor, public_id)
    text = queries.get_text(request, text_id)
    if action not in CHANGES or not form.validate_on_submit():
        abort(404 if action not in CHANGES else 400)
    with transaction(then=_here(public_id)):
        CHANGES[action](request, text, form.number.data, actor=actor, now=utc_now(), version=form.seen)
    return after_change(_here(public_id), message=_("Saved."))


def _here(public_id: str) -> str:
    return url_for("rights.texts", public_id=public_id)


def _page(public_id: str, refused: forms.StrikeForm | None = None, text_id: str = "") -> ResponseReturnValue:
    actor = current_actor()
    request = queries.get(actor, public_id)
    if request.kind is not RightsKind.CHILD_DOSSIER:
        abort(404)
    rows = [
        {
            "public_id": text.public_id,
            "title": term(*text.source.split(".")),
            "version": text.version,
            "pieces": text.pieces,
            "form": refused if refused is not None and text.public_id == text_id else forms.StrikeForm(formdata=None),
        }
        for text in queries.list_cut(request)
    ]
    runs = can(actor, Permission.RIGHTS_RUN)
    log_view(case_id=request.case_id, relation=Relation.DP if runs else Relation.SO, page=Page.RIGHTS)
    return render_template(
        "rights/dossier.html",
        rows=rows,
        public_id=public_id,
        back=view.here(public_id),
        mask=redaction.MASK,
        may_work=runs and request.state is RightsState.IN_WORK,
        may_agree=request.state is RightsState.WAITING and request.taken_by_id != actor.user_id,
    ), refused.status if refused else 200
