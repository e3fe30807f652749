"""More time in a home: her caseworker asks, the housing coordinator or the lead decides (R-367)."""

from datetime import date

import pytest
import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import add_months, local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotFound, NotNow
from portal.core.messages import MessageKind
from portal.core.states import DeadlineState, TenancyState
from portal.db import db
from portal.models.audit import AuditEntry
from portal.models.cases import TeamMember
from portal.models.deadlines import Deadline
from portal.models.housing import Tenancy
from portal.models.messages import Message
from portal.models.users import Membership
from portal.queries import tenancies as queries
from portal.services import cases, tenancies
from tests.factories.housing import Homes, make_homes, make_tenancy
from tests.factories.people import actor_of, make_member

pytestmark = pytest.mark.usefixtures("session")
WISH, REASON = "Hun venter på en almen bolig", "Børnene går i skole her"
ROLES = sorted(set(Role) - {Role.SYSTEM})
ASKING, DECIDING = {Role.CONTACT_PERSON, Role.PROGRAMME_WORKER}, {Role.HOUSING_COORDINATOR, Role.PROGRAMME_LEAD}


def lived(months: int = 16) -> tuple[Homes, Tenancy, date]:
    """A tenancy that began so many months ago, and the day it ends."""
    homes, start = make_homes(), add_months(local_date(utc_now()), -months)
    return homes, make_tenancy(homes, moved_in_on=start), add_months(start, 24)


def asked() -> tuple[Homes, Tenancy, date]:
    """A tenancy for which more time is asked for."""
    homes, tenancy, end = lived()
    tenancies.ask_extension(tenancy, WISH, actor=actor_of(homes.contact), now=utc_now())
    return homes, tenancy, end


def beside(homes: Homes, role: Role) -> Membership:
    """Somebody in a role where the homes are."""
    return make_member(role, homes.coordinator.organisation)


def on_the_team(homes: Homes, tenancy: Tenancy, role: Role) -> Actor:
    """Somebody in a role who stands on the case's team, whether the services would put her there or not."""
    member = beside(homes, role)
    place = {"user_id": member.user_id, "membership_id": member.id, "organisation_id": member.organisation_id}
    db.session.add(TeamMember(case_id=tenancy.enrolment.case_id, joined_at=utc_now(), **place))
    db.session.flush()
    return actor_of(member)


def decision(tenancy: Tenancy) -> Deadline:
    """The decision as it stands on the work list."""
    return db.session.scalars(
        sa.select(Deadline)
        .where(Deadline.kind == DeadlineKind.TENANCY_EXTENSION, Deadline.subject_public_id == tenancy.public_id)
        .execution_options(populate_existing=True)
    ).one()


def told(kind: MessageKind) -> set[int]:
    return set(db.session.scalars(sa.select(Message.recipient_id).where(Message.kind == kind)))


def trail(tag: Audit) -> list[int | None]:
    return list(db.session.scalars(sa.select(AuditEntry.actor_id).where(AuditEntry.action == tag)))


@pytest.mark.parametrize("role", ROLES)
def test_a_caseworker_on_the_team_asks_and_no_other_role(role: Role) -> None:
    homes, tenancy, _end = lived()
    actor = on_the_team(homes, tenancy, role)
    if role in ASKING:
        tenancies.ask_extension(tenancy, WISH, actor=actor, now=utc_now())
        assert (tenancy.extension_asked_by_id, tenancy.extension_wish) == (actor.user_id, WISH)
        assert trail(Audit.TENANCY_EXTENSION_ASKED) == [actor.user_id]
    else:
        with pytest.raises(Forbidden):
            tenancies.ask_extension(tenancy, WISH, actor=actor, now=utc_now())
        assert tenancy.state is TenancyState.ACTIVE


@pytest.mark.parametrize("role", sorted(ASKING))
def test_a_caseworker_of_another_case_does_not_ask(role: Role) -> None:
    homes, tenancy, _end = lived()
    for stranger in (beside(homes, role), make_member(role, homes.contact.organisation)):
        with pytest.raises(Forbidden):
            tenancies.ask_extension(tenancy, WISH, actor=actor_of(stranger), now=utc_now())
        with pytest.raises(NotFound):
            queries.get_tenancy(actor_of(stranger), tenancy.public_id)


