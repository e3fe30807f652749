"""What a consent covers and when it ends."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from portal.core.clock import add_months, local_date
from portal.core.kinds import ConsentPurpose
from portal.models.cases import Consent

MONTHS = 6
LONGEST_MONTHS = 12
# How long before its end she is asked whether it still counts.
RENEWAL_DAYS = 30


def expires_on(given_on: date, months: int = MONTHS) -> date:
    """The first day on which a consent no longer counts: six months after it was given unless she said less (R-100)."""
    return add_months(given_on, months)


def renewal_on(expires_on: date) -> date:
    """The day on which she is asked again: thirty days before it ends (R-541)."""
    return expires_on - timedelta(days=RENEWAL_DAYS)


def is_live(consent: Consent, *, on: date) -> bool:
    """Whether the consent counts on that Danish calendar day.

    It counts from the day it was given until the day before it expires. A withdrawn one counts no more from the day
    of withdrawal, that day included (R-101).
    """
    withdrawn_on = local_date(consent.withdrawn_at) if consent.withdrawn_at else None
    return consent.given_on <= on < consent.expires_on and (withdrawn_on is None or on < withdrawn_on)


def covers(
    consent: Consent, purpose: ConsentPurpose, *, on: date, recipient_organisation_id: int | None = None
) -> bool:
    """Whether this consent allows the purpose towards the organisation on that Danish calendar day (R-101, R-102).

    A consent names one purpose and one receiver; it never stretches to another. Without a receiver it is for the
    organisation that owns the case.
    """
    return (
        consent.purpose is purpose
        and consent.recipient_organisation_id == recipient_organisation_id
        and is_live(consent, on=on)
    )


def is_counted(purpose: ConsentPurpose) -> bool:
    """Whether each use is written down: who reads how it goes, and what is counted without her name, is not (R-808)."""
    return purpose in (ConsentPurpose.REFERRAL, ConsentPurpose.FOLLOW_UP)


def uses(consent: Consent, moments: Iterable[datetime]) -> list[datetime]:
    """Those of the moments at which the consent counted: what was done before or after is no use of it (R-808)."""
    return [at for at in moments if is_live(consent, on=local_date(at))]
