"""The watch list: met by name or address whenever he turns up, told to the officers, unseen by everybody else."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.clock import utc_now
from portal.core.enums import Language, Role
from portal.core.errors import Forbidden, Invalid, NotFound, NotNow
from portal.core.messages import MessageKind
from portal.core.safety import HitState, WatchedRelation, WatchMatch
from portal.core.states import ClaimState
from portal.db import db
from portal.models.access import CaseBlock, WatchedPerson, WatchHit
from portal.models.cases import Case, TeamMember
from portal.models.messages import Message
from portal.models.tasks import Claim
from portal.models.users import Membership, User
from portal.models.volunteers import Volunteer
from portal.queries import cases as case_queries
from portal.queries import watch as watched
from portal.services import accounts, blocks, cases, claims, watch, watch_ending, watch_matches
from tests.factories.people import actor_of, agree, make_case, make_member
from tests.factories.tasks import make_pool, make_task

pytestmark = pytest.mark.usefixtures("session")
EMAIL = "anders@example.net"


def put(case: Case, by: Membership, **known: str) -> WatchedPerson:
    given = {"name": None, "email": None, "phone": None} | known
    return watch.add(case, relation=WatchedRelation.FORMER_PARTNER, actor=actor_of(by), now=utc_now(), **given)


def register(name: str, email: str) -> int:
    user = accounts.create_user(
        name, email, "correct horse battery", language=Language.DANISH, actor=SYSTEM, now=utc_now()
    )
    return user.id


def hits() -> list[WatchHit]:
    return list(db.session.scalars(sa.select(WatchHit).order_by(WatchHit.id)))


def blocked(case: Case) -> list[int | None]:
    live = sa.select(CaseBlock.user_id).where(CaseBlock.case_id == case.id, CaseBlock.ended_at.is_(None))
    return list(db.session.scalars(live))


@pytest.mark.parametrize(
    ("watched", "there"),
    [
        ("Anders Højgård", "Anders Højgård"),
        ("Anders Højgård", "HOEJGAARD, Anders"),
        ("Åse-Marie Ærø", "aero aasemarie".replace("aero", "aeroe")),
        ("Søren  Kjær", "Soeren Kjaer"),
    ],
)
def test_a_name_is_met_however_it_is_written(watched: str, there: str) -> None:
    owner = make_member()
    case = make_case(owner)
    member = make_member(Role.VOLUNTEER, name=there)
    put(case, owner, name=watched)
    (hit,) = hits()
    assert (hit.user_id, hit.matched_by, hit.state) == (member.user_id, [WatchMatch.NAME], HitState.OPEN)
    assert blocked(case) == [member.user_id]


def test_an_address_is_met_and_both_are_one_match() -> None:
    owner = make_member()
    case = make_case(owner)
    user = register("Anders Friis", EMAIL)
    put(case, owner, name="Friis, Anders", email=EMAIL.upper())
    (hit,) = hits()
    assert (hit.user_id, set(hit.matched_by)) == (user, {WatchMatch.NAME, WatchMatch.EMAIL})


def test_somebody_else_is_not_met() -> None:
    owner = make_member()
    case = make_case(owner)
    register("Anders Friis", EMAIL)
    put(case, owner, name="Anders Friis Holm", email="anders@example.org")
    assert (hits(), blocked(case)) == ([], [])


def test_he_is_met_when_he_gets_a_role_later() -> None:
    owner = make_member()
    case = make_case(owner)
    put(case, owner, name="Anders Friis")
    assert hits() == []
    member = make_member(Role.VOLUNTEER, name="Anders Friis")
    assert [hit.user_id for hit in hits()] == [member.user_id]
    assert blocked(case) == [member.user_id]


def test_a_second_look_finds_nothing_new() -> None:
    owner = make_member()
    case = make_case(owner)
    put(case, owner, name="Anders Friis")
    member = make_member(Role.VOLUNTEER, name="Anders Friis")
    watch_matches.look_at(member.user_id, now=utc_now())
    assert watch_matches.look_through(now=utc_now()) == 0
    assert len(hits()) == 1


def test_the_nightly_look_meets_whoever_changed_the_name() -> None:
    owner = make_member()
    case = make_case(owner)
    member = make_member(Role.VOLUNTEER, name="Torben Ny")
    put(case, owner, name="Anders Friis")
    member.user.name = "Anders Friis"
    db.session.flush()
    assert watch_matches.look_through(now=utc_now()) == 1
    assert blocked(case) == [member.user_id]


def rename(member: Membership, name: str) -> None:
    """No page changes a name: this is what a look at joining or claiming is there for, should there ever be one."""
    member.user.name = name
    db.session.flush()


def test_whoever_joins_the_team_is_met_and_sees_nothing_of_the_case() -> None:
    owner = make_member()
    case, joining = make_case(owner), make_member(organisation=owner.organisation)
    put(case, owner, name="Anders Friis")
    rename(joining, "Anders Friis")
    now = utc_now()
    cases.join_team(case.id, joining.user_id, actor=actor_of(owner), now=now)
    assert [hit.user_id for hit in hits()] == [joining.user_id]
    assert blocked(case) == [joining.user_id]
    with pytest.raises(NotFound):
        case_queries.get(actor_of(joining), case.public_id)


@pytest.mark.parametrize("is_watched", [True, False])
def test_whoever_takes_a_task_is_met_and_gets_the_answer_that_everybody_gets(as_user: Any, is_watched: bool) -> None:
    owner = make_member()
    coordinator, member, _volunteer = make_pool()
    case, elsewhere = make_case(owner), make_case(owner)
    agree(case, coordinator.organisation_id)
    put(elsewhere, owner, name="Anders Friis")
    rename(member, "Anders Friis" if is_watched else "Carl Holm")
    task = make_task(coordinator, case_id=case.id)
    browser = as_user(member)
    answer = browser.submit("/tasks/", f"/tasks/{task.public_id}/claim")
    assert (answer.status_code, answer.location) == (303, "/tasks/mine")
    assert len(hits()) == is_watched
    assert len(blocked(elsewhere)) == is_watched


def test_a_namesake_on_the_team_is_told_of_and_not_locked_out() -> None:
    owner = make_member()
    case = make_case(owner)
    namesake = make_member(organisation=owner.organisation, name="Anders Friis")
    cases.join_team(case.id, namesake.user_id, actor=actor_of(owner), now=utc_now())
    put(case, owner, name="Anders Friis")
    assert [hit.user_id for hit in hits()] == [namesake.user_id]
    assert blocked(case) == []
    assert case_queries.get(actor_of(namesake), case.public_id)


def test_somebody_on_the_team_with_his_address_is_locked_out() -> None:
    owner = make_member()
    case = make_case(owner)
    second = make_member(organisation=owner.organisation)
    cases.join_team(case.id, second.user_id, actor=actor_of(owner), now=utc_now())
    put(case, owner, email=second.user.email)
    with pytest.raises(NotFound):
        case_queries.get(actor_of(second), case.public_id)


def test_matches_are_for_the_officers_of_the_cases_own_house_alone() -> None:
    owner = make_member()
    officer, stranger = make_member(Role.SAFETY_OFFICER, owner.organisation), make_member(Role.SAFETY_OFFICER)
    coordinator = make_member(Role.VOLUNTEER_COORDINATOR)
    case = make_case(owner)
    put(case, owner, name="Anders Friis")
    applicant = make_member(Role.VOLUNTEER, coordinator.organisation, name="Anders Friis")
    waiting = dict(db.session.execute(sa.select(Message.recipient_id, Message.kind)).all())
    assert (waiting, watch.tell_new(utc_now()), watch.tell_new(utc_now())) == ({}, 1, 0)
    told = dict(db.session.execute(sa.select(Message.recipient_id, Message.kind)).all())
    assert told == {officer.user_id: MessageKind.SAFETY_ALERT}
    (row,) = watched.list_hits(actor_of(officer))[0]
    assert (row.reference, row.name, row.account) == (case.reference, "Anders Friis", "Anders Friis")
    assert row.organisation == coordinator.organisation.name
    assert watched.list_hits(actor_of(stranger))[0] == []
    with pytest.raises(NotFound):
        watched.get_hit(actor_of(stranger), row.public_id)
    assert applicant.user_id not in told and coordinator.user_id not in told


def test_an_officer_who_is_on_the_list_herself_is_not_told() -> None:
    owner = make_member()
    officer = make_member(Role.SAFETY_OFFICER, owner.organisation, name="Anders Friis")
    case = make_case(owner)
    put(case, owner, name="Anders Friis")
    assert watch.tell_new(utc_now()) == 1
    assert db.session.scalars(sa.select(Message.recipient_id)).all() == []
    assert watched.list_hits(actor_of(officer))[0] == []


def test_the_writer_learns_nothing() -> None:
    """The same row comes back, whether or not he has an account; nothing of a match is in her inbox."""
    owner = make_member()
    make_member(Role.SAFETY_OFFICER, owner.organisation)
    case = make_case(owner)
    register("Anders Friis", EMAIL)
    met, unmet = put(case, owner, email=EMAIL), put(case, owner, email="nobody@example.net")
    assert met.ended_at is unmet.ended_at is None
    assert watch.tell_new(utc_now()) == 1
    told = sa.select(Message.id).where(Message.recipient_id == owner.user_id)
    assert db.session.scalars(told).all() == []


def test_something_must_be_known_of_him() -> None:
    owner = make_member()
    with pytest.raises(Invalid) as refused:
        put(make_case(owner), owner)
    assert refused.value.field == "name"
    with pytest.raises(Invalid) as refused:
        put(make_case(owner), owner, name="Anders Friis", phone="12")
    assert refused.value.field == "phone"


def test_a_telephone_number_alone_meets_nobody_and_is_not_taken_for_a_watch() -> None:
    owner = make_member()
    with pytest.raises(Invalid) as refused:
        put(make_case(owner), owner, phone="20304050")
    assert refused.value.field == "name"
    assert "phone" not in User.__table__.columns and "phone" not in Volunteer.__table__.columns


@pytest.mark.parametrize("role", [Role.INTAKE, Role.GROUP_LEADER, Role.VOLUNTEER_COORDINATOR])
def test_others_put_nobody_on_the_list(role: Role) -> None:
    with pytest.raises(Forbidden):
        put(make_case(), make_member(role), name="Anders Friis")


def make_hit(**known: str) -> tuple[Membership, Membership, Case, WatchHit]:
    """A match that waits: officer, the account's membership, the case."""
    owner = make_member()
    officer = make_member(Role.SAFETY_OFFICER, owner.organisation)
    case = make_case(owner)
    put(case, owner, **(known or {"name": "Anders Friis"}))
    member = make_member(Role.VOLUNTEER, name="Anders Friis")
    return officer, member, case, hits()[0]


