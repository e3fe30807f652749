"""The inbox: one's own messages, opened by a button that marks them as read."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.core.actor import SYSTEM
from portal.core.clock import utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.db import db
from portal.models.users import Membership
from portal.queries import messages as queries
from portal.services import messages
from tests.factories.people import actor_of, make_case, make_member
from tests.support.counting import Counter

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")


def tell(member: Membership, number: int = 0) -> None:
    messages.notify(
        MessageKind.CASE_SHARED,
        member.user_id,
        SubjectType.CASE,
        make_case(member).public_id,
        dedupe_key=f"test:{member.user_id}:{number}",
        actor=SYSTEM,
        now=utc_now(),
    )


def test_opening_a_message_marks_it_and_leads_to_what_it_is_about(as_user: AsUser) -> None:
    member = make_member()
    tell(member)
    browser, row = as_user(member), queries.list_mine(actor_of(member))[0][0]
    answer = browser.post(f"/messages/{row.public_id}/open")
    assert answer.location == f"/cases/{row.subject_public_id}"
    assert queries.list_mine(actor_of(member), only_unread=True)[0] == []
    assert "Du har læst det hele" in browser.get("/messages/?view=unread").get_data(as_text=True)


def test_a_deadline_is_named_in_the_inbox(as_user: AsUser) -> None:
    member = make_member()
    messages.notify(
        MessageKind.DEADLINE_NEAR,
        member.user_id,
        SubjectType.CASE,
        make_case(member).public_id,
        deadline_kind=DeadlineKind.STAY_PLAN,
        dedupe_key="test",
        actor=SYSTEM,
        now=utc_now(),
    )
    assert "Der er snart en frist: Opholdsplan" in as_user(member).get("/messages/").text


def test_somebody_elses_message_does_not_exist(as_user: AsUser) -> None:
    member, other = make_member(), make_member()
    tell(member)
    row = queries.list_mine(actor_of(member))[0][0]
    assert as_user(other).post(f"/messages/{row.public_id}/open").status_code == 404


def test_everything_is_marked_at_once(as_user: AsUser) -> None:
    member = make_member()
    for number in range(3):
        tell(member, number)
    assert as_user(member).post("/messages/read").status_code == 303
    assert queries.list_mine(actor_of(member), only_unread=True)[0] == []


def test_a_cursor_that_nobody_made_is_refused(as_user: AsUser) -> None:
    assert as_user(make_member()).get("/messages/?after=%25%25").status_code == 400


def test_the_inbox_costs_the_same_for_fifty_messages_as_for_one(as_user: AsUser, count_queries: Counter) -> None:
    member = make_member()
    browser, seen = as_user(member), []
    for start, end in ((0, 1), (1, 51)):
        for number in range(start, end):
            tell(member, number)
        db.session.commit()
        count_queries.start()
        browser.get("/messages/")
        seen.append(count_queries.stop())
    assert seen[0] == seen[1] <= 12, count_queries.statements
