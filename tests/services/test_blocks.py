"""A block counts from the next statement on, for every role of the person, and is lifted by two."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM, Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import OrganisationKind, Role
from portal.core.errors import Forbidden, Invalid, NotFound, NotNow
from portal.core.kinds import SubjectType, TrackKind
from portal.core.messages import MessageKind
from portal.core.safety import BreakGlassReason, WatchedRelation
from portal.core.states import ClaimState, TaskState
from portal.db import db
from portal.models.access import CaseBlock, WatchedPerson
from portal.models.audit import AuditEntry
from portal.models.cases import Case, TeamMember
from portal.models.deadlines import Deadline
from portal.models.messages import Message
from portal.models.outbox import OutgoingMail
from portal.models.tasks import Claim, Task
from portal.models.users import Membership, User
from portal.queries import case_page, kept_out, own_tasks, safety, visibility
from portal.queries import cases as case_queries
from portal.queries import deadlines as work_list
from portal.queries import messages as message_queries
from portal.queries import tasks as task_queries
from portal.queries import teamless as teamless_queries
from portal.services import (
    accounts,
    blocks,
    break_glass,
    cases,
    claims,
    deadlines,
    messages,
    reminders,
    team,
    teamless,
    watch,
)
from tests.factories.enrolments import make_enrolment
from tests.factories.people import actor_of, agree, make_case, make_member, make_municipality, make_organisation
from tests.factories.tasks import make_pool, make_task

pytestmark = pytest.mark.usefixtures("session")
TODAY = local_date(utc_now())


def block(case: Case, by: Membership, *, user: int | None = None, house: int | None = None) -> None:
    blocks.keep_out(case, user_id=user, organisation_id=house, reason="Hun har bedt om det", actor=actor_of(by),
                    now=utc_now())  # fmt: skip


def sees(actor: Actor, case: Case) -> bool:
    try:
        case_page.header(actor, case.public_id, today=TODAY)
    except NotFound:
        return False
    return True


def live(case: Case) -> list[CaseBlock]:
    return list(
        db.session.scalars(sa.select(CaseBlock).where(CaseBlock.case_id == case.id, CaseBlock.ended_at.is_(None)))
    )


def make_second(case: Case, owner: Membership) -> Membership:
    """A colleague on the team."""
    colleague = make_member(organisation=owner.organisation)
    cases.join_team(case.id, colleague.user_id, actor=actor_of(owner), now=utc_now())
    return colleague


def test_a_block_counts_from_the_next_statement_on() -> None:
    owner = make_member()
    case = make_case(owner)
    second = make_second(case, owner)
    actor = actor_of(second)
    assert sees(actor, case)
    block(case, owner, user=second.user_id)
    assert not sees(actor, case)
    assert case_queries.list_mine(actor, today=TODAY)[0] == []
    with pytest.raises(NotFound):
        case_queries.get(actor, case.public_id)


def test_it_ends_the_seat_on_the_team_so_that_lifting_does_not_bring_it_back() -> None:
    owner = make_member()
    case = make_case(owner)
    second = make_second(case, owner)
    block(case, owner, user=second.user_id)
    seats = sa.select(TeamMember.ended_at).where(TeamMember.case_id == case.id, TeamMember.user_id == second.user_id)
    assert db.session.scalars(seats).one() is not None


def test_every_other_role_of_the_person_is_kept_out_too() -> None:
    owner = make_member()
    case = make_case(owner)
    coordinator, member, volunteer = make_pool()
    agree(case, coordinator.organisation_id)
    task = make_task(coordinator, case_id=case.id)
    works_for = accounts.add_membership(member.user, make_organisation(OrganisationKind.MUNICIPALITY),
                                        Role.MUNICIPAL_ADVISER)  # fmt: skip
    cases.join_team(case.id, member.user_id, actor=actor_of(works_for), now=utc_now())
    assert sees(actor_of(works_for), case)
    assert [card.public_id for card in task_queries.list_open(volunteer)[0]] == [task.public_id]
    block(case, owner, user=member.user_id)
    assert not sees(actor_of(works_for), case)
    assert task_queries.list_open(volunteer)[0] == []


def test_an_organisation_is_kept_out_with_everybody_in_it_now_and_later() -> None:
    owner, house = make_member(), make_organisation(OrganisationKind.MUNICIPALITY)
    case = make_case(owner)
    adviser = make_member(Role.MUNICIPAL_ADVISER, house)
    cases.join_team(case.id, adviser.user_id, actor=actor_of(owner), now=utc_now())
    block(case, owner, house=house.id)
    later = make_member(Role.MUNICIPAL_ADVISER, house)
    cases.join_team(case.id, later.user_id, actor=actor_of(later), now=utc_now())
    assert not sees(actor_of(adviser), case)
    assert not sees(actor_of(later), case)
    assert sees(actor_of(owner), case)


def test_whoever_leaves_the_blocked_organisation_is_no_longer_kept_out_through_it() -> None:
    owner, house = make_member(), make_organisation()
    case = make_case(owner)
    member = make_member(organisation=house)
    block(case, owner, house=house.id)
    now_elsewhere = accounts.add_membership(member.user, make_organisation(), Role.CONTACT_PERSON)
    cases.join_team(case.id, member.user_id, actor=actor_of(now_elsewhere), now=utc_now())
    assert not sees(actor_of(now_elsewhere), case)
    db.session.get_one(Membership, member.id).ended_at = utc_now()
    db.session.flush()
    assert sees(actor_of(now_elsewhere), case)


def test_a_block_beats_an_emergency_that_is_open() -> None:
    owner = make_member()
    case = make_case(owner)
    colleague = make_member(organisation=owner.organisation)
    actor = actor_of(colleague)
    given = {"category": BreakGlassReason.ACUTE_DANGER, "reason": "Hun ringer og er i fare nu", "now": utc_now()}
    break_glass.open_case(case.reference, actor=actor, **given)
    assert sees(actor, case)
    block(case, owner, user=colleague.user_id)
    assert not sees(actor, case)
    with pytest.raises(NotFound):
        break_glass.open_case(case.reference, actor=actor, **given)


def test_a_track_lead_a_coordinator_and_her_courses_are_gone_with_their_house() -> None:
    worker, course = make_enrolment(TrackKind.HOUSING)
    lead = make_member(Role.HOUSING_COORDINATOR, worker.organisation)
    case = db.session.get_one(Case, course.case_id)
    primary = sa.select(TeamMember.membership_id).where(TeamMember.case_id == case.id, TeamMember.is_primary)
    owner = db.session.get_one(Membership, db.session.scalars(primary).one())
    seen = sa.select(Case.id).where(visibility.visible_cases(actor_of(lead)))
    assert db.session.scalars(seen).all() == [case.id]
    block(case, owner, house=worker.organisation_id)
    assert db.session.scalars(seen).all() == []


def test_a_second_time_is_the_same_block() -> None:
    owner = make_member()
    case, other = make_case(owner), make_member()
    for _again in range(2):
        block(case, owner, user=other.user_id)
        block(case, owner, house=other.organisation_id)
    assert len(live(case)) == 2
    lines = sa.select(AuditEntry.id).where(AuditEntry.action == Audit.BLOCK_SET)
    assert len(db.session.scalars(lines).all()) == 2


def test_a_claim_becomes_free_and_the_coordinator_learns_no_more_than_that() -> None:
    owner = make_member()
    case = make_case(owner)
    coordinator, member, volunteer = make_pool()
    agree(case, coordinator.organisation_id)
    task = make_task(coordinator, case_id=case.id)
    claim = claims.claim(task, volunteer, actor=actor_of(member), now=utc_now())
    claims.confirm(claim, actor=actor_of(coordinator), now=utc_now())
    block(case, owner, user=member.user_id)
    assert db.session.scalar(sa.select(Claim.state)) is ClaimState.WITHDRAWN_BY_STAFF
    assert db.session.execute(sa.select(Task.state, Task.taken)).one() == (TaskState.PUBLISHED, 0)
    assert own_tasks.list_mine(actor_of(member)) == []
    told = set(db.session.scalars(sa.select(Message.kind).where(Message.recipient_id == coordinator.user_id)))
    assert told <= {MessageKind.TASK_CLAIMED, MessageKind.TASK_RELEASED}


def test_what_waits_in_the_inbox_about_the_case_is_gone() -> None:
    owner = make_member()
    case = make_case(owner)
    second = make_second(case, owner)
    messages.notify(MessageKind.CONCERN_RAISED, second.user_id, SubjectType.CASE, case.public_id, dedupe_key="x",
                    case_id=case.id, actor=actor_of(owner), now=utc_now())  # fmt: skip
    assert len(message_queries.list_mine(actor_of(second))[0]) == 1
    block(case, owner, user=second.user_id)
    assert message_queries.list_mine(actor_of(second))[0] == []


def test_what_is_due_goes_to_the_one_whom_the_others_ask() -> None:
    owner = make_member()
    case = make_case(owner)
    second = make_second(case, owner)
    deadlines.put_up(DeadlineKind.OTHER, SubjectType.CASE, case.public_id, due_on=TODAY, now=utc_now(),
                     organisation_id=owner.organisation_id, owner_id=second.user_id, case_id=case.id)  # fmt: skip
    block(case, owner, user=second.user_id)
    moved = sa.select(Deadline.owner_id).where(Deadline.kind == DeadlineKind.OTHER)
    assert db.session.scalars(moved).one() == owner.user_id


def test_the_officers_are_told_and_the_blocked_one_is_not() -> None:
    owner = make_member()
    officer = make_member(Role.SAFETY_OFFICER, owner.organisation)
    case, other = make_case(owner), make_member()
    block(case, owner, user=other.user_id)
    kinds = dict(db.session.execute(sa.select(Message.recipient_id, Message.kind)).all())
    assert kinds[officer.user_id] is MessageKind.SAFETY_ALERT
    assert other.user_id not in kinds


def test_the_cases_own_house_is_refused() -> None:
    owner = make_member()
    case = make_case(owner)
    with pytest.raises(Invalid) as refused:
        block(case, owner, house=owner.organisation_id)
    assert refused.value.field == "organisation"
    assert live(case) == []


def test_the_one_whom_the_others_ask_is_refused_also_through_another_house_of_hers() -> None:
    owner = make_member()
    case = make_case(owner)
    second = make_second(case, owner)
    with pytest.raises(Invalid) as refused:
        block(case, second, user=owner.user_id)
    assert refused.value.field == "email"
    elsewhere = make_organisation()
    accounts.add_membership(owner.user, elsewhere, Role.CONTACT_PERSON)
    with pytest.raises(Invalid) as refused:
        block(case, second, house=elsewhere.id)
    assert refused.value.field == "organisation"


@pytest.mark.parametrize("role", [Role.INTAKE, Role.VOLUNTEER_COORDINATOR, Role.ADMINISTRATOR, Role.PROGRAMME_LEAD])
def test_others_set_no_block(role: Role) -> None:
    owner = make_member()
    case = make_case(owner)
    with pytest.raises(Forbidden):
        block(case, make_member(role, owner.organisation), user=make_member().user_id)


def words(
    case: Case, by: Membership, *, email: str | None = None, house: str | None = None, ends_part: bool = False
) -> None:
    given = {"email": email, "organisation": house, "ends_part": ends_part}
    blocks.keep_out_by_words(case, **given, reason=None, actor=actor_of(by), now=utc_now())


def test_an_address_without_an_account_goes_on_the_watch_list_and_the_answer_is_the_same() -> None:
    owner = make_member()
    case, there = make_case(owner), make_member()
    address = db.session.get_one(User, there.user_id).email
    words(case, owner, email=f" {address.upper()} ")
    words(case, owner, email="nobody@example.org")
    assert [row.user_id for row in live(case)] == [there.user_id]
    assert [row.email for row in db.session.scalars(sa.select(WatchedPerson))] == ["nobody@example.org"]


@pytest.mark.parametrize(
    ("email", "house", "field"),
    [
        *((None, None, "email"), ("", "", "email"), ("Anders", None, "email"), (None, "A" * 22, "organisation")),
        ("anders@example.org", "A" * 22, "organisation"),
    ],
)
def test_words_that_name_nobody_are_refused(email: str | None, house: str | None, field: str) -> None:
    owner = make_member()
    case = make_case(owner)
    with pytest.raises(Invalid) as refused:
        words(case, owner, email=email, house=house)
    assert refused.value.field == field


def test_an_organisation_that_works_with_her_is_kept_out_only_on_purpose() -> None:
    worker, course = make_enrolment(TrackKind.CTI)
    case, owner = course.case, _primary(course.case)
    apart, municipality = make_organisation(), make_organisation(OrganisationKind.MUNICIPALITY)
    municipality.municipality_code = case.paying_municipality_code = make_municipality().code
    for house in (worker.organisation, municipality):
        with pytest.raises(Invalid) as refused:
            words(case, owner, house=house.public_id)
        assert refused.value.field == "ends_part"
    words(case, owner, house=apart.public_id)
    assert [row.organisation_id for row in live(case)] == [apart.id]
    words(case, owner, house=worker.organisation.public_id, ends_part=True)
    assert {row.organisation_id for row in live(case)} == {apart.id, worker.organisation_id}


def _primary(case: Case) -> Membership:
    return db.session.scalars(
        sa.select(Membership)
        .join(TeamMember, TeamMember.membership_id == Membership.id)
        .where(TeamMember.case_id == case.id, TeamMember.is_primary)
    ).one()


def make_blocked() -> tuple[Membership, Membership, Membership, CaseBlock]:
    """A case with its owner, a safety officer, somebody kept out, and the block."""
    owner = make_member()
    case, other = make_case(owner), make_member()
    block(case, owner, user=other.user_id)
    return owner, make_member(Role.SAFETY_OFFICER, owner.organisation), other, live(case)[0]


def test_lifting_needs_the_officer_and_somebody_of_the_team() -> None:
    owner, officer, _other, row = make_blocked()
    now = utc_now()
    with pytest.raises(NotNow):
        blocks.agree_to_lift(row, actor=actor_of(owner), now=now)
    with pytest.raises(Forbidden):
        blocks.ask_to_lift(row, actor=actor_of(owner), now=now)
    blocks.ask_to_lift(row, actor=actor_of(officer), now=now)
    with pytest.raises(NotNow):
        blocks.ask_to_lift(row, actor=actor_of(officer), now=now)
    with pytest.raises(Forbidden):
        blocks.agree_to_lift(row, actor=actor_of(officer), now=now)
    told = sa.select(Message.kind).where(Message.recipient_id == owner.user_id)
    assert MessageKind.SECOND_PERSON_NEEDED in db.session.scalars(told).all()
    blocks.agree_to_lift(row, actor=actor_of(owner), now=now)
    assert row.ended_at is not None
    with pytest.raises(NotNow):
        blocks.agree_to_lift(row, actor=actor_of(owner), now=now)


def test_one_person_in_both_roles_is_not_two_people() -> None:
    owner, officer, _other, row = make_blocked()
    case = db.session.get_one(Case, row.case_id)
    also = accounts.add_membership(officer.user, owner.organisation, Role.CONTACT_PERSON)
    team.join_team(case.id, officer.user_id, actor=actor_of(also), now=utc_now())
    blocks.ask_to_lift(row, actor=actor_of(officer), now=utc_now())
    with pytest.raises(Forbidden):
        blocks.agree_to_lift(row, actor=actor_of(also), now=utc_now())


def test_a_lifted_block_may_be_set_again() -> None:
    owner, officer, other, row = make_blocked()
    case = db.session.get_one(Case, row.case_id)
    blocks.ask_to_lift(row, actor=actor_of(officer), now=utc_now())
    blocks.agree_to_lift(row, actor=actor_of(owner), now=utc_now() + timedelta(seconds=1))
    block(case, owner, user=other.user_id)
    assert len(live(case)) == 1


def test_an_officer_sees_the_blocks_of_her_own_house_alone_and_not_those_that_keep_her_out() -> None:
    owner, officer, _other, row = make_blocked()
    stranger = make_member(Role.SAFETY_OFFICER)
    case = db.session.get_one(Case, row.case_id)
    assert [one.reference for one in safety.list_blocks(actor_of(officer))[0]] == [case.reference]
    assert safety.list_blocks(actor_of(stranger))[0] == []
    assert safety.find_own_case(actor_of(stranger), case.reference) is None
    block(case, owner, user=officer.user_id)
    assert safety.list_blocks(actor_of(officer))[0] == []


def test_what_the_watch_list_closed_is_lifted_by_its_answer_and_shown_to_no_team() -> None:
    owner = make_member()
    officer = make_member(Role.SAFETY_OFFICER, owner.organisation)
    case, there = make_case(owner), make_member(name="Anders Friis")
    given = {"relation": WatchedRelation.FORMER_PARTNER, "email": None, "phone": None}
    watch.add(case, name="Anders Friis", actor=actor_of(owner), now=utc_now(), **given)
    (row,) = live(case)
    assert row.user_id == there.user_id
    (seen,) = kept_out.list_kept_out(actor_of(owner), case.id)
    assert (seen.is_watched, seen.email) == (True, None)
    assert [one.is_by_list for one in safety.list_blocks(actor_of(officer))[0]] == [True]
    with pytest.raises(NotNow):
        blocks.ask_to_lift(row, actor=actor_of(officer), now=utc_now())
    # Set by hand as well, it is the team's own, and there is still one.
    block(case, owner, user=there.user_id)
    assert {one.person for one in kept_out.list_kept_out(actor_of(owner), case.id)} == {"Anders Friis", None}
    assert len(live(case)) == 1
    blocks.ask_to_lift(live(case)[0], actor=actor_of(officer), now=utc_now())


def test_nobody_keeps_herself_out() -> None:
    owner = make_member()
    case = make_case(owner)
    second = make_second(case, owner)
    with pytest.raises(Invalid, match="dig selv"):
        block(case, second, user=second.user_id)
    elsewhere = make_member(organisation=make_organisation())
    cases.join_team(case.id, elsewhere.user_id, actor=actor_of(owner), now=utc_now())
    with pytest.raises(Invalid, match="dig selv"):
        block(case, elsewhere, house=elsewhere.organisation_id)
    assert live(case) == []


def test_when_the_owners_last_one_is_kept_out_her_house_is_told_and_gives_the_case_to_somebody() -> None:
    owner = make_member()
    case = make_case(owner)
    house = owner.organisation
    lead, taker = make_member(Role.PROGRAMME_LEAD, house), make_member(organisation=house)
    elsewhere = make_member()
    cases.join_team(case.id, elsewhere.user_id, actor=actor_of(owner), now=utc_now())
    team.hand_over_primary(case, elsewhere.user_id, actor=actor_of(owner), now=utc_now())
    assert teamless_queries.list_own(actor_of(lead)) == []
    block(case, elsewhere, user=owner.user_id)
    told = sa.select(Message.recipient_id).where(Message.kind == MessageKind.CASE_WITHOUT_TEAM)
    assert db.session.scalars(told).all() == [lead.user_id]
    (row,) = teamless_queries.list_own(actor_of(lead))
    teamless.adopt(row.public_id, taker.user.public_id, actor=actor_of(lead), now=utc_now())
    live_seats = sa.select(TeamMember.user_id, TeamMember.is_primary).where(
        TeamMember.case_id == case.id, TeamMember.ended_at.is_(None)
    )
    assert {tuple(row) for row in db.session.execute(live_seats)} == {(elsewhere.user_id, True), (taker.user_id, False)}
    assert teamless_queries.list_own(actor_of(lead)) == []


def test_a_lead_who_is_kept_out_hears_of_no_case_without_a_team() -> None:
    owner, elsewhere = make_member(), make_member()
    case, house = make_case(owner), owner.organisation
    lead, other = (make_member(Role.PROGRAMME_LEAD, house) for _one in range(2))
    taker = make_member(organisation=house)
    cases.join_team(case.id, elsewhere.user_id, actor=actor_of(owner), now=utc_now())
    team.hand_over_primary(case, elsewhere.user_id, actor=actor_of(owner), now=utc_now())
    block(case, elsewhere, user=lead.user_id)
    block(case, elsewhere, user=owner.user_id)
    told = sa.select(Message.recipient_id).where(Message.kind == MessageKind.CASE_WITHOUT_TEAM)
    assert db.session.scalars(told).all() == [other.user_id]
    seen = {one.user_id: work_list.list_mine(actor_of(one), today=TODAY)[0] for one in (lead, other)}
    assert [len(rows) for rows in seen.values()] == [0, 1]
    assert teamless_queries.list_own(actor_of(lead)) == []
    assert not teamless_queries.is_own_case(actor_of(lead), case.public_id)
    with pytest.raises(NotFound):
        teamless.adopt(case.public_id, taker.user.public_id, actor=actor_of(lead), now=utc_now())
    # Nor does somebody get it who is kept out through another house of hers.
    another = accounts.add_membership(taker.user, make_organisation(), Role.CONTACT_PERSON)
    block(case, elsewhere, house=another.organisation_id)
    with pytest.raises(NotFound):
        teamless.adopt(case.public_id, taker.user.public_id, actor=actor_of(other), now=utc_now())


def test_nobody_is_told_by_mail_of_a_case_that_she_is_kept_out_of() -> None:
    owner, other = make_member(), make_member()
    case = make_case(owner)
    block(case, owner, user=other.user_id)
    for member in (other, owner):
        messages.notify(MessageKind.CONCERN_RAISED, member.user_id, SubjectType.CASE, case.public_id, actor=SYSTEM,
                        dedupe_key=f"x{member.id}", case_id=case.id, now=utc_now())  # fmt: skip
    assert db.session.scalars(sa.select(OutgoingMail.recipient_id)).all() == [owner.user_id]
    assert other.user_id not in db.session.scalars(sa.select(Message.recipient_id)).all()


def test_an_officer_who_is_kept_out_has_no_emergency_to_look_at() -> None:
    owner = make_member()
    case, house = make_case(owner), owner.organisation
    kept_away, officer = (make_member(Role.SAFETY_OFFICER, house) for _one in range(2))
    colleague = make_member(organisation=house)
    block(case, owner, user=kept_away.user_id)
    given = {"category": BreakGlassReason.ACUTE_DANGER, "reason": "Hun ringer og er i fare nu", "now": utc_now()}
    break_glass.open_case(case.reference, actor=actor_of(colleague), **given)
    rows = [work_list.list_mine(actor_of(one), today=TODAY)[0] for one in (kept_away, officer)]
    assert [len(found) for found in rows] == [0, 1]
    later = utc_now() + timedelta(days=3)
    due = db.session.scalars(sa.select(Deadline.id).where(Deadline.kind == DeadlineKind.BREAK_GLASS_REVIEW)).one()
    assert reminders.remind(due, actor=SYSTEM, now=later)
    told = sa.select(Message.recipient_id).where(Message.deadline_kind == DeadlineKind.BREAK_GLASS_REVIEW)
    assert db.session.scalars(told).all() == [officer.user_id]


def test_the_owners_last_one_does_not_leave_a_case_to_others() -> None:
    owner = make_member()
    case, elsewhere = make_case(owner), make_member()
    cases.join_team(case.id, elsewhere.user_id, actor=actor_of(owner), now=utc_now())
    team.hand_over_primary(case, elsewhere.user_id, actor=actor_of(owner), now=utc_now())
    with pytest.raises(Invalid):
        team.leave_team(case.id, owner.user_id, actor=actor_of(owner), now=utc_now())
    make_second(case, owner)
    team.leave_team(case.id, owner.user_id, actor=actor_of(owner), now=utc_now())
