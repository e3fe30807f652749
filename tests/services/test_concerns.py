"""A notice of concern: nobody stops it, its receipt is waited for, and no parent is given a word of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.core.audit_tags import Audit
from portal.core.children import ConcernState, NotifierDuty, SentHow
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotNow, Stale
from portal.core.states import CaseState, DeadlineState
from portal.db import Base
from portal.domain.cases import Unfinished
from portal.domain.permissions import can
from portal.domain.subject_data import marks_of, own
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.models.children import Child
from portal.models.concerns import ConcernNotice
from portal.models.deadlines import Deadline
from portal.queries import subject_rows
from portal.services import children, closing, concerns
from portal.services.children import ChildRecord
from portal.services.concerns import ConcernText
from portal.web.access import declaration_of
from tests.factories.people import actor_of, make_case, make_member, make_municipality

# A Friday.
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
TODAY = date(2026, 11, 20)
TEXT = "Barnet fortalte den 18., at far slog."
PLAIN = ConcernText(TEXT)
pytestmark = pytest.mark.usefixtures("session")


def a_notice(new: ConcernText = PLAIN) -> tuple[Case, ConcernNotice, dict[str, Any]]:
    make_municipality()
    member = make_member()
    case, by = make_case(member, now=NOW), {"actor": actor_of(member), "now": NOW}
    child = children.add(case, ChildRecord(birth_year=2019), **by)
    return case, concerns.draft(case, child, new, **by), by


def send(case: Case, notice: ConcernNotice, by: dict[str, Any], **given: Any) -> None:
    how = {"sent_on": TODAY, "how": SentHow.DIGITAL_POST, "municipality_code": "751"}
    concerns.send(case, notice, **(how | given), **by)


def receipts(session: Any) -> list[tuple[date, DeadlineState, int | None]]:
    rows = session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.CONCERN_RECEIPT))
    return [(row.due_on, row.state, row.owner_id) for row in rows]


def tags(session: Any) -> list[Audit]:
    wanted = [tag for tag in Audit if tag.value.startswith("concern:")]
    return list(
        session.scalars(sa.select(AuditEntry.action).where(AuditEntry.action.in_(wanted)).order_by(AuditEntry.id))
    )


def test_it_is_written_sent_and_acknowledged_with_a_row_of_its_own_for_the_receipt(session: Any) -> None:
    case, notice, by = a_notice()
    assert (notice.duty, notice.is_kept_back) == (NotifierDuty.PROFESSIONAL, True)
    send(case, notice, by, version=1)
    # Six weekdays after Friday 20 November.
    assert receipts(session) == [(date(2026, 11, 30), DeadlineState.OPEN, by["actor"].user_id)]
    concerns.register_receipt(case, notice, receipted_on=TODAY, **by)
    assert notice.state is ConcernState.RECEIPTED
    assert [state for _due, state, _owner in receipts(session)] == [DeadlineState.DONE]
    assert tags(session) == [Audit.CONCERN_DRAFTED, Audit.CONCERN_SENT, Audit.CONCERN_RECEIPTED]


def test_the_text_is_sealed(session: Any) -> None:
    a_notice()
    assert b"slog" not in bytes(session.execute(sa.text("SELECT text FROM concern_notice")).scalar_one())


def test_what_has_been_sent_is_not_written_anew_and_not_sent_twice() -> None:
    case, notice, by = a_notice()
    with pytest.raises(NotNow):
        concerns.register_receipt(case, notice, receipted_on=TODAY, **by)
    concerns.change(case, notice, ConcernText("Nyt", violence_suspected=False), version=1, **by)
    assert not notice.is_kept_back
    with pytest.raises(Stale):
        concerns.change(case, notice, ConcernText("Igen"), version=1, **by)
    send(case, notice, by)
    for act in (lambda: send(case, notice, by), lambda: concerns.change(case, notice, ConcernText("Nyt"), **by)):
        with pytest.raises(NotNow):
            act()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"sent_on": TODAY + timedelta(days=1)}, "sent_on"),
        ({"municipality_code": None}, "municipality"),
        ({"municipality_code": "999"}, "municipality"),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(given: dict[str, Any], field: str) -> None:
    case, notice, by = a_notice()
    with pytest.raises(Invalid) as refusal:
        send(case, notice, by, **given)
    assert refusal.value.field == field


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=1)])
def test_a_receipt_comes_after_the_notice_and_not_tomorrow(day: date) -> None:
    case, notice, by = a_notice()
    send(case, notice, by)
    with pytest.raises(Invalid):
        concerns.register_receipt(case, notice, receipted_on=day, **by)


def test_a_notice_says_something() -> None:
    with pytest.raises(Invalid):
        a_notice(ConcernText("  "))


def test_a_closed_case_stops_no_notice_and_no_receipt(session: Any) -> None:
    case, notice, by = a_notice()
    send(case, notice, by)
    closing.close_case(case, Unfinished(), **by)
    assert case.state is CaseState.CLOSED
    assert [state for _due, state, _owner in receipts(session)] == [DeadlineState.OPEN]
    concerns.register_receipt(case, notice, receipted_on=TODAY, **by)
    concerns.draft(case, session.get_one(Child, notice.child_id), ConcernText(TEXT), **by)


def test_who_does_not_work_in_cases_writes_none() -> None:
    case, notice, _by = a_notice()
    for role in (Role.GROUP_LEADER, Role.PROGRAMME_LEAD, Role.VOLUNTEER):
        actor = actor_of(make_member(role))
        with pytest.raises(Forbidden):
            send(case, notice, {"actor": actor, "now": NOW})


def test_no_way_leads_to_deleting_or_stopping_one(app: Flask) -> None:
    """Every route that names a notice is the writers' own; no lead has one, and none removes."""
    rules = [rule for rule in app.url_map.iter_rules() if "concern_id" in rule.arguments]
    said = {rule.endpoint for rule in rules}
    assert said == {
        *("children.concern", "children.save_concern", "children.send_concern", "children.receipt"),
        *("children.release_concern", "children.letter"),
    }
    assert not any("DELETE" in (rule.methods or ()) for rule in rules)
    lead = actor_of(make_member(Role.PROGRAMME_LEAD))
    declared = [declaration_of(app, name) for name in said]
    assert all(one and not any(can(lead, permission) for permission in one.permissions or ()) for one in declared)


