"""The five steps of a new referral. Each saves the draft; nothing is sent before the last."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Field

from portal import db as database
from portal.blueprints.referrals import bp
from portal.blueprints.referrals.forms import NeedsForm, OffersForm, SafetyForm, StartForm, WhoForm
from portal.blueprints.referrals.nominations import Parts, chosen_forms, save_choice, save_forms
from portal.blueprints.referrals.sending import send_page
from portal.blueprints.referrals.view import frame, offer_cards
from portal.core.audit_tags import Audit, Page
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission, Role
from portal.core.errors import Conflict, Invalid, NotFound, NotNow
from portal.core.kinds import NeedArea, ReferralSource
from portal.domain.disclosure import Relation
from portal.domain.referrals import is_safety_fresh
from portal.queries import cases as case_queries
from portal.queries import known as known_queries
from portal.queries import referrals as queries
from portal.services import referral_drafts
from portal.services import referrals as service
from portal.web.access import access, current_actor, log_view
from portal.web.htmx import after_change, go_to, is_htmx
from portal.web.submissions import transaction


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
    return render_template(page, form=form, has_cases=bool(form.case.choices)), status


@bp.route("/<public_id>/step/<int:number>", methods=["GET", "POST"])
@access(Permission.REFERRAL_MAKE, audit=Audit.REFERRAL_SAVED)
def step(public_id: str, number: int) -> ResponseReturnValue:
    """One step of the wizard."""
    if number not in PAGES:
        raise NotFound
    referral = draft(public_id)
    if request.method == "GET":
        log_view(case_id=referral.case_id, relation=Relation.CT, page=Page(f"referrals.step.{number}"))
        referral = draft(public_id)
    return PAGES[number](referral)


def show(referral: Any, number: int, form: Any, *, status: int = 200, **context: Any) -> ResponseReturnValue:
    """A step's page, or for htmx its part."""
    template = "referrals/_wizard.html" if is_htmx() else "referrals/wizard.html"
    return render_template(template, form=form, **frame(referral, number), **context), status


def _kept(referral: Any, number: int, **changes: Any) -> ResponseReturnValue:
    version = _version()
    with transaction(then=url_for("referrals.step", public_id=referral.public_id, number=number + 1)):
        service.save(referral, actor=current_actor(), now=utc_now(), step=number + 1, version=version, **changes)
    return onward(referral, number + 1)


def _version() -> int | None:
    typed = request.form.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else None


def _who(referral: Any) -> ResponseReturnValue:
    form = WhoForm(obj=referral)
    known = known_queries.known(referral.case, local_date(utc_now()))
    is_fresh = is_safety_fresh(known.safety_assessed_on, local_date(utc_now()))
    if form.validate_on_submit():
        if is_fresh or form.stale_safety_reason.data:
            return _kept(referral, 1, source=form.source.data, stale_safety_reason=form.stale_safety_reason.data or "")
        if known.safety_assessed_on is None:
            form.form_errors.append(_("Assess her safety first."))
        else:
            form.refuse(Invalid(_("Write the reason, or assess her safety anew."), field="stale_safety_reason"))
    return show(referral, 1, form, status=422 if form.is_submitted() else 200, is_fresh=is_fresh)


def _needs(referral: Any) -> ResponseReturnValue:
    form = NeedsForm(obj=referral)
    if form.validate_on_submit():
        return _kept(
            referral,
            2,
            needs=[NeedArea(value) for value in form.needs.data],
            own_words=form.own_words.data or "",
            planned_move_on=form.planned_move_on.data,
        )
    return show(referral, 2, form, status=422 if form.is_submitted() else 200)


def _offers(referral: Any) -> ResponseReturnValue:
    if request.method == "POST":
        return _choose(referral)
    requests = queries.list_requests(referral)
    parts = chosen_forms(requests, is_draft=True)
    return _offers_page(referral, parts, [track.offer.public_id for track in requests])


