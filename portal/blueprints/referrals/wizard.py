"""The five steps of a new referral. Each saves the draft; nothing is sent before the last."""

from collections.abc import Callable
from typing import Any, cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Field

from portal import db as database
from portal.blueprints.referrals import bp
from portal.blueprints.referrals.forms import NeedsForm, OffersForm, SafetyForm, StartForm, WhoForm
from portal.blueprints.referrals.nominations import Parts, chosen_forms, mark_stored, save_choice, save_forms
from portal.blueprints.referrals.sending import send_page
from portal.blueprints.referrals.view import frame, offer_cards
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission, Role
from portal.core.errors import Invalid, NotFound, NotNow, Stale
from portal.core.kinds import NeedArea, ReferralSource
from portal.core.pages import Page
from portal.core.scan import scan_written
from portal.domain.disclosure import Relation
from portal.domain.referrals import is_safety_fresh
from portal.domain.workflow import check_version
from portal.queries import cases as case_queries
from portal.queries import known as known_queries
from portal.queries import referrals as queries
from portal.queries.referral_texts import ReferralTexts, of_referral
from portal.services import referral_drafts
from portal.services import referrals as service
from portal.web.access import access, current_actor, log_view
from portal.web.htmx import after_change, go_to, is_htmx
from portal.web.saving import saved
from portal.web.submissions import transaction
from portal.web.versions import VersionedForm, against


def draft(public_id: str) -> Any:
    """A draft of the actor's own. Raises NotFound for somebody else's, NotNow when it has been sent."""
    referral = queries.get(current_actor(), public_id)
    if referral.sent_at is not None:
        raise NotNow(_("The referral has been sent."))
    return referral


# Who usually asks, so that the usual answer is already there.
USUAL_SOURCE = {Role.CONTACT_PERSON: ReferralSource.SHELTER, Role.MUNICIPAL_ADVISER: ReferralSource.MUNICIPALITY}


def onward(referral: Any, number: int) -> ResponseReturnValue:
    """On to a step of the wizard."""
    url = url_for("referrals.step", public_id=referral.public_id, number=number)
    return go_to(url) if is_htmx() else redirect(url, 303)


@bp.route("/new", methods=["GET", "POST"])
@access(Permission.REFERRAL_MAKE, audit=Audit.REFERRAL_STARTED)
def start() -> ResponseReturnValue:
    """Step 1 before there is a draft: which case, and who asks."""
    actor, now = current_actor(), utc_now()
    given = request.args.get("case")
    form = StartForm(data={"case": given, "source": USUAL_SOURCE.get(actor.role)})
    if given:
        case = case_queries.get(actor, given)
        form.case.choices = [(case.public_id, case.reference)]
    else:
        rows, _more = case_queries.list_mine(actor, today=local_date(now))
        form.case.choices = [(row.public_id, " · ".join((row.reference, row.name or _("anonymous")))) for row in rows]
    if form.validate_on_submit():
        case = case_queries.get(actor, form.case.data)
        with transaction(then=url_for("referrals.sent")):
            referral = service.start(case, actor=actor, now=now, source=form.source.data)
            public_id = referral.public_id
        url = url_for("referrals.step", public_id=public_id, number=1)
        return go_to(url) if is_htmx() else redirect(url, 303)
    status = 422 if form.is_submitted() else 200
    page = "referrals/_start.html" if is_htmx() else "referrals/start.html"
    context = {"has_cases": bool(form.case.choices), "drafts": _drafts_about(form.case.choices)}
    return render_template(page, form=form, **context), status


def _drafts_about(choices: Any) -> list[queries.ReferralRow]:
    """The drafts that she has begun already in the cases that are asked about (R-852)."""
    cases = {case for case, _said in choices}
    return [row for row in queries.list_drafts(current_actor()) if row.case_public_id in cases]


@bp.route("/<public_id>/step/<int:number>", methods=["GET", "POST"])
@access(Permission.REFERRAL_MAKE, audit=Audit.REFERRAL_SAVED)
def step(public_id: str, number: int) -> ResponseReturnValue:
    """One step of the wizard."""
    if number not in PAGES:
        raise NotFound
    if number in FORMS:
        # Made before the draft is looked for: what was typed is shown to be copied when it has been sent meanwhile.
        FORMS[number]()
    referral = draft(public_id)
    if request.method == "GET":
        log_view(case_id=referral.case_id, relation=Relation.CT, page=Page(f"referrals.step.{number}"))
        referral = draft(public_id)
    return PAGES[number](referral)


