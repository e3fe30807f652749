"""A consent that is taken back counts no more at once, and what is on its way stops."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.deadlines import DeadlineKind
from portal.core.kinds import ConsentForm, ConsentPurpose
from portal.core.rights import ConsentScope
from portal.core.states import DeadlineState, RequestState
from portal.domain import consent as rules
from portal.models.cases import Consent
from portal.models.deadlines import Deadline
from portal.models.messages import Message
from portal.queries import consents as queries
from portal.queries import past_recipients
from portal.services import consents
from tests.factories.people import actor_of, make_case, make_member, make_organisation
from tests.factories.referrals import Made, make_request

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("session")


def consent_of(session: Any, made: Made) -> Consent:
    return session.scalars(
        sa.select(Consent).where(Consent.recipient_organisation_id == made.offer.organisation_id)
    ).one()  # type: ignore[no-any-return]


@pytest.mark.parametrize("state", queries.IN_FLIGHT)
def test_what_is_on_its_way_is_stopped(session: Any, state: RequestState) -> None:
    made = make_request(state, now=NOW)
    consents.withdraw_consent(made.case, consent_of(session, made), actor=actor_of(made.sender), now=NOW)
    assert made.request.state is RequestState.WITHDRAWN


def test_a_place_that_was_taken_stays_for_people_to_end(session: Any) -> None:
    made = make_request(RequestState.ACCEPTED, now=NOW)
    consents.withdraw_consent(made.case, consent_of(session, made), actor=actor_of(made.sender), now=NOW)
    assert made.request.state is RequestState.ACCEPTED
    organisation = made.offer.organisation_id
    assert not queries.has_live_consent(made.case.id, organisation, ConsentPurpose.REFERRAL, on=NOW.date())


def test_news_that_nobody_has_read_is_taken_back(session: Any) -> None:
    made = make_request(now=NOW)
    about = sa.select(Message.id).where(Message.recipient_id == made.intake.user_id)
    before = set(session.scalars(about).all())
    assert before
    consents.withdraw_consent(made.case, consent_of(session, made), actor=actor_of(made.sender), now=NOW)
    assert not before & set(session.scalars(about).all())


def test_the_same_consent_written_down_twice_is_taken_back_once_and_for_all(session: Any) -> None:
    made = make_request(now=NOW)
    first = consent_of(session, made)
    towards = made.offer.organisation_id
    for organisation_id in (towards, made.sender.organisation_id):
        consents.give_consent(
            made.case,
            purpose=ConsentPurpose.REFERRAL,
            form=ConsentForm.WRITTEN,
            given_on=NOW.date(),
            recipient_organisation_id=organisation_id,
            actor=actor_of(made.sender),
            now=NOW,
        )
    consents.withdraw_consent(made.case, first, actor=actor_of(made.sender), now=NOW)
    assert made.request.state is RequestState.WITHDRAWN
    assert not queries.has_live_consent(made.case.id, towards, ConsentPurpose.REFERRAL, on=NOW.date())
    # Towards others she has said nothing new.
    others = made.sender.organisation_id
    assert queries.has_live_consent(made.case.id, others, ConsentPurpose.REFERRAL, on=NOW.date())


def test_she_is_asked_again_thirty_days_before_the_end(session: Any) -> None:
    member = make_member(now=NOW)
    case = make_case(member, now=NOW)
    given_on = NOW.date()
    values = {"purpose": ConsentPurpose.FOLLOW_UP, "form": ConsentForm.ORAL, "actor": actor_of(member)}
    consents.give_consent(case, given_on=given_on, now=NOW, scope=[ConsentScope.COURSE], **values)
    row = session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.CONSENT_RENEWAL)).one()
    assert (row.due_on, row.owner_id) == (date(2027, 4, 20), member.user_id)
    later = NOW + timedelta(days=160)
    consents.give_consent(case, given_on=later.date(), now=later, **values)
    session.expire_all()
    rows = session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.CONSENT_RENEWAL)).all()
    assert sorted(one.state for one in rows) == [DeadlineState.DONE, DeadlineState.OPEN]


def test_the_scope_is_kept_as_she_said_it(session: Any) -> None:
    member = make_member(now=NOW)
    case = make_case(member, now=NOW)
    given = consents.give_consent(
        case,
        purpose=ConsentPurpose.FOLLOW_UP,
        form=ConsentForm.ORAL,
        given_on=NOW.date(),
        scope=[ConsentScope.CHILDREN, ConsentScope.SAFETY],
        actor=actor_of(member),
        now=NOW,
    )
    assert given.scope == ["children", "safety"]


def test_past_receivers_are_listed(session: Any) -> None:
    made = make_request(now=NOW)
    rows = past_recipients.list_received([made.case.id])
    assert [(one.what, one.organisation) for one in rows] == [("request", made.offer.organisation.name)]


DAYS = st.integers(min_value=-400, max_value=400)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given=DAYS, months=st.integers(1, 12), withdrawn=st.none() | DAYS, on=DAYS, hour=st.integers(0, 23))
def test_the_clause_says_what_the_rule_says(
    session: Any, given: int, months: int, withdrawn: int | None, on: int, hour: int
) -> None:
    member = make_member(now=NOW)
    case = make_case(member, now=NOW)
    receiver = make_organisation()
    day = NOW.date()
    taken_back = None if withdrawn is None else NOW.replace(hour=hour) + timedelta(days=withdrawn)
    row = Consent(
        case_id=case.id,
        purpose=ConsentPurpose.REFERRAL,
        recipient_organisation_id=receiver.id,
        form=ConsentForm.ORAL,
        scope=[],
        given_on=day + timedelta(days=given),
        expires_on=rules.expires_on(day + timedelta(days=given), months),
        withdrawn_at=taken_back,
        recorded_by_id=member.user_id,
    )
    session.add(row)
    session.flush()
    asked = day + timedelta(days=on)
    by_rule = rules.covers(row, ConsentPurpose.REFERRAL, on=asked, recipient_organisation_id=receiver.id)
    assert queries.has_live_consent(case.id, receiver.id, ConsentPurpose.REFERRAL, on=asked) is by_rule
    assert not queries.has_live_consent(case.id, None, ConsentPurpose.REFERRAL, on=asked)
