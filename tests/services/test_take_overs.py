"""R-786: a course that has begun goes to a colleague when she says yes, and not before."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.courses import NoTakeOver, TakeOverState
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound, NotNow, Stale
from portal.core.kinds import EndReason, TrackKind
from portal.core.messages import MessageKind
from portal.core.states import DeadlineState
from portal.db import db, transaction
from portal.domain.take_overs import answer_due_on
from portal.models.audit import AuditEntry
from portal.models.cases import TeamMember
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.messages import Message
from portal.models.take_overs import TakeOver
from portal.queries import enrolments as enrolment_queries
from portal.queries import take_overs as queries
from portal.services import course_workers, enrolments, take_overs
from tests.factories.enrolments import UNCHECKED, make_enrolment
from tests.factories.people import actor_of, make_member

SUPPORT = TrackKind.TRANSITION_SUPPORT
TOLD = "Hun taler dari, og børnene går i klub. Aftalen om tirsdagen er vigtig for hende."
ROLLED_BACK = pytest.mark.usefixtures("session")


class Story:
    """A course that has begun, whose it is, and a colleague."""

    def __init__(self, *, is_started: bool = True) -> None:
        self.now = utc_now()
        self.worker, self.course = make_enrolment(SUPPORT, is_started=is_started)
        self.colleague = make_member(Role.PROGRAMME_WORKER, self.worker.organisation)
        self.actor, self.taker = actor_of(self.worker), actor_of(self.colleague)

    def give(self, told: str | None = TOLD, **more: Any) -> bool:
        who: Any = {"actor": self.actor, "now": self.now} | more
        return take_overs.give(self.course, self.colleague.user_id, told, **who)

    def asked(self) -> str:
        assert self.give()
        (row,) = queries.list_asked(self.taker)
        return row.public_id

    def due(self, kind: DeadlineKind) -> list[tuple[DeadlineState, int | None]]:
        rows = sa.select(Deadline.state, Deadline.owner_id).where(
            Deadline.kind == kind, Deadline.subject_public_id == self.course.public_id
        )
        return [(state, owner) for state, owner in db.session.execute(rows)]

    def is_on_team(self) -> bool:
        there = sa.exists().where(
            TeamMember.case_id == self.course.case_id,
            TeamMember.user_id == self.colleague.user_id,
            TeamMember.ended_at.is_(None),
        )
        return bool(db.session.scalar(sa.select(there)))


def told(user_id: int) -> list[MessageKind]:
    return list(db.session.scalars(sa.select(Message.kind).where(Message.recipient_id == user_id)))


@ROLLED_BACK
def test_until_she_says_yes_it_stays_whose_it_is_and_both_see_it() -> None:
    story = Story()
    story.asked()
    assert story.course.worker_id == story.worker.user_id
    assert not story.is_on_team()
    with pytest.raises(NotFound):
        enrolment_queries.get(story.taker, story.course.public_id)
    day = answer_due_on(local_date(story.now))
    rows = db.session.scalars(sa.select(Deadline).where(Deadline.kind.in_(take_overs.WAITS))).all()
    assert {(row.kind, row.owner_id, row.due_on) for row in rows} == {
        (DeadlineKind.COURSE_OFFERED, story.colleague.user_id, day),
        (DeadlineKind.COURSE_UNANSWERED, story.worker.user_id, day),
    }
    (row,) = queries.list_asked(story.taker)
    assert (row.hand_over, row.asked_by, row.reference) == (
        TOLD,
        story.worker.user.name,
        story.course.case.lead_reference,
    )
    assert queries.list_asked(story.actor) == []


@ROLLED_BACK
def test_with_her_yes_it_is_hers_with_what_is_due() -> None:
    story = Story()
    enrolments.plan_end(story.course, now=story.now)
    assert take_overs.take(story.asked(), actor=story.taker, now=story.now) == story.course.public_id
    assert story.course.worker_id == story.colleague.user_id
    assert story.is_on_team()
    assert enrolment_queries.get(story.taker, story.course.public_id) is story.course
    open_ = sa.select(Deadline.owner_id).where(
        Deadline.subject_public_id == story.course.public_id, Deadline.state == DeadlineState.OPEN
    )
    assert set(db.session.scalars(open_)) <= {story.colleague.user_id}
    assert [story.due(kind)[0][0] for kind in take_overs.WAITS] == [DeadlineState.DONE] * 2
    assert told(story.worker.user_id).count(MessageKind.ENROLMENT_CHANGED) == 1
    assert queries.list_asked(story.taker) == []


@ROLLED_BACK
@pytest.mark.parametrize("reason", NoTakeOver)
def test_with_her_no_nothing_changes_and_who_asked_is_told(reason: NoTakeOver) -> None:
    story = Story()
    public_id = story.asked()
    take_overs.refuse(public_id, reason, actor=story.taker, now=story.now)
    assert story.course.worker_id == story.worker.user_id
    assert told(story.worker.user_id).count(MessageKind.ENROLMENT_CHANGED) == 1
    tag = sa.select(AuditEntry.reason).where(AuditEntry.action == Audit.TAKE_OVER_REFUSED)
    assert db.session.scalars(tag).all() == [reason.value]
    for again in (
        lambda: take_overs.take(public_id, actor=story.taker, now=story.now),
        lambda: take_overs.refuse(public_id, reason, actor=story.taker, now=story.now),
    ):
        with pytest.raises(NotFound):
            again()
    assert story.give()


@ROLLED_BACK
def test_the_question_is_taken_back_once_and_asked_once() -> None:
    story = Story()
    public_id = story.asked()
    with pytest.raises(Conflict):
        story.give()
    take_overs.call_back(story.course, actor=story.actor, now=story.now)
    with pytest.raises(NotNow):
        take_overs.call_back(story.course, actor=story.actor, now=story.now)
    with pytest.raises(NotFound):
        take_overs.take(public_id, actor=story.taker, now=story.now)
    state = db.session.scalar(sa.select(TakeOver.state))
    assert state is TakeOverState.CALLED_BACK


@ROLLED_BACK
@pytest.mark.parametrize("what", ["nobody has it", "has not begun", "takes it herself"])
def test_what_needs_no_yes_goes_over_at_once(what: str) -> None:
    story = Story(is_started=what != "has not begun")
    if what == "nobody has it":
        story.course.worker_id = None
        db.session.flush()
    if what == "takes it herself":
        story.actor = story.taker
    assert not story.give(None)
    assert story.course.worker_id == story.colleague.user_id
    assert db.session.scalar(sa.select(sa.func.count(TakeOver.id))) == 0


@ROLLED_BACK
def test_refusals_change_nothing() -> None:
    story = Story()
    stranger = make_member(Role.PROGRAMME_WORKER)
    with pytest.raises(Invalid) as empty:
        story.give("  ")
    assert empty.value.field == "hand_over"
    with pytest.raises(Invalid) as nobody:
        take_overs.give(story.course, stranger.user_id, TOLD, actor=story.actor, now=story.now)
    assert nobody.value.field == "worker"
    with pytest.raises(Forbidden):
        story.give(actor=actor_of(stranger))
    with pytest.raises(Stale):
        story.give(version=story.course.version + 1)
    public_id = story.asked()
    for other in (story.actor, actor_of(stranger)):
        with pytest.raises(NotFound):
            take_overs.take(public_id, actor=other, now=story.now)
    with pytest.raises(Forbidden):
        take_overs.call_back(story.course, actor=actor_of(stranger), now=story.now)


@ROLLED_BACK
@pytest.mark.parametrize("what", ["given to somebody else", "ended"])
def test_what_has_become_anothers_or_has_ended_waits_for_no_answer(what: str) -> None:
    story = Story()
    public_id = story.asked()
    if what == "ended":
        enrolments.end_early(
            story.course,
            EndReason.HER_WISH,
            local_date(story.now),
            unchecked=UNCHECKED,
            actor=story.actor,
            now=story.now,
        )
    else:
        third = make_member(Role.PROGRAMME_WORKER, story.worker.organisation)
        course_workers.hand_to(story.course, third.user_id, actor=story.actor, now=story.now)
    assert queries.list_asked(story.taker) == []
    assert all(story.due(kind)[0][0] is not DeadlineState.OPEN for kind in take_overs.WAITS)
    with pytest.raises(NotFound):
        take_overs.take(public_id, actor=story.taker, now=story.now)
    if what != "ended":
        assert story.give(actor=actor_of(third))


def test_of_a_yes_and_a_call_back_at_once_one_counts(app: Flask, committed: Session) -> None:
    with transaction():
        story = Story()
        public_id, course_id = story.asked(), story.course.id

    def act(says_yes: bool) -> bool:
        with app.app_context():
            try:
                with transaction():
                    if says_yes:
                        take_overs.take(public_id, actor=story.taker, now=utc_now())
                    else:
                        course = db.session.get_one(Enrolment, course_id)
                        take_overs.call_back(course, actor=story.actor, now=utc_now())
                return True
            except (NotFound, NotNow):
                return False

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(act, [True, False]))
    assert sorted(done) == [False, True]
    worker_id, state = committed.execute(
        sa.select(Enrolment.worker_id, TakeOver.state).join(TakeOver, TakeOver.enrolment_id == Enrolment.id)
    ).one()
    is_taken = done[0]
    assert state is (TakeOverState.TAKEN if is_taken else TakeOverState.CALLED_BACK)
    assert (worker_id == story.colleague.user_id) is is_taken
