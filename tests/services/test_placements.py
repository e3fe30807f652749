"""Before somebody is placed: whoever must not meet whom is asked about, in every way of placing, and told to nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import OrganisationKind, Role
from portal.core.errors import NotFound
from portal.core.kinds import MeetingKind, PlaceKind, TrackKind
from portal.core.messages import MessageKind
from portal.core.people import TransferBasis
from portal.core.safety import ApartAnswer, ApartState, PlacementPath
from portal.core.states import DeadlineState
from portal.db import db
from portal.domain.apart import AskFirst
from portal.domain.law import Law
from portal.models.apart import ApartQuestion, KeepApart
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.furnishing import FurnishingProject
from portal.models.messages import Message
from portal.models.transfers import CaseTransfer
from portal.models.users import Membership, User
from portal.queries import apart as queries
from portal.queries import hand_overs
from portal.queries import tasks as task_queries
from portal.queries import teamless as teamless_queries
from portal.services import (
    apart,
    blocks,
    cases,
    claims,
    enrolments,
    furnishing,
    groups,
    housing,
    meetings,
    own_approaches,
    placements,
    take_overs,
    teamless,
    transfers,
    volunteers,
    workerless,
)
from portal.services.team import step_aside
from portal.services.transfers import Wish
from tests.conftest import Counter
from tests.factories.enrolments import make_enrolment
from tests.factories.furnishing import make_volunteer_course
from tests.factories.groups import make_group, make_nominated, make_participant
from tests.factories.housing import make_accepted, make_homes, make_unit
from tests.factories.leavers import make_leaver
from tests.factories.people import actor_of, agree, make_case, make_member, make_organisation
from tests.factories.referrals import make_offer
from tests.factories.tasks import make_pool, make_task, make_volunteer

pytestmark = pytest.mark.usefixtures("session")
Paths = PlacementPath


@dataclass
class Scene:
    """Somebody who would be placed (`place`), by `placer`; and a flag that her team has set on `case`."""

    placer: Actor
    case: Case
    contact: Actor
    flag: KeepApart
    place: Callable[[], object]


def _apart(contact: Membership, case: Case, other: Case) -> KeepApart:
    return apart.from_case(case, other.reference, apart.Kept("Søstre"), actor=actor_of(contact), now=utc_now())


def _from(contact: Membership, case: Case, user_id: int) -> KeepApart:
    email = db.session.get_one(User, user_id).email
    return apart.from_person(case, email, apart.Kept(), actor=actor_of(contact), now=utc_now())


def _case_of(case_id: int) -> Case:
    return db.session.get_one(Case, case_id)


def _seat(is_other_side: bool = False) -> Scene:
    house = make_group()
    seated, waits = make_participant(house), make_nominated(house)
    first, second = _case_of(seated.case_id), _case_of(waits.case_id)
    if is_other_side:
        first, second = second, first
    actor = actor_of(house.leader)
    flag = _apart(house.contact, first, second)
    return Scene(
        actor,
        first,
        actor_of(house.contact),
        flag,
        lambda: groups.place(house.round, waits, actor=actor, now=utc_now()),
    )


def _seat_with_leader() -> Scene:
    house = make_group()
    waits, actor = make_nominated(house), actor_of(house.leader)
    case = _case_of(waits.case_id)
    flag = _from(house.contact, case, house.leader.user_id)
    return Scene(
        actor,
        case,
        actor_of(house.contact),
        flag,
        lambda: groups.place(house.round, waits, actor=actor, now=utc_now()),
    )


def _course() -> Scene:
    house = make_group()
    first = _case_of(make_nominated(house).case_id)
    second = make_case(house.contact)
    agree(second, house.offer.organisation_id)
    actor = actor_of(house.leader)
    flag = _apart(house.contact, first, second)

    def propose() -> None:
        db.session.refresh(house.offer, ["programme"])
        enrolments.propose(case_id=second.id, offer=house.offer, actor=actor, now=utc_now())

    return Scene(actor, first, actor_of(house.contact), flag, propose)


def _home() -> Scene:
    homes = make_homes()
    units = make_unit(homes, 1), make_unit(homes, 2)
    lives, waits = make_accepted(homes), make_accepted(homes)
    actor, today = actor_of(homes.coordinator), local_date(utc_now())
    housing.reserve(units[0], lives, today, actor=actor, now=utc_now())
    case = _case_of(waits.case_id)
    flag = _apart(homes.contact, case, _case_of(lives.case_id))
    return Scene(
        actor,
        case,
        actor_of(homes.contact),
        flag,
        lambda: housing.reserve(units[1], waits, today, actor=actor, now=utc_now()),
    )


def _area() -> Scene:
    homes = make_homes()
    unit, waits = make_unit(homes), make_accepted(homes)
    unit.address = "Skovvej 3, 2. tv, 2420 Skovby"
    actor, case = actor_of(homes.coordinator), _case_of(waits.case_id)
    contact = actor_of(homes.contact)
    flag = apart.from_areas(case, "1000-1200, 2400-2450", apart.Kept(), actor=contact, now=utc_now())
    return Scene(
        actor,
        case,
        contact,
        flag,
        lambda: housing.reserve(unit, waits, local_date(utc_now()), actor=actor, now=utc_now()),
    )


def _confirm() -> Scene:
    coordinator, member, volunteer = make_pool()
    contact = make_member()
    case = make_case(contact)
    agree(case, coordinator.organisation_id)
    task = make_task(coordinator, case_id=case.id)
    claim = claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
    flag, actor = _from(contact, case, member.user_id), actor_of(coordinator)

    def confirm() -> None:
        db.session.refresh(claim, ["task", "volunteer"])
        claims.confirm(claim, actor=actor, now=utc_now())

    return Scene(actor, case, actor_of(contact), flag, confirm)


def _with_volunteer(kind: TrackKind) -> Scene:
    coordinator, course = make_volunteer_course(kind)
    actor = actor_of(coordinator)
    member = make_member(Role.VOLUNTEER, coordinator.organisation)
    volunteer = make_volunteer(member, actor)
    case = _case_of(course.case_id)
    contact = db.session.scalars(sa.select(Membership).where(Membership.user_id == case.opened_by_id)).one()
    flag = _from(contact, case, member.user_id)
    if kind is TrackKind.VOLUNTEER_NETWORK:
        return Scene(
            actor,
            case,
            actor_of(contact),
            flag,
            lambda: volunteers.start_match(
                course, volunteer, started_on=local_date(utc_now()), actor=actor, now=utc_now()
            ),
        )
    project = db.session.scalars(sa.select(FurnishingProject).where(FurnishingProject.enrolment_id == course.id)).one()

    def plan() -> None:
        db.session.refresh(project, ["enrolment"])
        furnishing.plan(project, wishes=None, budget_ore=0, architect=volunteer, actor=actor, now=utc_now())

    return Scene(actor, case, actor_of(contact), flag, plan)


def _meeting() -> Scene:
    contact = make_member()
    case, colleague = make_case(contact), make_member(organisation=contact.organisation)
    flag, actor, start = _from(contact, case, colleague.user_id), actor_of(contact), utc_now() + timedelta(days=2)
    return Scene(
        actor,
        case,
        actor,
        flag,
        lambda: meetings.plan(
            kind=MeetingKind.TALK,
            starts_at=start,
            ends_at=start + timedelta(hours=1),
            place_kind=PlaceKind.OUR_ROOMS,
            responsible_id=colleague.user_id,
            organisation_id=contact.organisation_id,
            case_id=case.id,
            actor=actor,
            now=utc_now(),
        ),
    )


def _worker() -> Scene:
    worker, course = make_enrolment(TrackKind.TRANSITION_SUPPORT)
    colleague = make_member(worker.role, worker.organisation)
    case = _case_of(course.case_id)
    contact = db.session.scalars(sa.select(Membership).where(Membership.user_id == case.opened_by_id)).one()
    flag, actor = _from(contact, case, colleague.user_id), actor_of(worker)
    return Scene(
        actor,
        case,
        actor_of(contact),
        flag,
        lambda: take_overs.give(course, colleague.user_id, None, actor=actor, now=utc_now()),
    )


def _team() -> Scene:
    contact = make_member()
    case, colleague = make_case(contact), make_member(organisation=contact.organisation)
    flag, actor = _from(contact, case, colleague.user_id), actor_of(contact)
    return Scene(
        actor,
        case,
        actor,
        flag,
        lambda: cases.add_colleague(case, colleague.user_id, actor=actor, now=utc_now()),
    )


def _primary(case: Case) -> Membership:
    return db.session.scalars(sa.select(Membership).where(Membership.user_id == case.opened_by_id)).one()


def _without_worker() -> Scene:
    worker, course = make_enrolment(TrackKind.CTI)
    lead = make_member(Role.PROGRAMME_LEAD, worker.organisation)
    colleague = make_member(Role.PROGRAMME_WORKER, worker.organisation)
    case = _case_of(course.case_id)
    contact = _primary(case)
    blocks.keep_out(case, user_id=worker.user_id, reason=None, actor=actor_of(contact), now=utc_now())
    flag, actor = _from(contact, case, colleague.user_id), actor_of(lead)
    key, taker = course.public_id, colleague.user.public_id
    return Scene(actor, case, actor_of(contact), flag, lambda: workerless.give(key, taker, actor=actor, now=utc_now()))


def _by_herself() -> Scene:
    worker = make_member(Role.PROGRAMME_WORKER)
    contact = make_member(organisation=worker.organisation)
    case = make_case(contact)
    offer = make_offer(TrackKind.INDIVIDUAL_COUNSELLING, worker.organisation)
    flag, actor = _from(contact, case, worker.user_id), actor_of(worker)

    def approach() -> None:
        db.session.refresh(offer, ["programme"])
        own_approaches.own_approach(case_id=case.id, offer=offer, actor=actor, now=utc_now())

    return Scene(actor, case, actor_of(contact), flag, approach)


def _transfer() -> Scene:
    here, there = make_organisation(OrganisationKind.SHELTER), make_organisation(OrganisationKind.MUNICIPALITY)
    contact, adviser = make_member(organisation=here), make_member(Role.MUNICIPAL_ADVISER, there)
    case = make_case(contact)
    wish = Wish(there.public_id, TransferBasis.LEGAL_BASIS, "Børnene skifter skole.", law=Law.RESIDENCE.value)
    transfers.offer(case, wish, actor=actor_of(contact), now=utc_now())
    offered = db.session.scalars(sa.select(CaseTransfer.public_id)).one()
    flag, lead = _from(contact, case, adviser.user_id), actor_of(make_member(Role.PROGRAMME_LEAD, there))
    taker = adviser.user.public_id
    return Scene(
        lead, case, actor_of(contact), flag, lambda: transfers.accept(offered, taker, actor=lead, now=utc_now())
    )


SCENES: dict[str, Callable[[], Scene]] = {
    "a seat": _seat,
    "a seat, said by the other": lambda: _seat(is_other_side=True),
    "a seat beside a leader": _seat_with_leader,
    "a group programme": _course,
    "a home": _home,
    "a home in an area": _area,
    "a volunteer's task": _confirm,
    "a volunteer who accompanies her": lambda: _with_volunteer(TrackKind.VOLUNTEER_NETWORK),
    "a volunteer who furnishes": lambda: _with_volunteer(TrackKind.FURNISHING),
    "a meeting": _meeting,
    "a worker": _worker,
    "the team": _team,
    "a course without a worker": _without_worker,
    "a woman who came by herself": _by_herself,
    "a case that another house takes over": _transfer,
}
every = pytest.mark.parametrize("name", SCENES)


def trail() -> list[tuple[str, list[str], str | None]]:
    rows = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))
    return [(row.action, list(row.fields or ()), row.reason) for row in rows]


def refuse(scene: Scene) -> AskFirst:
    with pytest.raises(AskFirst) as refused, db.session.begin_nested():
        scene.place()
    db.session.expire_all()
    return refused.value


@every
def test_every_way_of_placing_asks_first_in_the_same_words_and_leaves_no_line(name: str) -> None:
    scene = SCENES[name]()
    before = trail()
    refused = refuse(scene)
    assert str(refused) == "Nogen skal spørges, før du gør det her. Intet er ændret."
    assert trail() == before


@every
def test_what_has_been_taken_away_hinders_nobody(name: str) -> None:
    scene = SCENES[name]()
    apart.end(scene.flag, scene.case, actor=scene.contact, now=utc_now())
    scene.place()


@every
def test_it_is_the_same_number_of_statements_whether_or_not_there_is_anything(
    name: str, count_queries: Counter
) -> None:
    scene = SCENES[name]()
    placement, found = refuse(scene).placement, []
    for is_over in (False, True):
        if is_over:
            apart.end(scene.flag, scene.case, actor=scene.contact, now=utc_now())
            db.session.flush()
        count_queries.start()
        found.append((placements.is_clear(placement, now=utc_now()), count_queries.stop()))
    (hit, asked), (clear, asked_too) = found
    assert (hit, clear) == (False, True)
    assert asked == asked_too


@every
def test_a_go_ahead_counts_once_for_this_placement(name: str) -> None:
    scene = SCENES[name]()
    placement = refuse(scene).placement
    placements.ask(placement, actor=scene.placer, now=utc_now())
    placements.ask(placement, actor=scene.placer, now=utc_now())
    question = db.session.scalars(sa.select(ApartQuestion)).one()
    assert question.case_id == scene.case.id
    due = sa.select(Deadline).where(Deadline.kind == DeadlineKind.APART_QUESTION)
    row = db.session.scalars(due).one()
    assert (row.state, row.owner_id, row.case_id) == (DeadlineState.OPEN, scene.contact.user_id, scene.case.id)
    apart.answer(question, scene.case, ApartAnswer.GO_AHEAD, actor=scene.contact, now=utc_now())
    db.session.refresh(row)
    assert row.state is DeadlineState.DONE
    scene.place()
    db.session.expire_all()
    assert question.used_at is not None
    assert placements.is_clear(placement, now=utc_now()) is False


def told(user_id: int | None) -> list[MessageKind]:
    return list(db.session.scalars(sa.select(Message.kind).where(Message.recipient_id == user_id)))


def test_a_no_is_told_to_whoever_asked_and_the_placement_stays_refused() -> None:
    scene = _seat()
    placements.ask(refuse(scene).placement, actor=scene.placer, now=utc_now())
    question = db.session.scalars(sa.select(ApartQuestion)).one()
    apart.answer(question, scene.case, ApartAnswer.NO, actor=scene.contact, now=utc_now())
    assert told(scene.placer.user_id)[-1] is MessageKind.PLACEMENT_NO
    refuse(scene)


def test_asking_writes_a_line_that_names_no_case() -> None:
    scene = _seat()
    placements.ask(refuse(scene).placement, actor=scene.placer, now=utc_now())
    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.PLACEMENT_ASKED)).one()
    assert (line.case_id, line.reason, list(line.fields or ())) == (None, None, [])


def test_asking_where_nobody_is_to_be_asked_any_more_is_answered_alike() -> None:
    scene = _seat()
    placement = refuse(scene).placement
    apart.end(scene.flag, scene.case, actor=scene.contact, now=utc_now())
    placements.ask(placement, actor=scene.placer, now=utc_now())
    assert db.session.scalars(sa.select(ApartQuestion)).all() == []


def test_a_volunteer_is_told_that_another_was_faster_after_as_many_statements(count_queries: Counter) -> None:
    coordinator, member, volunteer = make_pool()
    other = make_volunteer(make_member(Role.VOLUNTEER, coordinator.organisation), actor_of(coordinator))
    contact = make_member()
    case = make_case(contact)
    agree(case, coordinator.organisation_id)
    full, apart_one = make_task(coordinator, case_id=case.id), make_task(coordinator, case_id=case.id)
    claims.claim(full, other, actor=actor_of(member), now=utc_now())
    found = []
    for task in (full, apart_one):
        if task is apart_one:
            _from(contact, case, member.user_id)
        db.session.flush()
        count_queries.start()
        with pytest.raises(claims.TaskTaken) as refused:
            claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
        found.append((str(refused.value), count_queries.stop()))
    assert found[0] == found[1]


def test_a_task_that_she_must_not_have_is_not_on_her_board() -> None:
    coordinator, member, volunteer = make_pool()
    contact = make_member()
    case = make_case(contact)
    agree(case, coordinator.organisation_id)
    task = make_task(coordinator, case_id=case.id)
    assert [card.public_id for card in task_queries.list_open(volunteer)[0]] == [task.public_id]
    flag = _from(contact, case, member.user_id)
    assert task_queries.list_open(volunteer)[0] == []
    apart.end(flag, case, actor=actor_of(contact), now=utc_now())
    assert len(task_queries.list_open(volunteer)[0]) == 1


@pytest.mark.parametrize(("first", "second", "is_clear"), [("2420", "4100", True), ("2420", "2420", False)])
def test_homes_are_near_in_the_same_postal_area(first: str, second: str, is_clear: bool) -> None:
    homes = make_homes()
    units = make_unit(homes, 1), make_unit(homes, 2)
    for unit, code in zip(units, (first, second), strict=True):
        unit.address = f"Skovvej {unit.number}, {code} By"
    lives, waits = make_accepted(homes), make_accepted(homes)
    actor, today = actor_of(homes.coordinator), local_date(utc_now())
    housing.reserve(units[0], lives, today, actor=actor, now=utc_now())
    _apart(homes.contact, _case_of(waits.case_id), _case_of(lives.case_id))
    if is_clear:
        housing.reserve(units[1], waits, today, actor=actor, now=utc_now())
    else:
        with pytest.raises(AskFirst):
            housing.reserve(units[1], waits, today, actor=actor, now=utc_now())


def test_a_worker_is_never_chosen_by_itself_who_must_not_meet_her() -> None:
    worker, course = make_enrolment(TrackKind.TRANSITION_SUPPORT)
    colleague = make_member(worker.role, worker.organisation)
    contact = make_member()
    case = make_case(contact)
    agree(case, worker.organisation_id)
    _from(contact, case, worker.user_id)
    made = enrolments.propose(case_id=case.id, offer=course.offer, actor=actor_of(contact), now=utc_now())
    assert made.worker_id == colleague.user_id


def test_a_flag_of_a_wish_that_nobody_has_agreed_to_holds_nothing_back() -> None:
    house = make_group()
    seated = make_participant(house)
    stranger = make_case(make_member())
    agree(stranger, house.offer.organisation_id)
    flag = _apart(house.contact, _case_of(seated.case_id), stranger)
    assert flag.state is ApartState.ASKED
    placement = Paths.COURSE, house.offer.public_id, stranger.public_id
    placements.check(*placement, now=utc_now())
    with pytest.raises(NotFound):
        queries.get_flag(stranger, flag.public_id)
    assert flag.review_on > local_date(utc_now())


def test_a_case_without_a_team_is_never_given_to_whom_she_must_not_meet() -> None:
    made, now = make_leaver(1), utc_now()
    case, lead = made.cases[0], actor_of(made.lead)
    _from(made.worker, case, made.ane.user_id)
    step_aside(case.id, actor=actor_of(made.worker), now=now)
    listed = dict(teamless_queries.list_takers_of(lead, {case.public_id: case.id})[case.public_id])
    assert made.ane.user.public_id not in listed
    with pytest.raises(NotFound):
        teamless.adopt(case.public_id, made.ane.user.public_id, actor=lead, now=now)
    teamless.adopt(case.public_id, made.bea.user.public_id, actor=lead, now=now)


def test_what_somebody_hands_over_never_goes_to_whom_she_must_not_meet() -> None:
    made = make_leaver(1)
    _from(made.worker, made.cases[0], made.ane.user_id)
    plan = hand_overs.get_plan(actor_of(made.lead), made.worker)
    assert (made.cases[0].id, made.ane.user_id) in plan.blocked
    assert [row.about for row in plan.rows if row.about is not None]