def test_another_person_opens_the_case_to_the_account_again() -> None:
    officer, _member, case, hit = make_hit()
    watch.answer(hit, HitState.ANOTHER_PERSON, actor=actor_of(officer), now=utc_now())
    assert blocked(case) == []
    with pytest.raises(NotNow):
        watch.answer(hit, HitState.SAME_PERSON, actor=actor_of(officer), now=utc_now())


def test_another_person_leaves_a_block_that_the_team_set() -> None:
    owner = make_member()
    officer = make_member(Role.SAFETY_OFFICER, owner.organisation)
    case, member = make_case(owner), make_member(Role.VOLUNTEER, name="Anders Friis")
    blocks.keep_out(case, user_id=member.user_id, reason=None, actor=actor_of(owner), now=utc_now())
    put(case, owner, name="Anders Friis")
    watch.answer(hits()[0], HitState.ANOTHER_PERSON, actor=actor_of(officer), now=utc_now() + timedelta(seconds=1))
    assert blocked(case) == [member.user_id]


def test_two_people_on_the_list_of_one_case_are_answered_one_after_the_other() -> None:
    owner = make_member()
    officer = make_member(Role.SAFETY_OFFICER, owner.organisation)
    case = make_case(owner)
    put(case, owner, name="Anders Friis")
    put(case, owner, name="Friis Anders", phone="20304050")
    member = make_member(Role.VOLUNTEER, name="Anders Friis")
    first, second = hits()
    watch.answer(first, HitState.ANOTHER_PERSON, actor=actor_of(officer), now=utc_now())
    assert blocked(case) == [member.user_id]
    watch.answer(second, HitState.ANOTHER_PERSON, actor=actor_of(officer), now=utc_now())
    assert blocked(case) == []


