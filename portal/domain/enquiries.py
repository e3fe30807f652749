"""Enquiries: what belongs together in one, and how their conclusions are counted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.core.clock import local_date
from portal.core.enquiries import Conclusion
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.identity import IdentityProblem, check_phone

EARLIEST = timedelta(days=31)
CLOCK_SKEW = timedelta(minutes=5)
LATEST_CALL_BACK = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Share:
    """How often something came about, and in how many of a hundred: of all enquiries, so that sums may pass 100."""

    code: str
    count: int
    percent: int


def check_received(received_at: datetime, now: datetime) -> None:
    """Raise Invalid for a moment that has not come, or lies more than a month back: that is a slip."""
    if received_at > now + CLOCK_SKEW:
        raise Invalid(_("It has not happened yet."), field="received_on")
    if received_at < now - EARLIEST:
        raise Invalid(_("This is more than a month ago. Look at the date again."), field="received_on")


def check_number(text: str) -> str:
    """A telephone number as it is kept. Raises Invalid for what is none."""
    try:
        return check_phone(text)
    except IdentityProblem as problem:
        raise Invalid(str(problem), field="phone") from problem


def check_conclusions(
    conclusions: Sequence[str], reject_reasons: Sequence[str], offered_instead: str | None, call_back_on: date | None
) -> None:
    """Raise Invalid unless the conclusions hold together (R-650).

    There is one at least. Whoever could not come has reasons and was offered something instead; a promised call has a
    day. Nothing of these stands there without its conclusion.
    """
    for problem in conclusion_problems(conclusions, reject_reasons, offered_instead, call_back_on):
        raise problem


def conclusion_problems(
    conclusions: Sequence[str], reject_reasons: Sequence[str], offered_instead: str | None, call_back_on: date | None
) -> Iterator[Invalid]:
    """All that does not hold together, the first first: a form says all of it at once."""
    is_rejected = Conclusion.REJECTED in conclusions
    if not conclusions:
        yield Invalid(_("Choose what came of it. Several may be true."), field="conclusions")
    if is_rejected and Conclusion.ADMITTED in conclusions:
        yield Invalid(_("She cannot both be admitted here and not come here."), field="conclusions")
    if Conclusion.UNKNOWN in conclusions and len(conclusions) > 1:
        yield Invalid(_("Either it is known what came of it, or not."), field="conclusions")
    if is_rejected and not reject_reasons:
        yield Invalid(_("Choose why she could not come here."), field="reject_reasons")
    if is_rejected and not (offered_instead or "").strip():
        yield Invalid(_("Write what she was offered instead."), field="offered_instead")
    if reject_reasons and not is_rejected:
        yield Invalid(_("Reasons are there, but not that she could not come here. Choose it too."), field="conclusions")
    if (Conclusion.CALL_BACK in conclusions) != (call_back_on is not None):
        yield Invalid(_("A promised call back has a day, and a day has a promise."), field="call_back_on")


def check_call_back(call_back_on: date | None, now: datetime) -> None:
    """Raise Invalid for a call back that was promised for a day gone by, or for more than a month ahead."""
    if call_back_on is None:
        return
    today = local_date(now)
    if not today <= call_back_on <= today + LATEST_CALL_BACK:
        raise Invalid(_("Choose a day from today, at most a month ahead."), field="call_back_on")


def shares(counts: Mapping[str, int], base: int, order: Sequence[str]) -> list[Share]:
    """Each code with its count and its percentage of the base. The sum may pass 100: several may be true (R-652)."""
    return [Share(code, counts.get(code, 0), round(counts.get(code, 0) * 100 / base) if base else 0) for code in order]
