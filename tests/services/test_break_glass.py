"""Emergency access: an hour by the database's clock, three in thirty days, told at once, looked at afterwards."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotFound, NotNow
from portal.core.messages import MessageKind
from portal.core.safety import BreakGlassReason, Verdict
from portal.core.states import CaseState, DeadlineState
from portal.db import db
from portal.domain.disclosure import FieldGroup, Relation
from portal.domain.relations import EMERGENCY_ROLES
from portal.jobs import safety as safety_jobs
from portal.models.access import BreakGlass
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.messages import Message
from portal.models.organisations import Organisation
from portal.models.users import Membership
from portal.queries import case_page, emergencies, visibility
from portal.queries import cases as case_queries
from portal.services import accounts, blocks, break_glass, cases
from tests.factories.people import actor_of, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")
WHY = "Hun ringer og er i fare nu"
TODAY = local_date(utc_now())


def open_for(member: Membership, case: Case | str, why: str = WHY) -> BreakGlass:
    reference = case if isinstance(case, str) else case.reference
    given = {"category": BreakGlassReason.ACUTE_DANGER, "reason": why}
    return break_glass.open_case(reference, actor=actor_of(member), now=utc_now(), **given)


def header(member: Membership, case: Case) -> case_page.Header:
    return case_page.header(actor_of(member), case.public_id, today=TODAY)


def make_pair(role: Role = Role.CONTACT_PERSON) -> tuple[Case, Membership, Membership]:
    """A case, its owner, and a colleague in the same house who does not work on it."""
    owner = make_member()
    return make_case(owner, name="Amira Karim", phone="12345678"), owner, make_member(role, owner.organisation)


def move_back(by: timedelta) -> None:
    """Time passes: the rows move, the clock does not."""
    shift = sa.literal(by, sa.Interval)
    db.session.execute(
        sa.update(BreakGlass)
        .values(started_at=BreakGlass.started_at - shift, ends_at=BreakGlass.ends_at - shift)
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()


def look_at_all(case: Case) -> None:
    """The officer finds all of them justified."""
    owner = db.session.get_one(Organisation, case.owner_organisation_id)
    officer = make_member(Role.SAFETY_OFFICER, owner)
    waiting = db.session.scalars(sa.select(BreakGlass.public_id).where(BreakGlass.reviewed_at.is_(None))).all()
    for public_id in waiting:
        break_glass.review(public_id, verdict=Verdict.JUSTIFIED, remark=None, actor=actor_of(officer), now=utc_now())


@pytest.mark.parametrize(
    "why",
    ["", "   ", "for kort", "a" * 40, "abab abab abab abab abab", "Nitten tegn er lidt", "x" * 19, "ord " * 80],
)
def test_a_reason_says_something_in_twenty_characters(why: str) -> None:
    case, _owner, colleague = make_pair()
    with pytest.raises(Invalid) as refused:
        open_for(colleague, case, why)
    assert refused.value.field == "reason"
    assert db.session.scalars(sa.select(BreakGlass.id)).all() == []


def test_twenty_characters_are_enough_and_nineteen_are_not() -> None:
    case, _owner, colleague = make_pair()
    assert len("Hun er i fare lige n") == 20
    with pytest.raises(Invalid):
        open_for(colleague, case, "Hun er i fare lige  ")
    assert open_for(colleague, case, "Hun er i fare lige n").reason == "Hun er i fare lige n"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM}))
def test_who_may_is_who_works_with_cases(role: Role) -> None:
    case, _owner, colleague = make_pair(role)
    if role in EMERGENCY_ROLES:
        assert open_for(colleague, case).case_id == case.id
    else:
        with pytest.raises(Forbidden):
            open_for(colleague, case)


def test_another_house_a_closed_one_a_blocked_one_and_none_are_the_same_answer() -> None:
    case, owner, colleague = make_pair()
    elsewhere, blocked, closed, erased = make_case(), make_case(owner), make_case(owner), make_case(owner)
    blocks.keep_out(blocked, user_id=colleague.user_id, reason=None, actor=actor_of(owner), now=utc_now())
    db.session.execute(sa.update(Case).where(Case.id == closed.id).values(state=CaseState.CLOSED, closed_at=utc_now()))
    db.session.execute(sa.update(Case).where(Case.id == erased.id).values(erased_at=utc_now()))
    for reference in (elsewhere.reference, blocked.reference, closed.reference, erased.reference, "2026-9999", ""):
        with pytest.raises(NotFound):
            open_for(colleague, reference)
    assert db.session.scalars(sa.select(BreakGlass.id)).all() == []
    assert open_for(colleague, f"  {case.reference} ")


def test_it_shows_the_case_through_the_narrow_lens() -> None:
    case, _owner, colleague = make_pair()
    with pytest.raises(NotFound):
        header(colleague, case)
    opened = open_for(colleague, case)
    shown = header(colleague, case)
    assert (shown.seen.relation, shown.name, shown.emergency_until) == (Relation.BG, "Amira Karim", opened.ends_at)
    assert not shown.seen.editable
    assert not shown.seen.may_reveal(FieldGroup.PERSON_CPR)
    assert not shown.seen.may_reveal(FieldGroup.GRANT_BANK_DETAILS)
    assert shown.seen.may_reveal(FieldGroup.ADDR_EXACT)


def test_with_special_protection_it_shows_no_place() -> None:
    case, owner, colleague = make_pair()
    cases.set_address(case, protection_level=2, actor=actor_of(owner), now=utc_now())
    open_for(colleague, case)
    seen = header(colleague, case).seen
    for group in (FieldGroup.ADDR_EXACT, FieldGroup.HOUSING_UNIT_IDENTITY, FieldGroup.TASK_ADDRESS):
        assert not seen.may_reveal(group) and not seen.shows(group)


def test_it_is_for_reading_and_stands_in_no_list_of_hers() -> None:
    case, _owner, colleague = make_pair()
    open_for(colleague, case)
    actor = actor_of(colleague)
    assert case_queries.list_mine(actor, today=TODAY)[0] == []
    with pytest.raises(NotFound):
        case_queries.get(actor, case.public_id)
    seen = sa.select(Case.id).where(visibility.visible_cases(actor))
    assert db.session.scalars(seen).all() == []


def test_it_ends_after_sixty_minutes_by_the_databases_clock() -> None:
    case, _owner, colleague = make_pair()
    opened = open_for(colleague, case)
    assert opened.ends_at - opened.started_at == timedelta(minutes=60)
    move_back(timedelta(minutes=59))
    assert header(colleague, case)
    move_back(timedelta(minutes=1, seconds=5))
    with pytest.raises(NotFound):
        header(colleague, case)


def test_it_may_be_ended_before_and_by_its_own_person_alone() -> None:
    case, owner, colleague = make_pair()
    open_for(colleague, case)
    for other in (owner, make_member(organisation=owner.organisation)):
        with pytest.raises(NotFound):
            break_glass.end(case.public_id, actor=actor_of(other), now=utc_now())
    break_glass.end(case.public_id, actor=actor_of(colleague), now=utc_now())
    with pytest.raises(NotFound):
        header(colleague, case)
    with pytest.raises(NotFound):
        break_glass.end(case.public_id, actor=actor_of(colleague), now=utc_now())


def test_it_is_open_in_the_role_in_which_it_was_opened() -> None:
    case, owner, colleague = make_pair()
    open_for(colleague, case)
    second = accounts.add_membership(colleague.user, owner.organisation, Role.INTAKE)
    with pytest.raises(NotFound):
        header(second, case)


def test_a_second_time_while_it_lasts_is_the_same_one() -> None:
    case, _owner, colleague = make_pair()
    first, second = open_for(colleague, case), open_for(colleague, case)
    assert first.id == second.id
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BreakGlass)) == 1


def test_three_in_thirty_days_and_not_a_fourth() -> None:
    _case, owner, colleague = make_pair()
    made = [make_case(owner) for _number in range(5)]
    for case in made[:3]:
        open_for(colleague, case)
        look_at_all(case)
    with pytest.raises(Forbidden):
        open_for(colleague, made[3])
    move_back(timedelta(days=29, hours=23))
    with pytest.raises(Forbidden):
        open_for(colleague, made[3])
    move_back(timedelta(hours=2))
    assert open_for(colleague, made[3])


def test_the_quota_is_the_persons_and_not_the_roles() -> None:
    _case, owner, colleague = make_pair()
    for _number in range(3):
        case = make_case(owner)
        open_for(colleague, case)
        look_at_all(case)
    second = accounts.add_membership(colleague.user, owner.organisation, Role.INTAKE)
    with pytest.raises(Forbidden):
        open_for(second, make_case(owner))


def test_one_that_nobody_has_looked_at_for_two_days_suspends_the_right() -> None:
    case, owner, colleague = make_pair()
    open_for(colleague, case)
    assert open_for(colleague, make_case(owner))
    move_back(timedelta(hours=48, minutes=1))
    with pytest.raises(Forbidden):
        open_for(colleague, make_case(owner))
    look_at_all(case)
    assert open_for(colleague, make_case(owner))


def test_after_two_days_the_data_protection_officer_is_told_once() -> None:
    case, owner, colleague = make_pair()
    dpo = make_member(Role.DATA_PROTECTION_OFFICER, owner.organisation)
    elsewhere = make_member(Role.DATA_PROTECTION_OFFICER)
    open_for(colleague, case)
    assert safety_jobs.review_emergencies(utc_now()) == 0
    move_back(timedelta(hours=48, minutes=1))
    for _again in range(2):
        safety_jobs.review_emergencies(utc_now())
    told = list(db.session.scalars(sa.select(Message.recipient_id).where(Message.kind == MessageKind.BREAK_GLASS_USED)))
    assert told.count(dpo.user_id) == 1
    assert elsewhere.user_id not in told


def test_the_primary_and_the_officers_are_told_in_the_same_moment() -> None:
    case, owner, colleague = make_pair()
    officer = make_member(Role.SAFETY_OFFICER, owner.organisation)
    other = make_member(Role.SAFETY_OFFICER)
    opened = open_for(colleague, case)
    told = dict(db.session.execute(sa.select(Message.recipient_id, Message.kind)).all())
    assert told == dict.fromkeys((owner.user_id, officer.user_id), MessageKind.BREAK_GLASS_USED)
    assert other.user_id not in told
    row = db.session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.BREAK_GLASS_REVIEW)).one()
    assert (row.subject_public_id, row.queue_role) == (opened.public_id, Role.SAFETY_OFFICER)
    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.BREAK_GLASS_OPENED)).one()
    assert (line.case_id, line.fields, line.relation) == (case.id, ["acute_danger"], "BG")


def test_looking_at_it_is_another_persons_work_and_done_once() -> None:
    case, owner, _colleague = make_pair()
    officer = make_member(Role.SAFETY_OFFICER, owner.organisation)
    own = accounts.add_membership(officer.user, owner.organisation, Role.CONTACT_PERSON)
    opened = open_for(own, case)
    given = {"verdict": Verdict.NOT_JUSTIFIED, "remark": "Kunne have ventet", "now": utc_now()}
    with pytest.raises(Forbidden):
        break_glass.review(opened.public_id, actor=actor_of(officer), **given)
    with pytest.raises(NotFound):
        break_glass.review(opened.public_id, actor=actor_of(make_member(Role.SAFETY_OFFICER)), **given)
    with pytest.raises(Forbidden):
        break_glass.review(opened.public_id, actor=actor_of(owner), **given)
    second = make_member(Role.SAFETY_OFFICER, owner.organisation)
    break_glass.review(opened.public_id, actor=actor_of(second), **given)
    with pytest.raises(NotNow):
        break_glass.review(opened.public_id, actor=actor_of(second), **given)
    assert (opened.verdict, opened.remark) == (Verdict.NOT_JUSTIFIED, "Kunne have ventet")
    row = db.session.scalars(sa.select(Deadline.state).where(Deadline.kind == DeadlineKind.BREAK_GLASS_REVIEW)).one()
    assert row is DeadlineState.DONE


def test_an_officer_sees_those_of_her_own_house() -> None:
    case, owner, colleague = make_pair()
    open_for(colleague, case)
    officer = make_member(Role.SAFETY_OFFICER, owner.organisation)
    (row,) = emergencies.list_emergencies(actor_of(officer))[0]
    assert (row.reference, row.who, row.is_own, row.verdict) == (case.reference, colleague.user.name, False, None)
    assert emergencies.list_emergencies(actor_of(make_member(Role.SAFETY_OFFICER)))[0] == []
