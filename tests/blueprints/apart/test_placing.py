"""How "somebody must be asked first" looks where somebody is placed: the same whoever it is about, nothing lost."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.kinds import TrackKind
from portal.core.messages import MessageKind
from portal.core.safety import ApartAnswer
from portal.db import db
from portal.models.apart import ApartQuestion, KeepApart
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.furnishing import FurnishingProject
from portal.models.messages import Message
from portal.models.users import Membership, User
from portal.services import apart, claims, housing
from portal.services.apart import Kept
from tests.factories.enrolments import make_enrolment
from tests.factories.furnishing import make_volunteer_course
from tests.factories.groups import make_group, make_nominated, make_participant
from tests.factories.housing import make_accepted, make_homes, make_unit
from tests.factories.people import actor_of, agree, make_case, make_member
from tests.factories.tasks import make_pool, make_task, make_volunteer

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
FIRST = "Nogen skal spørges, før du gør det her. Intet er ændret."
TODAY = local_date(utc_now())


@dataclass
class Form:
    """Where somebody is placed: by whom, on which page, what is sent, beside which field the answer stands."""

    placer: Membership
    contact: Membership
    case: Case
    page: str
    action: str
    sent: dict[str, str]
    field: str | None
    # What was typed beside, and must be there still.
    typed: str | None = None


def _contact(case: Case) -> Membership:
    return db.session.scalars(sa.select(Membership).where(Membership.user_id == case.opened_by_id)).one()


def _case(case_id: int) -> Case:
    return db.session.get_one(Case, case_id)


def _from(contact: Membership, case: Case, user_id: int) -> None:
    email = db.session.get_one(User, user_id).email
    apart.from_person(case, email, Kept("Hendes fætter"), actor=actor_of(contact), now=utc_now())


def _home() -> Form:
    homes = make_homes()
    units = make_unit(homes, 1), make_unit(homes, 2)
    lives, waits = make_accepted(homes), make_accepted(homes)
    housing.reserve(units[0], lives, TODAY, actor=actor_of(homes.coordinator), now=utc_now())
    case, other = _case(waits.case_id), _case(lives.case_id)
    apart.from_case(case, other.reference, Kept(), actor=actor_of(homes.contact), now=utc_now())
    page, day = f"/housing/units/{units[1].public_id}", TODAY + timedelta(days=9)
    sent = {"enrolment": waits.public_id, "move_in_on": f"{day:%d.%m.%Y}"}
    return Form(homes.coordinator, homes.contact, case, page, f"{page}/reserve", sent, "enrolment", sent["move_in_on"])


def _seat() -> Form:
    house = make_group()
    seated, waits = make_participant(house), make_nominated(house)
    case = _case(waits.case_id)
    reference = _case(seated.case_id).reference
    apart.from_case(case, reference, Kept(), actor=actor_of(house.contact), now=utc_now())
    page = f"/groups/{house.round.public_id}"
    return Form(house.leader, house.contact, case, page, f"{page}/place", {"enrolment": waits.public_id}, "enrolment")


def _volunteer(kind: TrackKind) -> tuple[Membership, Any, Any, Case, Membership]:
    coordinator, course = make_volunteer_course(kind)
    member = make_member(Role.VOLUNTEER, coordinator.organisation)
    volunteer = make_volunteer(member, actor_of(coordinator), skills=["architect"])
    case = _case(course.case_id)
    contact = _contact(case)
    _from(contact, case, member.user_id)
    return coordinator, course, volunteer, case, contact


def _match() -> Form:
    coordinator, course, volunteer, case, contact = _volunteer(TrackKind.VOLUNTEER_NETWORK)
    page = f"/volunteers/match/{course.public_id}"
    sent = {"volunteer": volunteer.public_id, "started_on": f"{TODAY:%d.%m.%Y}"}
    return Form(coordinator, contact, case, page, page, sent, "volunteer", sent["started_on"])


def _furnishing() -> Form:
    coordinator, course, volunteer, case, contact = _volunteer(TrackKind.FURNISHING)
    project = sa.select(FurnishingProject.public_id).where(FurnishingProject.enrolment_id == course.id)
    page = f"/furnishing/{db.session.scalars(project).one()}"
    sent = {"wishes": "Gerne et stort spisebord", "budget": "500", "architect": volunteer.public_id}
    return Form(coordinator, contact, case, page, f"{page}/plan", sent, "architect", sent["wishes"])


def _worker() -> Form:
    worker, course = make_enrolment(TrackKind.TRANSITION_SUPPORT)
    colleague = make_member(worker.role, worker.organisation)
    case = _case(course.case_id)
    _from(_contact(case), case, colleague.user_id)
    page = f"/courses/{course.public_id}"
    sent = {"worker": colleague.user.public_id}
    return Form(worker, _contact(case), case, page, f"{page}/assign", sent, "worker")


def _team() -> Form:
    contact = make_member()
    case, colleague = make_case(contact), make_member(organisation=contact.organisation)
    _from(contact, case, colleague.user_id)
    page = f"/cases/{case.public_id}/team"
    return Form(contact, contact, case, page, page, {"user": colleague.user.public_id}, "user")


def _task() -> Form:
    coordinator, member, volunteer = make_pool()
    contact = make_member()
    case = make_case(contact)
    agree(case, coordinator.organisation_id)
    task = make_task(coordinator, case_id=case.id)
    claim = claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
    _from(contact, case, member.user_id)
    page = f"/tasks/{task.public_id}"
    sent = {"identity": "y", "relation": "y"}
    return Form(coordinator, contact, case, page, f"/tasks/claims/{claim.public_id}/confirm", sent, None)


def _meeting() -> Form:
    contact = make_member()
    case = make_case(contact)
    colleague = make_member(organisation=contact.organisation)
    # A colleague has noted it of the one who now plans: she is not told of whom.
    _from(colleague, case, contact.user_id)
    page = f"/meetings/new?case={case.public_id}"
    day = TODAY + timedelta(days=9)
    sent = {"kind": "talk", "day": f"{day:%d.%m.%Y}", "starts": "10:00", "ends": "11:00", "place_kind": "our_rooms",
            "theme": "Om skolen", "repeat": "once", "count": "1"}  # fmt: skip
    return Form(contact, contact, case, page, page, sent, None, "Om skolen")


FORMS: dict[str, Callable[[], Form]] = {
    "a home": _home,
    "a seat": _seat,
    "a match": _match,
    "furnishing": _furnishing,
    "a worker": _worker,
    "the team": _team,
    "a task": _task,
    "a meeting": _meeting,
}
every = pytest.mark.parametrize("name", FORMS)


def placement_in(text: str) -> str:
    """What the button sends that asks."""
    assert 'formaction="/apart/ask"' in text
    found = re.search(r'name="placement" value="([^"]+)"', text)
    assert found and "Spørg teamet" in text
    return found[1]


@every
def test_it_stands_beside_the_field_and_what_was_typed_stays(as_user: AsUser, name: str) -> None:
    form = FORMS[name]()
    field, typed, reason = form.field, form.typed, "Hendes fætter"
    browser = as_user(form.placer)
    before = len(db.session.scalars(sa.select(AuditEntry.id)).all())
    answer = browser.submit(form.page, form.action, form.sent)
    assert answer.status_code == 422
    assert FIRST in answer.text
    assert reason not in answer.text
    placement_in(answer.text)
    if field is not None:
        beside = re.search(rf'id="{field}-error"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
        assert beside and FIRST in beside[1]
    assert typed is None or typed in answer.text
    kinds = list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))[before:]
    assert not [kind for kind in kinds if kind.startswith(("keep_apart:", "placement:"))]


@every
def test_the_button_asks_the_team_and_its_yes_counts_for_one(as_user: AsUser, name: str) -> None:
    form = FORMS[name]()
    placer, contact, case_id = form.placer, form.contact, form.case.id
    browser = as_user(placer)
    placement = placement_in(browser.submit(form.page, form.action, form.sent).text)
    from_page = browser.hidden(form.page, form.action)
    asked = browser.post("/apart/ask", data=from_page | form.sent | {"placement": placement})
    assert asked.status_code == 303
    question = db.session.scalars(sa.select(ApartQuestion)).one()
    assert question.case_id == case_id
    due = sa.select(Deadline.owner_id).where(Deadline.kind == DeadlineKind.APART_QUESTION)
    assert db.session.scalars(due).one() == contact.user_id
    assert browser.submit(form.page, form.action, form.sent).status_code == 422
    case = db.session.get_one(Case, case_id)
    apart.answer(question, case, ApartAnswer.GO_AHEAD, actor=actor_of(contact), now=utc_now())
    news = set(db.session.scalars(sa.select(Message.kind).where(Message.recipient_id == placer.user_id)))
    # Whoever answers her own question needs no news of it.
    assert (MessageKind.PLACEMENT_GO_AHEAD in news) is (placer.user_id != contact.user_id)
    assert browser.submit(form.page, form.action, form.sent).status_code == 303


def test_as_a_part_of_a_page_it_is_a_message_with_the_button(as_user: AsUser) -> None:
    form = _home()
    browser = as_user(form.placer)
    sent = browser.hidden(form.page, form.action) | form.sent
    answer = browser.post(form.action, data=sent, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert FIRST in answer.text


def test_asking_is_for_whoever_was_refused_and_answered_alike(as_user: AsUser) -> None:
    form = _home()
    browser = as_user(form.placer)
    placement = placement_in(browser.submit(form.page, form.action, form.sent).text)
    other = as_user(make_member(Role.HOUSING_COORDINATOR))
    assert other.post("/apart/ask", data={"placement": placement}).status_code == 404
    for wrong in ("", "x", placement[:-2], placement + "x"):
        assert browser.post("/apart/ask", data={"placement": wrong}).status_code == 404
    assert as_user(make_member(Role.VOLUNTEER)).post("/apart/ask", data={"placement": placement}).status_code == 403
    flag = db.session.scalars(sa.select(KeepApart)).one()
    case = db.session.get_one(Case, flag.case_id)
    apart.end(flag, case, actor=actor_of(form.contact), now=utc_now())
    assert browser.post("/apart/ask", data={"placement": placement}).status_code == 303
    assert db.session.scalars(sa.select(ApartQuestion)).all() == []
    assert browser.submit(form.page, form.action, form.sent).status_code == 303


def test_a_series_is_one_placement(as_user: AsUser) -> None:
    form = _meeting()
    browser, contact, case_id = as_user(form.placer), form.contact, form.case.id
    sent = form.sent | {"repeat": "weekly", "count": "3"}
    placement = placement_in(browser.submit(form.page, form.action, sent).text)
    browser.post("/apart/ask", data={"placement": placement})
    question = db.session.scalars(sa.select(ApartQuestion)).one()
    case = db.session.get_one(Case, case_id)
    apart.answer(question, case, ApartAnswer.GO_AHEAD, actor=actor_of(contact), now=utc_now())
    assert browser.submit(form.page, form.action, sent).status_code == 303
