"""Protection goes up at once and down by two people and a day; it is not forgotten when it lapses."""

from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from portal.core.clock import COPENHAGEN, local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.messages import MessageKind
from portal.db import db
from portal.models.access import FormerAddress, ProtectionChange
from portal.models.cases import Case
from portal.models.clients import Client
from portal.models.deadlines import Deadline
from portal.models.messages import Message
from portal.models.users import Membership
from portal.queries import protection as queries
from portal.services import cases, protection
from tests.factories.people import actor_of, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")
WHY = "Tilholdet er udløbet, og hun ønsker det selv"


def protected(level: int = 1) -> tuple[Membership, Case]:
    member = make_member()
    case = make_case(member)
    cases.set_address(case, protection_level=level, actor=actor_of(member), now=utc_now())
    return member, case


def at_noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=COPENHAGEN)


def lower(member: Membership, case: Case, to: int = 0, reason: str | None = WHY) -> ProtectionChange | None:
    cases.set_address(case, protection_level=to, lower_reason=reason, actor=actor_of(member), now=utc_now())
    return queries.find_open(case.id)


def level_of(case: Case) -> int:
    return db.session.execute(sa.select(Client.protection_level).where(Client.id == case.client_id)).scalar_one()


def test_lower_protection_waits_for_the_officer_and_a_day_more() -> None:
    member, case = protected()
    officer = make_member(Role.SAFETY_OFFICER, case.owner)
    change = lower(member, case)
    assert change is not None
    assert level_of(case) == 1
    kinds = db.session.scalars(sa.select(Message.kind).where(Message.recipient_id == officer.user_id)).all()
    assert MessageKind.SECOND_PERSON_NEEDED in kinds
    with pytest.raises(Forbidden):
        protection.agree(change, actor=actor_of(member), now=utc_now())
    protection.agree(change, actor=actor_of(officer), now=utc_now())
    assert protection.carry_out_due(now=utc_now()) == 0
    change.agreed_at = utc_now() - timedelta(hours=23, minutes=59)
    db.session.flush()
    assert protection.carry_out_due(now=utc_now()) == 0
    change.agreed_at = utc_now() - timedelta(hours=24, seconds=1)
    db.session.flush()
    assert protection.carry_out_due(now=utc_now()) == 1
    assert (level_of(case), protection.carry_out_due(now=utc_now())) == (0, 0)


def test_what_was_agreed_can_be_taken_back_before_it_is_in_force() -> None:
    member, case = protected()
    officer = actor_of(make_member(Role.SAFETY_OFFICER, case.owner))
    change = lower(member, case)
    assert change is not None
    protection.agree(change, actor=officer, now=utc_now() - timedelta(days=2))
    protection.take_back(change, actor=officer, now=utc_now())
    assert (protection.carry_out_due(now=utc_now()), level_of(case)) == (0, 1)
    with pytest.raises(NotNow):
        protection.take_back(change, actor=officer, now=utc_now())


def test_lower_protection_asks_why_and_is_asked_for_once() -> None:
    member, case = protected()
    with pytest.raises(Invalid) as refusal:
        lower(member, case, reason="nej")
    assert refusal.value.field == "lower_reason"
    assert lower(member, case) is lower(member, case)


def test_higher_protection_counts_at_once_and_takes_every_address_away() -> None:
    member, case = protected()
    for street in ("Hemmeligvej 1", "Hemmeligvej 2"):
        cases.set_address(case, protection_level=1, address=street, actor=actor_of(member), now=utc_now())
    assert db.session.scalars(sa.select(FormerAddress.client_id)).all() == [case.client_id]
    cases.set_address(case, protection_level=2, actor=actor_of(member), now=utc_now())
    assert (level_of(case), case.client.address) == (2, None)
    assert db.session.scalars(sa.select(FormerAddress.client_id)).all() == []


def test_she_is_reminded_sixty_and_fourteen_days_before_it_lapses() -> None:
    member, case = protected()
    until, heard = local_date(utc_now()) + timedelta(days=100), []
    case.client.protection_until = until
    db.session.flush()
    told = sa.select(sa.func.count()).where(
        Message.kind == MessageKind.PROTECTION_LAPSES, Message.recipient_id == member.user_id
    )
    listed = sa.select(Deadline.due_on).where(Deadline.kind == DeadlineKind.PROTECTION_LAPSE)
    for left in (61, 60, 60, 59, 15, 14, 13, 1):
        protection.remind_of_lapse(now=at_noon(until - timedelta(days=left)))
        heard.append((left, len(db.session.scalars(listed).all()), db.session.scalar(told)))
    once, twice = [(60, 1, 1), (60, 1, 1), (59, 1, 1), (15, 1, 1)], [(14, 1, 2), (13, 1, 2), (1, 1, 2)]
    assert heard == [(61, 0, 0), *once, *twice]
    assert db.session.scalars(listed).all() == [until]


def test_whoever_knows_no_day_of_registration_is_reminded_from_today_on() -> None:
    member, case = protected()
    today = local_date(utc_now())
    assert case.client.protection_until == protection.lapses_on(today)
    cases.set_address(case, protection_level=2, actor=actor_of(member), now=utc_now())
    assert case.client.protection_until is None, "special protection has no end of its own"
    change = lower(member, case, to=1)
    assert change is not None
    officer = actor_of(make_member(Role.SAFETY_OFFICER, case.owner))
    protection.agree(change, actor=officer, now=utc_now() - timedelta(days=2))
    assert protection.carry_out_due(now=utc_now()) == 1
    until = sa.select(Client.protection_until).where(Client.id == case.client_id)
    assert db.session.scalar(until) == protection.lapses_on(today)


def test_a_registration_lapses_a_year_later() -> None:
    member = make_member()
    case = make_case(member)
    today = local_date(utc_now())
    cases.set_address(case, protection_level=1, registered_on=today, actor=actor_of(member), now=utc_now())
    assert case.client.protection_until == protection.lapses_on(today)
    assert protection.lapses_on(today).year == today.year + 1
