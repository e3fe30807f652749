"""What is written in a referral and in the requests that go out with it, as far as the relation opens it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.core.kinds import ReferralSource
from portal.domain.disclosure import FieldGroup, Relation, opens
from portal.models.referrals import Referral, TrackRequest


@dataclass(frozen=True, slots=True)
class ReferralTexts:
    """What a referral says, also for the forms of the wizard."""

    version: int
    source: ReferralSource
    needs: tuple[str, ...]
    planned_move_on: date | None
    may_see_progress: bool
    own_words: str | None
    stale_safety_reason: str | None


@dataclass(frozen=True, slots=True)
class RequestTexts:
    """What the two sides have written to each other about one request."""

    info_wanted: str | None
    info_given: str | None
    decline_text: str | None
    alternative_text: str | None
    meanwhile_text: str | None
    # Earlier questions with their answers, the first first.
    asked_before: tuple[tuple[str, str], ...]

    @property
    def thread(self) -> list[tuple[str, str | None]]:
        """All that was asked, each with its answer; the last one may wait for it."""
        last = [] if self.info_wanted is None else [(self.info_wanted, self.info_given)]
        return [*self.asked_before, *last]


def of_referral(referral: Referral, relation: Relation) -> ReferralTexts:
    """The texts of a referral for somebody in this relation."""
    is_open = opens(FieldGroup.REFERRAL_CONTENT, relation)
    return ReferralTexts(
        version=referral.version,
        source=referral.source,
        needs=tuple(referral.needs) if is_open else (),
        planned_move_on=referral.planned_move_on if is_open else None,
        may_see_progress=referral.may_see_progress,
        own_words=referral.own_words if is_open else None,
        stale_safety_reason=referral.stale_safety_reason if is_open else None,
    )


def of_request(request: TrackRequest, relation: Relation) -> RequestTexts:
    """The texts of a request for somebody in this relation."""
    is_open = opens(FieldGroup.REFERRAL_CONTENT, relation)
    return RequestTexts(
        info_wanted=request.info_wanted if is_open else None,
        info_given=request.info_given if is_open else None,
        decline_text=request.decline_text if is_open else None,
        alternative_text=request.alternative_text if is_open else None,
        meanwhile_text=request.meanwhile_text if is_open else None,
        asked_before=_pairs(request.info_before or ()) if is_open else (),
    )


def _pairs(said: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple(zip(said[::2], said[1::2], strict=True))


def answers_of(request: TrackRequest) -> Mapping[str, Any]:
    """The programme's own form as it is filled in, question key to answer. Callers have asked who may read it."""
    return request.answers