def test_the_team_cannot_delete_one_in_the_database_either(session: Any) -> None:
    rule = session.scalar(
        sa.text("SELECT qual FROM pg_policies WHERE tablename = 'concern_notice' AND policyname = 'removes'")
    )
    assert rule == "bro_is_system()"


def test_parents_may_know_once_it_is_said_so(session: Any) -> None:
    case, notice, by = a_notice()
    with pytest.raises(NotNow):  # violence is suspected, and nobody has been sent anything
        concerns.release(case, notice, **by)
    send(case, notice, by)
    concerns.release(case, notice, **by)
    assert (notice.is_kept_back, notice.released_at, notice.released_by_id) == (False, NOW, by["actor"].user_id)
    with pytest.raises(NotNow):
        concerns.release(case, notice, **by)
    assert tags(session)[-1] is Audit.CONCERN_RELEASED


def test_where_violence_is_suspected_nobody_says_that_the_parents_may_know_first(session: Any) -> None:
    both = ConcernText("Barnet har blå mærker", violence_suspected=True, may_know=True)
    case, notice, by = a_notice()
    for act in (
        lambda: concerns.change(case, notice, both, **by),
        lambda: concerns.draft(case, session.get(Child, notice.child_id), both, **by),
    ):
        with pytest.raises(Invalid) as refused:
            act()
        assert refused.value.field == "may_know"
    concerns.change(case, notice, ConcernText("Barnet er bange", violence_suspected=False, may_know=True), **by)
    assert not notice.is_kept_back


def test_nothing_of_it_is_handed_out_to_her_or_in_the_childs_dossier(session: Any) -> None:
    case, notice, by = a_notice()
    send(case, notice, by)
    hers = subject_rows.collect("client", case.client_id, leave_out=frozenset({"child"}))
    assert hers["concern_notice"] == []
    childs = subject_rows.collect("child", notice.child_id)
    assert len(childs["concern_notice"]) == 1
    marks = marks_of(Base.metadata.tables["concern_notice"])
    assert own(marks, of_child=True) == []
    assert own(marks, of_child=False) == []