def test_the_same_person_is_cut_off_for_good_also_from_the_team_and_from_tasks() -> None:
    owner = make_member()
    officer = make_member(Role.SAFETY_OFFICER, owner.organisation)
    case = make_case(owner)
    coordinator, member, volunteer = make_pool()
    agree(case, coordinator.organisation_id)
    claims.claim(make_task(coordinator, case_id=case.id), volunteer, actor=actor_of(member), now=utc_now())
    cases.join_team(case.id, member.user_id, actor=actor_of(owner), now=utc_now())
    put(case, owner, name=member.user.name)
    assert blocked(case) == []
    watch.answer(hits()[0], HitState.SAME_PERSON, actor=actor_of(officer), now=utc_now())
    assert blocked(case) == [member.user_id]
    assert db.session.scalar(sa.select(Claim.state)) is ClaimState.WITHDRAWN_BY_STAFF
    seat = sa.select(TeamMember.ended_at).where(TeamMember.user_id == member.user_id)
    assert db.session.scalar(seat) is not None


def test_only_an_officer_answers() -> None:
    _officer, member, _case, hit = make_hit()
    for role in (Role.CONTACT_PERSON, Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR):
        with pytest.raises(Forbidden):
            watch.answer(hit, HitState.SAME_PERSON, actor=actor_of(make_member(role)), now=utc_now())
    with pytest.raises(Forbidden):
        watch.answer(hit, HitState.ANOTHER_PERSON, actor=actor_of(member), now=utc_now())


