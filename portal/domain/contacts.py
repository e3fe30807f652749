"""Contacts with other parties: on what ground something about her may be told, by the day on which it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.core.contacts import Party, ShareBasis
from portal.core.errors import Invalid
from portal.core.i18n import _

LONGEST_MINUTES = 24 * 60
CLOCK_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Ground:
    """A legal ground: the paragraphs stand here alone, with the days between which they count (R-653)."""

    source: str
    from_on: date
    until_on: date | None = None


# Orientation for who works here, not legal advice; a law that changes is a new row.
GROUNDS: Mapping[ShareBasis, Sequence[Ground]] = {
    ShareBasis.CONSENT: (
        Ground("forvaltningsloven § 28, databeskyttelsesforordningen art. 6 og 9", date(2018, 5, 25)),
    ),
    ShareBasis.CONCERN_DUTY: (
        Ground("serviceloven § 153 og § 154", date(2011, 1, 1), date(2023, 12, 31)),
        Ground("barnets lov § 133 og § 135", date(2024, 1, 1)),
    ),
    ShareBasis.ADMINISTRATION_ACT: (Ground("forvaltningsloven § 28, stk. 2", date(2018, 5, 25)),),
    ShareBasis.CASE_PREPARATION: (Ground("retssikkerhedsloven § 11 a og § 11 c", date(2018, 5, 25)),),
    ShareBasis.POLICE_COOPERATION: (Ground("retsplejeloven § 115", date(2018, 5, 25)),),
    ShareBasis.DANGER_TO_LIFE: (Ground("straffeloven § 152 e", date(2018, 5, 25)),),
}
# Who is no authority is told something with her consent, or to avert danger.
PRIVATE = frozenset(
    {Party.PRIVATE_NETWORK, Party.EMPLOYER, Party.BANK, Party.HOUSING_ASSOCIATION, Party.NGO, Party.OTHER}
)
TO_PRIVATE = frozenset({ShareBasis.NOTHING_TOLD, ShareBasis.CONSENT, ShareBasis.DANGER_TO_LIFE})


def ground_on(basis: ShareBasis, day: date) -> str | None:
    """The paragraphs behind a basis on a day; None where there were none, or nothing was told (R-653)."""
    for ground in GROUNDS.get(basis, ()):
        if ground.from_on <= day and (ground.until_on is None or day <= ground.until_on):
            return ground.source
    return None


def check_basis(basis: ShareBasis | None, party: Party, day: date) -> ShareBasis:
    """The basis, which is always said. Raises Invalid where it is missing, or no ground for this party (R-653)."""
    if basis is None:
        raise Invalid(_("Say whether something about her was told, and on what ground."), field="basis")
    if party in PRIVATE and basis not in TO_PRIVATE:
        raise Invalid(
            _("This ground is for authorities. Others are told something with her consent, or to avert danger."),
            field="basis",
        )
    if basis is not ShareBasis.NOTHING_TOLD and ground_on(basis, day) is None:
        raise Invalid(_("This ground did not count on that day."), field="basis")
    return basis


def check_moment(happened_at: datetime, now: datetime) -> None:
    """Raise Invalid for what has not happened yet."""
    if happened_at > now + CLOCK_SKEW:
        raise Invalid(_("It has not happened yet."), field="happened_on")


def check_minutes(minutes: int | None) -> None:
    """Raise Invalid for minutes that no day has."""
    if minutes is not None and not 0 <= minutes <= LONGEST_MINUTES:
        raise Invalid(_("Write minutes from 0 to 1440."), field="minutes")
