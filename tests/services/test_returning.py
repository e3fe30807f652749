"""She comes back: one file, one woman, one message to whoever knew her."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid
from portal.core.messages import MessageKind
from portal.core.states import CaseState, RequestState
from portal.db import db
from portal.domain.cases import Unfinished
from portal.models.access import CaseBlock
from portal.models.audit import AuditEntry
from portal.models.cases import Case, TeamMember
from portal.models.clients import Client
from portal.models.messages import Message
from portal.models.stays import Stay
from portal.queries import returning as queries
from portal.queries import stays as stay_queries
from portal.queries.returning import Given
from portal.services import closing, referrals, returning, stays
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.referrals import make_ready_case, make_request

pytestmark = pytest.mark.usefixtures("session")
HERS = Given(name="Amira Khalil", birth_year=1990)


def closed(member: Any) -> Case:
    case = make_case(member, name="Amira Khalil", birth_year=1990, phone="20304050")
    closing.close_case(case, Unfinished(), actor=actor_of(member), now=utc_now())
    return case


@pytest.mark.parametrize(
    ("given", "is_found"),
    [
        (HERS, True),
        (Given(name="KHALIL  amira", birth_year=1990), True),
        (Given(phone="20 30 40 50"), True),
        (Given(name="Amira Khalil"), False),
        (Given(name="Amira Khalil", birth_year=1991), False),
        (Given(name="Amira", birth_year=1990), False),
        (Given(phone="20304051"), False),
        (Given(), False),
    ],
)
def test_her_file_is_found_by_what_she_says(given: Given, is_found: bool) -> None:
    member = make_member()
    case = closed(member)
    colleague = actor_of(make_member(organisation=member.organisation))
    assert [one.public_id for one in queries.list_closed(colleague, given)] == ([case.public_id] if is_found else [])
    assert queries.list_closed(actor_of(make_member()), given) == []


def test_an_open_case_is_not_offered_and_one_that_keeps_her_out_neither() -> None:
    member = make_member()
    colleague = make_member(organisation=member.organisation)
    case = closed(member)
    make_case(member, name="Amira Khalil", birth_year=1990)
    assert [one.public_id for one in queries.list_closed(actor_of(colleague), HERS)] == [case.public_id]
    db.session.add(
        CaseBlock(case_id=case.id, user_id=colleague.user_id, created_at=utc_now(), created_by_id=member.user_id)
    )
    db.session.flush()
    assert queries.list_closed(actor_of(colleague), HERS) == []


def test_it_goes_on_with_the_person_whom_she_knows(session: Any) -> None:
    member = make_member()
    colleague = make_member(organisation=member.organisation)
    case = closed(member)
    before = session.scalar(sa.select(sa.func.count()).select_from(Client))
    public_id, reference = returning.open_old(
        case.public_id, HERS, with_former=True, actor=actor_of(colleague), now=utc_now()
    )
    session.expire_all()
    assert (public_id, reference, case.state) == (case.public_id, case.reference, CaseState.OPEN)
    assert session.scalar(sa.select(sa.func.count()).select_from(Client)) == before
    team = session.execute(
        sa.select(TeamMember.user_id, TeamMember.is_primary).where(TeamMember.ended_at.is_(None))
    ).all()
    assert set(map(tuple, team)) == {(member.user_id, True), (colleague.user_id, False)}
    told = session.scalars(sa.select(Message.recipient_id).where(Message.kind == MessageKind.CASE_REOPENED)).all()
    assert told.count(member.user_id) == 1
    tags = session.scalars(sa.select(AuditEntry.action)).all()
    assert {Audit.CASE_RETURNED, Audit.CASE_REOPENED} <= set(tags)


def test_a_worker_who_has_left_is_neither_proposed_nor_told(session: Any) -> None:
    member = make_member()
    colleague = make_member(organisation=member.organisation)
    case = closed(member)
    member.ended_at = utc_now()
    session.flush()
    (found,) = queries.list_closed(actor_of(colleague), HERS)
    assert (found.worker, found.worker_id) == (None, None)
    returning.open_old(case.public_id, HERS, with_former=True, actor=actor_of(colleague), now=utc_now())
    primary = sa.select(TeamMember.user_id).where(TeamMember.is_primary, TeamMember.ended_at.is_(None))
    assert session.scalars(primary).all() == [colleague.user_id]


def test_nobody_opens_a_file_by_its_address_alone() -> None:
    member = make_member()
    colleague = actor_of(make_member(organisation=member.organisation))
    case = closed(member)
    for given in (Given(), Given(name="Amira Khalil", birth_year=1991)):
        with pytest.raises(Invalid):
            returning.open_old(case.public_id, given, with_former=True, actor=colleague, now=utc_now())
    with pytest.raises(Invalid):
        returning.open_old(case.public_id, HERS, with_former=True, actor=actor_of(make_member()), now=utc_now())
    lead = actor_of(make_member(Role.PROGRAMME_LEAD, member.organisation))
    with pytest.raises(Forbidden):
        returning.open_old(case.public_id, HERS, with_former=True, actor=lead, now=utc_now())


def test_a_return_is_one_stay_more_in_the_same_file_and_no_sensitive_word_goes_along(session: Any) -> None:
    """Referred once and closed; a year later she is back, and is referred anew."""
    now = utc_now()
    today, year = local_date(now), timedelta(days=365)
    member = make_member()
    colleague = make_member(organisation=member.organisation)
    first = make_request(
        RequestState.DECLINED,
        sender=member,
        case=make_ready_case(member, name="Amira Khalil", birth_year=1990, now=now - year),
        now=now - year,
    )
    case = first.case
    first.referral.own_words = "Det, som skete dengang"
    who = {"actor": actor_of(member), "now": now - year}
    stays.end_stay(case, discharged_on=today - year, **who)
    closing.close_case(case, Unfinished(), **who)
    women = session.scalar(sa.select(sa.func.count()).select_from(Client))
    cases = session.scalar(sa.select(sa.func.count()).select_from(Case))

    anew: dict[str, Any] = {"actor": actor_of(colleague), "now": now}
    public_id, _reference = returning.open_old(case.public_id, HERS, with_former=True, **anew)
    stays.record_stay(case, admitted_on=today, admission=stays.Admission(previous_stay_ever=True), **anew)
    again = referrals.start(case, **anew)
    (request,) = referrals.choose(again, [first.offer], **anew)

    assert public_id == case.public_id
    # One episode more, in the file that she had; and she is one person.
    episodes = session.scalars(sa.select(Stay.case_id).where(Stay.admitted_on >= today)).all()
    assert episodes == [case.id]
    assert session.scalar(sa.select(sa.func.count()).select_from(Client)) == women
    assert session.scalar(sa.select(sa.func.count()).select_from(Case)) == cases
    # The one who knew her is told once.
    told = sa.select(sa.func.count()).where(
        Message.kind == MessageKind.CASE_REOPENED, Message.recipient_id == member.user_id
    )
    assert session.scalar(told) == 1
    # A new referral begins with nothing of what the old one said.
    assert (again.case_id, again.id == first.referral.id) == (case.id, False)
    assert (again.own_words, request.answers) == (None, {})
    # Both rates: she says so, and the house knows so.
    rates = stay_queries.repeat_rates(actor_of(colleague), today, today)
    assert (rates.base, rates.said_yes, rates.said, rates.known) == (1, 1, 1, 1)
