"""The homes themselves: taken into the stock, changed by hand, given to one, and given back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.audit_tags import Audit
from portal.core.clock import add_months, local_date, utc_now
from portal.core.courses import PauseReason
from portal.core.enums import Role
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound, NotNow
from portal.core.kinds import EndReason
from portal.core.messages import MessageKind
from portal.core.states import EnrolmentState, RequestState, TenancyState, UnitState
from portal.db import db
from portal.domain.housing import BY_HAND, Destination, UnitAction
from portal.models.audit import AuditEntry
from portal.models.enrolments import Enrolment
from portal.models.messages import Message
from portal.queries import housing as queries
from portal.queries import tenancies as tenancy_queries
from portal.services import enrolments, housing, reveals, tenancies
from tests.factories.enrolments import UNCHECKED
from tests.factories.housing import make_accepted, make_homes, make_tenancy, make_unit
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, make_member
from tests.factories.referrals import make_request

pytestmark = pytest.mark.usefixtures("session")
WHY = "Hun boede hos en veninde"


def test_a_home_is_taken_in_by_its_own_house_or_the_machine() -> None:
    homes, now = make_homes(), utc_now()
    assert housing.add_unit(homes.offer, 1, actor=SYSTEM, now=now).state is UnitState.VACANT_NOT_READY
    stranger = make_homes().coordinator
    for member in (stranger, make_member(Role.VOLUNTEER, homes.coordinator.organisation)):
        with pytest.raises(Forbidden):
            housing.add_unit(homes.offer, 2, actor=actor_of(member), now=now)


def test_a_number_is_given_once_in_a_programme_and_the_trail_names_what_was_put_in() -> None:
    homes, other, now = make_homes(), make_homes(), utc_now()
    given = {"actor": actor_of(homes.coordinator), "now": now}
    first = housing.add_unit(homes.offer, 1, address="Hemmeligvej 1", **given)
    housing.add_unit(homes.offer, 2, **given)
    with pytest.raises(Invalid) as refusal:
        housing.add_unit(homes.offer, 1, **given)
    assert refusal.value.field == "number"
    assert housing.add_unit(other.offer, 1, actor=SYSTEM, now=now).number == first.number
    lines = sa.select(AuditEntry.fields).where(AuditEntry.action == Audit.UNIT_ADDED).order_by(AuditEntry.id)
    plain = ["number", "max_children"]
    assert db.session.scalars(lines).all() == [[*plain, "address"], plain, plain]


def test_what_is_the_same_as_before_leaves_no_line_and_an_old_page_changes_nothing() -> None:
    homes, now = make_homes(), utc_now()
    unit, given = make_unit(homes, is_open=False), {"actor": actor_of(homes.coordinator), "now": now}
    lines = sa.select(AuditEntry.fields).where(AuditEntry.action == Audit.UNIT_CHANGED).order_by(AuditEntry.id)
    version = unit.version
    housing.change_facts(unit, max_children=3, address="Hemmeligvej 1", version=version, **given)
    assert (db.session.scalars(lines).all(), unit.version) == ([], version)
    housing.change_facts(unit, max_children=5, address="Nyvej 2", version=version, **given)
    with pytest.raises(Conflict):
        housing.change_facts(unit, max_children=0, address=None, version=version, **given)
    for stranger in (make_homes().coordinator, make_member(Role.PROGRAMME_LEAD, homes.coordinator.organisation)):
        with pytest.raises(Forbidden):
            housing.change_facts(unit, max_children=0, address=None, version=None, actor=actor_of(stranger), now=now)
    assert db.session.scalars(lines).all() == [["max_children", "address"]]
    assert (unit.max_children, unit.address) == (5, "Nyvej 2")


@pytest.mark.parametrize("action", sorted(set(UnitAction) - set(BY_HAND)))
def test_what_follows_a_tenancy_is_not_done_by_hand(action: UnitAction) -> None:
    homes = make_homes()
    unit = make_unit(homes)
    with pytest.raises(NotNow):
        housing.change_unit(unit, action, actor=actor_of(homes.coordinator), now=utc_now())
    assert unit.state is UnitState.ACCEPTING


def test_out_of_service_asks_why_and_until_when() -> None:
    homes, now = make_homes(), utc_now()
    unit, actor, back = make_unit(homes), actor_of(homes.coordinator), local_date(now) + timedelta(days=30)
    with pytest.raises(Invalid) as refusal:
        housing.change_unit(unit, UnitAction.CLOSE_DOWN, ready_on=back, reason=" ", actor=actor, now=now)
    assert refusal.value.field == "reason"
    with pytest.raises(Forbidden):
        housing.change_unit(unit, UnitAction.STOP, actor=actor_of(make_homes().coordinator), now=now)
    housing.change_unit(unit, UnitAction.CLOSE_DOWN, ready_on=back, reason="Vandskade", actor=actor, now=now)
    assert (unit.state, unit.ready_on) == (UnitState.OUT_OF_SERVICE, back)
    housing.change_unit(unit, UnitAction.REOPEN, actor=actor, now=now)
    assert (unit.state, unit.ready_on) == (UnitState.VACANT_NOT_READY, None)


def test_who_looks_at_the_address_says_why() -> None:
    homes = make_homes()
    unit, actor = make_unit(homes), actor_of(homes.coordinator)
    secret = housing.its_address(unit, actor=actor)
    with pytest.raises(Invalid):
        reveals.reveal(secret, reason="", actor=actor, now=utc_now())
    assert reveals.reveal(secret, reason="Nøgler overdrages", actor=actor, now=utc_now()) == "Hemmeligvej 1"
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.ADDRESS_REVEALED)).one()
    assert (entry.actor_id, entry.reason) == (homes.coordinator.user_id, "Nøgler overdrages")


def test_a_home_is_held_for_somebody_of_its_programme_who_waits_from_a_day_ahead() -> None:
    homes, now = make_homes(), utc_now()
    unit, actor, today = make_unit(homes), actor_of(homes.coordinator), local_date(now)
    given = {"actor": actor, "now": now}
    with pytest.raises(Invalid) as refusal:
        housing.reserve(unit, make_accepted(make_homes()), today, **given)
    assert refusal.value.field == "enrolment"
    course = make_accepted(homes)
    with pytest.raises(Invalid) as refusal:
        housing.reserve(unit, course, today - timedelta(days=1), **given)
    assert refusal.value.field == "move_in_on"
    enrolments.never_started(course, EndReason.HER_WISH, **given)
    with pytest.raises(NotNow):
        housing.reserve(unit, course, today, **given)
    assert unit.state is UnitState.ACCEPTING


def test_one_home_for_one_and_one_for_a_home() -> None:
    homes, now = make_homes(), utc_now()
    tenancy, given = make_tenancy(homes), {"actor": actor_of(homes.coordinator), "now": now}
    with pytest.raises(Conflict):
        housing.reserve(tenancy.unit, make_accepted(homes), local_date(now), **given)
    with pytest.raises(Conflict):
        housing.reserve(make_unit(homes, 2), tenancy.enrolment, local_date(now), **given)


def test_a_home_that_is_lived_in_until_a_later_day_is_not_held_from_before() -> None:
    homes, now = make_homes(), utc_now()
    tenancy = make_tenancy(homes, moved_in_on=local_date(now))
    # As if the home had been set free by mistake: the database still knows who lives there.
    tenancy.unit.state = UnitState.ACCEPTING
    db.session.flush()
    with pytest.raises(Conflict):
        housing.reserve(tenancy.unit, make_accepted(homes), local_date(now), actor=actor_of(homes.coordinator), now=now)


def test_a_course_that_comes_to_nothing_gives_the_held_home_back() -> None:
    homes, now = make_homes(), utc_now()
    tenancy, given = make_tenancy(homes), {"actor": actor_of(homes.coordinator), "now": now}
    enrolments.never_started(tenancy.enrolment, EndReason.HER_WISH, **given)
    assert (tenancy.state, tenancy.unit.state) == (TenancyState.NOT_TAKEN, UnitState.ACCEPTING)
    housing.give_back(tenancy.enrolment, **given)
    housing.give_back(make_accepted(homes), **given)
    assert (tenancy.state, tenancy.unit.state) == (TenancyState.NOT_TAKEN, UnitState.ACCEPTING)


def test_a_course_does_not_end_while_she_lives_in_the_home() -> None:
    homes, now = make_homes(), utc_now()
    tenancy = make_tenancy(homes, moved_in_on=local_date(now) - timedelta(days=9))
    course = db.session.get_one(Enrolment, tenancy.enrolment_id)
    with pytest.raises(NotNow):
        enrolments.end_early(
            course, EndReason.HER_WISH, local_date(now), unchecked=UNCHECKED, actor=actor_of(homes.coordinator), now=now
        )
    assert (course.state, tenancy.state) == (EnrolmentState.ACTIVE, TenancyState.ACTIVE)


def test_no_day_of_a_tenancy_lies_ahead_or_before_it_began() -> None:
    homes, now = make_homes(), utc_now()
    today, given = local_date(now), {"actor": actor_of(homes.coordinator), "now": now}
    tenancy = make_tenancy(homes)
    with pytest.raises(Invalid) as refusal:
        tenancies.move_in(tenancy, today + timedelta(days=1), WHY, **given)
    assert refusal.value.field == "moved_in_on"
    start = today - timedelta(days=9)
    tenancies.move_in(tenancy, start, WHY, **given)
    with pytest.raises(Invalid) as refusal:
        tenancies.give_notice(tenancy, start, **given)
    assert refusal.value.field == "leaves_on"
    tenancies.give_notice(tenancy, today, **given)
    for day in (today + timedelta(days=1), start):
        with pytest.raises(Invalid) as refusal:
            tenancies.move_out(tenancy, day, Destination.OWN_HOME, unchecked=UNCHECKED, **given)
        assert refusal.value.field == "moved_out_on"


def test_a_course_that_runs_already_goes_on_when_she_moves_in() -> None:
    homes, now = make_homes(), utc_now()
    today, given = local_date(now), {"actor": actor_of(homes.coordinator), "now": now}
    tenancy = make_tenancy(homes)
    enrolments.start(tenancy.enrolment, started_on=today - timedelta(days=9), **given)
    tenancies.move_in(tenancy, today, WHY, **given)
    assert (tenancy.enrolment.state, tenancy.enrolment.started_on) == (EnrolmentState.ACTIVE, today - timedelta(days=9))
    assert tenancy.enrolment.planned_end_on == tenancy.period.upper


def test_only_a_talk_of_the_programme_is_shown_as_planned_and_the_next_one() -> None:
    homes, now = make_homes(), utc_now()
    made = make_request(RequestState.IN_VISITATION, offer=homes.offer)
    for days, step in ((5, "motivation"), (2, "motivation"), (1, None)):
        make_meeting(made.intake, None, request_id=made.request.id, step=step, ahead=timedelta(days=days), now=now)
    (row,) = queries.list_nominations(actor_of(homes.coordinator))
    assert row.planned == {"motivation": now + timedelta(days=2)}


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.INTAKE])
def test_a_role_that_has_nothing_to_do_with_homes_sees_no_tenancy(role: Role) -> None:
    homes = make_homes()
    tenancy, stranger = make_tenancy(homes), make_member(role, homes.coordinator.organisation)
    with pytest.raises(NotFound):
        tenancy_queries.get_tenancy(actor_of(stranger), tenancy.public_id)


def test_what_the_machine_asks_for_is_decided_without_telling_anybody() -> None:
    homes, now = make_homes(), utc_now()
    tenancy = make_tenancy(homes, moved_in_on=add_months(local_date(now), -16))
    tenancies.ask_extension(tenancy, WHY, actor=SYSTEM, now=now)
    tenancies.decide_extension(tenancy, None, WHY, actor=actor_of(homes.coordinator), now=now)
    told = sa.select(Message.id).where(Message.kind == MessageKind.EXTENSION_DECIDED)
    assert (tenancy.state, db.session.scalars(told).all()) == (TenancyState.ACTIVE, [])


def test_a_course_that_rests_when_she_moves_out_is_ended_by_hand() -> None:
    homes, now = make_homes(), utc_now()
    today, given = local_date(now), {"actor": actor_of(homes.coordinator), "now": now}
    tenancy = make_tenancy(homes, moved_in_on=today - timedelta(days=9))
    enrolments.pause(tenancy.enrolment, PauseReason.TRAVEL, today + timedelta(days=9), **given)
    tenancies.give_notice(tenancy, today, **given)
    tenancies.move_out(tenancy, today, Destination.OWN_HOME, unchecked=UNCHECKED, **given)
    assert (tenancy.state, tenancy.enrolment.state) == (TenancyState.MOVED_OUT, EnrolmentState.PAUSED)
    enrolments.end_early(tenancy.enrolment, EndReason.MOVED_AWAY, today, unchecked=UNCHECKED, **given)
    assert tenancy.enrolment.state is EnrolmentState.ENDED_EARLY