def _choose(referral: Any) -> ResponseReturnValue:
    """Keep the choice and what the forms hold; where something is wrong nothing is kept, and all of it is shown."""
    go, wanted = request.form.get("go", ""), request.form.getlist("offers")
    is_next, wrong = go == "next", None
    known = [track for track in queries.list_requests(referral) if track.offer.public_id in wanted]
    parts = chosen_forms(known, is_draft=not is_next, is_checked=True)
    if is_next and not wanted:
        wrong = _("Choose at least one programme.")
    elif not any(part.errors for _track, part in parts):
        try:
            return onward(referral, _save_offers(referral, wanted, parts, is_next=is_next))
        except Invalid as refusal:
            wrong = str(refusal)
            referral = draft(referral.public_id)
    return _offers_page(referral, parts, wanted, wrong=wrong, status=422)


def _save_offers(referral: Any, wanted: list[str], parts: Parts, *, is_next: bool) -> int:
    """Save the third step. Returns the next step, or this one while a chosen programme's form has not been seen."""
    with transaction(then=url_for("referrals.step", public_id=referral.public_id, number=3)):
        requests = save_choice(referral, wanted, version=_version())
        save_forms(requests, parts)
        is_done = is_next and len(parts) == len(requests)
        if is_done:
            service.save(referral, actor=current_actor(), now=utc_now(), step=4)
    return 4 if is_done else 3


def _offers_page(
    referral: Any, parts: Parts, chosen: list[str], *, wrong: str | None = None, status: int = 200
) -> ResponseReturnValue:
    return show(
        referral,
        3,
        OffersForm(),
        status=status,
        wrong=wrong,
        parts=parts,
        errors=[field for _track, part in parts for field in part if field.errors],
        cards=offer_cards(referral, chosen),
    )


def _safety(referral: Any) -> ResponseReturnValue:
    form = SafetyForm(obj=referral)
    if form.validate_on_submit():
        return _kept(referral, 4)
    return show(referral, 4, form, status=422 if form.is_submitted() else 200)


def _send(referral: Any) -> ResponseReturnValue:
    return send_page(referral, show)


PAGES = {1: _who, 2: _needs, 3: _offers, 4: _safety, 5: _send}


@bp.post("/<public_id>/keep")
@access(Permission.REFERRAL_MAKE, audit=Audit.REFERRAL_SAVED)
def keep(public_id: str) -> ResponseReturnValue:
    """Keep a half-filled step while she writes: what can be read is kept; only a stale page is refused."""
    referral, number = draft(public_id), request.args.get("step", "")
    actor, now, version = current_actor(), utc_now(), _version()
    if version is not None and version != referral.version:
        raise Conflict
    # Its own sending must not use up the key of the form that is still open.
    with database.transaction():
        if number == "1":
            service.save(referral, actor=actor, now=now, stale_safety_reason=_read(WhoForm().stale_safety_reason))
        elif number == "2":
            form = NeedsForm()
            known = {area.value for area in NeedArea}
            service.save(
                referral,
                actor=actor,
                now=now,
                own_words=_read(form.own_words),
                needs=[NeedArea(value) for value in form.needs.data or () if value in known],
                planned_move_on=form.planned_move_on.data,
            )
        elif number == "3":
            parts = chosen_forms(queries.list_requests(referral), is_draft=True)
            for _track, part in parts:
                part.validate()
            save_forms(queries.list_requests(referral), parts)
    return "", 204, {"X-Version": str(referral.version)}


def _read(field: Field) -> str:
    return str(field.data or "")[:20_000].replace("\x00", "")


@bp.post("/<public_id>/discard")
@access(Permission.REFERRAL_MAKE, audit=Audit.REFERRAL_DISCARDED)
def discard(public_id: str) -> ResponseReturnValue:
    """Throw a draft away."""
    referral = draft(public_id)
    with transaction(then=url_for("referrals.sent")):
        referral_drafts.discard(referral, actor=current_actor(), now=utc_now())
    return after_change(url_for("referrals.sent"), message=_("The draft is gone."))
