"""An erasure leaves nothing of hers: no row, no value, no message, no form key; and it takes two people."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.rights import Capacity, Delivery, ErasureBasis, IdentityCheck, RightsKind, RightsState
from portal.core.states import CaseState, DeadlineState
from portal.db import db
from portal.domain.subject_data import KEPT_AS_SHELL, NEVER_TOUCHED, reached_from
from portal.models.cases import Case
from portal.models.clients import Client
from portal.models.deadlines import Deadline
from portal.models.messages import Message
from portal.models.organisations import Organisation
from portal.models.rights import Erasure, RightsRequest
from portal.models.users import Membership, Submission
from portal.queries import subject_rows
from portal.services import erasure, holds, messages, rights, rights_second
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.subjects import Populated, populate

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("session")


def the_case(made: Populated) -> Case:
    return db.session.get_one(Case, made.case.id)


def close(made: Populated) -> Case:
    case = the_case(made)
    case.state, case.closed_at = CaseState.CLOSED, NOW
    db.session.flush()
    return case


def people(made: Populated) -> tuple[Membership, Membership]:
    house = db.session.get_one(Organisation, made.member.organisation_id)
    return make_member(Role.DATA_PROTECTION_OFFICER, house), make_member(Role.SAFETY_OFFICER, house)


def ask(made: Populated, kind: RightsKind = RightsKind.ERASURE) -> RightsRequest:
    case = the_case(made)
    request = rights.record(
        case, kind=kind, capacity=Capacity.HERSELF, received_on=date(2026, 11, 19), actor=actor_of(made.member), now=NOW
    )
    request.case = case
    return request


def everything_stored() -> bytes:
    """Every value of every table, opened where it is sealed."""
    texts = []
    for name, found in subject_rows.CLASSES.items():
        for row in db.session.scalars(sa.select(found).execution_options(populate_existing=True)):
            if name not in NEVER_TOUCHED:
                texts += [str(getattr(row, column.key)) for column in sa.inspect(found).column_attrs]
    return "\n".join(texts).encode()


def test_after_an_erasure_no_mark_of_hers_stands_anywhere(session: Any) -> None:
    made, other = populate("hende"), populate("en-anden")
    erasure.erase(close(made), ErasureBasis.HER_REQUEST, actor=SYSTEM, now=NOW)
    left = everything_stored()
    found = [place for place, mark in made.marks.items() if mark.encode() in left]
    kept = {
        ("grant_application", "reference"),
        ("grant_application", "payment_reference"),
        ("retention_item", "subject_key"),
        ("alert", "key"),
    }
    assert set(found) <= kept
    lost = [place for place, mark in other.marks.items() if mark.encode() not in left]
    assert lost == []


def test_rows_go_and_shells_stay(session: Any) -> None:
    made = populate("hende")
    case = close(made)
    client_id = case.client_id
    erasure.erase(case, ErasureBasis.HER_REQUEST, actor=SYSTEM, now=NOW)
    left = {name for name, rows in subject_rows.collect("client", client_id).items() if rows}
    assert left <= KEPT_AS_SHELL | NEVER_TOUCHED
    assert {"client", "client_case", "grant_application", "audit_event"} <= left
    assert the_case(made).erased_at == NOW


def test_what_remains_is_counted_and_nothing_is_found() -> None:
    made = populate("hende")
    case = close(made)
    done = erasure.erase(case, ErasureBasis.HER_REQUEST, actor=SYSTEM, now=NOW)
    assert erasure.verify(done, case, actor=SYSTEM, now=NOW) == 0
    assert (done.left_over, done.verified_at) == (0, NOW)
    assert done.rows_deleted > 20


def test_a_value_that_was_left_behind_is_found(session: Any) -> None:
    made = populate("hende")
    case = close(made)
    done = erasure.erase(case, ErasureBasis.HER_REQUEST, actor=SYSTEM, now=NOW)
    client = session.get_one(Client, case.client_id)
    client.name, client.name_index = "glemt", b"x" * 16
    session.flush()
    session.expire_all()
    assert erasure.verify(done, case, actor=SYSTEM, now=NOW) == 2


def test_messages_work_list_and_form_keys_go_too(session: Any) -> None:
    made = populate("hende")
    case = close(made)
    note = session.scalar(sa.text("SELECT public_id FROM note"))
    messages.notify(
        MessageKind.CASE_SHARED, made.member.user_id, SubjectType.CASE, note, dedupe_key="x", actor=SYSTEM, now=NOW
    )
    for key, location in (("a" * 22, f"/cases/{case.public_id}/journal"), ("b" * 22, "/day")):
        session.add(Submission(key=key, user_id=made.member.user_id, digest=b"d", location=location, created_at=NOW))
    session.flush()
    erasure.erase(case, ErasureBasis.HER_REQUEST, actor=SYSTEM, now=NOW)
    assert session.scalars(sa.select(Message.id).where(Message.dedupe_key == "x")).all() == []
    assert session.scalars(sa.select(Submission.location)).all() == ["/day"]


def test_an_open_case_and_a_held_one_are_not_erased() -> None:
    made = populate("hende")
    case = the_case(made)
    with pytest.raises(NotNow):
        erasure.erase(case, ErasureBasis.HER_REQUEST, actor=SYSTEM, now=NOW)
    officer, _second = people(made)
    close(made)
    hold = holds.set_hold(case, "retssag", actor=actor_of(officer), now=NOW)
    with pytest.raises(NotNow):
        erasure.erase(case, ErasureBasis.HER_REQUEST, actor=SYSTEM, now=NOW)
    hold.case = case
    holds.lift_hold(hold, "dom er faldet", actor=actor_of(officer), now=NOW)
    assert erasure.erase(case, ErasureBasis.HER_REQUEST, actor=SYSTEM, now=NOW).basis is ErasureBasis.HER_REQUEST


def test_one_case_of_two_takes_the_case_and_leaves_the_woman(session: Any) -> None:
    made = populate("hende")
    other = make_case(made.member, now=NOW)
    other.client_id = made.case.client_id
    session.flush()
    erasure.erase(close(made), ErasureBasis.HER_REQUEST, actor=SYSTEM, now=NOW)
    left = everything_stored()
    assert made.marks["client", "name"].encode() in left
    assert made.marks["child", "name"].encode() in left
    assert made.marks["note", "text"].encode() not in left


def test_the_proof_names_nobody(session: Any) -> None:
    made = populate("hende")
    case = close(made)
    done = erasure.erase(case, ErasureBasis.HER_REQUEST, actor=SYSTEM, now=NOW)
    columns = {column.key for column in sa.inspect(Erasure).column_attrs}
    assert not {name for name in columns if "case" in name or "client" in name or "name" in name}
    assert done.subject_hash == erasure.subject_hash(case)
    assert case.public_id.encode() not in done.subject_hash


def test_it_takes_two_people(session: Any) -> None:
    made = populate("hende")
    close(made)
    officer, second = people(made)
    request = ask(made)
    rights.take(request, IdentityCheck.KNOWN, actor=actor_of(officer), now=NOW)
    rights_second.propose(request, actor=actor_of(officer), now=NOW)
    with pytest.raises(Forbidden):
        rights_second.confirm(request, actor=actor_of(officer), now=NOW)
    assert the_case(made).erased_at is None
    proof = rights_second.confirm(request, actor=actor_of(second), now=NOW)
    assert proof is not None
    assert (proof.first_by_id, proof.second_by_id, proof.left_over) == (officer.user_id, second.user_id, 0)
    again = session.get_one(RightsRequest, request.id)
    assert (again.state, again.seconded_by_id) == (RightsState.CLOSED, second.user_id)
    assert the_case(made).erased_at == NOW


def test_a_second_account_of_the_same_person_is_the_same_person(session: Any) -> None:
    made = populate("hende")
    close(made)
    officer, _second = people(made)
    other = Membership(user_id=officer.user_id, organisation_id=officer.organisation_id, role=Role.SAFETY_OFFICER)
    session.add(other)
    session.flush()
    request = ask(made)
    rights.take(request, IdentityCheck.KNOWN, actor=actor_of(officer), now=NOW)
    rights_second.propose(request, actor=actor_of(officer), now=NOW)
    with pytest.raises(Forbidden):
        rights_second.confirm(request, actor=actor_of(other), now=NOW)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.CONTACT_PERSON, Role.PROGRAMME_LEAD])
def test_administrators_and_others_take_no_part(role: Role) -> None:
    made = populate("hende")
    request = ask(made)
    with pytest.raises(Forbidden):
        rights.take(request, IdentityCheck.KNOWN, actor=actor_of(make_member(role)), now=NOW)


def test_an_answer_is_due_in_a_month_and_in_three_with_a_reason(session: Any) -> None:
    made = populate("hende")
    officer, _second = people(made)
    request = ask(made, RightsKind.ACCESS)
    row = session.scalars(sa.select(Deadline).where(Deadline.subject_public_id == request.public_id)).one()
    assert (request.due_on, row.due_on, row.kind) == (
        date(2026, 12, 19),
        date(2026, 12, 19),
        DeadlineKind.RIGHTS_ANSWER,
    )
    rights.take(request, IdentityCheck.KNOWN, actor=actor_of(officer), now=NOW)
    with pytest.raises(Invalid):
        rights.extend(request, "  ", actor=actor_of(officer), now=NOW)
    rights.extend(request, "meget materiale", actor=actor_of(officer), now=NOW)
    session.expire_all()
    assert row.due_on == date(2027, 2, 19)
    with pytest.raises(NotNow):
        rights.extend(request, "mere", actor=actor_of(officer), now=NOW)
    rights.grant(request, None, actor=actor_of(officer), now=NOW)
    rights.close(request, Delivery.IN_PERSON, actor=actor_of(officer), now=NOW)
    session.expire_all()
    assert row.state is DeadlineState.DONE


@pytest.mark.parametrize(
    ("capacity", "check"),
    [
        (Capacity.HERSELF, IdentityCheck.NOT_YET),
        (Capacity.LAWYER, IdentityCheck.KNOWN),
    ],
)
def test_nobody_is_answered_before_it_is_sure_who_asks(capacity: Capacity, check: IdentityCheck) -> None:
    made = populate("hende")
    officer, _second = people(made)
    case = the_case(made)
    request = rights.record(
        case, kind=RightsKind.ACCESS, capacity=capacity, received_on=NOW.date(), actor=actor_of(made.member), now=NOW
    )
    with pytest.raises(Invalid) as refusal:
        rights.take(request, check, actor=actor_of(officer), now=NOW)
    assert refusal.value.field == "identity_check"


def test_the_other_parent_cannot_ask_for_hers() -> None:
    made = populate("hende")
    with pytest.raises(Invalid) as refusal:
        rights.record(
            the_case(made),
            kind=RightsKind.ACCESS,
            capacity=Capacity.OTHER_PARENT,
            received_on=NOW.date(),
            actor=actor_of(made.member),
            now=NOW,
        )
    assert refusal.value.field == "capacity"


def test_what_is_erased_and_what_stays_is_shown_first() -> None:
    made = populate("hende")
    shown = erasure.preview(close(made))
    assert sum(shown.gone.values()) > 20
    assert {"grant_application", "audit_event"} <= set(shown.stays)
    assert set(shown.stays) <= {table.name for table in reached_from("client")}


def test_the_count_says_what_the_rows_are() -> None:
    made = populate("hende")
    populate("en-anden")
    rows = subject_rows.collect("client", made.case.client_id)
    assert subject_rows.count("client", made.case.client_id) == {name: len(found) for name, found in rows.items()}
