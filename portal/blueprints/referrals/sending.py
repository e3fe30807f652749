"""The last step: her consent to each receiver, what each will see, and the receipt."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.blueprints.referrals import bp
from portal.blueprints.referrals.forms import ConsentPart, SendForm
from portal.blueprints.referrals.view import preview
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.errors import Invalid, Stale
from portal.core.kinds import ConsentPurpose
from portal.domain.consent import is_live
from portal.domain.disclosure import Relation
from portal.queries import referrals as queries
from portal.queries.referral_texts import of_referral
from portal.services import consents
from portal.services import referrals as service
from portal.web.access import access, current_actor
from portal.web.htmx import go_to, is_htmx
from portal.web.submissions import transaction
from portal.web.versions import against


@dataclass(frozen=True, slots=True)
class Receiver:
    """One organisation with what it is asked for, and the fields of her consent; none where a live one is there."""

    organisation: Any
    requests: list[Any]
    part: ConsentPart | None


def send_page(referral: Any, show: Callable[..., ResponseReturnValue]) -> ResponseReturnValue:
    """Show and take in the fifth step."""
    today, form = local_date(utc_now()), SendForm(obj=of_referral(referral, Relation.CT))
    receivers = _receivers(referral, today)
    if form.is_submitted():
        checked = [one.part.validate() for one in receivers if one.part is not None]
        if form.validate() and all(checked):
            try:
                return _send(referral, form, receivers)
            except (Invalid, Stale) as refusal:
                form.refuse(refusal)
                referral = queries.get(current_actor(), referral.public_id)
                receivers = _receivers(referral, today)
                form = against(form, lambda: SendForm(formdata=None, obj=of_referral(referral, Relation.CT)))
    requests = [track for one in receivers for track in one.requests]
    return show(
        referral,
        5,
        form,
        status=form.status if form.is_submitted() else 200,
        receivers=receivers,
        errors=[field for one in receivers if one.part is not None for field in one.part if field.errors],
        lacks=service.missing(referral, requests, today=today),
        previews={track.public_id: preview(track) for track in requests},
    )


def _receivers(referral: Any, today: date) -> list[Receiver]:
    """The organisations that are asked, each once, in the order in which they were chosen."""
    asked: dict[int, list[Any]] = {}
    for track in queries.list_requests(referral):
        asked.setdefault(track.organisation_id, []).append(track)
    given = queries.find_consents(referral.case_id, asked)
    live = {receiver for receiver, consent in given.items() if is_live(consent, on=today)}
    return [
        Receiver(tracks[0].organisation, tracks, None if receiver in live else _part(tracks[0], today))
        for receiver, tracks in asked.items()
    ]


def _part(track: Any, today: date) -> ConsentPart:
    return ConsentPart(request.form or None, data={"given_on": today}, prefix=f"consent-{track.public_id}")


def _send(referral: Any, form: SendForm, receivers: list[Receiver]) -> ResponseReturnValue:
    actor, now = current_actor(), utc_now()
    receipt = url_for("referrals.receipt", public_id=referral.public_id)
    new = [(one.organisation.id, one.part) for one in receivers if one.part is not None]
    with transaction(then=receipt):
        for organisation_id, part in new:
            _consent(referral, ConsentPurpose.REFERRAL, organisation_id, part)
        if form.may_see_progress.data and new:
            _progress_back(referral, new[0][1])
        may_see = bool(form.may_see_progress.data)
        service.save(referral, actor=actor, now=now, may_see_progress=may_see, version=form.seen)
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


def _progress_back(referral: Any, part: ConsentPart) -> None:
    own = referral.organisation_id == referral.case.owner_organisation_id
    _consent(referral, ConsentPurpose.PROGRESS_BACK, None if own else referral.organisation_id, part)


@bp.get("/<public_id>/receipt")
@access(Permission.REFERRAL_MAKE)
def receipt(public_id: str) -> ResponseReturnValue:
    """That it has been sent: the reference, and when answers are due."""
    referral = queries.get(current_actor(), public_id)
    return render_template("referrals/receipt.html", referral=referral, requests=queries.list_requests(referral))
