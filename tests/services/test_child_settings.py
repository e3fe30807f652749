"""School, daycare and handover: sealed as an address is, revealed with a reason, forgotten with the address."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.children import ChildSettingKind, PlanStep
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotFound, Stale
from portal.domain.cases import lens
from portal.domain.disclosure import Relation
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.models.children import Child, FormerChildPlace
from portal.queries import child_records
from portal.services import addresses, child_settings, children, housekeeping, reveals
from portal.services.child_settings import SettingRecord
from portal.services.children import ChildRecord
from tests.factories.people import actor_of, make_case, make_member

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
TODAY = date(2026, 11, 20)
SCHOOL = ChildSettingKind.SCHOOL
REASON = "Skal hente barnet i dag"
pytestmark = pytest.mark.usefixtures("session")


def a_school(place: str | None = "Skovskolen, Byvej 1") -> tuple[Case, Child, dict[str, Any]]:
    member = make_member()
    case, by = make_case(member, now=NOW), {"actor": actor_of(member), "now": NOW}
    child = children.add(case, ChildRecord(birth_year=2019), **by)
    child_settings.save(case, child, SCHOOL, SettingRecord(place=place, may_collect="Kun hun"), version=0, **by)
    return case, child, by


def shown(child: Child) -> child_records.SettingFacts:
    (row,) = child_records.list_settings(child, lens(Relation.CT, Role.CONTACT_PERSON, is_owner=True))
    return row


def test_the_place_is_sealed_and_shown_with_a_reason_that_stands_in_the_trail(session: Any) -> None:
    case, child, by = a_school()
    stored = session.execute(sa.text("SELECT place, may_collect FROM child_setting")).one()
    assert not any("skov" in bytes(value).decode("latin1").lower() for value in stored)
    assert (shown(child).has_place, shown(child).may_collect) == (True, "Kun hun")
    secret = child_settings.its_place(case, child, SCHOOL)
    with pytest.raises(Invalid):
        reveals.reveal(secret, reason="kort", **by)
    assert reveals.reveal(secret, reason=REASON, **by) == "Skovskolen, Byvej 1"
    line = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (line.action, line.fields, line.reason) == (Audit.ADDRESS_REVEALED, ["school"], REASON)


def test_whoever_is_nothing_to_the_case_reveals_nothing() -> None:
    case, child, _by = a_school()
    stranger = {"actor": actor_of(make_member()), "now": NOW}
    with pytest.raises((NotFound, Forbidden)):
        reveals.reveal(child_settings.its_place(case, child, SCHOOL), reason=REASON, **stranger)


def test_an_empty_place_leaves_the_one_that_is_kept_and_a_tick_forgets_it(session: Any) -> None:
    case, child, by = a_school()
    child_settings.save(case, child, SCHOOL, SettingRecord(may_say="Intet i telefonen"), version=1, **by)
    assert child_records.read_place(child, SCHOOL) == "Skovskolen, Byvej 1"
    with pytest.raises(Stale):
        child_settings.save(case, child, SCHOOL, SettingRecord(), version=1, **by)
    child_settings.save(case, child, SCHOOL, SettingRecord(forgets_place=True), **by)
    assert not shown(child).has_place
    former = session.scalars(sa.select(FormerChildPlace.place)).all()
    assert former == ["Skovskolen, Byvej 1"]


def test_where_a_child_went_is_kept_for_ninety_days(session: Any) -> None:
    case, child, by = a_school()
    child_settings.save(case, child, SCHOOL, SettingRecord(place="Byskolen"), **by)
    housekeeping.sweep(NOW + timedelta(days=89))
    assert session.scalar(sa.select(sa.func.count()).select_from(FormerChildPlace)) == 1
    housekeeping.sweep(NOW + timedelta(days=91))
    assert session.scalar(sa.select(sa.func.count()).select_from(FormerChildPlace)) == 0


def test_special_protection_forgets_every_place_of_her_children_and_takes_no_new_one(session: Any) -> None:
    case, child, by = a_school()
    child_settings.save(case, child, SCHOOL, SettingRecord(place="Byskolen"), **by)
    addresses.set_address(case, protection_level=2, **by)
    assert child_records.read_place(child, SCHOOL) is None
    assert session.scalar(sa.select(sa.func.count()).select_from(FormerChildPlace)) == 0
    with pytest.raises(Invalid) as refusal:
        child_settings.save(case, child, SCHOOL, SettingRecord(place="Byskolen"), **by)
    assert refusal.value.field == "place"


def test_a_dated_assessment_is_ticked_in_the_plan_and_names_who_made_it(session: Any) -> None:
    case, child, by = a_school()
    new = SettingRecord(told_on=date(2026, 11, 2), assessed_on=date(2026, 11, 3), assessment="Aftale med lederen")
    child_settings.save(case, child, SCHOOL, new, **by)
    row = shown(child)
    assert (row.told_on, row.told_by, row.assessed_by) == (date(2026, 11, 2), by["actor"].name, by["actor"].name)
    assert [(step, day) for _id, step, day in child_records.read(child).steps] == [
        (PlanStep.SAFETY_SCHOOL, date(2026, 11, 3))
    ]
    assert child.last_spoken_on is None


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (SettingRecord(told_on=TODAY + timedelta(days=1)), "told_on"),
        (SettingRecord(assessed_on=TODAY + timedelta(days=1)), "assessed_on"),
        (SettingRecord(assessment="Trygt"), "assessed_on"),
        (SettingRecord(place="Byskolen", forgets_place=True), "place"),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(new: SettingRecord, field: str) -> None:
    case, child, by = a_school(None)
    with pytest.raises(Invalid) as refusal:
        child_settings.save(case, child, SCHOOL, new, **by)
    assert refusal.value.field == field
