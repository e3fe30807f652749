"""What an organisation that leaves sees and may still do; cases that go to another one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.people import ExitState, TransferState
from portal.db import db
from portal.models.access import CaseBlock
from portal.models.cases import Case, Note
from portal.models.leaving import OrganisationExit
from portal.models.messages import Message
from portal.models.organisations import Organisation
from portal.models.transfers import CaseTransfer
from portal.models.users import Membership
from portal.services import organisation_exits
from tests.factories.leavers import team_of
from tests.factories.people import actor_of, make_case, make_member, make_organisation
from tests.services.test_house_blocks import close_to_house

AsUser = Callable[..., Any]
NO = {"reason": "Vi har ikke nogen, der kan tage den."}
pytestmark = pytest.mark.usefixtures("session")


class Two:
    """A centre that has frozen with one case, and an association that could take it."""

    def __init__(self) -> None:
        now = utc_now()
        here, there = make_organisation(OrganisationKind.SHELTER), make_organisation(OrganisationKind.NGO)
        self.administrator, self.officer, self.lead, self.contact = (
            make_member(role, here)
            for role in (Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER, Role.PROGRAMME_LEAD, Role.CONTACT_PERSON)
        )
        self.receiver, self.worker = make_member(Role.PROGRAMME_LEAD, there), make_member(Role.PROGRAMME_WORKER, there)
        self.here, self.there, self.case = here, there, make_case(self.contact)
        organisation_exits.ask(here, actor=actor_of(self.administrator), now=now)
        organisation_exits.freeze(actor=actor_of(self.officer), now=now)


def offer_of(two: Two) -> tuple[str, dict[str, str]]:
    sent = {"organisation": two.there.public_id, "basis": "fresh_consent", "note": "Hun sagde ja den 3. november."}
    return f"/leaving/cases/{two.case.public_id}", sent


def test_the_two_walk_through_it_on_the_page(as_user: AsUser) -> None:
    administrator = make_member(Role.ADMINISTRATOR)
    officer = make_member(Role.DATA_PROTECTION_OFFICER, db.session.get_one(Organisation, administrator.organisation_id))
    organisation_id = administrator.organisation_id
    one, two = as_user(administrator), as_user(officer)
    assert one.submit("/leaving/", "/leaving/ask").status_code == 303
    assert one.submit("/leaving/", "/leaving/steps/freeze").status_code == 403
    assert two.submit("/leaving/", "/leaving/steps/freeze").status_code == 303
    assert db.session.get_one(Organisation, organisation_id).is_frozen
    assert two.post("/leaving/steps/revoke").status_code == 404
    assert two.post("/leaving/steps/nonsense").status_code == 404
    assert two.post("/leaving/steps/destroy").status_code == 409
    leaving = db.session.scalars(sa.select(OrganisationExit.public_id)).one()
    assert one.get(f"/leaving/certificates/{leaving}").status_code == 404
    assert one.submit("/leaving/", "/leaving/steps/call_off").status_code == 303


def test_who_works_there_reads_on_and_changes_nothing(as_user: AsUser) -> None:
    two = Two()
    browser, case = as_user(two.contact), f"/cases/{two.case.public_id}"
    assert browser.get(case).status_code == 200
    contact = {"result": "reached", "mode": "phone", "happened_on": "20 11 2026", "happened_at": "10.00"}
    for page, sent in ((f"{case}/notes", {"text": "Hun ringer mandag."}), (f"{case}/contacts", contact)):
        answer = browser.post(page, data=sent)
        assert answer.status_code == 409
    assert db.session.scalars(sa.select(Note.id)).all() == []
    administrator = as_user(two.administrator)
    person = {"name": "Ny", "email": "ny@example.org", "role": "intake", "language": "da"}
    refused = administrator.post("/admin/users", data=person)
    assert refused.status_code == 409
    assert "på vej" in refused.text or "forlade portalen" in refused.text
    assert browser.post("/sign-out").status_code == 303


def test_a_case_goes_to_another_organisation_when_both_agree(as_user: AsUser) -> None:
    two = Two()
    page, sent = offer_of(two)
    lead, receiver, worker = as_user(two.lead), as_user(two.receiver), two.worker
    worker_id, worker_public, case_id, there_id = worker.user_id, worker.user.public_id, two.case.id, two.there.id
    reference = two.case.lead_reference
    assert lead.submit(page, data=sent).status_code == 303
    assert "venter på svar" in lead.get("/leaving/cases").text
    assert lead.submit(page, data=sent).status_code == 409
    shown = receiver.get("/transfers/offered").text
    assert reference in shown
    assert "Hun sagde ja den 3. november." in shown
    transfer = db.session.scalars(sa.select(CaseTransfer.public_id)).one()
    accept = f"/transfers/offered/{transfer}/accept"
    assert receiver.submit("/transfers/offered", accept, {"user": ""}).status_code == 422
    assert receiver.submit("/transfers/offered", accept, {"user": worker_public}).status_code == 303
    assert db.session.get_one(Case, case_id).owner_organisation_id == there_id
    assert team_of(case_id) == [(worker_id, True)]
    assert lead.get(page).status_code == 404


def test_a_no_leaves_the_case_where_it_is(as_user: AsUser) -> None:
    two = Two()
    page, sent = offer_of(two)
    lead, receiver, here_id, case_id = as_user(two.lead), as_user(two.receiver), two.here.id, two.case.id
    lead.submit(page, data=sent)
    transfer = db.session.scalars(sa.select(CaseTransfer.public_id)).one()
    stranger = as_user(make_member(Role.PROGRAMME_LEAD))
    assert stranger.post(f"/transfers/offered/{transfer}/decline", data=NO).status_code == 404
    assert receiver.post(f"/transfers/offered/{transfer}/decline", data=NO).status_code == 303
    assert db.session.scalars(sa.select(CaseTransfer.state)).one() is TransferState.DECLINED
    assert db.session.get_one(Case, case_id).owner_organisation_id == here_id
    assert lead.submit(page, data=sent).status_code == 303


def test_a_case_never_goes_to_an_organisation_that_is_kept_out_of_it(as_user: AsUser) -> None:
    two = Two()
    page, sent = offer_of(two)
    db.session.add(
        CaseBlock(
            case_id=two.case.id,
            organisation_id=two.there.id,
            created_at=utc_now(),
            created_by_id=two.contact.user_id,
        )
    )
    lead = as_user(two.lead)
    assert lead.submit(page, data=sent).status_code == 422
    assert lead.submit(page, data=sent | {"note": ""}).status_code == 422


def test_whoever_is_kept_out_after_the_offer_learns_no_more_of_it(as_user: AsUser) -> None:
    two = Two()
    page, sent = offer_of(two)
    lead, receiver, reference = as_user(two.lead), as_user(two.receiver), two.case.lead_reference
    kept_out = CaseBlock(
        case_id=two.case.id, user_id=two.receiver.user_id, created_at=utc_now(), created_by_id=two.contact.user_id
    )
    assert lead.submit(page, data=sent).status_code == 303
    assert reference in receiver.get("/transfers/offered").text
    transfer = db.session.scalars(sa.select(CaseTransfer.public_id)).one()
    db.session.add(kept_out)
    assert reference not in receiver.get("/transfers/offered").text
    assert receiver.post(f"/transfers/offered/{transfer}/decline", data=NO).status_code == 404


def test_an_organisation_that_stays_offers_nothing(as_user: AsUser) -> None:
    contact = make_member()
    case = make_case(contact)
    lead = make_member(Role.PROGRAMME_LEAD, db.session.get_one(Organisation, contact.organisation_id))
    there, page = make_organisation(OrganisationKind.NGO).public_id, f"/leaving/cases/{case.public_id}"
    sent = {"organisation": there, "basis": "legal_basis", "note": "§ 12 a"}
    assert as_user(lead).submit(page, data=sent).status_code == 409


def test_the_certificate_is_there_when_the_key_is_gone(as_user: AsUser) -> None:
    two, now = Two(), utc_now()
    leaving = db.session.scalars(sa.select(OrganisationExit)).one()
    leaving.state, leaving.revoked_at = ExitState.DESTROYED, now
    leaving.destroyed_at, number = now + timedelta(days=90), leaving.public_id
    assert number in as_user(two.officer).get(f"/leaving/certificates/{number}").text


@pytest.mark.parametrize("path", ["/leaving/", "/leaving/cases", "/transfers/offered"])
def test_others_are_refused_at_the_door(as_user: AsUser, path: str) -> None:
    member: Membership = make_member(Role.PROGRAMME_WORKER)
    assert as_user(member).get(path).status_code == 403


def test_a_lead_who_is_kept_out_sees_and_offers_no_such_case(as_user: AsUser) -> None:
    two = Two()
    page, sent = offer_of(two)
    lead, reference = as_user(two.lead), two.case.lead_reference
    assert reference in lead.get("/leaving/cases").text
    close_to_house(two.case, two.lead)
    assert reference not in lead.get("/leaving/cases").text
    assert lead.get(page).status_code == 404
    assert lead.post(page, data=sent).status_code == 404


def test_an_offered_case_is_offered_to_nobody_who_is_kept_out(as_user: AsUser) -> None:
    two = Two()
    page, sent = offer_of(two)
    lead, receiver, name = as_user(two.lead), as_user(two.receiver), two.worker.user.public_id
    lead.submit(page, data=sent)
    assert name in receiver.get("/transfers/offered").text
    close_to_house(two.case, two.worker)
    assert name not in receiver.get("/transfers/offered").text


@pytest.mark.parametrize("has_left", [False, True])
def test_the_answer_is_told_to_whoever_offered_it_or_leads_the_house_now(as_user: AsUser, has_left: bool) -> None:
    two = Two()
    page, sent = offer_of(two)
    other = make_member().user_id
    db.session.add(Membership(user_id=other, organisation_id=two.here.id, role=Role.PROGRAMME_LEAD))
    lead, receiver, receivers = as_user(two.lead), as_user(two.receiver), [two.lead.user_id, other]
    lead.submit(page, data=sent)
    transfer = db.session.scalars(sa.select(CaseTransfer.public_id)).one()
    if has_left:
        db.session.get_one(Membership, two.lead.id).ended_at = utc_now()
        db.session.flush()
    assert receiver.post(f"/transfers/offered/{transfer}/decline", data=NO).status_code == 303
    told = sa.select(Message.recipient_id).where(
        Message.subject_public_id == transfer, Message.dedupe_key.contains("declined")
    )
    assert db.session.scalars(told).all() == [receivers[has_left]]
