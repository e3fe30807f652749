"""A handover to another organisation: chosen, looked through, made."""

from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.blueprints.documents import bp
from portal.blueprints.documents.forms import HandoverForm, MakeForm, StretchForm, WordsForm
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Language, Permission
from portal.core.errors import Forbidden
from portal.core.kinds import ConsentPurpose
from portal.core.pages import Page
from portal.core.papers import PassingBasis, PassingSection
from portal.domain import passing_on as rules
from portal.domain.cases import Lens
from portal.domain.disclosure import FieldGroup
from portal.domain.labels import label
from portal.queries import case_parts
from portal.queries import cases as case_queries
from portal.queries import passing_on as queries
from portal.queries.visibility import relation_of
from portal.services import passing_on
from portal.services.case_marks import must_be_open
from portal.web import handover_words
from portal.web.access import access, current_actor, log_view
from portal.web.case_pages import must_have_whole
from portal.web.htmx import after_change
from portal.web.saving import saved
from portal.web.submissions import transaction

CHANGES: dict[str, Callable[..., None]] = {"keep": passing_on.keep, "strike-again": passing_on.strike_again}


def _case(public_id: str) -> tuple[Any, Lens]:
    """The case, for somebody who has the whole of it and may write in it. Raises NotFound, Forbidden, NotNow."""
    actor = current_actor()
    case = case_queries.get_told(actor, public_id)
    seen = must_have_whole(actor, case)
    if not seen.shows(FieldGroup.DOCUMENT_FILE):
        raise Forbidden
    must_be_open(case.id)
    return case, seen


def _papers(public_id: str) -> str:
    return url_for("documents.index", public_id=public_id)


def _review(public_id: str) -> str:
    return url_for("documents.review", public_id=public_id)


@bp.get("/<public_id>/handover")
@access(Permission.CASE_EDIT)
def handover(public_id: str) -> ResponseReturnValue:
    """For whom, by what, and what it tells."""
    case, _seen = _case(public_id)
    known = {"language": Language.DANISH, "basis": PassingBasis.CONSENT.value}
    # Whoever comes back from writing down a consent finds what she had chosen.
    chosen = {"recipient": request.args.get("recipient"), "sections": request.args.get("sections", "").split(",")}
    form = HandoverForm(data=known | {name: one for name, one in chosen.items() if one})
    log_view(case_id=case.id, relation=relation_of(current_actor()), page=Page.HANDOVER)
    return _begin_page(case, form, public_id)


def _fill(form: HandoverForm) -> list[dict[str, object]]:
    """Fill in receivers and what it may be sent by; returns the laws for the page to explain."""
    laws = rules.grounds(current_actor().role, on=local_date(utc_now()))
    form.recipient.choices = case_parts.organisation_choices()
    bases = (PassingBasis.CONSENT, *(one.basis for one in laws))
    form.basis.choices = [(one.value, label(one)) for one in bases]
    return [{"name": one.basis, "source": one.source} for one in laws]


@bp.post("/<public_id>/handover")
@access(Permission.CASE_EDIT, audit=Audit.HANDOVER_BEGUN)
def begin(public_id: str) -> ResponseReturnValue:
    """Begin it: what tells where somebody is, is struck at once."""
    actor, form = current_actor(), HandoverForm()
    lacking: list[Any] = []
    case, seen = _case(public_id)
    _fill(form)

    def save() -> None:
        told = handover_words.texts(case, seen, actor, form.done.data)
        with force_locale(form.language.data.value):
            try:
                passing_on.begin(case, _wish(form), told, actor=actor, now=utc_now())
            except passing_on.ConsentMissing as refusal:
                lacking.extend(refusal.scopes)
                raise

    if not saved(form, save, then=_review(public_id)):
        return _begin_page(case_queries.get_told(actor, public_id), form, public_id, form.status, lacking)
    return after_change(_review(public_id))


def _wish(form: HandoverForm) -> passing_on.Wish:
    return passing_on.Wish(
        receiver=form.recipient.data,
        basis=PassingBasis(form.basis.data),
        sections=[PassingSection(one) for one in form.sections.data or ()],
        language=form.language.data,
        reason=form.reason.data,
    )


def _begin_page(
    case: Any, form: HandoverForm, public_id: str, status: int = 200, lacking: list[Any] | None = None
) -> ResponseReturnValue:
    laws = _fill(form)
    scope = ",".join(one.value for one in lacking or ())
    sections = ",".join(form.sections.data or ())
    wanted = {"recipient": form.recipient.data, "scope": scope, "purpose": ConsentPurpose.REFERRAL.value}
    ask = url_for("cases.consents_page", public_id=public_id, **wanted, handover=sections)
    page = {
        "form": form,
        "laws": laws,
        "lacking": lacking or [],
        "consent_url": ask,
        "review_url": _review(public_id) if queries.find_draft(case, current_actor().user_id) else None,
        "back": _papers(public_id),
    }
    return render_template("documents/handover.html", **page), status


