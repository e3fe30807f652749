"""From whom a programme takes referrals: chosen, changed, sent, sent on."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from portal.core.clock import local_date
from portal.core.errors import Invalid
from portal.core.kinds import ConsentForm, ConsentPurpose, ReferralSource
from portal.core.states import RequestState
from portal.domain.programmes import read
from portal.domain.referral_sources import FROM, refusal, said
from portal.services import consents, referrals, request_endings
from tests.factories.people import actor_of, make_member
from tests.factories.programmes import make_lead, make_own_offer
from tests.factories.referrals import make_draft, make_offer, make_request

pytestmark = pytest.mark.usefixtures("session")
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
TODAY = local_date(NOW)
CENTRES = ["shelter", "municipality"]


def refused(act: Callable[[], Any]) -> Invalid:
    """What is said when it is refused."""
    with pytest.raises(Invalid) as caught:
        act()
    return caught.value


@pytest.mark.parametrize("source", ReferralSource)
def test_a_programme_that_says_nothing_takes_from_everybody_and_one_that_says_takes_from_those(
    source: ReferralSource,
) -> None:
    assert refusal(read({}), source) is None
    assert refusal(read({"sources": [source.value]}), source) is None
    others = [other.value for other in ReferralSource if other is not source]
    text = str(refusal(read({"sources": others}), source))
    assert str(FROM[source]) in text and all(str(FROM[ReferralSource(one)]) in text for one in others)


def test_the_words_name_them_in_one_order() -> None:
    text = str(said({ReferralSource.SELF, ReferralSource.SHELTER}))
    assert text.startswith(str(FROM[ReferralSource.SHELTER])) and text.endswith(str(FROM[ReferralSource.SELF]))
    assert str(said(())) == ""
    assert str(said(ReferralSource)) == "et krisecenter, en kommune, kvinden selv eller en pårørende"


def test_a_programme_is_not_chosen_on_behalf_of_somebody_it_takes_no_referral_from() -> None:
    member = make_member()
    referral, actor = make_draft(member, now=NOW), actor_of(member)
    referrals.save(referral, source=ReferralSource.RELATIVE, actor=actor, now=NOW)
    offer = make_own_offer(make_lead(), now=NOW, sources=CENTRES, eligibility=[])
    refusal = refused(lambda: referrals.choose(referral, [offer], actor=actor, now=NOW))
    assert refusal.field == "offers" and str(said([ReferralSource(one) for one in CENTRES])) in str(refusal)
    referrals.save(referral, source=ReferralSource.SHELTER, actor=actor, now=NOW)
    (request,) = referrals.choose(referral, [offer], actor=actor, now=NOW)
    assert request.offer_id == offer.id


def test_who_asks_is_not_changed_to_somebody_a_chosen_programme_takes_nothing_from() -> None:
    member, offer = make_member(), make_offer(sources=CENTRES)
    referral, actor = make_draft(member, offer, now=NOW), actor_of(member)
    refusal = refused(lambda: referrals.save(referral, source=ReferralSource.SELF, actor=actor, now=NOW))
    assert refusal.field == "source" and offer.programme.name_da in str(refusal)
    assert referral.source is ReferralSource.SHELTER


def test_what_the_programme_has_changed_meanwhile_is_looked_at_again_when_it_is_sent() -> None:
    made = make_request(RequestState.DRAFT, now=NOW)
    made.offer.programme.rules = {**made.offer.programme.rules, "sources": ["self"]}
    refusal = refused(lambda: referrals.send(made.referral, actor=actor_of(made.sender), now=NOW))
    assert refusal.field == "source" and made.request.state is RequestState.DRAFT and made.referral.sent_at is None


def test_a_referral_is_not_sent_on_where_it_would_not_be_taken() -> None:
    made, other = make_request(RequestState.IN_VISITATION, now=NOW), make_offer(sources=["self"])
    given: dict[str, Any] = {"purpose": ConsentPurpose.REFERRAL, "form": ConsentForm.ORAL, "given_on": TODAY}
    consents.give_consent(
        made.case, recipient_organisation_id=other.organisation_id, actor=actor_of(made.sender), now=NOW, **given
    )
    refusal = refused(lambda: request_endings.redirect(made.request, other, actor=actor_of(made.intake), now=NOW))
    assert refusal.field == "offer" and made.request.state is RequestState.IN_VISITATION