def show(referral: Any, number: int, form: Any, *, status: int = 200, **context: Any) -> ResponseReturnValue:
    """A step's page, or for htmx its part."""
    template = "referrals/_wizard.html" if is_htmx() else "referrals/wizard.html"
    return render_template(template, form=form, **frame(referral, number), **context), status


def _take_in(
    referral: Any, number: int, form: VersionedForm, act: Callable[[], None], **context: Any
) -> ResponseReturnValue:
    """Show a step; keep one that was sent and go on, or show it again with what must be put right."""
    if not form.is_submitted():
        return show(referral, number, form, **context)
    public_id = referral.public_id
    if saved(form, act, then=url_for("referrals.step", public_id=public_id, number=number + 1)):
        return onward(referral, number + 1)
    referral = draft(public_id)
    form = against(form, lambda: type(form)(formdata=None, obj=_texts(referral)))
    return show(referral, number, form, status=form.status, **context)


def _texts(referral: Any) -> ReferralTexts:
    return of_referral(referral, Relation.CT)


def _who(referral: Any) -> ResponseReturnValue:
    form = WhoForm(obj=_texts(referral))
    known = known_queries.known(referral.case, local_date(utc_now()))
    is_fresh = is_safety_fresh(known.safety_assessed_on, local_date(utc_now()))

    def act() -> None:
        reason = form.stale_safety_reason.data or ""
        if not is_fresh and not reason:
            if known.safety_assessed_on is None:
                raise Invalid(_("Assess her safety first."))
            raise Invalid(_("Write the reason, or assess her safety anew."), field="stale_safety_reason")
        _save_draft(referral, 2, form, source=form.source.data, stale_safety_reason=reason)

    return _take_in(referral, 1, form, act, is_fresh=is_fresh)


def _needs(referral: Any) -> ResponseReturnValue:
    form = NeedsForm(obj=_texts(referral))

    def act() -> None:
        needs = [NeedArea(value) for value in form.needs.data]
        moves_on = form.planned_move_on.data
        _save_draft(referral, 3, form, needs=needs, own_words=form.own_words.data or "", planned_move_on=moves_on)

    return _take_in(referral, 2, form, act)


def _save_draft(referral: Any, step: int, form: VersionedForm, **changes: Any) -> None:
    service.save(referral, actor=current_actor(), now=utc_now(), step=step, version=form.seen, **changes)


def _offers(referral: Any) -> ResponseReturnValue:
    form = OffersForm(obj=_texts(referral))
    if form.is_submitted():
        return _choose(referral, form)
    requests = queries.list_requests(referral)
    chosen = [track.offer.public_id for track in requests]
    return _offers_page(referral, form, chosen_forms(requests, is_draft=True), chosen)


def _choose(referral: Any, form: OffersForm) -> ResponseReturnValue:
    """Keep the choice and what the forms hold; where something is wrong nothing is kept, and all of it is shown."""
    wanted, is_next, wrong = request.form.getlist("offers"), request.form.get("go") == "next", None
    known = [track for track in queries.list_requests(referral) if track.offer.public_id in wanted]
    parts = chosen_forms(known, is_draft=not is_next, is_checked=True)
    if is_next and not wanted:
        wrong = _("Choose at least one programme.")
    elif not any(part.errors for _track, part in parts):
        try:
            number = _save_offers(referral, form, wanted, parts, is_next=is_next)
            if is_next and any(part.came_up for _track, part in parts):
                flash(_("Your answers bring up more questions. They stand in the form now."), "success")
            elif is_next and number == 3:
                flash(
                    _("The programmes you chose have questions of their own. Answer them below, then go on."), "success"
                )
            return onward(referral, number)
        except Invalid as refusal:
            wrong = str(refusal)
        except Stale as late:
            form.refuse(late)
        return _choice_again(draft(referral.public_id), form, wanted, wrong=wrong)
    return _offers_page(referral, form, parts, wanted, wrong=wrong, status=422)


