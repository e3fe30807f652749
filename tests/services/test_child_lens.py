"""Through a child's lens: its own and the family's, never what is about a brother or sister alone; who is forgotten."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.children import PlanStep
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.kinds import ContactMode, ContactResult, MeetingKind, PlaceKind
from portal.core.states import CaseState, DeadlineState
from portal.domain.cases import lens
from portal.domain.disclosure import Relation
from portal.models.cases import Case
from portal.models.children import Child
from portal.models.deadlines import Deadline
from portal.models.meetings import Meeting
from portal.queries import case_timeline
from portal.services import children, meetings, notes
from portal.services.children import ChildRecord
from tests.factories.people import actor_of, make_case, make_member

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
LATER = NOW + timedelta(days=60)
pytestmark = pytest.mark.usefixtures("session")


def a_family(count: int = 2) -> tuple[Case, list[Child], dict[str, Any]]:
    member = make_member()
    case, by = make_case(member, now=NOW), {"actor": actor_of(member), "now": NOW}
    return case, [children.add(case, ChildRecord(birth_year=2015 + at), **by) for at in range(count)], by


def a_meeting(case: Case, about: list[Child], theme: str, **by: Any) -> Meeting:
    made = meetings.plan(
        kind=MeetingKind.TALK,
        starts_at=NOW - timedelta(hours=3),
        ends_at=NOW - timedelta(hours=2),
        place_kind=PlaceKind.OUR_ROOMS,
        responsible_id=by["actor"].user_id,
        organisation_id=by["actor"].organisation_id,
        case_id=case.id,
        theme=theme,
        about=about,
        **by,
    )
    meetings.hold(made, **by)
    return made


def seen_by(child: Child, case: Case, actor: Any) -> tuple[set[str | None], set[str | None]]:
    """The texts of notes and the meetings on a child's page."""
    whole = lens(Relation.CT, Role.CONTACT_PERSON, is_owner=True)
    rows = case_timeline.list_past(actor, case.id, whole, child_id=child.id, limit=100).rows
    texts = {row.text for row in rows if row.source == "note"}
    return texts, {row.public_id for row in rows if row.source == "meeting"}


def test_each_child_has_exactly_its_own_and_the_familys_notes_and_meetings() -> None:
    case, (one, two, three), by = a_family(3)
    talk = {"mode": ContactMode.PHONE, "result": ContactResult.REACHED}
    notes.write_note(case, text="om familien", **by)
    notes.write_note(case, text="om den ene", about=[one], **by)
    notes.write_note(case, text="om den anden", about=[two], **by)
    notes.write_note(case, text="om de to", about=[one, two], **by)
    notes.log_contact(case, text="opkald om den anden", about=[two], **talk, **by)
    both, family = a_meeting(case, [one, two], "begge", **by), a_meeting(case, [], "alle", **by)
    alone = a_meeting(case, [two], "kun den anden", **by)
    actor = by["actor"]
    expected = {
        one.id: ({"om familien", "om den ene", "om de to"}, {both.public_id, family.public_id}),
        two.id: (
            {"om familien", "om den anden", "om de to", "opkald om den anden"},
            {both.public_id, family.public_id, alone.public_id},
        ),
        three.id: ({"om familien"}, {family.public_id}),
    }
    assert {child.id: seen_by(child, case, actor) for child in (one, two, three)} == expected
    whole = lens(Relation.CT, Role.CONTACT_PERSON, is_owner=True)
    rows = case_timeline.list_past(actor, case.id, whole, limit=100).rows
    named = {row.text: set(row.children) for row in rows if row.source == "note"}
    assert named["om de to"] == {one.public_id, two.public_id}
    assert named["om familien"] == set()


def test_a_talk_with_a_child_is_noted_for_that_child_alone() -> None:
    case, (one, two), by = a_family()
    notes.write_note(case, text="Vi talte sammen", about=[one], was_spoken_with=True, **by)
    notes.write_note(case, text="Om den anden", about=[two], **by)
    assert (one.last_spoken_on, two.last_spoken_on) == (date(2026, 11, 20), None)


def rows_of(session: Any) -> list[tuple[DeadlineState, str]]:
    found = session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.CHILD_UNSEEN).order_by(Deadline.id))
    return [(row.state, row.source_key) for row in found]


def test_a_child_whom_nobody_has_spoken_with_stands_on_the_list_once_and_goes_with_a_talk(session: Any) -> None:
    case, (one, two), by = a_family()
    children.note_step(case, two, PlanStep.TALK, done_on=date(2026, 11, 20), **by)
    assert children.put_up_unspoken(now=NOW + timedelta(days=59)) == 0
    children.note_step(case, two, PlanStep.TALK, done_on=date(2027, 1, 18), actor=by["actor"], now=LATER)
    assert children.put_up_unspoken(now=LATER) == 1
    # Twice is once, also the nights after, and when the row has been put off or done.
    assert children.put_up_unspoken(now=LATER + timedelta(days=1)) == 0
    ((state, key),) = rows_of(session)
    assert state is DeadlineState.OPEN
    assert one.public_id in key
    notes.write_note(
        case, text="Talt", about=[one], was_spoken_with=True, happened_at=LATER, actor=by["actor"], now=LATER
    )
    assert [row[0] for row in rows_of(session)] == [DeadlineState.DONE]
    # Sixty days later it is a new crossing.
    assert children.put_up_unspoken(now=LATER + timedelta(days=60)) == 2


def test_nobody_is_told_of_children_elsewhere_nor_in_closed_cases(session: Any) -> None:
    case, (one, _two), _by = a_family()
    one.is_along = False
    session.flush()
    assert children.put_up_unspoken(now=LATER) == 1
    other, _children, _by = a_family()
    other.state, other.closed_at = CaseState.CLOSED, LATER
    session.flush()
    assert children.put_up_unspoken(now=LATER) == 0
    assert case.state is CaseState.OPEN
