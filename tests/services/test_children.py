"""Each child's own record: who it is, with whom it is, its plan, who agreed. Each refusal beside its field."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError

from portal.core.audit_tags import Audit
from portal.core.children import ConsentGiver, ConsentQuestion, ContactArrangement, Custody, PlanStep, Whereabouts
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotFound, NotNow, Stale
from portal.core.states import CaseState
from portal.domain.cases import Lens, lens
from portal.domain.disclosure import Relation
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.models.children import Child, ChildPeriod
from portal.queries import child_records
from portal.queries import children as queries
from portal.services import children
from portal.services.children import ChildRecord
from tests.factories.people import actor_of, make_case, make_member

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
TODAY = date(2026, 11, 20)
YEAR_ALONE = ChildRecord(birth_year=2019)
pytestmark = pytest.mark.usefixtures("session")


def a_child(new: ChildRecord = YEAR_ALONE, **case_values: Any) -> tuple[Case, Child, dict[str, Any]]:
    member = make_member()
    case = make_case(member, now=NOW, **case_values)
    by = {"actor": actor_of(member), "now": NOW}
    return case, children.add(case, new, **by), by


def last_line(session: Any) -> tuple[Audit, list[str]]:
    row = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    return row.action, row.fields


def seen() -> Lens:
    return lens(Relation.CT, Role.CONTACT_PERSON, is_owner=True)


def test_a_birth_date_gives_the_year_and_the_age(session: Any) -> None:
    case, child, _by = a_child(ChildRecord(birth_date=date(2019, 11, 21), name="Noor", custody=Custody.JOINT))
    assert child.birth_year == 2019
    facts = queries.facts(child, seen(), opened_at=case.opened_at, today=TODAY)
    assert (facts.age, facts.is_age_exact, facts.custody) == (6, True, Custody.JOINT)
    assert queries.facts(child, seen(), opened_at=case.opened_at, today=TODAY + timedelta(days=1)).age == 7
    # Nothing of that stands in the database to be read.
    row = session.execute(sa.text("SELECT birth_date, custody, name FROM child")).one()
    assert all(isinstance(value, bytes | memoryview) for value in row)


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (ChildRecord(), "birth_year"),
        (ChildRecord(birth_year=2027), "birth_year"),
        (ChildRecord(birth_year=2007), "birth_year"),
        (ChildRecord(birth_date=TODAY + timedelta(days=1)), "birth_date"),
        (ChildRecord(birth_date=date(2019, 5, 1), birth_year=2018), "birth_year"),
        (ChildRecord(birth_date=date(2005, 5, 1)), "birth_date"),
        (ChildRecord(birth_year=2019, name="Noor 😀"), "name"),
    ],
)
def test_what_cannot_be_a_child_of_hers_is_refused_beside_its_field(new: ChildRecord, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        a_child(new)
    assert refusal.value.field == field


def test_a_child_is_at_least_twelve_years_younger_than_she() -> None:
    with pytest.raises(Invalid):
        a_child(ChildRecord(birth_year=2009), birth_year=2000)


def test_the_sixteenth_child_is_asked_about() -> None:
    case, _child, by = a_child()
    for _time in range(14):
        children.add(case, ChildRecord(birth_year=2019), **by)
    with pytest.raises(Invalid) as refusal:
        children.add(case, ChildRecord(birth_year=2019), **by)
    assert refusal.value.field == "is_sure"
    children.add(case, ChildRecord(birth_year=2019), is_sure=True, **by)
    assert queries.count(case) == 16


def test_the_trail_names_what_was_changed_and_never_how(session: Any) -> None:
    case, child, by = a_child()
    new = ChildRecord(birth_year=2019, contact=ContactArrangement.SUPERVISED, contact_text="Hver anden lørdag")
    children.change(case, child, new, version=1, **by)
    assert last_line(session) == (Audit.CHILD_CHANGED, ["contact", "contact_text"])
    lines = session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
    children.change(case, child, new, **by)
    assert session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == lines
    with pytest.raises(Stale):
        children.change(case, child, new, version=1, **by)


def test_what_lasts_ends_where_the_next_begins_and_decides_whether_the_child_is_along(session: Any) -> None:
    case, child, by = a_child()
    children.set_where(case, child, Whereabouts.OTHER_PARENT, from_on=date(2026, 9, 1), **by)
    assert not child.is_along
    children.set_where(case, child, Whereabouts.WITH_HER, from_on=date(2026, 10, 1), **by)
    assert child.is_along
    assert last_line(session)[0] is Audit.CHILD_WHERE_SET
    found = [(kind, since, until) for _id, kind, since, until in child_records.read(child).periods]
    assert found == [
        (Whereabouts.WITH_HER, date(2026, 10, 1), None),
        (Whereabouts.OTHER_PARENT, date(2026, 9, 1), date(2026, 9, 30)),
    ]


def test_two_answers_for_one_day_are_refused_by_the_rules_and_by_the_database(session: Any) -> None:
    case, child, by = a_child()
    children.set_where(case, child, Whereabouts.WITH_HER, from_on=date(2026, 10, 1), **by)
    days = {"from_on": date(2026, 9, 1), "until_on": date(2026, 10, 1)}
    with pytest.raises(Invalid) as refusal:
        children.set_where(case, child, Whereabouts.PLACED, **days, **by)
    assert refusal.value.field == "from_on"
    session.add(ChildPeriod(child_id=child.id, kind=Whereabouts.PLACED, period=Range(TODAY, None)))
    with pytest.raises(IntegrityError, match="ex_child_period_one_place"):
        session.flush()


def test_a_brother_may_be_elsewhere_on_the_same_day() -> None:
    case, child, by = a_child()
    other = children.add(case, ChildRecord(birth_year=2015), **by)
    for one, kind in ((child, Whereabouts.WITH_HER), (other, Whereabouts.PLACED)):
        children.set_where(case, one, kind, from_on=date(2026, 10, 1), **by)
    assert (child.is_along, other.is_along) == (True, False)


def test_a_time_written_by_mistake_is_taken_out() -> None:
    case, child, by = a_child()
    period = children.set_where(case, child, Whereabouts.PLACED, from_on=TODAY, **by)
    other = children.add(case, ChildRecord(birth_year=2015), **by)
    with pytest.raises(NotFound):
        child_records.get_period(other, period.public_id)
    children.remove_where(case, child, child_records.get_period(child, period.public_id), **by)
    assert child_records.read(child).periods == ()


def test_a_tick_is_dated_once_a_day_and_a_talk_is_the_last_time_spoken() -> None:
    case, child, by = a_child()
    for day in (date(2026, 11, 1), date(2026, 11, 1), date(2026, 11, 10)):
        children.note_step(case, child, PlanStep.TALK, done_on=day, **by)
    children.note_step(case, child, PlanStep.ACTIVITY_ALONE, done_on=TODAY, **by)
    steps = child_records.read(child).steps
    assert len(steps) == 3
    assert child.last_spoken_on == date(2026, 11, 10)
    newest = child_records.get_step(child, next(key for key, step, _day in steps if step is PlanStep.TALK))
    children.remove_step(case, child, newest, **by)
    assert child.last_spoken_on == date(2026, 11, 1)
    with pytest.raises(Invalid) as refusal:
        children.note_step(case, child, PlanStep.TALK, done_on=TODAY + timedelta(days=1), **by)
    assert refusal.value.field == "done_on"


def test_the_newest_answer_to_a_question_counts() -> None:
    case, child, by = a_child()
    for is_yes, day in ((True, date(2026, 11, 19)), (False, date(2026, 11, 2))):
        children.note_consent(
            case, child, ConsentQuestion.TALKS, is_yes=is_yes, given_by=ConsentGiver.HER, given_on=day, **by
        )
    assert child_records.read(child).consents == ((ConsentQuestion.TALKS, False, ConsentGiver.HER, date(2026, 11, 2)),)
    with pytest.raises(Invalid):
        children.note_consent(
            case,
            child,
            ConsentQuestion.PHOTOS,
            is_yes=True,
            given_by=ConsentGiver.HER,
            given_on=TODAY + timedelta(days=1),
            **by,
        )


def test_a_closed_case_and_another_role_change_nothing_of_a_child() -> None:
    case, child, by = a_child()
    stranger = {"actor": actor_of(make_member(Role.GROUP_LEADER)), "now": NOW}
    with pytest.raises(Forbidden):
        children.set_where(case, child, Whereabouts.PLACED, from_on=TODAY, **stranger)
    cases_closed(case)
    for act in (
        lambda: children.add(case, ChildRecord(birth_year=2019), **by),
        lambda: children.change(case, child, ChildRecord(birth_year=2018), **by),
        lambda: children.set_where(case, child, Whereabouts.PLACED, from_on=TODAY, **by),
        lambda: children.note_step(case, child, PlanStep.TALK, done_on=TODAY, **by),
    ):
        with pytest.raises(NotNow):
            act()


def cases_closed(case: Case) -> None:
    case.state, case.closed_at = CaseState.CLOSED, NOW


def test_a_child_of_another_case_is_not_there() -> None:
    case, _child, _by = a_child()
    _other, stranger, _by = a_child()
    with pytest.raises(NotFound):
        queries.get(case, stranger.public_id)
