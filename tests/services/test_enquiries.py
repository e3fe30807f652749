"""Enquiries: taken down, called back, turned into a case; gone after six months unless they became one."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enquiries import Conclusion, RejectReason
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotFound, NotNow, Stale
from portal.core.rights import RetentionRule
from portal.core.states import DeadlineState
from portal.models.audit import AuditEntry
from portal.models.cases import Case, Note, TeamMember
from portal.models.deadlines import Deadline
from portal.models.enquiries import Enquiry
from portal.queries import enquiries as queries
from portal.queries import retention as due_queries
from portal.services import enquiries, retention
from portal.web.periods import month_of
from tests.factories.enquiries import make_enquiry, told
from tests.factories.people import actor_of, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")


def tags(session: Any) -> list[str]:
    return list(session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))


def test_an_enquiry_is_taken_down_with_its_edition_and_a_line_in_the_trail(session: Any) -> None:
    member = make_member()
    enquiry = make_enquiry(
        member,
        name="Amira",
        phone="20 30 40 50",
        conclusions=["advice", "call_back"],
        call_back_on=local_date(utc_now()),
    )
    assert (enquiry.name, enquiry.phone, enquiry.codes_version) == ("Amira", "+4520304050", 1)
    row = session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.ENQUIRY_CALL_BACK)).one()
    assert (row.owner_id, row.queue_role, row.state) == (None, "contact_person", DeadlineState.OPEN)
    assert Audit.ENQUIRY_RECORDED in tags(session)
    enquiries.call_back(enquiry, actor=actor_of(member), now=utc_now())
    session.refresh(row)
    assert row.state is DeadlineState.DONE
    with pytest.raises(NotNow):
        enquiries.call_back(enquiry, actor=actor_of(member), now=utc_now())


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"conclusions": []}, "conclusions"),
        ({"conclusions": ["rejected"], "reject_reasons": ["full"]}, "offered_instead"),
        ({"conclusions": ["rejected"], "offered_instead": "Råd"}, "reject_reasons"),
        ({"conclusions": ["nonsense"]}, "conclusions"),
        ({"phone": "12"}, "phone"),
        ({"child_count": 21}, "child_count"),
        ({"received_at": utc_now() + timedelta(hours=2)}, "received_on"),
        (
            {"conclusions": ["call_back"], "call_back_on": local_date(utc_now()) - timedelta(days=1)},
            "call_back_on",
        ),
    ],
)
def test_what_does_not_hold_together_is_refused(session: Any, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        make_enquiry(make_member(), **values)
    assert refusal.value.field == field
    session.rollback()


def test_only_those_who_take_enquiries_down_do_so() -> None:
    for role in (Role.PROGRAMME_LEAD, Role.PROGRAMME_WORKER, Role.VOLUNTEER):
        with pytest.raises(Forbidden):
            make_enquiry(make_member(role))
    assert make_enquiry(make_member(Role.INTAKE)).id


def test_another_house_finds_nothing_of_it() -> None:
    enquiry = make_enquiry(make_member())
    stranger = actor_of(make_member())
    with pytest.raises(NotFound):
        queries.get(stranger, enquiry.public_id)
    assert queries.list_enquiries(stranger) == ([], None)
    assert queries.count_month(stranger, month_of(local_date(utc_now()))).base == 0


def test_it_is_put_right_until_it_is_a_case(session: Any) -> None:
    member = make_member()
    enquiry, who = make_enquiry(member), {"actor": actor_of(member), "now": utc_now()}
    enquiries.change(enquiry, told(conclusions=["admitted"], wish="Plads til to"), version=enquiry.version, **who)
    assert (enquiry.conclusions, enquiry.wish) == (["admitted"], "Plads til to")
    with pytest.raises(Stale):
        enquiries.change(enquiry, told(), version=99, **who)
    enquiries.open_case(enquiry, **who)
    with pytest.raises(NotNow):
        enquiries.change(enquiry, told(), version=enquiry.version, **who)
    assert {Audit.ENQUIRY_CHANGED, Audit.ENQUIRY_LINKED} <= set(tags(session))


def test_an_admission_becomes_a_case_and_nothing_is_typed_twice(session: Any) -> None:
    member = make_member()
    enquiry = make_enquiry(
        member, name="Amira", phone="20304050", wish="Plads til to", conclusions=[Conclusion.ADMITTED]
    )
    case = enquiries.open_case(enquiry, actor=actor_of(member), now=utc_now())
    assert (case.client.name, case.client.phone, enquiry.case_id) == ("Amira", "+4520304050", case.id)
    assert session.scalars(sa.select(Note.text).where(Note.case_id == case.id)).one() == "Plads til to"
    with pytest.raises(NotNow):
        enquiries.open_case(enquiry, actor=actor_of(member), now=utc_now())


def test_intake_gives_the_case_to_a_colleague(session: Any) -> None:
    intake = make_member(Role.INTAKE)
    colleague = make_member(organisation=intake.organisation)
    enquiry = make_enquiry(intake, conclusions=["admitted"])
    enquiries.open_case(enquiry, taker=colleague.user.public_id, actor=actor_of(intake), now=utc_now())
    live = sa.select(TeamMember.user_id).where(TeamMember.case_id == enquiry.case_id, TeamMember.ended_at.is_(None))
    assert session.scalars(live).all() == [colleague.user_id]


def test_only_an_admission_becomes_a_case() -> None:
    member = make_member()
    enquiry = make_enquiry(member)
    with pytest.raises(NotNow):
        enquiries.open_case(enquiry, actor=actor_of(member), now=utc_now())
    with pytest.raises(NotNow):
        enquiries.link(enquiry, "2026-0001", actor=actor_of(member), now=utc_now())


def test_it_is_joined_to_an_open_case_of_the_own_house_alone() -> None:
    member, stranger = make_member(), make_member()
    own, foreign = make_case(member), make_case(stranger)
    enquiry = make_enquiry(member, conclusions=["admitted"])
    with pytest.raises(Invalid) as refusal:
        enquiries.link(enquiry, foreign.reference, actor=actor_of(member), now=utc_now())
    assert refusal.value.field == "reference"
    assert enquiries.link(enquiry, f" {own.reference} ", actor=actor_of(member), now=utc_now()).id == own.id
    colleague = make_member(organisation=member.organisation)
    with pytest.raises(NotFound):
        queries.get(actor_of(colleague), enquiry.public_id)
    assert queries.list_enquiries(actor_of(colleague))[0][0].name is None


def test_conclusions_are_counted_of_all_enquiries_also_of_those_that_became_cases() -> None:
    member = make_member()
    instead = {"reject_reasons": [RejectReason.FULL, RejectReason.CHILD_OVER_14], "offered_instead": "Et andet hus"}
    make_enquiry(member, conclusions=["rejected", "referred_on"], **instead)
    make_enquiry(member, conclusions=["advice"])
    admitted = make_enquiry(member, conclusions=["admitted"])
    enquiries.open_case(admitted, actor=actor_of(member), now=utc_now())
    lead = actor_of(make_member(Role.PROGRAMME_LEAD, member.organisation))
    counted = queries.count_month(lead, month_of(local_date(utc_now())))
    assert counted.base == 3
    assert counted.conclusions == {"rejected": 1, "referred_on": 1, "advice": 1, "admitted": 1}
    assert counted.reject_reasons == {"full": 1, "child_over_14": 1}
    assert counted.editions == (1,)


def test_the_same_number_is_found_again() -> None:
    member = make_member()
    first = make_enquiry(member, phone="20304050", received_at=utc_now() - timedelta(days=2))
    make_enquiry(member, phone="20304051")
    second = make_enquiry(member, phone="20 30 40 50")
    assert [one for one, _at in queries.list_same_phone(actor_of(member), second)] == [first.public_id]
    assert queries.list_same_phone(actor_of(member), make_enquiry(member)) == []


def test_after_six_months_it_goes_unless_it_became_a_case(session: Any) -> None:
    member = make_member()
    make_member(Role.DATA_PROTECTION_OFFICER, member.organisation)
    old, kept = (
        make_enquiry(member, conclusions=["call_back"], call_back_on=local_date(utc_now())),
        make_enquiry(member, conclusions=["admitted"]),
    )
    enquiries.open_case(kept, actor=actor_of(member), now=utc_now())
    for enquiry in (old, kept):
        enquiry.received_at = utc_now() - timedelta(days=190)
    session.flush()
    now = utc_now()
    retention.look_ahead(now)
    later = now + timedelta(days=15)
    done = [retention.act(item, later) for item in due_queries.list_ready(local_date(later))]
    assert done == [True]
    assert session.scalars(sa.select(Enquiry.id)).all() == [kept.id]
    assert session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.ENQUIRY_CALL_BACK)).all() == []
    assert session.scalars(sa.select(Case.id)).all() == [kept.case_id]
    assert due_queries.list_due(RetentionRule.R17, local_date(later), {}) == []
