"""A case goes to another organisation: offered by its team, answered by the other house, and only then theirs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import OrganisationKind, Role
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.people import TransferBasis, TransferState
from portal.core.states import DeadlineState
from portal.db import db
from portal.domain.cases import Unfinished
from portal.domain.law import Law, cited
from portal.domain.transfers import answer_due_on, ground
from portal.models.access import CaseBlock
from portal.models.audit import AuditEntry
from portal.models.cases import Case, Consent
from portal.models.deadlines import Deadline
from portal.models.organisations import Organisation
from portal.models.transfers import CaseTransfer
from portal.models.users import User
from portal.queries import deadlines as deadline_queries
from portal.services import closing, consents, transfers
from portal.services.team import join_team
from portal.services.transfers import Wish
from tests.factories.leavers import team_of
from tests.factories.people import actor_of, agree, make_case, make_member, make_organisation

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
NOTE, NO = "Børnene skifter skole i januar.", "Vi har ingen ledig rådgiver."


class World:
    """A centre with a case and two on its team, and the municipality that could take it."""

    def __init__(self) -> None:
        here, there = make_organisation(OrganisationKind.SHELTER), make_organisation(OrganisationKind.MUNICIPALITY)
        self.here, self.there = here, there
        self.contact, self.second = make_member(organisation=here), make_member(organisation=here)
        self.adviser = make_member(Role.MUNICIPAL_ADVISER, there)
        self.lead = make_member(Role.PROGRAMME_LEAD, there)
        self.case = make_case(self.contact, name="Amira Karim")
        join_team(self.case.id, self.second.user_id, actor=actor_of(self.contact), now=utc_now())
        self.page = f"/transfers/{self.case.public_id}"

    def sent(self, **changes: str) -> dict[str, str]:
        law = {"organisation": self.there.public_id, "basis": "legal_basis", "law": "residence", "hand_over": NOTE}
        return law | changes

    def offer(self, **changes: Any) -> CaseTransfer:
        wish = Wish(self.there.public_id, TransferBasis.LEGAL_BASIS, NOTE, law=Law.RESIDENCE.value)
        values = {name: changes.get(name, getattr(wish, name)) for name in Wish.__dataclass_fields__}
        return transfers.offer(self.case, Wish(**values), actor=actor_of(self.contact), now=utc_now())


def rows(kind: DeadlineKind) -> list[Deadline]:
    return list(db.session.scalars(sa.select(Deadline).where(Deadline.kind == kind)))


def test_the_day_and_the_ground_are_those_of_the_day() -> None:
    friday = local_date(utc_now()).replace(year=2026, month=11, day=20)
    assert answer_due_on(friday).isoformat() == "2026-11-27"
    assert ground("counselling", "Aftalt", friday) == f"{cited(Law.COUNSELLING, friday)}. Aftalt"
    assert ground(None, " Ja ", friday) == "Ja"


def test_nothing_changes_until_the_others_say_yes_and_then_all_at_once(as_user: AsUser) -> None:
    world = World()
    contact, adviser = as_user(world.contact), as_user(world.adviser)
    case, here, reference = world.case.public_id, world.here.id, world.case.lead_reference
    case_id, there, adviser_id, user = (
        world.case.id,
        world.there.id,
        world.adviser.user_id,
        world.adviser.user.public_id,
    )
    page, again = world.page, world.sent()
    assert contact.submit(page, data=again).status_code == 303
    assert db.session.get_one(Case, case_id).owner_organisation_id == here
    assert adviser.get(f"/cases/{case}").status_code == 404
    shown = adviser.get("/transfers/offered").text
    assert reference in shown and NOTE in shown and cited(Law.RESIDENCE, local_date(utc_now())) in shown
    # The reference to the law has a name.
    assert f"<dt>Nærmere om grundlaget</dt><dd>{cited(Law.RESIDENCE, local_date(utc_now()))}" in shown
    assert "Amira" not in shown
    transfer = db.session.scalars(sa.select(CaseTransfer.public_id)).one()
    assert contact.post(page, data=again).status_code == 409
    accept = f"/transfers/offered/{transfer}/accept"
    assert adviser.submit("/transfers/offered", accept, {"user": ""}).status_code == 422
    taken = adviser.submit("/transfers/offered", accept, {"user": user})
    # She goes on in the case that she has taken herself.
    assert taken.status_code == 303 and taken.location == f"/cases/{case}"
    assert "hører nu til hos jer" in adviser.get(taken.location).text
    assert db.session.get_one(Case, case_id).owner_organisation_id == there
    assert team_of(case_id) == [(adviser_id, True)]
    assert contact.get(f"/cases/{case}").status_code == 404
    page = adviser.get(f"/cases/{case}/team").text
    assert NOTE not in page and "overtaget" in page
    assert adviser.get(f"/cases/{case}").status_code == 200
    assert adviser.post(accept, data={"user": user}).status_code == 404


def test_a_no_has_a_reason_and_leaves_the_case_where_it_is(as_user: AsUser) -> None:
    world = World()
    world.offer()
    transfer, case_id = db.session.scalars(sa.select(CaseTransfer.public_id)).one(), world.case.id
    lead, page = as_user(world.lead), f"/transfers/offered/{transfer}/decline"
    assert lead.submit("/transfers/offered", page, {"reason": ""}).status_code == 422
    assert lead.submit("/transfers/offered", page, {"reason": NO}).status_code == 303
    row = db.session.scalars(sa.select(CaseTransfer)).one()
    assert (row.state, row.decline_reason) == (TransferState.DECLINED, NO)
    assert db.session.get_one(Case, case_id).owner_organisation_id == world.here.id
    assert NO in as_user(world.contact).get(world.page).text
    assert [one.state for one in rows(DeadlineKind.TRANSFER_WAITS)] == [DeadlineState.DONE]
    assert [one.state for one in rows(DeadlineKind.TRANSFER_ANSWER)] == [DeadlineState.DONE]
    world.offer()
    assert len(db.session.scalars(sa.select(CaseTransfer)).all()) == 2


def test_it_stands_on_the_work_lists_of_both_sides(as_user: AsUser) -> None:
    world, now = World(), utc_now()
    world.offer()
    (waits,), (answer,) = rows(DeadlineKind.TRANSFER_WAITS), rows(DeadlineKind.TRANSFER_ANSWER)
    due = answer_due_on(local_date(now))
    assert (waits.owner_id, waits.due_on, waits.organisation_id) == (world.contact.user_id, due, world.here.id)
    assert (answer.owner_id, answer.due_on, answer.organisation_id) == (None, due, world.there.id)
    hers = sa.select(Deadline.id).where(deadline_queries.mine(actor_of(world.adviser)))
    assert answer.id in db.session.scalars(hers).all()
    assert "/transfers/offered" in as_user(world.adviser).get("/day").text


def test_the_giver_takes_it_back(as_user: AsUser) -> None:
    world = World()
    browser, page = as_user(world.contact), f"{world.page}/withdraw"
    assert browser.post(page).status_code == 409
    world.offer()
    assert browser.submit(world.page, page).status_code == 303
    assert db.session.scalars(sa.select(CaseTransfer.state)).one() is TransferState.WITHDRAWN
    assert {one.state for one in rows(DeadlineKind.TRANSFER_ANSWER)} == {DeadlineState.DONE}
    transfer = db.session.scalars(sa.select(CaseTransfer.public_id)).one()
    adviser = as_user(world.adviser)
    assert adviser.post(f"/transfers/offered/{transfer}/decline", data={"reason": NO}).status_code == 404
    written = db.session.scalars(sa.select(AuditEntry.action)).all()
    assert {Audit.TRANSFER_PROPOSED, Audit.TRANSFER_WITHDRAWN} <= set(written)


def test_who_she_wants_to_keep_stays_while_she_consents(as_user: AsUser) -> None:
    world, now = World(), utc_now()
    second = world.second.user.public_id
    with pytest.raises(Invalid) as refused:
        world.offer(stays=second)
    assert refused.value.field == "stays"
    agree(world.case, world.here.id)
    transfer = world.offer(stays=second)
    user = world.adviser.user.public_id
    transfers.accept(transfer.public_id, user, actor=actor_of(world.adviser), now=now)
    assert sorted(team_of(world.case.id)) == sorted([(world.second.user_id, False), (world.adviser.user_id, True)])


def test_a_consent_that_she_took_back_keeps_nobody() -> None:
    world, now = World(), utc_now()
    agree(world.case, world.here.id)
    transfer = world.offer(stays=world.second.user.public_id)
    consent = db.session.scalars(sa.select(Consent).where(Consent.recipient_organisation_id == world.here.id)).one()
    consents.withdraw_consent(world.case, consent, actor=actor_of(world.contact), now=now)
    user = world.adviser.user.public_id
    transfers.accept(transfer.public_id, user, actor=actor_of(world.adviser), now=now + timedelta(minutes=1))
    assert team_of(world.case.id) == [(world.adviser.user_id, True)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"law": None}, "law"),
        ({"kind": TransferBasis.FRESH_CONSENT, "note": "Hun sagde ja i går."}, "basis"),
        ({"organisation": "x" * 22}, "organisation"),
    ],
)
def test_what_lacks_a_ground_or_a_receiver_is_not_offered(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        World().offer(**changes)
    assert refused.value.field == field
    assert db.session.scalars(sa.select(CaseTransfer.id)).all() == []


def test_her_yes_is_enough_when_it_is_written_down() -> None:
    world = World()
    agree(world.case, world.there.id)
    with pytest.raises(Invalid) as refused:
        world.offer(kind=TransferBasis.FRESH_CONSENT, note=None)
    assert refused.value.field == "note"
    assert world.offer(kind=TransferBasis.FRESH_CONSENT, note="Hun sagde ja i går.").note == "Hun sagde ja i går."


def test_only_the_owners_team_offers(as_user: AsUser) -> None:
    world = World()
    join_team(world.case.id, world.adviser.user_id, actor=actor_of(world.contact), now=utc_now())
    wish = Wish(world.there.public_id, TransferBasis.LEGAL_BASIS, NOTE, law="residence")
    with pytest.raises(Forbidden):
        transfers.offer(world.case, wish, actor=actor_of(world.adviser), now=utc_now())
    assert as_user(world.adviser).get(world.page).status_code == 403
    colleague = as_user(make_member(organisation=world.here))
    assert colleague.get(world.page).status_code == 404
    assert colleague.post(world.page, data=world.sent()).status_code == 404
    assert as_user(world.lead).get(world.page).status_code == 403
    assert as_user(make_member(Role.VOLUNTEER)).get("/transfers/offered").status_code == 403


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(as_user: AsUser) -> None:
    world = World()
    answer = as_user(world.contact).submit(world.page, data=world.sent(law=""))
    assert answer.status_code == 422
    assert NOTE in answer.text and 'aria-invalid="true"' in answer.text


def test_a_case_that_closes_is_offered_no_more() -> None:
    world, now = World(), utc_now()
    world.offer()
    closing.close_case(world.case, Unfinished(), actor=actor_of(world.contact), now=now)
    assert db.session.scalars(sa.select(CaseTransfer.state)).one() is TransferState.WITHDRAWN
    with pytest.raises(NotNow):
        world.offer()


def test_a_house_that_is_kept_out_is_never_offered_it() -> None:
    world = World()
    values = {"created_at": utc_now(), "created_by_id": world.contact.user_id}
    db.session.add(CaseBlock(case_id=world.case.id, organisation_id=world.there.id, **values))
    db.session.flush()
    with pytest.raises(Invalid):
        world.offer()
    assert db.session.get_one(Organisation, world.there.id).is_active


def test_the_page_costs_the_same_whatever_the_history(as_user: AsUser, count_queries: Any) -> None:
    counted = []
    for number in (1, 5):
        world = World()
        for _number in range(number):
            transfers.decline(world.offer().public_id, NO, actor=actor_of(world.lead), now=utc_now())
        browser = as_user(world.contact)
        browser.get(world.page)
        count_queries.start()
        assert browser.get(world.page).status_code == 200
        counted.append(count_queries.stop())
    assert counted[0] == counted[1] <= 12, counted


def test_before_the_answer_only_who_works_in_the_case_knows_it_by_its_number(as_user: AsUser) -> None:
    world = World()
    reference, page, public_id = world.case.reference, f"/cases/{world.case.public_id}", world.offer().public_id
    user, adviser = db.session.get_one(User, world.adviser.user_id).public_id, as_user(world.adviser)
    before = adviser.get("/transfers/offered").text
    assert (reference in before, page in before, world.here.name in before) == (False, False, True)
    # The row of the work list leads to this offer, not to all of them.
    assert f"/transfers/offered#case-{public_id}" in adviser.get("/day").text
    join_team(world.case.id, world.adviser.user_id, actor=actor_of(world.contact), now=utc_now())
    db.session.commit()
    known = adviser.get("/transfers/offered").text
    assert reference in known and f'href="{page}"' in known
    assert adviser.post(f"/transfers/offered/{public_id}/accept", data={"user": user}).location == page