@bp.get("/<public_id>/handover/review")
@access(Permission.CASE_EDIT)
def review(public_id: str) -> ResponseReturnValue:
    """Every text of it, with what is struck."""
    return _review_page(public_id)


@bp.post("/<public_id>/handover/stretch/<any(keep, 'strike-again'):action>")
@access(Permission.CASE_EDIT, audit=Audit.HANDOVER_STRUCK)
def stretch(public_id: str, action: str) -> ResponseReturnValue:
    """One stretch: kept with a reason, or struck again."""
    actor, form = current_actor(), StretchForm()
    case, _seen = _case(public_id)
    place, number = _whole(form.place.data), _whole(form.number.data)
    more = (form.reason.data,) if action == "keep" else ()

    def save() -> None:
        CHANGES[action](case, place, number, *more, actor=actor, now=utc_now(), version=form.seen)

    if not saved(form, save, then=_review(public_id)):
        return _review_page(public_id, refused=form)
    return after_change(_review(public_id), message=_("Saved."))


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else -1


@bp.post("/<public_id>/handover/strike")
@access(Permission.CASE_EDIT, audit=Audit.HANDOVER_STRUCK)
def strike(public_id: str) -> ResponseReturnValue:
    """Strike words by hand."""
    actor, form = current_actor(), WordsForm()
    case, _seen = _case(public_id)

    def save() -> None:
        passing_on.strike(case, form.words.data, actor=actor, now=utc_now(), version=form.seen)

    if not saved(form, save, then=_review(public_id)):
        return _review_page(public_id, words=form)
    return after_change(_review(public_id), message=_("Struck out."))


@bp.post("/<public_id>/handover/drop")
@access(Permission.CASE_EDIT, audit=Audit.HANDOVER_DROPPED)
def drop(public_id: str) -> ResponseReturnValue:
    """Drop it: nothing of it is kept."""
    case, _seen = _case(public_id)
    with transaction(then=_papers(public_id)):
        passing_on.drop(case, actor=current_actor(), now=utc_now())
    return after_change(_papers(public_id), message=_("The handover has been dropped."))


@bp.post("/<public_id>/handover/make")
@access(Permission.CASE_EDIT, audit=Audit.HANDOVER_MADE, step_up=True)
def make(public_id: str) -> ResponseReturnValue:
    """Make the file. It stands among the papers, as it was sent."""
    actor, form = current_actor(), MakeForm()
    case, _seen = _case(public_id)
    sender, today = case.owner.name, local_date(utc_now())

    def printed(passages: Any, draft: Any, receiver: queries.Receiver) -> bytes:
        about = {"basis": draft.basis, "language": draft.language.value}
        return handover_words.as_pdf(passages, receiver=receiver.name, sender=sender, made_on=today, **about)

    def save() -> None:
        theme = _("Handover document")
        passing_on.make(case, printed, theme=theme, version=form.seen, actor=actor, now=utc_now())

    if not saved(form, save, then=_papers(public_id)):
        return _review_page(public_id, making=form)
    return after_change(_papers(public_id), message=_("The document has been made. Fetch it here, and send it safely."))


def _review_page(
    public_id: str,
    refused: StretchForm | None = None,
    words: WordsForm | None = None,
    making: MakeForm | None = None,
) -> ResponseReturnValue:
    actor = current_actor()
    case, _seen = _case(public_id)
    draft = queries.under_way(case, actor.user_id)
    sent = refused or words or making
    for late in (words, making):
        # Pressed once more it is meant: the page shows the texts as they are now.
        if late is not None and late.is_outrun:
            late.version.data = str(draft.version)
    page = {
        "texts": [{"passage": one, "pieces": rules.pieces(one)} for one in draft.passages],
        "receiver": draft.receiver,
        "basis": draft.basis,
        "version": draft.version,
        "refused": refused,
        "words_form": words or WordsForm(formdata=None, data={"version": draft.version}),
        "make_form": making or MakeForm(formdata=None, data={"version": draft.version}),
        "is_sealed": case.client.protection_level >= rules.SEALED_LEVEL,
        "urls": {
            **{name: url_for("documents.stretch", public_id=public_id, action=name) for name in CHANGES},
            **{name: url_for(f"documents.{name}", public_id=public_id) for name in ("strike", "drop", "make")},
        },
        "back": _papers(public_id),
    }
    log_view(case_id=case.id, relation=relation_of(actor), page=Page.HANDOVER)
    return render_template("documents/review.html", **page), sent.status if sent else 200
