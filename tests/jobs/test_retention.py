"""Three years of retention: everything goes on its day, nothing before, nothing under a hold; twice is once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.kinds import MeetingKind
from portal.core.messages import MessageKind
from portal.core.rights import RetentionRule, RetentionState
from portal.core.states import CaseState, RequestState
from portal.db import db, transaction
from portal.domain.retention import ENGINE, RULES, Means, due_on
from portal.jobs import retention as job
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.meetings import Meeting
from portal.models.messages import Message
from portal.models.organisations import Organisation
from portal.models.referrals import Referral
from portal.models.retention import RetentionItem
from portal.queries import retention as queries
from portal.services import holds, referrals, retention
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.referrals import make_request
from tests.factories.retention import START, YEARS, Population, at, moment
from tests.support.sizes import size

pytestmark = pytest.mark.usefixtures("session")
CLOSED = date(2027, 3, 10)


def closed_case(**values: Any) -> tuple[Case, Any]:
    member = make_member(now=moment(START))
    case = make_case(member, name="Anna", now=moment(START), **values)
    case.client.address = "Nørregade 12"
    case.state, case.closed_at = CaseState.CLOSED, moment(CLOSED)
    db.session.flush()
    return case, member


def address_of(case: Case) -> str | None:
    return db.session.scalar(
        sa.select(sa.text("address")).select_from(sa.text("client")).where(sa.text(f"id = {case.client_id}"))
    )


def run(day: date) -> int:
    return job.run(at(day))


def walk(first: date, last: date) -> None:
    while first <= last:
        run(first)
        first += timedelta(days=1)


@pytest.mark.soak
def test_over_three_years_everything_goes_on_its_day() -> None:
    made = Population(seed=4711, women=size(8, 40))
    by_day: dict[date, list[Any]] = {}
    for thing in made.things:
        by_day.setdefault(thing.gone_on, []).append(thing)
    last = START + timedelta(days=365 * YEARS + 40)
    every = {START + timedelta(days=number) for number in range((last - START).days)}
    ends = {end for thing in made.things if thing.held for end in thing.held}
    near = {day + timedelta(days=step) for day in by_day for step in (-14, -1, 0)}
    near |= {day + timedelta(days=step) for day in ends for step in (-1, 0)}
    wrong: list[str] = []
    for day in sorted(size(near, near | every)):
        made.set_holds(day)
        run(day)
        made.lift_holds(day)
        wrong += [
            f"{day} gone too early: {one.name}" for one in made.things if one.gone_on > day and not one.is_there()
        ]
        wrong += [f"{day} still there: {one.name}" for one in made.things if one.gone_on <= day and one.is_there()]
    assert not wrong, "\n".join(wrong)
    assert all(one.gone_on < last for one in made.things)


def test_nothing_goes_that_was_not_announced_fourteen_days_before() -> None:
    case, _member = closed_case()
    late = CLOSED + timedelta(days=200)
    run(late)
    assert address_of(case) is not None
    run(late + timedelta(days=13))
    assert address_of(case) is not None
    run(late + timedelta(days=14))
    assert address_of(case) is None


def test_a_second_run_does_nothing() -> None:
    case, _member = closed_case()
    due = CLOSED + timedelta(days=30)
    run(due - timedelta(days=14))
    assert run(due) == 1
    assert run(due) == 0
    assert address_of(case) is None
    done = db.session.scalars(sa.select(RetentionItem.state).where(RetentionItem.rule == RetentionRule.R3)).all()
    assert done == [RetentionState.DONE]


def test_the_place_of_a_talk_before_the_decision_goes_with_hers() -> None:
    begun, due = moment(START), CLOSED + timedelta(days=30)
    made = make_request(RequestState.IN_VISITATION, now=begun)
    about: dict[str, Any] = {"kind": MeetingKind.INTAKE_TALK, "request_id": made.request.id}
    talk = make_meeting(made.intake, ahead=timedelta(days=3), now=begun, place="Café Mandel", **about)
    made.case.state, made.case.closed_at = CaseState.CLOSED, moment(CLOSED)
    db.session.flush()
    place = sa.select(Meeting.place).where(Meeting.id == talk.id)
    run(due - timedelta(days=14))
    assert db.session.scalar(place) == "Café Mandel"
    run(due)
    assert db.session.scalar(place) is None


def act_and_die(item_id: int, day: date) -> None:
    with transaction():
        assert retention.act(item_id, at(day))
        raise KeyboardInterrupt


def test_a_killed_run_is_taken_up_again() -> None:
    case, _member = closed_case()
    due = CLOSED + timedelta(days=30)
    run(due - timedelta(days=14))
    ready = queries.list_ready(due)
    with pytest.raises(KeyboardInterrupt):
        act_and_die(ready[0], due)
    assert address_of(case) is not None
    assert run(due) == 1
    assert address_of(case) is None


def test_one_bad_thing_does_not_stop_the_others() -> None:
    case, member = closed_case()
    due = CLOSED + timedelta(days=30)
    run(due - timedelta(days=14))
    db.session.add(
        RetentionItem(
            rule=RetentionRule.R1, subject_key="track_request:keins:x", organisation_id=member.organisation_id,
            due_on=due - timedelta(days=3), found_at=at(due), told_on=due - timedelta(days=20),
            state=RetentionState.AHEAD,
        )
    )  # fmt: skip
    db.session.flush()
    assert run(due) == 1
    assert address_of(case) is None


def test_the_responsible_are_told_once_and_have_it_on_their_list() -> None:
    _case, member = closed_case()
    officer = make_member(Role.DATA_PROTECTION_OFFICER, db.session.get_one(Organisation, member.organisation_id))
    walk(CLOSED + timedelta(days=14), CLOSED + timedelta(days=18))
    told = db.session.scalars(sa.select(Message).where(Message.kind == MessageKind.RETENTION_AHEAD)).all()
    assert [message.recipient_id for message in told] == [officer.user_id]
    rows = db.session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.RETENTION_RUN)).all()
    assert [(row.due_on, row.queue_role) for row in rows] == [(CLOSED + timedelta(days=30), "data_protection_officer")]


def test_what_was_done_stands_in_the_trail() -> None:
    case, _member = closed_case()
    due = CLOSED + timedelta(days=30)
    run(due - timedelta(days=14))
    run(due)
    lines = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.RETENTION_DONE)).all()
    assert [(line.case_id, line.fields) for line in lines] == [(case.id, ["R3"])]


def test_a_hold_set_between_announcement_and_day_wins() -> None:
    case, member = closed_case()
    officer = make_member(Role.DATA_PROTECTION_OFFICER, db.session.get_one(Organisation, member.organisation_id))
    due = CLOSED + timedelta(days=30)
    run(due - timedelta(days=14))
    ready = due
    hold = holds.set_hold(case, "retssag", actor=actor_of(officer), now=at(due - timedelta(days=1)))
    run(ready)
    assert address_of(case) is not None
    hold.case = case
    holds.lift_hold(hold, "afsluttet", actor=actor_of(officer), now=at(due + timedelta(days=40)))
    walk(due + timedelta(days=40), due + timedelta(days=53))
    db.session.expire_all()
    last_told = db.session.scalars(sa.select(RetentionItem.told_on).where(RetentionItem.rule == RetentionRule.R3)).one()
    run(last_told + timedelta(days=14))
    assert address_of(case) is None


def test_a_case_that_is_opened_again_keeps_what_was_announced() -> None:
    case, _member = closed_case()
    due = CLOSED + timedelta(days=30)
    run(due - timedelta(days=14))
    case = db.session.get_one(Case, case.id)
    case.state, case.closed_at = CaseState.OPEN, None
    db.session.flush()
    run(due)
    assert address_of(case) is not None
    states = db.session.scalars(sa.select(RetentionItem.state).where(RetentionItem.rule == RetentionRule.R3)).all()
    assert states == [RetentionState.VOID]


def test_a_shorter_length_takes_nothing_away_silently() -> None:
    case, member = closed_case()
    house = db.session.get_one(Organisation, member.organisation_id)
    first, second = make_member(Role.DATA_PROTECTION_OFFICER, house), make_member(Role.SAFETY_OFFICER, house)
    today = CLOSED + timedelta(days=25)
    setting = retention.ask_for_length(RetentionRule.R3, 20, actor=actor_of(first), now=at(today))
    run(today)
    with pytest.raises(Forbidden):
        retention.agree_to_length(setting, actor=actor_of(first), now=at(today))
    retention.agree_to_length(setting, actor=actor_of(second), now=at(today))
    run(today)
    assert address_of(case) is not None
    told = db.session.scalars(sa.select(RetentionItem.told_on).where(RetentionItem.rule == RetentionRule.R3)).one()
    walk(today + timedelta(days=1), told + timedelta(days=13))
    assert address_of(case) is not None
    run(told + timedelta(days=14))
    assert address_of(case) is None


def test_a_longer_length_moves_what_was_announced() -> None:
    case, member = closed_case()
    house = db.session.get_one(Organisation, member.organisation_id)
    first, second = make_member(Role.DATA_PROTECTION_OFFICER, house), make_member(Role.SAFETY_OFFICER, house)
    due = CLOSED + timedelta(days=30)
    run(due - timedelta(days=14))
    setting = retention.ask_for_length(RetentionRule.R3, 60, actor=actor_of(first), now=at(due))
    retention.agree_to_length(setting, actor=actor_of(second), now=at(due))
    run(due)
    assert address_of(case) is not None
    run(CLOSED + timedelta(days=60))
    assert address_of(case) is None


@pytest.mark.parametrize("days", [0, 13, -1, 36500, 3654])
def test_a_length_that_nobody_can_mean_is_refused(days: int) -> None:
    officer = make_member(Role.DATA_PROTECTION_OFFICER)
    with pytest.raises(Invalid) as refusal:
        retention.ask_for_length(RetentionRule.R3, days, actor=actor_of(officer), now=at(START))
    assert refusal.value.field == "days"


def test_only_rules_of_the_engine_have_lengths_of_their_own() -> None:
    officer = make_member(Role.DATA_PROTECTION_OFFICER)
    with pytest.raises(Invalid):
        retention.ask_for_length(RetentionRule.R14, 40, actor=actor_of(officer), now=at(START))
    retention.ask_for_length(RetentionRule.R3, 40, actor=actor_of(officer), now=at(START))
    with pytest.raises(NotNow):
        retention.ask_for_length(RetentionRule.R3, 50, actor=actor_of(officer), now=at(START))


def test_every_rule_of_the_engine_has_rows_to_look_at_and_an_act() -> None:
    from portal.services.retention_acts import ACTS

    assert set(ENGINE) == set(queries.SOURCES) == set(ACTS)
    assert set(RULES) == set(RetentionRule)
    assert {rule for rule, said in RULES.items() if said.means is Means.ELSEWHERE} == {
        RetentionRule.R9, RetentionRule.R14,
    }  # fmt: skip
    assert [rule for rule, said in RULES.items() if said.means is Means.COMMAND] == [RetentionRule.R10]


def test_months_are_clamped_to_a_short_month() -> None:
    assert due_on(RetentionRule.R5, date(2026, 2, 28)) == date(2028, 2, 28)
    assert due_on(RetentionRule.R8, date(2026, 8, 31)) == date(2027, 2, 28)


def test_an_empty_draft_goes_after_a_week_and_a_written_one_stays() -> None:
    member = make_member(now=moment(START))
    now = datetime(2027, 5, 3, 9, tzinfo=UTC)
    empty = referrals.start(make_case(member, now=now), actor=actor_of(member), now=now)
    written = referrals.start(make_case(member, now=now), actor=actor_of(member), now=now)
    written.own_words = "ro"
    db.session.flush()
    for days, left in ((6, 2), (7, 1)):
        with transaction():
            retention.sweep_empty_drafts(now + timedelta(days=days))
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Referral)) == left
    assert empty is not written
    assert SYSTEM.user_id is None
    assert local_date(now)