def _choice_again(referral: Any, form: OffersForm, wanted: list[str], *, wrong: str | None) -> ResponseReturnValue:
    """The step with what was typed, after nothing could be saved; beside what is stored, when that is newer."""
    requests = queries.list_requests(referral)
    parts = chosen_forms([track for track in requests if track.offer.public_id in wanted], is_draft=True)
    for _track, part in parts:
        part.validate()
    if form.is_outrun:
        stored = {"version": referral.version, "offers": [track.offer.public_id for track in requests]}
        fresh = OffersForm(formdata=None, data=stored)
        form.offers.choices = fresh.offers.choices = [
            (card["id"], card["title"]) for card in offer_cards(referral, wanted)
        ]
        form.compare(fresh)
        mark_stored(parts)
    return _offers_page(referral, form, parts, wanted, wrong=wrong, status=form.status)


def _save_offers(referral: Any, form: OffersForm, wanted: list[str], parts: Parts, *, is_next: bool) -> int:
    """Save the third step. Returns the next step, or this one while a chosen programme's form has not been seen."""
    with transaction(then=url_for("referrals.step", public_id=referral.public_id, number=3)):
        requests = save_choice(referral, wanted, version=form.seen)
        save_forms(requests, parts)
        is_done = is_next and len(parts) == len(requests) and not any(part.came_up for _track, part in parts)
        if is_done:
            service.save(referral, actor=current_actor(), now=utc_now(), step=4)
    return 4 if is_done else 3


def _offers_page(
    referral: Any, form: OffersForm, parts: Parts, chosen: list[str], *, wrong: str | None = None, status: int = 200
) -> ResponseReturnValue:
    return show(
        referral,
        3,
        form,
        status=status,
        wrong=wrong,
        parts=parts,
        errors=[field for _track, part in parts for field in part if field.errors],
        marked=[field for _track, part in parts for field in part if hasattr(field, "saved")],
        unplaced=form.unplaced(track.public_id for track, _part in parts),
        cards=offer_cards(referral, chosen),
    )


def _safety(referral: Any) -> ResponseReturnValue:
    form = SafetyForm(obj=_texts(referral))
    return _take_in(referral, 4, form, lambda: _save_draft(referral, 5, form))


def _send(referral: Any) -> ResponseReturnValue:
    return send_page(referral, show)


FORMS = {1: WhoForm, 2: NeedsForm, 3: OffersForm}
PAGES = {1: _who, 2: _needs, 3: _offers, 4: _safety, 5: _send}


@bp.post("/<public_id>/keep")
@access(Permission.REFERRAL_MAKE, audit=Audit.REFERRAL_SAVED)
def keep(public_id: str) -> ResponseReturnValue:
    """Keep a half-filled step while she writes: what can be read is kept; only a stale page is refused."""
    referral, number = draft(public_id), request.args.get("step", "")
    actor, now = current_actor(), utc_now()
    check_version(VersionedForm().seen, referral.version)
    # Its own sending must not use up the key of the form that is still open.
    with database.transaction():
        if number == "1":
            service.save(referral, actor=actor, now=now, **_legible(stale_safety_reason=WhoForm().stale_safety_reason))
        elif number == "2":
            service.save(referral, actor=actor, now=now, **_legible_needs())
        elif number == "3":
            parts = chosen_forms(queries.list_requests(referral), is_draft=True)
            for _track, part in parts:
                part.validate()
            save_forms(queries.list_requests(referral), parts)
        database.db.session.flush()
        version = referral.version
    return "", 204, {"X-Version": str(version)}


def _legible_needs() -> service.DraftFacts:
    form, known = NeedsForm(), {area.value for area in NeedArea}
    needs = [NeedArea(value) for value in form.needs.data or () if value in known]
    found = _legible(own_words=form.own_words) | service.DraftFacts(needs=needs)
    if not form.planned_move_on.process_errors:
        found["planned_move_on"] = form.planned_move_on.data
    return found


def _legible(**fields: Field) -> service.DraftFacts:
    """Texts as they are while she writes; of what would be refused, the draft keeps what it held."""
    texts = {name: str(field.data or "")[:20_000].replace("\x00", "") for name, field in fields.items()}
    return cast(service.DraftFacts, {name: text for name, text in texts.items() if not scan_written(text)})


@bp.post("/<public_id>/discard")
@access(Permission.REFERRAL_MAKE, audit=Audit.REFERRAL_DISCARDED)
def discard(public_id: str) -> ResponseReturnValue:
    """Throw a draft away."""
    referral = draft(public_id)
    with transaction(then=url_for("referrals.sent")):
        referral_drafts.discard(referral, actor=current_actor(), now=utc_now())
    return after_change(url_for("referrals.sent"), message=_("The draft is gone."))
