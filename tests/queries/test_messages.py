"""The inbox: one's own, the newest first, the case's reference only for whoever sees the case."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.core.actor import SYSTEM
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.states import RequestState
from portal.models.organisations import Organisation
from portal.models.users import Membership, User
from portal.queries import messages as message_queries
from portal.services import messages
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.referrals import make_request
from tests.support.counting import Counter

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def tell(member: Membership, number: int, case_id: int | None = None) -> None:
    messages.notify(
        MessageKind.ENROLMENT_CHANGED,
        member.user_id,
        SubjectType.ENROLMENT,
        f"e{number}",
        actor=SYSTEM,
        now=NOW + timedelta(minutes=number),
        case_id=case_id,
        dedupe_key=f"e{number}:{member.user_id}",
    )


def test_the_newest_comes_first_and_pages_go_on_where_they_ended(session: Session) -> None:
    member, other = make_member(now=NOW), make_member(now=NOW)
    for number in range(7):
        tell(member, number)
        tell(other, number)
    seen, cursor = [], None
    for _ in range(3):
        rows, cursor = message_queries.list_mine(actor_of(member), after=cursor, limit=3)
        seen += [row.subject_public_id for row in rows]
    assert seen == [f"e{number}" for number in range(6, -1, -1)]
    assert cursor is None


def test_a_bad_cursor_is_refused(session: Session) -> None:
    with pytest.raises(ValueError):
        message_queries.list_mine(actor_of(make_member(now=NOW)), after="nonsense")


def test_the_reference_is_for_whoever_sees_the_case(session: Session) -> None:
    member = make_member(now=NOW)
    lead = make_member(Role.PROGRAMME_LEAD, member.organisation, now=NOW)
    case = make_case(member, now=NOW)
    tell(member, 1, case.id)
    tell(lead, 2, case.id)
    [own], _ = message_queries.list_mine(actor_of(member))
    [hidden], _ = message_queries.list_mine(actor_of(lead))
    assert (own.reference, own.case_public_id) == (case.reference, case.public_id)
    assert (hidden.reference, hidden.case_public_id) == (None, None)


def test_what_was_read_is_marked_and_can_be_left_out(session: Session) -> None:
    member = make_member(now=NOW)
    actor = actor_of(member)
    for number in range(2):
        tell(member, number)
    first = message_queries.list_mine(actor)[0][0]
    messages.mark_read(first.public_id, actor=actor, now=NOW)
    messages.mark_read(first.public_id, actor=actor, now=NOW + timedelta(hours=1))
    assert message_queries.get_mine(actor, first.public_id).is_read
    assert [row.subject_public_id for row in message_queries.list_mine(actor, only_unread=True)[0]] == ["e0"]
    assert messages.mark_all_read(actor=actor, now=NOW) == 1
    assert messages.mark_all_read(actor=actor, now=NOW) == 0
    assert message_queries.list_mine(actor, only_unread=True)[0] == []


def test_somebody_elses_message_is_not_there(session: Session) -> None:
    member, stranger = make_member(now=NOW), make_member(now=NOW)
    tell(member, 1)
    [row], _ = message_queries.list_mine(actor_of(member))
    with pytest.raises(NotFound):
        message_queries.get_mine(actor_of(stranger), row.public_id)
    with pytest.raises(NotFound):
        messages.mark_read(row.public_id, actor=actor_of(stranger), now=NOW)
    assert not message_queries.get_mine(actor_of(member), row.public_id).is_read


def test_the_inbox_costs_the_same_for_fifty_messages_as_for_one(session: Session, count_queries: Counter) -> None:
    member = make_member(now=NOW)
    actor = actor_of(member)
    costs = []
    for numbers in (range(1), range(1, 50)):
        for number in numbers:
            tell(member, number, make_case(member, now=NOW).id)
        session.flush()
        session.expunge_all()
        member = session.get_one(Membership, actor.membership_id)
        count_queries.start()
        rows, _ = message_queries.list_mine(actor)
        costs.append(count_queries.stop())
        member.user, member.organisation = (
            session.get_one(User, actor.user_id),
            session.get_one(Organisation, actor.organisation_id),
        )
    assert len(rows) == 50
    assert costs == [1, 1]


def test_an_answer_names_its_referral_to_sender_and_receiver_alone(session: Session) -> None:
    made = make_request(RequestState.DECLINED)
    reader = make_member(Role.PROGRAMME_LEAD, made.offer.organisation)
    for member in (made.sender, made.intake, reader):
        messages.notify(
            MessageKind.REFERRAL_ANSWERED,
            member.user_id,
            SubjectType.REFERRAL if member is made.sender else SubjectType.REQUEST,
            made.referral.public_id if member is made.sender else made.request.public_id,
            actor=SYSTEM,
            now=NOW,
            dedupe_key=f"told:{member.user_id}",
        )
    told = [
        next(row.referral for row in message_queries.list_mine(actor_of(member))[0] if row.created_at == NOW)
        for member in (made.sender, made.intake, reader)
    ]
    assert told == [made.referral.reference, made.referral.reference, None]