def test_asking_puts_the_decision_on_the_list_and_tells_those_who_decide() -> None:
    homes, tenancy, end = lived()
    lead, others = beside(homes, Role.PROGRAMME_LEAD), [beside(homes, Role.INTAKE), make_member(Role.PROGRAMME_LEAD)]
    tenancies.ask_extension(tenancy, WISH, actor=actor_of(homes.contact), now=utc_now())
    row = decision(tenancy)
    assert (row.state, row.due_on, row.owner_id) == (DeadlineState.OPEN, add_months(end, -6), None)
    assert (row.queue_role, row.organisation_id) == (Role.HOUSING_COORDINATOR, homes.coordinator.organisation_id)
    assert told(MessageKind.EXTENSION_ASKED) == {homes.coordinator.user_id, lead.user_id}
    assert not told(MessageKind.EXTENSION_ASKED) & {other.user_id for other in others}


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_asking_needs_a_reason(reason: str | None) -> None:
    homes, tenancy, _end = lived()
    with pytest.raises(Invalid) as refusal:
        tenancies.ask_extension(tenancy, reason, actor=actor_of(homes.contact), now=utc_now())
    assert refusal.value.field == "reason"
    assert (tenancy.state, tenancy.extension_asked_at) == (TenancyState.ACTIVE, None)


@pytest.mark.parametrize("months", [14, 19])
def test_it_is_asked_for_in_its_time_alone(months: int) -> None:
    homes, tenancy, _end = lived(months)
    with pytest.raises(NotNow):
        tenancies.ask_extension(tenancy, WISH, actor=actor_of(homes.contact), now=utc_now())


@pytest.mark.parametrize("role", ROLES)
def test_the_coordinator_or_the_lead_decides_and_no_other_role(role: Role) -> None:
    homes, tenancy, end = asked()
    actor = on_the_team(homes, tenancy, role)
    if role in DECIDING:
        tenancies.decide_extension(tenancy, 12, REASON, actor=actor, now=utc_now())
        assert (tenancy.state, tenancy.period.upper) == (TenancyState.EXTENDED, add_months(end, 12))
        assert (tenancy.extension_decided_by_id, tenancy.extension_reason) == (actor.user_id, REASON)
        assert trail(Audit.TENANCY_EXTENSION_DECIDED) == [actor.user_id]
    else:
        for months in (12, None):
            with pytest.raises(Forbidden):
                tenancies.decide_extension(tenancy, months, REASON, actor=actor, now=utc_now())
        assert tenancy.state is TenancyState.EXTENSION_REQUESTED


@pytest.mark.parametrize("role", sorted(DECIDING))
def test_nobody_decides_about_the_homes_of_others(role: Role) -> None:
    _homes, tenancy, _end = asked()
    stranger = actor_of(make_member(role))
    with pytest.raises(Forbidden):
        tenancies.decide_extension(tenancy, 12, REASON, actor=stranger, now=utc_now())
    with pytest.raises(NotFound):
        queries.get_tenancy(stranger, tenancy.public_id)


def test_where_whoever_asked_has_left_the_case_the_answer_is_told_to_the_one_who_has_it() -> None:
    homes, tenancy, _end = asked()
    colleague = make_member(homes.contact.role, homes.contact.organisation)
    cases.join_team(tenancy.enrolment.case_id, colleague.user_id, actor=actor_of(homes.contact), now=utc_now())
    homes.contact.ended_at = utc_now()
    db.session.flush()
    tenancies.decide_extension(tenancy, 12, REASON, actor=actor_of(homes.coordinator), now=utc_now())
    assert told(MessageKind.EXTENSION_DECIDED) == {colleague.user_id}


@pytest.mark.parametrize("months", [12, None])
def test_the_answer_is_told_to_whoever_asked_and_is_off_the_list(months: int | None) -> None:
    homes, tenancy, end = asked()
    tenancies.decide_extension(tenancy, months, REASON, actor=actor_of(homes.coordinator), now=utc_now())
    assert told(MessageKind.EXTENSION_DECIDED) == {homes.contact.user_id}
    assert decision(tenancy).state is DeadlineState.DONE
    assert tenancy.period.upper == add_months(end, months or 0)
    with pytest.raises(NotNow):
        tenancies.ask_extension(tenancy, WISH, actor=actor_of(homes.contact), now=utc_now())


@pytest.mark.parametrize(
    ("months", "reason", "field"), [(25, REASON, "months"), (12, " ", "reason"), (None, "", "reason")]
)
def test_a_decision_that_breaks_a_rule_changes_nothing(months: int | None, reason: str, field: str) -> None:
    homes, tenancy, end = asked()
    with pytest.raises(Invalid) as refusal:
        tenancies.decide_extension(tenancy, months, reason, actor=actor_of(homes.coordinator), now=utc_now())
    assert refusal.value.field == field
    assert (tenancy.state, tenancy.period.upper) == (TenancyState.EXTENSION_REQUESTED, end)


def test_a_lead_opens_the_tenancies_that_she_is_asked_about_and_no_other() -> None:
    homes, tenancy, _end = lived()
    lead = actor_of(beside(homes, Role.PROGRAMME_LEAD))
    with pytest.raises(NotFound):
        queries.get_tenancy(lead, tenancy.public_id)
    tenancies.ask_extension(tenancy, WISH, actor=actor_of(homes.contact), now=utc_now())
    assert queries.get_tenancy(lead, tenancy.public_id).id == tenancy.id
