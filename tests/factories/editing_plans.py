"""Who can be late at a child's page, at her plan, at a stay that has ended and at what there is room for."""

from typing import Any

from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.kinds import TrackKind
from portal.core.measures import CtiArea
from portal.models.users import Membership
from portal.services import children, concerns, plans, stays
from portal.services.children import ChildRecord
from portal.services.concerns import ConcernText
from tests.factories.editing import TODAY, Editing, typed
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.referrals import make_offer


def _case() -> tuple[Membership, Any, dict[str, Any]]:
    member = make_member()
    return member, make_case(member), {"actor": actor_of(member), "now": utc_now()}


def _child() -> tuple[Membership, Any, Any, dict[str, Any]]:
    member, case, who = _case()
    return member, case, children.add(case, ChildRecord(name="Barn 1", birth_year=2018), **who), who


def child_setting() -> Editing:
    member, case, child, _who = _child()
    page = f"/children/{case.public_id}/of/{child.public_id}/school"
    return Editing(member, page, page, {"may_say": "Først"}, {"may_say": "Sidst"}, "Først")


def concern() -> Editing:
    member, case, child, who = _child()
    made = concerns.draft(case, child, ConcernText("Blå mærker"), **who)
    page, given = f"/children/{case.public_id}/concerns/{made.public_id}", {"violence_suspected": "y"}
    return Editing(member, page, f"{page}/text", given | {"text": "Først"}, given | {"text": "Sidst"}, "Først")


def goal() -> Editing:
    member, case, who = _case()
    made = plans.set_goal(case, plans.Wanted(CtiArea.HOUSING, "Mit eget sted", "En lejekontrakt"), **who)
    page, given = (
        f"/plans/{case.public_id}/goals/{made.public_id}/edit",
        {"area": "housing", "sign": "Nøglen", "is_hers": "y"},
    )
    return Editing(member, page, page, given | {"wish": "Først"}, given | {"wish": "Sidst"}, "Først")


def stay_plan() -> Editing:
    member, case, who = _case()
    stays.record_stay(case, admitted_on=TODAY, **who)
    page, given = f"/plans/{case.public_id}/stay/draft", {"wish": "Ro"}
    return Editing(member, page, page, given | {"offers": "Først"}, given | {"offers": "Sidst"}, "Først")


def municipal_plan() -> Editing:
    member, case, who = _case()
    stays.record_stay(case, admitted_on=TODAY, **who)
    page, given = f"/plans/{case.public_id}/municipal", {"kind": "action_plan"}
    return Editing(member, page, page, given | {"plan_on": typed(-3)}, given | {"plan_on": typed(-2)}, typed(-3))


def ended_stay() -> Editing:
    member, case, who = _case()
    stay = stays.record_stay(case, admitted_on=TODAY, **who)
    stays.end_stay(case, discharged_on=TODAY, **who)
    page, given = (
        f"/cases/{case.public_id}/stays/{stay.public_id}",
        {"previous_stay": "unknown", "reported": "unknown", "reason": "Skrivefejl"},
    )
    given |= {"admitted_on": typed(0), "discharged_on": typed(0)}
    first, second = given | {"destination": "own_home"}, given | {"destination": "unknown"}
    return Editing(member, page, page, first, second, "Egen bolig")


def rooms() -> Editing:
    member, page = make_member(), "/places/rooms"
    given = {"free_on": typed(0), "is_accessible": "yes"}
    return Editing(member, page, page, given | {"rooms": "1"}, given | {"rooms": "2"}, "1")


def place_facts() -> Editing:
    offer = make_offer(TrackKind.HOUSING)
    intake = make_member(Role.INTAKE, offer.organisation)
    page, given = f"/places/offers/{offer.public_id}", {"is_accessible": "yes"}
    return Editing(intake, page, page, given | {"most_children": "1"}, given | {"most_children": "2"}, "1")


FORMS = [child_setting, concern, goal, stay_plan, municipal_plan, ended_stay, rooms, place_facts]
