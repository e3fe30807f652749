"""A referral goes only where it is taken from whoever asks: checked when she chooses, sends, sends on (R-776)."""

from collections.abc import Iterable, Mapping
from typing import Any

from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import ReferralSource
from portal.domain.programmes import read
from portal.domain.referral_sources import refusal
from portal.models.referrals import TrackRequest


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
