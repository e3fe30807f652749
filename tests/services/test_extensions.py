"""More time is asked for with a reason, given by another, and every day that became another one is kept."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineCause, DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotFound, NotNow
from portal.core.kinds import SubjectType
from portal.core.states import DeadlineState, WishState
from portal.models.audit import AuditEntry
from portal.models.deadlines import Deadline, DeadlineChange
from portal.models.organisations import Organisation
from portal.queries import case_deadlines
from portal.services import cases, deadlines, extensions, worklist
from tests.factories.people import actor_of, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")
NOW = utc_now()
TODAY = local_date(NOW)
WHY = "Hun har været indlagt i to uger af de seks"


class Planned:
    """A woman at a centre with her stay plan, her worker, and a lead of the same house."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.worker = make_member()
        self.house = session.get_one(Organisation, self.worker.organisation_id)
        self.lead = make_member(Role.PROGRAMME_LEAD, organisation=self.house)
        self.case = make_case(self.worker)
        cases.record_stay(self.case, admitted_on=TODAY, actor=actor_of(self.worker), now=NOW)

    @property
    def row(self) -> Deadline:
        return self.session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.STAY_PLAN)).one()

    def ask(self, until: date | None = None, why: str = WHY) -> DeadlineChange:
        until = until or self.row.due_on + timedelta(days=7)
        return extensions.ask(self.row, until=until, reason=why, actor=actor_of(self.worker), now=NOW)

    def answer(self, wish: DeadlineChange, *, agrees: bool) -> None:
        extensions.answer(wish, self.row, agrees=agrees, actor=actor_of(self.lead), now=NOW)


@pytest.fixture
def planned(session: Any) -> Planned:
    return Planned(session)


def test_a_lead_gives_the_time_that_was_asked_for(planned: Planned) -> None:
    before = planned.row.due_on
    wish = planned.ask()
    waiting = planned.session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.EXTENSION_WANTED)).one()
    assert (planned.row.due_on, waiting.queue_role, waiting.state) == (before, Role.PROGRAMME_LEAD, DeadlineState.OPEN)
    planned.answer(wish, agrees=True)
    assert planned.row.due_on == before + timedelta(days=7)
    assert (wish.state, wish.answered_by_id, waiting.state) == (
        WishState.AGREED,
        planned.lead.user_id,
        DeadlineState.DONE,
    )
    told = set(planned.session.scalars(sa.select(AuditEntry.action)))
    assert {Audit.DEADLINE_WISHED, Audit.DEADLINE_WISH_ANSWERED} <= told


def test_a_refusal_leaves_the_day_as_it_was(planned: Planned) -> None:
    before, wish = planned.row.due_on, planned.ask()
    planned.answer(wish, agrees=False)
    assert (planned.row.due_on, wish.state) == (before, WishState.REFUSED)
    with pytest.raises(NotNow):
        planned.answer(wish, agrees=True)


@pytest.mark.parametrize("days", [0, 15])
def test_the_new_day_lies_after_the_old_and_within_what_the_clock_allows(planned: Planned, days: int) -> None:
    with pytest.raises(Invalid) as problem:
        planned.ask(planned.row.due_on + timedelta(days=days))
    assert problem.value.field == "until"


def test_a_reason_is_asked_for(planned: Planned) -> None:
    with pytest.raises(Invalid) as problem:
        planned.ask(why="Travlt")
    assert problem.value.field == "reason"


def test_one_wish_at_a_time(planned: Planned) -> None:
    planned.ask()
    with pytest.raises(NotNow):
        planned.ask()


def test_the_day_of_a_law_is_never_asked_to_move(planned: Planned) -> None:
    notice = planned.session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.ADMISSION_NOTICE)).one()
    with pytest.raises(NotNow):
        extensions.ask(
            notice,
            until=notice.due_on + timedelta(days=1),
            reason=WHY,
            actor=actor_of(planned.worker),
            now=NOW,
        )


def test_who_asked_does_not_answer_and_a_worker_never_does(planned: Planned) -> None:
    wish = planned.ask()
    wish.asked_by_id = planned.lead.user_id
    for member in (planned.lead, planned.worker):
        with pytest.raises(Forbidden):
            extensions.answer(wish, planned.row, agrees=True, actor=actor_of(member), now=NOW)


def test_another_houses_lead_finds_no_wish(planned: Planned) -> None:
    wish = planned.ask()
    assert case_deadlines.get_wish(actor_of(planned.lead), wish.public_id)[0] is wish
    with pytest.raises(NotFound):
        case_deadlines.get_wish(actor_of(make_member(Role.PROGRAMME_LEAD)), wish.public_id)


def test_a_corrected_admission_moves_what_follows_and_says_so(planned: Planned) -> None:
    later = NOW + timedelta(minutes=5)
    admitted_on = TODAY - timedelta(days=9)
    cases.correct_admission(
        planned.case, admitted_on=admitted_on, previous_stay_ever=None, actor=actor_of(planned.worker), now=later
    )
    moved = {kind: (before, after) for kind, before, after in case_deadlines.list_moved(planned.case.id, at=later)}
    assert moved[DeadlineKind.STAY_PLAN] == (TODAY + timedelta(days=42), TODAY + timedelta(days=33))
    assert set(moved) == {DeadlineKind.STAY_PLAN, DeadlineKind.ADMISSION_NOTICE}
    assert case_deadlines.list_moved(planned.case.id, at=NOW) == []


def test_what_is_put_up_again_for_the_same_day_has_not_moved(planned: Planned) -> None:
    deadlines.move(DeadlineKind.STAY_PLAN, planned.case.public_id, due_on=planned.row.due_on, now=NOW)
    assert planned.session.scalars(sa.select(DeadlineChange)).all() == []


def test_what_was_called_off_before_begins_anew_and_has_not_moved(planned: Planned) -> None:
    def put_up(due_on: date, at: datetime) -> None:
        deadlines.put_up(
            DeadlineKind.OTHER,
            SubjectType.CASE,
            planned.case.public_id,
            due_on=due_on,
            organisation_id=planned.house.id,
            case_id=planned.case.id,
            now=at,
        )

    put_up(TODAY, NOW)
    deadlines.call_off(planned.case.public_id, kind=DeadlineKind.OTHER, actor=actor_of(planned.worker), now=NOW)
    later = NOW + timedelta(days=3)
    put_up(TODAY + timedelta(days=5), later)
    assert case_deadlines.list_moved(planned.case.id, at=later) == []


def test_what_is_put_off_is_kept_as_that(planned: Planned) -> None:
    deadlines.put_up(
        DeadlineKind.OTHER,
        SubjectType.CASE,
        planned.case.public_id,
        due_on=TODAY,
        organisation_id=planned.house.id,
        owner_id=planned.worker.user_id,
        case_id=planned.case.id,
        now=NOW,
    )
    row = planned.session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.OTHER)).one()
    worklist.put_off(row, days=3, actor=actor_of(planned.worker), now=NOW)
    change = planned.session.scalars(sa.select(DeadlineChange)).one()
    assert (change.cause, change.from_on, change.to_on) == (DeadlineCause.PUT_OFF, TODAY, TODAY + timedelta(days=3))
