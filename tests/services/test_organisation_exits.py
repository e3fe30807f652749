"""An organisation leaves in steps, two persons at each end, and nothing is destroyed while somebody is still helped."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.clock import utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.errors import Conflict, Forbidden, NotFound, NotNow
from portal.core.messages import MessageKind
from portal.core.people import ExitState
from portal.core.states import CaseState
from portal.db import db
from portal.domain.organisation_exits import STEPS, ExitAction
from portal.domain.workflow import available_actions
from portal.models.access import CaseBlock
from portal.models.cases import Case, TeamMember
from portal.models.clients import Client
from portal.models.keys import ErasureProof
from portal.models.leaving import OrganisationExit
from portal.models.messages import Message
from portal.models.organisations import Organisation
from portal.models.users import Membership, UserSession
from portal.services import accounts, organisation_keys, reseal
from portal.services import organisation_exits as service
from tests.factories.people import actor_of, make_case, make_member, make_organisation

pytestmark = pytest.mark.usefixtures("session")
DAY = timedelta(days=1)


class House:
    """A centre with the two who decide, the lead, and a contact person with a case."""

    def __init__(self) -> None:
        self.organisation = make_organisation(OrganisationKind.SHELTER)
        self.administrator, self.officer, self.lead, self.contact = (
            make_member(role, self.organisation)
            for role in (Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER, Role.PROGRAMME_LEAD, Role.CONTACT_PERSON)
        )
        self.case = make_case(self.contact)

    def freeze(self, now: datetime) -> OrganisationExit:
        leaving = service.ask(self.organisation, actor=actor_of(self.administrator), now=now)
        service.freeze(actor=actor_of(self.officer), now=now)
        return leaving

    def close_case(self, now: datetime) -> None:
        db.session.execute(sa.update(Case).values(state=CaseState.CLOSED, closed_at=now))
        db.session.expire_all()


def test_it_takes_two_persons_in_two_roles_to_freeze() -> None:
    house, now = House(), utc_now()
    leaving = service.ask(house.organisation, actor=actor_of(house.administrator), now=now)
    second = make_member(Role.ADMINISTRATOR, house.organisation)
    for same in (house.administrator, second):
        with pytest.raises(Forbidden):
            service.freeze(actor=actor_of(same), now=now)
    assert not house.organisation.is_frozen
    service.freeze(actor=actor_of(house.officer), now=now)
    assert (leaving.state, house.organisation.is_frozen) == (ExitState.FROZEN, True)


def test_the_other_one_is_told_that_a_second_person_is_needed() -> None:
    house = House()
    service.ask(house.organisation, actor=actor_of(house.administrator), now=utc_now())
    told = sa.select(Message.kind).where(Message.recipient_id == house.officer.user_id)
    assert db.session.scalars(told).all() == [MessageKind.SECOND_PERSON_NEEDED]


def test_an_organisation_leaves_once_at_a_time_and_may_stay_after_all() -> None:
    house, now = House(), utc_now()
    house.freeze(now)
    with pytest.raises(Conflict):
        service.ask(house.organisation, actor=SYSTEM, now=now)
    service.call_off(actor=actor_of(house.administrator), now=now)
    assert not house.organisation.is_frozen
    assert service.ask(house.organisation, actor=SYSTEM, now=now).state is ExitState.ASKED


@pytest.mark.parametrize("role", [Role.PROGRAMME_LEAD, Role.SAFETY_OFFICER, Role.CONTACT_PERSON])
def test_nobody_else_lets_it_leave(role: Role) -> None:
    house = House()
    with pytest.raises(Forbidden):
        service.ask(house.organisation, actor=actor_of(make_member(role, house.organisation)), now=utc_now())


def test_on_day_thirty_everybody_is_out_but_the_two_who_finish() -> None:
    house, now = House(), utc_now()
    house.freeze(now)
    token = accounts.open_session(house.contact.user, house.contact, now=now)
    assert service.revoke_due(now + 29 * DAY) == 0
    assert service.revoke_due(now + 30 * DAY) == 1
    db.session.expire_all()
    assert accounts.find_session(token, now=now) is None
    assert db.session.scalars(sa.select(UserSession.revoked_at)).all() == [now + 30 * DAY]
    live = sa.select(Membership.role).where(
        Membership.organisation_id == house.organisation.id, Membership.ended_at.is_(None)
    )
    assert set(db.session.scalars(live)) == {Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER}
    assert db.session.scalars(sa.select(TeamMember.id).where(TeamMember.ended_at.is_(None))).all() == []
    assert service.revoke_due(now + 31 * DAY) == 0


def test_the_key_waits_for_day_ninety_for_the_last_case_and_for_two_persons() -> None:
    house, now = House(), utc_now()
    leaving = house.freeze(now)
    service.revoke_due(now + 30 * DAY)
    db.session.expire_all()
    with pytest.raises(NotNow, match="dag 90"):
        service.ask_destruction(actor=actor_of(house.officer), now=now + 89 * DAY)
    late = now + 90 * DAY
    with pytest.raises(NotNow, match="åbne sager"):
        service.ask_destruction(actor=actor_of(house.officer), now=late)
    house.close_case(now)
    service.ask_destruction(actor=actor_of(house.officer), now=late)
    with pytest.raises(Forbidden):
        service.destroy(actor=actor_of(house.officer), now=late)
    assert leaving.state is ExitState.DESTRUCTION_ASKED


def test_when_two_have_said_so_the_key_is_gone_and_nothing_of_the_house_can_be_read() -> None:
    house, now = House(), utc_now()
    named = make_case(house.contact, name="Layla B.")
    client_id, others = named.client_id, make_case(name="Noor S.").client_id
    leaving = house.freeze(now)
    service.revoke_due(now + 30 * DAY)
    house.close_case(now)
    service.ask_destruction(actor=actor_of(house.officer), now=now + 90 * DAY)
    service.destroy(actor=actor_of(house.administrator), now=now + 90 * DAY)
    assert leaving.state is ExitState.DESTROYED
    assert not db.session.get_one(Organisation, house.organisation.id).is_active
    assert db.session.get_one(Client, client_id).name is None
    assert db.session.get_one(Client, others).name == "Noor S."
    proofs = sa.select(ErasureProof.keys_destroyed)
    assert [count > 1 for count in db.session.scalars(proofs)] == [True]


def test_what_went_to_another_house_is_read_there_after_the_key_is_gone() -> None:
    house, there, now = House(), make_organisation(OrganisationKind.NGO), utc_now()
    case = make_case(house.contact, name="Layla B.")
    client_id = case.client_id
    house.freeze(now)
    case.owner_organisation_id = there.id
    db.session.flush()
    organisation_keys.rekey_case(case)
    with pytest.raises(NotNow, match="forseglet på ny"):
        organisation_keys.destroy(house.organisation, now=now)
    for table in reseal.tables():
        reseal.reseal_batch(table)
    reseal.drop_retired_data_keys()
    organisation_keys.destroy(house.organisation, now=now)
    assert db.session.get_one(Client, client_id).name == "Layla B."


def test_blocks_that_name_the_organisation_stay() -> None:
    house, now = House(), utc_now()
    block = CaseBlock(
        case_id=make_case().id,
        organisation_id=house.organisation.id,
        created_at=now,
        created_by_id=house.contact.user_id,
    )
    db.session.add(block)
    house.freeze(now)
    service.revoke_due(now + 30 * DAY)
    db.session.refresh(block)
    assert block.ended_at is None


def test_without_a_wish_to_leave_there_is_no_step() -> None:
    house = House()
    for step in (service.freeze, service.call_off, service.ask_destruction, service.destroy):
        with pytest.raises(NotFound):
            step(actor=actor_of(house.administrator), now=utc_now())


@pytest.mark.parametrize("state", list(ExitState))
def test_every_state_leads_on_as_the_table_says(state: ExitState) -> None:
    house = House()
    offered = set(available_actions(STEPS, state, actor_of(house.administrator)))
    assert offered == {
        ExitState.ASKED: {ExitAction.FREEZE, ExitAction.CALL_OFF},
        ExitState.FROZEN: {ExitAction.RETURN, ExitAction.CALL_OFF, ExitAction.REVOKE},
        ExitState.REVOKED: {ExitAction.ASK_DESTRUCTION},
        ExitState.DESTRUCTION_ASKED: {ExitAction.DESTROY},
    }.get(state, set())
