"""From whom a programme takes referrals, and what is said to whoever asks on behalf of somebody else. Pure."""

from collections.abc import Collection, Mapping

from portal.core.i18n import _
from portal.core.kinds import ReferralSource
from portal.domain.programmes import Rules

FROM: Mapping[ReferralSource, object] = {
    ReferralSource.SHELTER: _("a crisis centre"),
    ReferralSource.MUNICIPALITY: _("a municipality"),
    ReferralSource.SELF: _("the woman herself"),
    ReferralSource.RELATIVE: _("a relative"),
}


def said(sources: Collection[ReferralSource]) -> object:
    """Those who may refer, as part of a sentence."""
    first: object
    first, *others = [words for source, words in FROM.items() if source in sources] or [""]
    for other in others[:-1]:
        first = _("%(one)s, %(other)s", one=first, other=other)
    return _("%(one)s or %(other)s", one=first, other=others[-1]) if others else first


def refusal(rules: Rules, source: ReferralSource) -> object | None:
    """Why a referral from this side is not taken, and what can be done instead; None where it is (R-776)."""
    if source in rules.sources:
        return None
    reason: object = _(
        "Not possible: it takes no referral from %(source)s, only from %(others)s. "
        "Let the referral come from there, or choose another programme.",
        source=FROM[source],
        others=said(rules.sources),
    )
    return reason
