"""A referral goes only where it is taken from whoever asks: checked when she chooses, sends, sends on (R-776)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from portal.core.errors import Conflict, Invalid
from portal.core.i18n import _
from portal.core.kinds import ReferralSource
from portal.domain.declining import is_resting
from portal.domain.programmes import read
from portal.domain.referral_sources import refusal
from portal.models.referrals import TrackRequest
from portal.queries import asked_offers
from portal.queries.requests import has_open

ASKED_ALREADY = _("She has been referred there already. The answer or the course stands in her case.")


def check_source(rules: Mapping[str, Any], source: ReferralSource, *, field: str) -> None:
    """Raise Invalid beside the field where the programme takes no referral from this side (R-776)."""
    reason = refusal(read(rules), source)
    if reason is not None:
        raise Invalid(reason, field=field)


def check_chosen(requests: Iterable[TrackRequest], source: ReferralSource) -> None:
    """The same for programmes that are chosen already, each by its name. Raises Invalid (`source`)."""
    for request in requests:
        reason = refusal(read(request.rules), source)
        if reason is not None:
            programme = request.offer.programme.name_da
            raise Invalid(_("%(programme)s: %(reason)s", programme=programme, reason=reason), field="source")


def check_free(request: TrackRequest) -> None:
    """Raise Invalid (`offers`) for a programme that has closed meanwhile, Conflict where she takes part by now."""
    if not request.offer.is_accepting:
        raise Invalid(_("The programme is closed for referrals at present."), field="offers")
    if has_open(request.case_id, request.offer_id):
        raise Conflict(ASKED_ALREADY)


def check_unasked(known: asked_offers.Asked, today: date) -> None:
    """Raise Invalid (`offers`) for an offer that has her already, her request, or has said no lately (R-851)."""
    if known.is_running or known.referred_at is not None:
        raise Invalid(ASKED_ALREADY, field="offers")
    if is_resting(known.rests_until, today):
        raise Invalid(_("The programme has said no lately. Wait until the day that is shown."), field="offers")
