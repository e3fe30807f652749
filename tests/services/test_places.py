"""Special protection keeps no place of hers: none is taken, and what is there is forgotten when it begins."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.core.clock import local_date, utc_now
from portal.core.errors import Invalid
from portal.core.kinds import MeetingKind, TrackKind
from portal.core.messages import MessageKind
from portal.core.states import RequestState
from portal.db import db
from portal.models.cases import Case
from portal.models.housing import HousingUnit, Tenancy
from portal.models.meetings import Meeting
from portal.models.messages import Message
from portal.models.tasks import Task
from portal.models.users import Membership
from portal.services import addresses, housing
from tests.factories.enrolments import make_enrolment
from tests.factories.housing import make_accepted, make_homes, make_tenancy, make_unit
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.referrals import make_request
from tests.factories.tasks import make_pool, make_task

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
AHEAD = timedelta(days=3)
PLACE = "Café Mandel"


def protect(member: Membership, case: Case, level: int = 2) -> int:
    return addresses.set_address(case, protection_level=level, actor=actor_of(member), now=utc_now())


def place_of(meeting: Meeting) -> str | None:
    return db.session.scalar(sa.select(Meeting.place).where(Meeting.id == meeting.id))


def test_no_meeting_with_her_gets_a_place_whatever_it_hangs_on() -> None:
    worker, course = make_enrolment(TrackKind.CTI)
    made = make_request(RequestState.IN_VISITATION)
    owner = make_member()
    case = make_case(owner)
    # A talk before the decision is no meeting of the case; it is with her all the same.
    talk = {"request_id": made.request.id, "kind": MeetingKind.INTAKE_TALK}
    ways: list[tuple[Membership, Case | None, dict[str, Any]]] = [
        (owner, case, {}),
        (worker, course.case, {"enrolment_id": course.id}),
        (made.intake, None, talk),
    ]
    for member, of, values in ways:
        assert make_meeting(member, of, ahead=AHEAD, place=PLACE, **values).place == PLACE
    for one in (case, course.case, made.case):
        protect(owner, one)
    for member, of, values in ways:
        with pytest.raises(Invalid) as refusal:
            make_meeting(member, of, ahead=AHEAD, place=PLACE, **values)
        assert refusal.value.field == "place"
        assert make_meeting(member, of, ahead=AHEAD, **values).place is None


@pytest.mark.parametrize("field", ["meeting_point", "address"])
def test_no_task_of_hers_gets_a_place(field: str) -> None:
    coordinator, _member, _volunteer = make_pool()
    owner = make_member()
    case = make_case(owner)
    protect(owner, case)
    with pytest.raises(Invalid) as refusal:
        make_task(coordinator, case_id=case.id, **{"meeting_point": None, "address": None, field: "Ved kiosken"})
    assert refusal.value.field == field
    assert "beskyttelse" not in str(refusal.value), "the level is not the coordinator's to know"
    assert make_task(coordinator, case_id=case.id, meeting_point=None, address=None).id


def test_where_she_is_protected_a_task_has_a_meeting_point_before_an_address() -> None:
    coordinator, _member, _volunteer = make_pool()
    owner = make_member()
    case = make_case(owner)
    assert make_task(coordinator, case_id=case.id, meeting_point=None).address == "Hemmeligvej 1"
    protect(owner, case, level=1)
    with pytest.raises(Invalid) as refusal:
        make_task(coordinator, case_id=case.id, meeting_point=None)
    assert refusal.value.field == "meeting_point"
    assert make_task(coordinator, case_id=case.id).address == "Hemmeligvej 1"
    assert make_task(coordinator, case_id=case.id, meeting_point=None, address=None).id


def test_when_it_begins_every_place_is_forgotten_and_whoever_comes_is_told() -> None:
    made = make_request(RequestState.IN_VISITATION)
    sender, case = made.sender, made.case
    coordinator, _member, _volunteer = make_pool()
    colleague = make_member(organisation=sender.organisation)
    ahead = make_meeting(colleague, case, ahead=AHEAD, place=PLACE)
    talk = make_meeting(made.intake, ahead=AHEAD, place=PLACE, request_id=made.request.id, kind=MeetingKind.INTAKE_TALK)
    past = make_meeting(colleague, case, ahead=-AHEAD, place=PLACE)
    other = make_meeting(colleague, make_case(sender), ahead=AHEAD, place=PLACE)
    task = make_task(coordinator, case_id=case.id)
    make_task(coordinator, case_id=case.id, address=None, meeting_point=None)
    db.session.execute(sa.delete(Message))
    assert protect(sender, case, level=1) == 0
    assert (place_of(ahead), task.meeting_point) == (PLACE, "Ved kiosken")
    assert protect(sender, case) == 3, "two meetings and one task ahead"
    assert [place_of(one) for one in (ahead, talk, past, other)] == [None, None, None, PLACE]
    assert (
        db.session.execute(sa.select(Task.meeting_point, Task.address).where(Task.id == task.id)).one() == (None,) * 2
    )
    told = sa.select(Message.recipient_id).where(Message.kind == MessageKind.MEETING_CHANGED)
    assert sorted(db.session.scalars(told)) == sorted([colleague.user_id, made.intake.user_id])
    assert protect(sender, case) == 0


def test_no_home_of_hers_is_kept() -> None:
    homes, now = make_homes(), utc_now()
    actor = actor_of(homes.coordinator)
    tenancy = make_tenancy(homes, moved_in_on=local_date(now))
    unit = db.session.get_one(HousingUnit, tenancy.unit_id)
    beside, hopes = make_unit(homes, 2), make_accepted(homes)
    for course in (tenancy.enrolment, hopes):
        protect(homes.contact, db.session.get_one(Case, course.case_id, options=[joinedload(Case.client)]))
    assert (unit.address, beside.address) == (None, "Hemmeligvej 1")
    with pytest.raises(Invalid) as refusal:
        housing.change_facts(unit, max_children=3, address="Hemmeligvej 1", version=None, actor=actor, now=now)
    assert refusal.value.field == "address"
    housing.change_facts(unit, max_children=4, address=None, version=None, actor=actor, now=now)
    housing.change_facts(beside, max_children=3, address="Hemmeligvej 3", version=None, actor=actor, now=now)
    with pytest.raises(Invalid) as refusal:
        housing.reserve(beside, hopes, local_date(now), actor=actor, now=now)
    assert refusal.value.field == "enrolment"
    assert db.session.scalar(sa.select(Tenancy.id).where(Tenancy.enrolment_id == hopes.id)) is None


def test_the_pages_say_so_and_the_wall_lets_all_of_it_be_forgotten(as_user: AsUser) -> None:
    made = make_request(RequestState.IN_VISITATION)
    coordinator, _member, _volunteer = make_pool()
    talk = make_meeting(made.intake, ahead=AHEAD, place=PLACE, request_id=made.request.id, kind=MeetingKind.INTAKE_TALK)
    task = make_task(coordinator, case_id=made.case.id)
    case, version = f"/cases/{made.case.public_id}", made.case.client.version
    keys, page = (talk.id, task.id), f"/meetings/new?case={made.case.public_id}"
    browser = as_user(made.sender)
    sent = {"protection_level": "2", "version": version}
    assert browser.post(f"{case}/address", data=sent).status_code == 303
    assert "2 kommende møder og opgaver" in browser.get(case).text
    assert db.session.scalar(sa.select(Meeting.place).where(Meeting.id == keys[0])) is None
    assert db.session.scalar(sa.select(Task.meeting_point).where(Task.id == keys[1])) is None
    typed = {"day": "2 12 2030", "starts": "10.00", "ends": "11.00", "kind": "talk", "place_kind": "our_rooms"}
    answer = browser.post(page, data=typed | {"repeat": "once", "count": "1", "place": PLACE})
    assert answer.status_code == 422
    assert 'id="place-error"' in answer.text
