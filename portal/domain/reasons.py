"""What counts as a reason for looking at something protected (R-108)."""

from portal.core.errors import Invalid
from portal.core.i18n import _

SHORTEST, LONGEST = 15, 300
FEWEST_SIGNS = 5


def check_reason(text: str | None, *, shortest: int = SHORTEST, field: str = "reason") -> str:
    """The reason without outer space: long enough, not one sign over and over (R-108). Raises Invalid by the field."""
    reason = " ".join((text or "").split())
    if len(reason) < shortest:
        raise Invalid(_("Write why, in at least %(num)d characters.", num=shortest), field=field)
    if len(reason) > LONGEST:
        raise Invalid(_("Write it shorter: at most %(num)d characters.", num=LONGEST), field=field)
    if len(set(reason.casefold()) - {" "}) < FEWEST_SIGNS:
        raise Invalid(_("Write the reason in words."), field=field)
    return reason
