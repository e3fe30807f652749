"""What is shown on demand: with a reason, counted, written down first, and never to somebody who was just kept out."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.db import db
from portal.models.access import RevealAllowance
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.services import addresses, blocks, cases, reveals
from tests.factories.people import actor_of, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")
WHY = "Jeg skal hente nøglen hos hende"


def with_address() -> tuple[Actor, Case]:
    member = make_member()
    case = make_case(member)
    cases.set_address(case, protection_level=1, address="Hemmeligvej 1", actor=actor_of(member), now=utc_now())
    return actor_of(member), case


def look(case: Case, actor: Actor, reason: str | None = WHY) -> str:
    return reveals.reveal(addresses.her_address(case), reason=reason, actor=actor, now=utc_now())


@pytest.mark.parametrize("reason", [None, "", ".", "kort", "aaaaaaaaaaaaaaaaaaaaaa", "x " * 200])
def test_a_look_without_a_reason_is_no_look(reason: str | None) -> None:
    actor, case = with_address()
    with pytest.raises(Invalid) as refusal:
        look(case, actor, reason)
    assert refusal.value.field == "reason"
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.action == Audit.ADDRESS_REVEALED)) == 0


def test_a_look_leaves_who_what_and_why() -> None:
    actor, case = with_address()
    assert look(case, actor) == "Hemmeligvej 1"
    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.ADDRESS_REVEALED)).one()
    assert (line.actor_id, line.case_id, line.fields, line.reason) == (actor.user_id, case.id, ["address"], WHY)


def test_the_eleventh_look_of_a_day_is_refused_until_the_officer_allows_more() -> None:
    actor, case = with_address()
    for _number in range(10):
        look(case, actor)
    with pytest.raises(reveals.QuotaUsed):
        look(case, actor)
    officer = actor_of(make_member(Role.SAFETY_OFFICER))
    reveals.allow_more(actor.user_id or 0, 12, reason="Flytning for seks familier", actor=officer, now=utc_now())
    assert [look(case, actor), look(case, actor)] == ["Hemmeligvej 1"] * 2
    with pytest.raises(reveals.QuotaUsed):
        look(case, actor)
    db.session.execute(sa.update(RevealAllowance).values(until=utc_now() - timedelta(seconds=1)))
    with pytest.raises(reveals.QuotaUsed):
        look(case, actor)


@pytest.mark.parametrize("a_day", [0, 10, 31])
def test_an_officer_allows_from_eleven_to_thirty(a_day: int) -> None:
    actor, _case = with_address()
    officer = actor_of(make_member(Role.SAFETY_OFFICER))
    with pytest.raises(Invalid):
        reveals.allow_more(actor.user_id or 0, a_day, reason=WHY, actor=officer, now=utc_now())


def test_nobody_allows_herself_more() -> None:
    officer = actor_of(make_member(Role.SAFETY_OFFICER))
    with pytest.raises(Forbidden):
        reveals.allow_more(officer.user_id or 0, 20, reason=WHY, actor=officer, now=utc_now())


def test_a_block_that_was_set_after_the_page_was_opened_wins() -> None:
    actor, case = with_address()
    colleague = make_member(organisation=case.owner)
    cases.join_team(case.id, colleague.user_id, actor=actor, now=utc_now())
    secret = addresses.her_address(case)
    blocks.keep_out(case, user_id=colleague.user_id, reason=None, actor=actor, now=utc_now())
    with pytest.raises(NotFound):
        reveals.reveal(secret, reason=WHY, actor=actor_of(colleague), now=utc_now())
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.action == Audit.ADDRESS_REVEALED)) == 0


def test_there_is_nothing_to_look_at_where_nothing_is_kept() -> None:
    member = make_member()
    case = make_case(member)
    with pytest.raises(NotFound):
        look(case, actor_of(member))
