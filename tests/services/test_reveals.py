"""What is shown on demand: with a reason, counted, written down first, and never to somebody who was just kept out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.safety import BreakGlassReason
from portal.core.states import CaseState, ClaimState
from portal.db import db
from portal.models.access import BreakGlass, RevealAllowance
from portal.models.audit import AuditEntry
from portal.models.cases import Case, TeamMember
from portal.models.clients import Client
from portal.models.grants import GrantApplication
from portal.models.housing import HousingUnit
from portal.models.meetings import Meeting
from portal.models.organisations import Organisation
from portal.models.tasks import Claim, Task
from portal.models.users import Membership
from portal.queries import own_tasks
from portal.queries import tasks as task_queries
from portal.services import addresses, audit, blocks, cases, reveals, task_addresses
from portal.vault import columns
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.tasks import make_open_window

pytestmark = pytest.mark.usefixtures("session")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WHY = "Jeg skal hente nøglen hos hende"


def with_address() -> tuple[Actor, Case]:
    member = make_member()
    case = make_case(member)
    cases.set_address(case, protection_level=1, address="Hemmeligvej 1", actor=actor_of(member), now=utc_now())
    return actor_of(member), case


def lines() -> int | None:
    return db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.action == Audit.ADDRESS_REVEALED))


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


def off_the_team(case: Case, _me: Actor) -> None:
    db.session.execute(sa.update(TeamMember).where(TeamMember.case_id == case.id).values(ended_at=utc_now()))


def without_her_role(_case: Case, me: Actor) -> None:
    db.session.get_one(Membership, me.membership_id).ended_at = utc_now()


def closed_a_month_ago(case: Case, _me: Actor) -> None:
    case.state, case.closed_at = CaseState.CLOSED, utc_now() - timedelta(days=31)


def erased(case: Case, _me: Actor) -> None:
    case.erased_at = utc_now()


CHANGES = (off_the_team, without_her_role, closed_a_month_ago, erased)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_whatever_changed_after_the_page_was_opened_wins(change: Callable[[Case, Actor], None]) -> None:
    actor, case = with_address()
    secret = addresses.her_address(case)
    change(case, actor)
    db.session.flush()
    with pytest.raises((NotFound, Forbidden)):
        reveals.reveal(secret, reason=WHY, actor=actor, now=utc_now())
    assert lines() == 0


def test_an_emergency_that_is_over_opens_nothing_more() -> None:
    _actor, case = with_address()
    house, now = db.session.get_one(Organisation, case.owner_organisation_id), utc_now()
    me = actor_of(make_member(organisation=house))
    given = {"user_id": me.user_id, "membership_id": me.membership_id, "organisation_id": me.organisation_id}
    access = BreakGlass(
        case_id=case.id,
        **given,
        category=BreakGlassReason.ACUTE_DANGER,
        reason=WHY,
        started_at=now - HOUR,
        ends_at=now + HOUR,
    )
    db.session.add(access)
    db.session.flush()
    assert look(case, me) == "Hemmeligvej 1"
    access.ends_at = utc_now()
    db.session.flush()
    with pytest.raises(NotFound):
        look(case, me)


@pytest.mark.parametrize("what", ["window", "consent", "approval", "level", "claim"])
def test_a_task_is_asked_about_again_behind_the_lock(what: str) -> None:
    _case, member, claim, consent = make_open_window()
    actor = actor_of(member)
    secret = task_addresses.its_address(claim, actor=actor)
    client = db.session.scalars(sa.select(Client).join(Case).where(Case.id == claim.task.case_id)).one()
    # Written past the objects that the page has in its hands, as somebody else's transaction would.
    written = {
        "window": sa.update(Task).values(starts_at=utc_now() - DAY, ends_at=utc_now() - DAY + HOUR),
        "consent": sa.update(type(consent)).where(type(consent).id == consent.id).values(withdrawn_at=utc_now()),
        "approval": sa.update(Claim).where(Claim.id == claim.id).values(may_see_address=False),
        "level": sa.update(Client).where(Client.id == client.id).values(protection_level=1),
        "claim": sa.update(Claim).where(Claim.id == claim.id).values(state=ClaimState.RELEASED, released_at=utc_now()),
    }[what]
    db.session.execute(written, execution_options={"synchronize_session": False})
    with pytest.raises((NotFound, Forbidden)):
        reveals.reveal(secret, reason=WHY, actor=actor, now=utc_now())
    assert lines() == 0


def test_nothing_is_read_before_the_lock_the_question_and_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lock, ask, write, read: a value that is on its way to a page is in no hand before it stands in the trail."""
    _case, member, claim, _consent = make_open_window()
    actor = actor_of(member)
    db.session.expire_all()
    steps: list[str] = []
    opened, wrote, asked = columns.unseal, audit.record, own_tasks.sight_of

    def unseal(value: bytes, *, place: str) -> str:
        steps.append(place)
        return opened(value, place=place)

    def note(conn: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        if "FROM case_access" in statement and "FOR SHARE" in statement:
            steps.append("lock")

    monkeypatch.setattr(columns, "unseal", unseal)
    monkeypatch.setattr(audit, "record", lambda *a, **k: (steps.append("line"), wrote(*a, **k)))
    monkeypatch.setattr(own_tasks, "sight_of", lambda *a: (steps.append("ask"), asked(*a))[1])
    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    found = task_queries.get_own(actor, claim.public_id)
    secret = task_addresses.its_address(found, actor=actor)
    reveals.reveal(secret, reason=WHY, actor=actor, now=utc_now())
    sa.event.remove(sa.Engine, "before_cursor_execute", note)
    told = [step for step in steps if step in ("lock", "ask", "line", "task.address")]
    assert told == ["lock", "ask", "line", "task.address"]


def test_things_with_a_place_are_loaded_without_it() -> None:
    for column in (
        Client.address,
        Client.cpr_number,
        HousingUnit.address,
        Task.address,
        Meeting.place,
        GrantApplication.account,
    ):
        assert column.property.deferred, column  # type: ignore[attr-defined]


def test_there_is_nothing_to_look_at_where_nothing_is_kept() -> None:
    member = make_member()
    case = make_case(member)
    with pytest.raises(NotFound):
        look(case, actor_of(member))
