"""Whoever is to be kept apart is asked about before a place is offered, not only when it is given."""

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.kinds import HerAnswer
from portal.core.safety import ApartAnswer
from portal.core.states import RequestState
from portal.db import db
from portal.domain.apart import AskFirst
from portal.models.apart import ApartQuestion
from portal.models.cases import Case
from portal.services import apart, placements, requests
from tests.factories.groups import make_group, make_participant
from tests.factories.people import actor_of
from tests.factories.referrals import make_ready_case, make_request, offer_place

pytestmark = pytest.mark.usefixtures("session")
NOW = utc_now()


def test_a_place_in_a_group_is_offered_only_after_whoever_said_so_has_been_asked() -> None:
    house = make_group()
    seated = db.session.get_one(Case, make_participant(house).case_id)
    case = make_ready_case(house.contact, now=NOW)
    made = make_request(RequestState.IN_VISITATION, offer=house.offer, sender=house.contact, case=case, now=NOW)
    apart.from_case(seated, case.reference, apart.Kept("Søstre"), actor=actor_of(house.contact), now=NOW)
    for _try in range(2):
        with pytest.raises(AskFirst) as refused:
            offer_place(made, now=NOW)
    placement = refused.value.placement
    with pytest.raises(AskFirst) as given:
        placements.check(placement.path, placement.where, placement.whom, now=NOW)
    assert (str(given.value), given.value.placement) == (str(refused.value), placement)
    assert made.request.state is RequestState.IN_VISITATION
    placements.ask(placement, actor=actor_of(made.intake), now=NOW)
    question = db.session.scalars(sa.select(ApartQuestion)).one()
    apart.answer(question, seated, ApartAnswer.GO_AHEAD, actor=actor_of(house.contact), now=NOW)
    # The one "go ahead" serves the offer and the place that follows from it.
    offer_place(made, now=NOW)
    requests.set_her_answer(made.request, HerAnswer.YES, actor=actor_of(made.intake), now=NOW)
    requests.accept(made.request, actor=actor_of(made.intake), now=NOW)
    assert made.request.state is RequestState.ACCEPTED


def test_where_nobody_is_to_be_kept_apart_a_place_is_offered_at_once() -> None:
    house = make_group()
    make_participant(house)
    case = make_ready_case(house.contact, now=NOW)
    made = make_request(RequestState.IN_VISITATION, offer=house.offer, sender=house.contact, case=case, now=NOW)
    offer_place(made, now=NOW)
    assert made.request.state is RequestState.OFFERED