def test_who_stands_on_the_list_is_not_put_there_twice() -> None:
    owner = make_member()
    case = make_case(owner)
    first = put(case, owner, email=EMAIL)
    assert put(case, owner, email=EMAIL.upper()).id == first.id
    assert put(case, owner, email=EMAIL, name="Anders Friis").id != first.id
    assert put(make_case(owner), owner, email=EMAIL).id != first.id


def test_somebody_is_taken_off_by_the_officer_together_with_the_team() -> None:
    owner = make_member()
    officer = make_member(Role.SAFETY_OFFICER, owner.organisation)
    case = make_case(owner)
    person = put(case, owner, email=EMAIL)
    with pytest.raises(NotNow):
        watch_ending.agree_to_take_off(person, actor=actor_of(owner), now=utc_now())
    with pytest.raises(Forbidden):
        watch_ending.ask_to_take_off(person, actor=actor_of(owner), now=utc_now())
    watch_ending.ask_to_take_off(person, actor=actor_of(officer), now=utc_now())
    told = db.session.scalars(sa.select(Message.recipient_id).where(Message.kind == MessageKind.SECOND_PERSON_NEEDED))
    assert told.all() == [owner.user_id]
    with pytest.raises(Forbidden):
        watch_ending.agree_to_take_off(person, actor=actor_of(officer), now=utc_now())
    watch_ending.agree_to_take_off(person, actor=actor_of(owner), now=utc_now())
    assert watched.list_watched(actor_of(officer))[0] == []
    register("Anders Friis", EMAIL)
    assert db.session.scalars(sa.select(WatchHit.id)).all() == []


def test_nobody_is_taken_off_while_a_match_waits_for_its_answer() -> None:
    owner = make_member()
    officer = make_member(Role.SAFETY_OFFICER, owner.organisation)
    person = put(make_case(owner), owner, email=EMAIL)
    register("Anders Friis", EMAIL)
    assert watch_matches.look_through(now=utc_now()) == 1
    with pytest.raises(NotNow):
        watch_ending.ask_to_take_off(person, actor=actor_of(officer), now=utc_now())
