"""An answer that was given by a slip: undone within ten minutes, as if it had never been, and nobody is told of it."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Conflict, DomainError, Forbidden, NotNow, Stale
from portal.core.kinds import ContactMode, ContactResult, DeclineReason, EndReason, HerAnswer, MarkReason, TrackKind
from portal.core.messages import MessageKind
from portal.core.states import DeadlineState, EnrolmentState, RequestState
from portal.db import db, transaction
from portal.domain.referrals import UNDONE
from portal.models.audit import AuditEntry
from portal.models.cases import TeamMember
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.furnishing import FurnishingProject
from portal.models.messages import Message
from portal.models.outbox import MailState, OutgoingMail
from portal.models.referrals import RequestEvent, TrackRequest
from portal.queries import messages as inbox
from portal.queries import rail
from portal.queries import requests as queries
from portal.services import cases, mail, messages, notes, request_undo, requests, waiting
from tests.factories.people import actor_of, make_member, make_municipality
from tests.factories.referrals import Made, make_offer, make_ready_case, make_request

S = RequestState
MINUTE = timedelta(minutes=1)
# Those that one is referred to and whose place can be given back.
REFERRED = {
    TrackKind.TRANSITION_SUPPORT,
    TrackKind.GROUP,
    TrackKind.HOUSING,
    TrackKind.CTI,
    TrackKind.ENTITLEMENT,
    TrackKind.VOLUNTEER_NETWORK,
    TrackKind.FURNISHING,
}


def said_no(state: S = S.IN_VISITATION, **made_of: Any) -> Made:
    """A request that stood in a state an hour ago, and has just been declined."""
    made = make_request(state, now=utc_now() - timedelta(hours=1), **made_of)
    requests.decline(
        made.request,
        DeclineReason.CAPACITY,
        "Vi har fuldt.",
        alternative_text="Prøv Qnet.",
        actor=actor_of(made.intake),
        now=utc_now(),
    )
    return made


def said_yes(kind: TrackKind = TrackKind.TRANSITION_SUPPORT, **made_of: Any) -> Made:
    """A request whose place was offered an hour ago, and that has just been accepted; a worker is there."""
    offer = make_offer(kind, **made_of)
    make_member(Role.PROGRAMME_WORKER, offer.organisation)
    sender, then = make_member(), utc_now() - timedelta(hours=1)
    case = make_ready_case(sender, now=then, responsible_municipality_code=make_municipality().code)
    made = make_request(S.OFFERED, offer=offer, sender=sender, case=case, now=then)
    requests.set_her_answer(made.request, HerAnswer.YES, actor=actor_of(made.intake), now=utc_now())
    requests.accept(made.request, actor=actor_of(made.intake), now=utc_now())
    return made


def undo(made: Made, actor: Actor | None = None, *, after: timedelta = MINUTE, version: int | None = None) -> None:
    assert made.request.decided_at is not None
    request = queries.get_by_id(made.request.id)
    request_undo.undo(
        request, actor=actor or actor_of(made.intake), now=made.request.decided_at + after, version=version
    )


def to_do(made: Made) -> set[tuple[DeadlineKind, Any, int | None]]:
    """What stands open about a request: what, by when, whose."""
    rows = db.session.scalars(
        sa.select(Deadline).where(
            Deadline.subject_public_id == made.request.public_id, Deadline.state == DeadlineState.OPEN
        )
    )
    return {(row.kind, row.due_on, row.owner_id) for row in rows}


def facts(made: Made) -> dict[str, Any]:
    """Everything that stands in the row, but when it was changed."""
    made.request = queries.get_by_id(made.request.id)
    names = [column.name for column in TrackRequest.__table__.columns if column.name != "version"]
    return {name: getattr(made.request, name) for name in names}


def course_of(made: Made) -> Enrolment:
    return db.session.scalars(sa.select(Enrolment).where(Enrolment.case_id == made.case.id)).one()


def told(made: Made) -> list[Message]:
    about = sa.select(Message).where(Message.subject_public_id == made.referral.public_id)
    kinds = (MessageKind.REFERRAL_DECLINED, MessageKind.REFERRAL_ACCEPTED)
    return list(db.session.scalars(about.where(Message.kind.in_(kinds))))


@pytest.mark.parametrize("state", [S.IN_VISITATION, S.OFFERED, S.WAITLISTED])
def test_a_no_that_is_undone_leaves_everything_as_it_was(session: Any, state: S) -> None:
    made = make_request(state, now=utc_now() - timedelta(hours=1))
    if state is S.WAITLISTED:
        lead = actor_of(make_member(Role.PROGRAMME_LEAD, made.offer.organisation))
        waiting.put_first(made.request, MarkReason.MOVES_SOON, actor=lead, now=utc_now())
    db.session.flush()
    before, list_before = facts(made), to_do(made)
    assert list_before
    for _twice in range(2):
        requests.decline(
            made.request,
            DeclineReason.CRITERIA,
            "Ikke nu.",
            alternative_text="Qnet.",
            actor=actor_of(made.intake),
            now=utc_now(),
        )
        assert (made.request.state, to_do(made)) == (S.DECLINED, set())
        undo(made)
        assert (facts(made), to_do(made)) == (before, list_before)
    steps = db.session.execute(
        sa.select(RequestEvent.from_state, RequestEvent.to_state, RequestEvent.actor_id, RequestEvent.reason)
        .where(RequestEvent.request_id == made.request.id)
        .order_by(RequestEvent.id.desc())
        .limit(2)
    ).all()
    assert tuple(steps[0]) == (S.DECLINED, state, made.intake.user_id, UNDONE)
    assert tuple(steps[1])[:2] == (state, S.DECLINED)
    lines = sa.select(sa.func.count()).where(AuditEntry.action == Audit.REQUEST_UNDONE)
    assert session.scalar(lines.where(AuditEntry.subject_public_id == made.request.public_id)) == 2


def test_a_yes_that_is_undone_gives_the_place_back(session: Any) -> None:
    made = said_yes()
    course, worker_id = course_of(made), course_of(made).worker_id
    assert worker_id is not None
    undo(made)
    db.session.refresh(course)
    assert (course.state, course.end_reason, course.request_id) == (
        EnrolmentState.NEVER_STARTED,
        EndReason.UNDONE,
        None,
    )
    assert (made.request.state, made.request.her_answer) == (S.OFFERED, HerAnswer.YES)
    on_team = sa.select(TeamMember.ended_at.is_(None)).where(
        TeamMember.case_id == made.case.id, TeamMember.user_id == worker_id
    )
    assert session.scalars(on_team).all() == [False]
    open_rows = sa.select(Deadline).where(
        Deadline.subject_public_id == course.public_id, Deadline.state == DeadlineState.OPEN
    )
    assert session.scalars(open_rows).all() == []
    assert {kind for kind, _due, _owner in to_do(made)} == {DeadlineKind.REFERRAL_OFFER}
    # And it can be given anew.
    again = requests.accept(made.request, actor=actor_of(made.intake), now=utc_now())
    assert (again.state, again.request_id) == (EnrolmentState.PROPOSED, made.request.id)


def test_a_worker_who_was_on_the_team_before_stays_there(session: Any) -> None:
    offer = make_offer(TrackKind.TRANSITION_SUPPORT)
    worker = make_member(Role.PROGRAMME_WORKER, offer.organisation)
    made = make_request(S.OFFERED, offer=offer, now=utc_now() - timedelta(hours=1))
    given = {"actor": actor_of(made.intake), "now": utc_now()}
    cases.join_team(made.case.id, worker.user_id, actor=actor_of(made.sender), now=utc_now() - MINUTE)
    requests.set_her_answer(made.request, HerAnswer.YES, **given)
    requests.accept(made.request, **given)
    undo(made)
    on_team = sa.select(TeamMember.id).where(
        TeamMember.case_id == made.case.id, TeamMember.user_id == worker.user_id, TeamMember.ended_at.is_(None)
    )
    assert len(session.scalars(on_team).all()) == 1


@pytest.mark.parametrize("kind", sorted(REFERRED))
def test_every_kind_of_place_is_given_back(session: Any, kind: TrackKind) -> None:
    made = said_yes(kind)
    undo(made)
    assert (made.request.state, course_of(made).state) == (S.OFFERED, EnrolmentState.NEVER_STARTED)
    assert told(made) == []
    projects = sa.select(sa.func.count()).select_from(FurnishingProject).where(FurnishingProject.state != "cancelled")
    assert session.scalar(projects) == 0


def test_counselling_by_law_is_not_undone_and_so_it_is_told_at_once(session: Any) -> None:
    made = said_yes(TrackKind.COORDINATING_COUNSELLING)
    assert [row.held_until for row in told(made)] == [None]
    with pytest.raises(NotNow, match="for sig selv"):
        undo(made)


def test_nobody_is_told_before_the_ten_minutes_have_gone(session: Any) -> None:
    made = said_no()
    at = made.request.decided_at
    [message] = told(made)
    assert at is not None and message.held_until == at + 10 * MINUTE
    sender = actor_of(made.sender)
    seen = rail.counts(sender, today=local_date(at))["messages"]
    assert message.public_id not in [row.public_id for row in inbox.list_mine(sender)[0]]
    assert messages.mark_all_read(actor=sender, now=at) == seen
    assert made.sender.user_id not in sent_by(at + 10 * MINUTE - timedelta(seconds=1))
    assert sent_by(at + 10 * MINUTE) == [made.sender.user_id]
    # Told at last: the moment that it waited for has come.
    message.held_until = utc_now() - MINUTE
    session.flush()
    assert message.public_id in [row.public_id for row in inbox.list_mine(sender)[0]]
    assert rail.counts(sender, today=local_date(at))["messages"] == 1


def sent_by(moment: datetime) -> list[int]:
    """To whom the sending job sends at that moment."""
    return [lease.recipient_id for lease in iter(lambda: mail.claim(moment), None)]


def test_undoing_calls_back_what_was_held_and_nothing_else(session: Any) -> None:
    made = said_no()
    at = made.request.decided_at
    assert at is not None
    key = told(made)[0].dedupe_key
    messages.notify(
        MessageKind.REFERRAL_INFO_WANTED,
        made.sender.user_id,
        told(made)[0].subject_type,
        made.referral.public_id,
        dedupe_key="other news",
        actor=actor_of(made.intake),
        now=at + MINUTE,
    )
    states = dict(session.execute(sa.select(OutgoingMail.dedupe_key, OutgoingMail.next_try_at)).all())
    assert states["news:other news"] == at + MINUTE, "other news do not wait for what is held"
    undo(made, after=2 * MINUTE)
    assert told(made) == []
    found = dict(session.execute(sa.select(OutgoingMail.dedupe_key, OutgoingMail.state)).all())
    assert (found[f"news:{key}"], found["news:other news"]) == (MailState.CANCELLED, MailState.PENDING)


def test_after_ten_minutes_it_stands(session: Any) -> None:
    made = said_no()
    with pytest.raises(NotNow, match="ti minutter"):
        undo(made, after=10 * MINUTE)
    undo(made, after=10 * MINUTE - timedelta(seconds=1))
    with pytest.raises(NotNow):
        request_undo.undo(queries.get_by_id(made.request.id), actor=actor_of(made.intake), now=utc_now())


def test_what_has_been_told_is_not_undone(session: Any) -> None:
    made = said_no()
    at = made.request.decided_at
    assert at is not None
    session.execute(sa.update(OutgoingMail).values(next_try_at=at))
    while mail.claim(at + MINUTE) is not None:
        pass
    # A worker with a clock that is ahead has begun to send it.
    session.execute(sa.update(OutgoingMail).values(state=MailState.LEASED, attempts=1))
    with pytest.raises(NotNow, match="allerede fået besked"):
        undo(made)
    assert made.request.state is S.DECLINED


def test_it_is_undone_by_whoever_answered_or_by_the_lead_of_the_house(session: Any) -> None:
    made = said_no()
    house = made.offer.organisation
    for role, refused in ((Role.INTAKE, house), (Role.PROGRAMME_LEAD, None), (Role.VOLUNTEER, house)):
        with pytest.raises(Forbidden):
            undo(made, actor_of(make_member(role, refused)))
    with pytest.raises(Forbidden):
        undo(made, actor_of(made.sender))
    undo(made, actor_of(make_member(Role.PROGRAMME_LEAD, house)))
    assert made.request.state is S.IN_VISITATION


def test_an_old_page_undoes_nothing(session: Any) -> None:
    made = said_no()
    version = made.request.version
    undo(made, version=version)
    requests.decline(
        made.request,
        DeclineReason.CAPACITY,
        "Nej.",
        alternative_text="Qnet.",
        actor=actor_of(made.intake),
        now=utc_now(),
    )
    with pytest.raises(Stale):
        undo(made, version=version)


def test_a_course_that_somebody_has_gone_on_with_is_not_taken_back(session: Any) -> None:
    made = said_yes()
    course = course_of(made)
    worker = next(
        one
        for one in db.session.scalars(sa.select(TeamMember).where(TeamMember.user_id == course.worker_id))
        if one.ended_at is None
    )
    actor = Actor(course.worker_id, worker.membership_id, course.organisation_id, Role.PROGRAMME_WORKER)
    notes.log_contact(
        made.case,
        mode=ContactMode.PHONE,
        result=ContactResult.REACHED,
        actor=actor,
        now=utc_now(),
        enrolment_id=course.id,
        enrolment_public_id=course.public_id,
    )
    with pytest.raises(NotNow, match="gået videre"):
        undo(made)
    assert (made.request.state, course.state) == (S.ACCEPTED, EnrolmentState.PROPOSED)


def test_a_course_that_has_begun_is_not_taken_back(session: Any) -> None:
    made = said_yes()
    course = course_of(made)
    course.state, course.started_on = EnrolmentState.ACTIVE, local_date(utc_now())
    session.flush()
    with pytest.raises(NotNow, match="gået videre"):
        undo(made)


def test_a_no_to_an_offered_place_stands_when_somebody_else_has_got_it(session: Any) -> None:
    made = said_no(S.OFFERED, offer=make_offer(capacity=1))
    make_request(S.OFFERED, offer=made.offer, intake=made.intake)
    with pytest.raises(Conflict, match="en anden"):
        undo(made)


def test_a_no_stands_when_she_has_been_referred_there_again(session: Any) -> None:
    made = said_no()
    make_request(S.SUBMITTED, offer=made.offer, sender=made.sender, intake=made.intake, case=made.case)
    with pytest.raises(Conflict):
        undo(made)


def test_of_two_who_undo_at_once_one_does(app: Flask, committed: Any) -> None:
    with transaction():
        made = said_no()
        ids = made.request.id, made.request.decided_at, actor_of(made.intake)
        lead = actor_of(make_member(Role.PROGRAMME_LEAD, made.offer.organisation))
    request_id, at, intake = ids
    barrier, results = threading.Barrier(2), []

    def act(actor: Actor) -> None:
        with app.app_context():
            request = queries.get_by_id(request_id)
            barrier.wait()
            try:
                with transaction():
                    request_undo.undo(request, actor=actor, now=at + MINUTE)
                results.append("undone")
            except DomainError as refusal:
                results.append(type(refusal).__name__)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=act, args=(actor,)) for actor in (intake, lead)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["NotNow", "undone"]
    undone = sa.select(sa.func.count()).where(RequestEvent.request_id == request_id, RequestEvent.reason == UNDONE)
    assert committed.scalar(undone) == 1
