"""Nothing goes to her but through the gate; what is stopped stands on the work list, with why."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.kinds import ContactChannel, MeetingKind, PlaceKind, TrackKind
from portal.core.safe_contact import Barred
from portal.core.states import DeadlineState, MeetingState, RequestState
from portal.db import db
from portal.domain.meetings import Repeat, Slot
from portal.domain.safe_contact import CALLS, Unsafe
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.meetings import Meeting
from portal.models.organisations import Organisation
from portal.models.outbox import OutgoingMail
from portal.models.users import Membership
from portal.services import cases, meetings, safe_contact
from tests.factories.meetings import make_meeting
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.referrals import make_offer, make_request

pytestmark = pytest.mark.usefixtures("session")
# A Monday and a moment of it, far from a change of the clocks.
NOW = datetime.fromisoformat("2026-11-23T09:00+00:00")
DAY = timedelta(days=1)


def card(case: Case, member: Membership, now: datetime = NOW, **values: Any) -> None:
    """What she has said: by telephone, on every day, unless otherwise said."""
    cases.set_safe_contact(
        case, **{"channel": ContactChannel.PHONE, "days": "any"} | values, actor=actor_of(member), now=now
    )


def call(member: Membership, case: Case | None, *, ahead: timedelta = DAY, **values: Any) -> Meeting:
    """A call to her, planned by this member."""
    return make_meeting(member, case, now=NOW, ahead=ahead, **{"place_kind": PlaceKind.PHONE} | values)


def stopped(case: Case) -> list[tuple[str, DeadlineState, int | None]]:
    """What stands on the work lists about ways of reaching her: why, whether still, and whose it is."""
    rows = db.session.execute(
        sa.select(Deadline.source_key, Deadline.state, Deadline.owner_id)
        .where(Deadline.kind == DeadlineKind.CONTACT_BLOCKED, Deadline.subject_public_id == case.public_id)
        .order_by(Deadline.id)
    )
    return [(key.rpartition(":")[2], state, owner) for key, state, owner in rows]


def planned() -> int:
    """How many meetings stand in the calendar."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Meeting)) or 0


@pytest.mark.parametrize("place_kind", list(CALLS))
def test_a_call_is_planned_as_she_has_said(place_kind: PlaceKind) -> None:
    member = make_member()
    case = make_case(member)
    card(case, member)
    assert call(member, case, place_kind=place_kind).state is MeetingState.PLANNED
    assert stopped(case) == []


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (None, Barred.NO_CARD),
        ({"days": "none"}, Barred.NONE_FOR_NOW),
        ({"channel": ContactChannel.ONLY_CONTACT_PERSON}, Barred.ONLY_THROUGH),
        ({"channel": ContactChannel.SMS}, Barred.MEANS),
        ({"channel": ContactChannel.LETTER}, Barred.MEANS),
        ({"from_hour": 14, "to_hour": 16}, Barred.HOUR),
        ({"now": NOW - 30 * DAY}, Barred.OUT_OF_DATE),
    ],
)
def test_what_her_card_does_not_let_through_is_not_planned(said: dict[str, Any] | None, why: Barred) -> None:
    member = make_member()
    case = make_case(member)
    if said is not None:
        card(case, member, **said)
    with pytest.raises(Unsafe) as refused:
        call(member, case)
    assert (refused.value.why, refused.value.case_id, planned()) == (why, case.id, 0)


def test_a_meeting_at_a_place_needs_no_card() -> None:
    member = make_member()
    case = make_case(member)
    for place_kind in set(PlaceKind) - set(CALLS):
        make_meeting(member, case, now=NOW, ahead=DAY, place_kind=place_kind)
    assert planned() == len(PlaceKind) - len(CALLS)


def test_a_row_of_calls_is_planned_whole_or_not_at_all() -> None:
    member = make_member()
    case = make_case(member)
    card(case, member, days="weekdays")
    first = Slot(NOW + 4 * DAY, NOW + 4 * DAY + timedelta(minutes=30))
    with pytest.raises(Unsafe) as refused, db.session.begin_nested():
        meetings.plan_series(
            first,
            Repeat.MONTHLY,
            3,
            kind=MeetingKind.TALK,
            place_kind=PlaceKind.PHONE,
            responsible_id=member.user_id,
            organisation_id=member.organisation_id,
            case_id=case.id,
            actor=actor_of(member),
            now=NOW,
        )
    assert (refused.value.why, planned()) == (Barred.DAY, 0), "27 December is a Sunday"


def test_a_call_is_not_moved_to_where_it_is_not_safe() -> None:
    member = make_member()
    case = make_case(member)
    card(case, member, days="weekdays")
    meeting = call(member, case)
    before, saturday = meeting.starts_at, NOW + 5 * DAY
    with pytest.raises(Unsafe) as refused:
        meetings.move(meeting, saturday, saturday + timedelta(hours=1), actor=actor_of(member), now=NOW)
    assert (refused.value.why, meeting.starts_at) == (Barred.DAY, before)


def test_a_talk_before_the_decision_goes_by_her_card_too() -> None:
    made = make_request(RequestState.IN_VISITATION, offer=make_offer(TrackKind.HOUSING))
    now = utc_now()
    case = db.session.get_one(Case, made.request.case_id)
    planning: dict[str, Any] = {"request_id": made.request.id, "step": "motivation", "place_kind": PlaceKind.PHONE}
    with pytest.raises(Unsafe) as refused:
        make_meeting(made.intake, None, now=now, ahead=DAY, **planning)
    assert (refused.value.why, refused.value.case_id) == (Barred.MEANS, case.id), "her card says a message by telephone"


def test_what_was_stopped_stands_on_the_list_of_whoever_wanted_it_once() -> None:
    member = make_member()
    case = make_case(member)
    for _again in range(2):
        safe_contact.stop(Unsafe(Barred.HOUR, case_id=case.id), actor=actor_of(member), now=NOW)
    assert stopped(case) == [("hour", DeadlineState.OPEN, member.user_id)]
    audited = sa.select(AuditEntry.reason).where(AuditEntry.action == Audit.CONTACT_BLOCKED)
    assert set(db.session.scalars(audited)) == {"hour"}


def test_a_new_card_takes_off_the_list_what_was_stopped() -> None:
    member = make_member()
    case = make_case(member)
    safe_contact.stop(Unsafe(Barred.NO_CARD, case_id=case.id), actor=actor_of(member), now=NOW)
    card(case, member)
    assert stopped(case) == [("no_card", DeadlineState.CANCELLED, member.user_id)]
    assert call(member, case).state is MeetingState.PLANNED


def test_a_new_card_looks_again_at_every_call_that_is_planned() -> None:
    member = make_member()
    colleague = make_member(organisation=db.session.get_one(Organisation, member.organisation_id))
    case = make_case(member)
    card(case, member)
    call(member, case)
    late = make_meeting(colleague, case, now=NOW, ahead=DAY + timedelta(hours=8), place_kind=PlaceKind.PHONE)
    cases.set_safe_contact(
        case,
        channel=ContactChannel.PHONE,
        days="any",
        from_hour=8,
        to_hour=16,
        actor=actor_of(member),
        now=NOW + timedelta(hours=1),
    )
    assert stopped(case) == [("hour", DeadlineState.OPEN, colleague.user_id)], "only the call that does not pass"
    assert late.state is MeetingState.PLANNED, "whoever holds it decides; nothing is dropped in silence"


def test_mail_goes_to_those_who_work_here_and_never_to_her() -> None:
    (owner,) = OutgoingMail.__table__.c.recipient_id.foreign_keys
    assert owner.target_fullname == "user_account.id"
