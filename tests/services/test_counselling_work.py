"""Answers that are none yet, contacts by area, and what other authorities have promised."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.courses import CounsellingAnswer, CounsellingEnd, OfferWay
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.kinds import ContactMode, ContactResult, NeedArea
from portal.core.states import CaseState, CounsellingState, DeadlineState
from portal.db import db
from portal.models.audit import AuditEvent
from portal.models.cases import Case, Note
from portal.models.counselling import CoordinatingCounselling
from portal.models.deadlines import Deadline
from portal.models.users import Membership
from portal.queries import cases as case_queries
from portal.queries import counselling as queries
from portal.services import closing, counselling
from portal.services import counselling_work as work
from tests.factories.people import actor_of, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")
TODAY = date(2026, 9, 10)
NOW = datetime.combine(TODAY, time(11), UTC)
DAY = timedelta(days=1)
AREAS = [NeedArea.HOUSING, NeedArea.WORK]
TALK = work.Contact(
    TODAY, ContactMode.PHONE, ContactResult.REACHED, [NeedArea.HOUSING, NeedArea.WORK], 30, "Om boligen"
)
PROMISE = work.Promise(NeedArea.WORK, "Jobcenter", "En plan for praktik", TODAY + 14 * DAY)


def offered() -> tuple[Membership, Actor, CoordinatingCounselling]:
    adviser = make_member(Role.MUNICIPAL_ADVISER)
    actor, case = actor_of(adviser), make_case(adviser, now=NOW)
    row = counselling.offer(case.id, offered_on=TODAY, how=OfferWay.LETTER, has_interpreter=True, actor=actor, now=NOW)
    return adviser, actor, row


def due(kind: DeadlineKind) -> list[tuple[date, int | None]]:
    rows = db.session.execute(
        sa.select(Deadline.due_on, Deadline.owner_id).where(Deadline.kind == kind, Deadline.state == DeadlineState.OPEN)
    )
    return [(day, owner) for day, owner in rows]


def written(action: Audit) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(AuditEvent.action == action)) or 0


def test_an_offer_says_how_and_from_where() -> None:
    adviser, _actor, row = offered()
    assert (row.offered_how, row.has_interpreter, row.offered_from_id) == (
        OfferWay.LETTER,
        True,
        adviser.organisation_id,
    )


def test_asking_later_needs_a_day_ahead_and_stands_on_the_work_list() -> None:
    adviser, actor, row = offered()
    for day in (None, TODAY, TODAY - DAY):
        with pytest.raises(Invalid) as refusal:
            counselling.answer(row, CounsellingAnswer.LATER, answered_on=TODAY, ask_again_on=day, actor=actor, now=NOW)
        assert refusal.value.field == "ask_again_on"
    again = TODAY + 7 * DAY
    counselling.answer(row, CounsellingAnswer.LATER, answered_on=TODAY, ask_again_on=again, actor=actor, now=NOW)
    assert row.state is CounsellingState.LATER
    assert due(DeadlineKind.COUNSELLING_ASK_AGAIN) == [(again, adviser.user_id)]
    with pytest.raises(Invalid):
        counselling.answer(row, CounsellingAnswer.YES, answered_on=TODAY, ask_again_on=again, actor=actor, now=NOW)
    counselling.answer(row, CounsellingAnswer.YES, answered_on=TODAY, actor=actor, now=NOW)
    assert (row.ask_again_on, due(DeadlineKind.COUNSELLING_ASK_AGAIN)) == (None, [])


def test_each_attempt_counts_and_a_new_offer_counts_anew() -> None:
    adviser, actor, row = offered()
    for number in (1, 2, 3):
        counselling.answer(row, CounsellingAnswer.NO_ANSWER, answered_on=TODAY, actor=actor, now=NOW)
        assert row.attempts == number
    # A week later, on a weekday: nobody is left lying.
    assert due(DeadlineKind.COUNSELLING_ASK_AGAIN) == [(TODAY + 7 * DAY, adviser.user_id)]
    counselling.offer(row.case_id, offered_on=TODAY, actor=actor, now=NOW)
    assert (row.attempts, row.state) == (0, CounsellingState.OFFERED)


def test_a_contact_has_its_areas_and_stands_in_the_journal() -> None:
    _adviser, actor, row = offered()
    note = work.log_contact(row, TALK, actor=actor, now=NOW)
    assert db.session.scalars(sa.select(Note).where(Note.case_id == row.case_id)).all() == [note]
    (told,) = queries.list_contacts(actor, row, organisation_id=None, reads_all=True)
    assert (told.areas, told.result, told.minutes, told.text) == (
        AREAS,
        ContactResult.REACHED,
        30,
        "Om boligen",
    )
    assert written(Audit.COUNSELLING_CONTACT) == 1


@pytest.mark.parametrize(
    ("field", "contact"),
    [
        ("held_on", work.Contact(TODAY + DAY, ContactMode.PHONE, ContactResult.REACHED)),
        ("minutes", work.Contact(TODAY, ContactMode.PHONE, ContactResult.REACHED, (), 1441)),
        ("minutes", work.Contact(TODAY, ContactMode.PHONE, ContactResult.REACHED, (), -1)),
    ],
)
def test_a_contact_that_cannot_be_is_refused(field: str, contact: work.Contact) -> None:
    _adviser, actor, row = offered()
    with pytest.raises(Invalid) as refusal:
        work.log_contact(row, contact, actor=actor, now=NOW)
    assert refusal.value.field == field
    assert queries.list_contacts(actor, row, organisation_id=None, reads_all=True) == []


def test_what_another_house_wrote_is_read_by_those_alone_who_read_the_whole_journal() -> None:
    adviser, actor, row = offered()
    work.log_contact(row, TALK, actor=actor, now=NOW)
    for reads_all, house, text in (
        (True, 0, "Om boligen"),
        (False, adviser.organisation_id, "Om boligen"),
        (False, 0, None),
    ):
        (told,) = queries.list_contacts(actor, row, organisation_id=house, reads_all=reads_all)
        assert (told.text, told.areas) == (text, AREAS)


@pytest.mark.parametrize("state", [CounsellingState.NOT_OFFERED, CounsellingState.DECLINED, CounsellingState.ENDED])
def test_there_are_no_contacts_before_the_offer_and_after_the_end(state: CounsellingState) -> None:
    _adviser, actor, row = offered()
    row.state = state
    with pytest.raises(NotNow):
        work.log_contact(row, TALK, actor=actor, now=NOW)


def test_a_promise_stands_on_the_adviser_s_list_until_it_is_settled_once() -> None:
    adviser, actor, row = offered()
    promise = work.note_promise(row, PROMISE, actor=actor, now=NOW)
    assert due(DeadlineKind.COUNSELLING_PROMISE) == [(TODAY + 14 * DAY, adviser.user_id)]
    other = work.note_promise(row, PROMISE, actor=actor, now=NOW)
    work.settle_promise(row, promise, is_kept=False, actor=actor, now=NOW)
    assert (promise.settled_on, promise.is_kept) == (TODAY, False)
    assert len(due(DeadlineKind.COUNSELLING_PROMISE)) == 1
    with pytest.raises(NotNow):
        work.settle_promise(row, promise, is_kept=True, actor=actor, now=NOW)
    # The end of the counselling takes no promise away.
    row.state = CounsellingState.STARTED
    counselling.end(row, CounsellingEnd.ESTABLISHED, ended_on=TODAY, actor=actor, now=NOW)
    work.settle_promise(row, other, is_kept=True, actor=actor, now=NOW)
    assert due(DeadlineKind.COUNSELLING_PROMISE) == []
    assert (written(Audit.PROMISE_NOTED), written(Audit.PROMISE_SETTLED)) == (2, 2)


@pytest.mark.parametrize(
    ("field", "promise"),
    [
        ("authority", work.Promise(NeedArea.WORK, " ", "En plan", TODAY)),
        ("promised", work.Promise(NeedArea.WORK, "Jobcenter", " ", TODAY)),
        ("due_on", work.Promise(NeedArea.WORK, "Jobcenter", "En plan", TODAY - DAY)),
    ],
)
def test_a_promise_that_says_nothing_or_is_over_is_refused(field: str, promise: work.Promise) -> None:
    _adviser, actor, row = offered()
    with pytest.raises(Invalid) as refusal:
        work.note_promise(row, promise, actor=actor, now=NOW)
    assert refusal.value.field == field


def test_others_and_closed_cases_are_refused() -> None:
    _adviser, actor, row = offered()
    promise = work.note_promise(row, PROMISE, actor=actor, now=NOW)
    stranger = actor_of(make_member(Role.VOLUNTEER))
    acts = (
        lambda who: work.log_contact(row, TALK, actor=who, now=NOW),
        lambda who: work.note_promise(row, PROMISE, actor=who, now=NOW),
        lambda who: work.settle_promise(row, promise, is_kept=True, actor=who, now=NOW),
    )
    for act in acts:
        with pytest.raises(Forbidden):
            act(stranger)
    case_row = sa.text("UPDATE client_case SET state = :state, closed_at = now() WHERE id = :id")
    db.session.execute(case_row, {"state": CaseState.CLOSED.value, "id": row.case_id})
    db.session.expire_all()
    for act in acts:
        with pytest.raises(NotNow):
            act(actor)


def test_a_counselling_that_has_begun_keeps_the_case_open() -> None:
    _adviser, actor, row = offered()
    case, who = db.session.get_one(Case, row.case_id), {"actor": actor, "now": NOW}
    counselling.answer(row, CounsellingAnswer.YES, answered_on=TODAY, **who)
    assert case_queries.count_unfinished(case.id).is_empty
    counselling.start(row, started_on=TODAY, moved_on=None, **who)
    unfinished = case_queries.count_unfinished(case.id)
    assert unfinished.counselling == 1
    with pytest.raises(NotNow):
        closing.close_case(case, unfinished, **who)
    counselling.end(row, CounsellingEnd.HER_WISH, ended_on=TODAY, **who)
    closing.close_case(case, case_queries.count_unfinished(case.id), **who)
    assert case.state is CaseState.CLOSED
