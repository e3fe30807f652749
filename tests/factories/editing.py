"""Everybody who can be late: for each form that knows a version, somebody at it, and what two of them type."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from portal.core.activities import ActivityKind, Guests
from portal.core.clock import local_date, utc_now
from portal.core.courses import CounsellingAnswer
from portal.core.enums import Role
from portal.core.kinds import TrackKind
from portal.core.measures import Phase
from portal.core.rights import IncidentKind, PeopleBand
from portal.core.states import GrantState, RequestState
from portal.db import db
from portal.domain.furnishing import Room
from portal.domain.programmes import read
from portal.models.furnishing import FurnishingItem, FurnishingProject
from portal.models.housing import HousingUnit
from portal.models.users import Membership
from portal.queries import counselling as counselling_queries
from portal.queries import cti as cti_queries
from portal.queries import enrolments as enrolment_queries
from portal.queries import grants as grant_queries
from portal.services import activities, cases, children, counselling, cti, furnishing, incidents, meetings, referrals
from portal.services.children import ChildRecord
from tests.factories.enquiries import make_enquiry
from tests.factories.enrolments import make_enrolment
from tests.factories.files import put
from tests.factories.followups import make_followed
from tests.factories.furnishing import make_volunteer_course
from tests.factories.grants import make_application, make_house
from tests.factories.housing import make_homes, make_unit
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, make_case, make_member, make_municipality
from tests.factories.referrals import make_draft, make_offer, make_request
from tests.factories.tasks import make_pool

TODAY = local_date(utc_now())


def typed(days: int) -> str:
    """A day from today, as somebody writes it."""
    return f"{TODAY + timedelta(days=days):%d.%m.%Y}"


@dataclass(frozen=True)
class Editing:
    """Somebody at a form, what the first types and the second, and what is said to be saved when she is late."""

    who: Membership
    page: str
    action: str
    first: dict[str, Any]
    second: dict[str, Any]
    saved: str | list[str]


def meeting_note() -> Editing:
    member = make_member()
    meeting = make_meeting(member, make_case(member), ahead=timedelta(hours=-2))
    meetings.hold(meeting, actor=actor_of(member), now=utc_now())
    page = f"/meetings/{meeting.public_id}"
    return Editing(member, page, f"{page}/note", {"note": "Først"}, {"note": "Sidst"}, "Først")


def meeting_time() -> Editing:
    member = make_member()
    page = f"/meetings/{make_meeting(member, make_case(member), ahead=timedelta(days=1)).public_id}"
    hours = {"starts": "10.00", "ends": "11.00"}
    first, second = {"day": typed(3), **hours}, {"day": typed(4), **hours}
    return Editing(member, page, f"{page}/move", first, second, typed(3))


def _cti(days: int = 20) -> tuple[Membership, Any, str]:
    worker, course = make_enrolment(TrackKind.CTI, is_started=True)
    cti.note_move(course.case_id, TODAY - timedelta(days=days), actor=actor_of(worker), now=utc_now())
    return worker, course, f"/cti/{course.public_id}"


def phase_plan() -> Editing:
    worker, _course, page = _cti()
    first, second = {"areas": ["safety"], "plan": "Først"}, {"areas": ["safety"], "plan": "Sidst"}
    return Editing(worker, page, f"{page}/plan", first, second, "Først")


def phase_review() -> Editing:
    worker, course, page = _cti()
    row = enrolment_queries.get(actor_of(worker), course.public_id)

    cti.write_plan(
        cti_queries.get_course(row), row, Phase.P1, ["safety"], "Nye låse", actor=actor_of(worker), now=utc_now()
    )
    return Editing(worker, page, f"{page}/review", {"review": "Først"}, {"review": "Sidst"}, "Først")


def late_basis() -> Editing:
    worker, _course, page = _cti()
    return Editing(worker, page, f"{page}/basis", {"basis": "Først"}, {"basis": "Sidst"}, "Først")


def day_zero() -> Editing:
    worker, _course, page = _cti()
    given = {"reason": "wrong_date", "is_seen": "yes"}
    first, second = {"t0": typed(-12), **given}, {"t0": typed(-10), **given}
    return Editing(worker, page, f"{page}/t0", first, second, typed(-12))


def furnishing_plan() -> Editing:
    coordinator, _course = make_volunteer_course(TrackKind.FURNISHING)
    page = f"/furnishing/{db.session.scalars(sa.select(FurnishingProject.public_id)).one()}"
    return Editing(coordinator, page, f"{page}/plan", {"wishes": "Lyst"}, {"wishes": "Mørkt"}, "Lyst")


def furnishing_item() -> Editing:
    coordinator, _course = make_volunteer_course(TrackKind.FURNISHING)
    project = db.session.scalars(sa.select(FurnishingProject).options(sa.orm.joinedload("*"))).one()
    who = {"actor": actor_of(coordinator), "now": utc_now()}
    furnishing.add_item(project, room=Room.KITCHEN, what="Bord", quantity=1, is_must=True, **who)
    item = db.session.scalars(sa.select(FurnishingItem.public_id)).one()
    page = f"/furnishing/{project.public_id}/items/{item}"
    first, second = {"state": "reserved"}, {"state": "dropped"}
    return Editing(coordinator, page, page, first, second, "Lovet")


def volunteer_profile() -> Editing:
    coordinator, _member, volunteer = make_pool()
    page, whole = f"/volunteers/{volunteer.public_id}", {"region": "Nordjylland"}
    first, second = whole | {"pledged_on": typed(-3)}, whole | {"pledged_on": typed(-2)}
    return Editing(coordinator, page, page, first, second, typed(-3))


def child_hours() -> Editing:
    worker, course = make_enrolment(TrackKind.ENTITLEMENT, is_started=True)
    contact = make_member()
    case = enrolment_queries.get(actor_of(worker), course.public_id).case
    cases.join_team(case.id, contact.user_id, actor=actor_of(worker), now=utc_now())
    children.add(case, ChildRecord(birth_year=2019), actor=actor_of(contact), now=utc_now())
    ledger = next(one for one in counselling_queries.list_ledgers(course.id) if one.is_child)
    page = f"/counselling/hours/{course.public_id}"
    action = f"{page}/{ledger.public_id}/size"
    return Editing(worker, page, action, {"minutes": "5"}, {"minutes": "6"}, "5")


def places() -> Editing:
    offer = make_offer()
    intake, page = make_member(Role.INTAKE, offer.organisation), f"/programmes/{offer.programme.public_id}"
    action = f"/programmes/offers/{offer.public_id}/capacity"
    return Editing(intake, page, action, {"capacity": "7"}, {"capacity": ""}, "7")


def whose_course() -> Editing:
    # What has not begun goes over at once.
    worker, course = make_enrolment(TrackKind.TRANSITION_SUPPORT)
    colleagues = [make_member(Role.PROGRAMME_WORKER, worker.organisation) for _one in range(2)]
    ids = [colleague.user.public_id for colleague in colleagues]
    page = f"/courses/{course.public_id}"
    first, second = {"worker": ids[0]}, {"worker": ids[1]}
    return Editing(worker, page, f"{page}/assign", first, second, f"{colleagues[0].user.name} (1)")


def criteria() -> Editing:
    made = make_request(RequestState.IN_VISITATION, offer=make_offer(TrackKind.HOUSING))
    page = f"/referrals/requests/{made.request.public_id}"
    name = f"criterion-{read(made.offer.programme.rules).kept_criteria[0].key}"
    first, second = {name: "met"}, {name: "not_met"}
    return Editing(made.intake, page, f"{page}/criteria", first, second, "Opfyldt")


def her_answer() -> Editing:
    made = make_request(RequestState.OFFERED)
    page = f"/referrals/requests/{made.request.public_id}"
    first, second = {"her-her_answer": "thinking"}, {"her-her_answer": "yes"}
    return Editing(made.intake, page, f"{page}/her-answer", first, second, "Hun tænker over det")


def extension() -> Editing:
    adviser = make_member(Role.MUNICIPAL_ADVISER)
    lead = make_member(Role.PROGRAMME_LEAD, adviser.organisation)
    case = make_case(adviser)
    case.moved_on = TODAY - timedelta(days=100)
    who = {"actor": actor_of(adviser), "now": utc_now()}
    found = counselling.offer(case.id, offered_on=TODAY, **who)

    counselling.answer(found, CounsellingAnswer.YES, answered_on=TODAY, **who)
    counselling.start(found, started_on=TODAY, moved_on=case.moved_on, **who)
    page, given = f"/counselling/{case.public_id}", {"approver": lead.user.public_id}
    first, second = given | {"until": typed(150), "reason": "Først"}, given | {"until": typed(160), "reason": "Sidst"}
    return Editing(adviser, page, f"{page}/extend", first, second, [typed(150), "Først"])


def _of_case(path: str, first: dict[str, Any], second: dict[str, Any], saved: str | list[str]) -> Editing:
    member = make_member()
    page = f"/cases/{make_case(member).public_id}/{path}"
    return Editing(member, page, page, first, second, saved)


def recommendation() -> Editing:
    house = make_house()
    application = make_application(house, ore=640_000, state=GrantState.SCREENING)
    line = grant_queries.list_lines(application)[0].public_id
    page = f"/grants/{application.public_id}"
    first, second = {f"amount_{line}": "500", "text": "Først"}, {f"amount_{line}": "600", "text": "Sidst"}
    return Editing(house.officer, page, f"{page}/recommend", first, second, ["500 kr.", "Først"])


def identity() -> Editing:
    return _of_case("identity", {"name": "Amira"}, {"name": "Samira"}, "Amira")


def municipality() -> Editing:
    aarhus, aalborg = make_municipality().code, make_municipality("851", "Aalborg").code
    return _of_case(
        "municipality",
        {"responsible": aarhus, "reason": "moved"},
        {"responsible": aalborg, "reason": "moved"},
        "Aarhus",
    )


def safe_contact() -> Editing:
    given = {"ways": "phone", "phone_days": "any", "phone_may_answer": "herself"}
    first, second = given | {"note": "Først"}, given | {"note": "Sidst"}
    return _of_case("safe-contact", first, second, "Først")


def protection() -> Editing:
    first = {"protection_level": "1", "address": "Hemmeligvej 1"}
    return _of_case("address", first, {"protection_level": "2", "address": ""}, "Navne- og adressebeskyttelse")


def admission() -> Editing:
    member = make_member()
    case = make_case(member)
    cases.record_stay(case, admitted_on=TODAY, actor=actor_of(member), now=utc_now())
    page, given = f"/cases/{case.public_id}/stay/admission", {"previous_stay": "unknown"}
    first, second = given | {"admitted_on": typed(-3)}, given | {"admitted_on": typed(-2)}
    return Editing(member, page, page, first, second, typed(-3))


def planned_move() -> Editing:
    return _of_case("move", {"planned_move_on": typed(9)}, {"planned_move_on": typed(8)}, typed(9))


def move() -> Editing:
    member = make_member()
    page = f"/cases/{make_case(member).public_id}"
    first, second = {"moved_on": typed(-3)}, {"moved_on": typed(-2)}
    return Editing(member, f"{page}/move", f"{page}/moved", first, second, typed(-3))


def child() -> Editing:
    member = make_member()
    case = make_case(member)
    found = children.add(case, ChildRecord(birth_year=2019), actor=actor_of(member), now=utc_now())
    page = f"/children/{case.public_id}/of/{found.public_id}/facts"
    first, second = {"birth_year": "2018"}, {"birth_year": "2017"}
    return Editing(member, page, page, first, second, "2018")


def home() -> Editing:
    homes = make_homes()
    make_unit(homes, is_open=False)
    page = f"/housing/units/{db.session.scalars(sa.select(HousingUnit.public_id)).one()}"
    first, second = {"max_children": "1", "address": "Nyvej 2"}, {"max_children": "2", "address": ""}
    return Editing(homes.coordinator, page, f"{page}/facts", first, second, "1")


def follow_up() -> Editing:
    made = make_followed()
    page, given = f"/follow-ups/{made.follow_up().public_id}", {"mode": "together", "done": "0"}
    first, second = given | {"who5-w1": "4"}, given | {"who5-w1": "2"}
    return Editing(made.worker, page, page, first, second, "Det meste af tiden")


def _step(number: int, first: dict[str, Any], second: dict[str, Any], saved: str | list[str]) -> Editing:
    member = make_member()
    page = f"/referrals/{make_draft(member, make_offer()).public_id}/step/{number}"
    return Editing(member, page, page, first, second, saved)


def wizard_who() -> Editing:
    return _step(1, {"source": "self"}, {"source": "shelter"}, "Hun selv")


def wizard_needs() -> Editing:
    given = {"needs": ["housing"]}
    return _step(2, given | {"own_words": "Først"}, given | {"own_words": "Sidst"}, "Først")


def wizard_offers() -> Editing:
    member, offer = make_member(), make_offer(TrackKind.HOUSING)
    draft = make_draft(member, offer)

    track = referrals.requests_of(draft)[0].public_id
    given = {"offers": [offer.public_id], f"shown-{track}": "1", "go": "draft"}
    first, second = given | {f"{track}-motivation": "Først"}, given | {f"{track}-motivation": "Sidst"}
    page = f"/referrals/{draft.public_id}/step/3"
    return Editing(member, page, page, first, second, "Først")


def wizard_safety() -> Editing:
    return _step(4, {"is_read": "y"}, {"is_read": "y"}, [])


def _incident() -> tuple[Membership, str]:
    officer = make_member(Role.DATA_PROTECTION_OFFICER)
    account = incidents.Account(kind=IncidentKind.ATTACK, people=PeopleBand.NOT_KNOWN)
    made = incidents.open_incident(account, utc_now(), actor=actor_of(officer), now=utc_now())
    return officer, f"/incidents/{made.public_id}"


def incident_account() -> Editing:
    officer, page = _incident()
    given = {"kind": "attack", "people": "not_known"}
    first, second = given | {"measures": "Først"}, given | {"measures": "Sidst"}
    return Editing(officer, page, f"{page}/describe", first, second, "Først")


def incident_telling() -> Editing:
    officer, page = _incident()
    given = {"telling": "safety_first", "plan_holder": "koordinator"}
    first, second = given | {"telling_plan": "Først"}, given | {"telling_plan": "Sidst"}
    return Editing(officer, page, f"{page}/telling", first, second, "Først")


def document() -> Editing:
    member = make_member()
    case = make_case(member)
    row = put(case, actor=actor_of(member), now=utc_now())
    page, given = f"/documents/{case.public_id}/files/{row.public_id}/edit", {"kind": "decision", "dated_on": typed(0)}
    return Editing(member, page, page, {"theme": "Først"} | given, {"theme": "Sidst"} | given, "Først")


def enquiry() -> Editing:
    member = make_member()
    page = f"/enquiries/{make_enquiry(member).public_id}/change"
    given = {"asker": "herself", "channel": "phone", "conclusions": ["advice"], "child_count": "0"}
    given |= {"received_on": typed(-1), "received_at": "02.10"}
    first, second = given | {"wish": "Først"}, given | {"wish": "Sidst"}
    return Editing(member, page, page, first, second, "Først")


def _event() -> tuple[Membership, str, str]:
    member = make_member()
    begins = utc_now() - timedelta(hours=30)
    planned = activities.Planned(
        kind=ActivityKind.SOCIAL,
        guests=[Guests.RESIDENTS],
        starts_at=begins,
        ends_at=begins + timedelta(hours=1),
        responsible=member.user.public_id,
    )
    made = activities.plan(planned, actor=actor_of(member), now=utc_now())
    return member, f"/activities/{made.public_id}", member.user.public_id


def event() -> Editing:
    member, page, who = _event()
    given = {"kind": "social", "guests": ["residents"], "day": typed(3), "starts": "10.00", "ends": "11.00", "who": who}
    first, second = given | {"title": "Først"}, given | {"title": "Sidst"}
    return Editing(member, f"{page}/change", f"{page}/change", first, second, "Først")


def who_came() -> Editing:
    member, page, _who = _event()
    return Editing(member, page, f"{page}/coming", {"others": "4"}, {"others": "5"}, "4")


def before_she_leaves() -> Editing:
    member = make_member()
    case, who = make_case(member), {"actor": actor_of(member), "now": utc_now()}
    cases.record_stay(case, admitted_on=TODAY, **who)
    cases.plan_move(case, TODAY, **who)
    page = f"/bridge/{case.public_id}"
    return Editing(member, page, page, {"civil_reason": "Først"}, {"civil_reason": "Sidst"}, "Først")


FORMS = [
    meeting_note, meeting_time, phase_plan, phase_review, late_basis, day_zero, furnishing_plan, furnishing_item,
    volunteer_profile, child_hours, places, whose_course, criteria, her_answer, extension, identity, municipality,
    safe_contact, protection, admission, planned_move, move, child, home, follow_up, wizard_who, wizard_needs,
    wizard_offers, wizard_safety, recommendation, incident_account, incident_telling, document, enquiry, event,
    who_came,
    before_she_leaves,
]  # fmt: skip
