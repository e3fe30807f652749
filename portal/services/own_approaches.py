"""She came by herself: individual counselling that begins without a referral (R-305)."""

from datetime import datetime

from portal.core.actor import Actor
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import TrackKind
from portal.core.safety import PlacementPath
from portal.core.states import EnrolmentState
from portal.domain.enrolments import Action, require_own, steps_for
from portal.domain.workflow import check_step
from portal.models.enrolments import Enrolment
from portal.models.programmes import Offer
from portal.queries.apart import keys_of
from portal.services import enrolments, placements


def own_approach(*, case_id: int, offer: Offer, actor: Actor, now: datetime) -> Enrolment:
    """Begin individual counselling without a referral: she came herself (R-305). The actor is the worker.

    Raises Forbidden at another organisation, Invalid for a programme that asks for a referral, Conflict.
    """
    check_step(steps_for(offer.programme.kind), Action.START, EnrolmentState.PROPOSED, actor)
    require_own(actor, offer.organisation_id)
    if offer.programme.kind is not TrackKind.INDIVIDUAL_COUNSELLING:
        raise Invalid(_("This programme asks for a referral."), field="offer")
    where, whom = keys_of(case_id, actor.user_id or 0)
    placements.check(PlacementPath.TEAM, where, whom, now=now)
    return enrolments.propose(case_id=case_id, offer=offer, actor=actor, now=now, worker_id=actor.user_id)
