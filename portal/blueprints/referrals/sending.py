"""The last step: her consent to each receiver, what each will see, and the receipt."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.blueprints.referrals import bp
from portal.blueprints.referrals.forms import ConsentPart, SendForm
from portal.blueprints.referrals.view import preview
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.errors import Invalid
from portal.core.kinds import ConsentPurpose
from portal.domain.consent import is_live
from portal.queries import referrals as queries
from portal.services import consents
from portal.services import referrals as service
from portal.web.access import access, current_actor
from portal.web.htmx import go_to, is_htmx
from portal.web.submissions import transaction

Parts = list[tuple[Any, ConsentPart | None]]


def send_page(referral: Any, show: Callable[..., ResponseReturnValue]) -> ResponseReturnValue:
    """Show and take in the fifth step."""
    today, form = local_date(utc_now()), SendForm(obj=referral)
    parts = _parts(referral, today)
    if form.is_submitted():
        checked = [part.validate() for _track, part in parts if part is not None]
        if form.validate() and all(checked):
            try:
                return _send(referral, form, parts)
            except Invalid as refusal:
                form.refuse(refusal)
                referral = queries.get(current_actor(), referral.public_id)
                parts = _parts(referral, today)
    errors = [field for _track, part in parts if part is not None for field in part if field.errors]
    return show(
        referral,
        5,
        form,
        status=422 if form.is_submitted() else 200,
        consents=parts,
        errors=errors,
        lacks=service.missing(referral, [track for track, _part in parts], today=today),
        previews=[(track, preview(track)) for track, _part in parts],
    )


def _parts(referral: Any, today: date) -> Parts:
    """The requests, each with the fields of its receiver's consent; none where a live one is there."""
    requests = queries.list_requests(referral)
    given = queries.find_consents(referral.case_id, {track.organisation_id for track in requests})
    live = {receiver for receiver, consent in given.items() if is_live(consent, on=today)}
    return [(track, None if track.organisation_id in live else _part(track, today)) for track in requests]


def _part(track: Any, today: date) -> ConsentPart:
    return ConsentPart(request.form or None, data={"given_on": today}, prefix=f"consent-{track.public_id}")


def _send(referral: Any, form: SendForm, parts: Parts) -> ResponseReturnValue:
    actor, now = current_actor(), utc_now()
    receipt = url_for("referrals.receipt", public_id=referral.public_id)
    asked: set[int] = set()
    with transaction(then=receipt):
        for track, part in parts:
            if part is None or track.organisation_id in asked:
                continue
            asked.add(track.organisation_id)
            _consent(referral, ConsentPurpose.REFERRAL, track.organisation_id, part)
        if form.may_see_progress.data and parts:
            first = next((part for _track, part in parts if part is not None), None)
            _progress_back(referral, first)
        service.save(referral, actor=actor, now=now, may_see_progress=bool(form.may_see_progress.data))
        service.send(referral, actor=actor, now=now)
    return go_to(receipt) if is_htmx() else redirect(receipt, 303)


def _consent(referral: Any, purpose: ConsentPurpose, recipient: int | None, part: ConsentPart) -> None:
    consents.give_consent(
        referral.case,
        purpose=purpose,
        form=part.form.data,
        given_on=part.given_on.data,
        recipient_organisation_id=recipient,
        actor=current_actor(),
        now=utc_now(),
    )


def _progress_back(referral: Any, part: ConsentPart | None) -> None:
    if part is not None:
        own = referral.organisation_id == referral.case.owner_organisation_id
        _consent(referral, ConsentPurpose.PROGRESS_BACK, None if own else referral.organisation_id, part)


@bp.get("/<public_id>/receipt")
@access(Permission.REFERRAL_MAKE)
def receipt(public_id: str) -> ResponseReturnValue:
    """That it has been sent: the reference, and when answers are due."""
    referral = queries.get(current_actor(), public_id)
    return render_template("referrals/receipt.html", referral=referral, requests=queries.list_requests(referral))
