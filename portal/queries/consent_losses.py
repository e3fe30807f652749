"""Who loses a case with a consent, and which courses: said before she takes it back, and afterwards (R-840).

Read from what each organisation has received: nothing more is asked of the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.core.clock import local_date
from portal.core.kinds import ConsentPurpose
from portal.models.cases import Case, Consent
from portal.queries.past_recipients import Received


@dataclass(frozen=True, slots=True)
class Loss:
    """What ends, or ended, with one consent. `by_law`: its people stay, since the law lets them in.

    `had`: what its organisation has received already; `courses`: those of it that lose the case.
    """

    people: int
    lost_at: datetime | None
    by_law: bool
    courses: tuple[Received, ...]
    had: tuple[Received, ...]


def list_losses(case: Case, consents: Sequence[Consent], received: Sequence[Received]) -> list[Loss | None]:
    """For each consent what ends with it; None for one that lets nobody in."""
    again = {one.recipient_organisation_id for one in consents if not one.withdrawn_at}
    return [
        _loss(one, received, is_back=one.recipient_organisation_id in again) if _names_a_house(case, one) else None
        for one in consents
    ]


def _names_a_house(case: Case, consent: Consent) -> bool:
    receiver = consent.recipient_organisation_id
    return consent.purpose is ConsentPurpose.REFERRAL and receiver not in (None, case.owner_organisation_id)


def _loss(consent: Consent, received: Sequence[Received], *, is_back: bool) -> Loss:
    """`is_back`: she has agreed anew since."""
    had = tuple(one for one in received if one.organisation_id == consent.recipient_organisation_id)
    by_law = any(one.by_law for one in had)
    return Loss(
        # Those who were taken off at the very moment of the withdrawal, or those who are there now.
        people=sum(left_at == consent.withdrawn_at for one in had for left_at in one.left),
        lost_at=consent.withdrawn_at if not by_law else None,
        by_law=by_law,
        courses=tuple(one for one in had if _is_told(one, consent, is_back=is_back)),
        had=had,
    )


def _is_told(one: Received, consent: Consent, *, is_back: bool) -> bool:
    """Running courses, and of a consent that is taken back those that were ended since."""
    if one.course is None:
        return False
    if consent.withdrawn_at is None:
        return one.course.is_live
    ended_on = one.course.ended_on
    return (one.course.is_live and not is_back) or (
        ended_on is not None and ended_on >= local_date(consent.withdrawn_at)
    )
