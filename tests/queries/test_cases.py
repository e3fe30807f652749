"""Lists of cases: pages that go on, what is missing, and who may search by what."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.core.clock import local_date
from portal.core.errors import NotFound
from portal.core.kinds import ContactChannel, TrackKind
from portal.core.states import CaseState
from portal.db import db
from portal.domain.cases import Unfinished
from portal.models.cases import Case
from portal.queries import cases as queries
from portal.queries import client_search
from portal.services import cases, closing
from tests.factories.enrolments import make_enrolment
from tests.factories.groups import make_group, make_participant
from tests.factories.people import actor_of, make_case, make_member, make_organisation
from tests.factories.referrals import make_draft, make_offer, make_ready_case

pytestmark = pytest.mark.usefixtures("session")
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
TODAY = local_date(NOW)


def test_the_newest_case_comes_first_and_pages_go_on_where_they_ended() -> None:
    member = make_member(now=NOW)
    made = [make_case(member, now=NOW).public_id for _number in range(5)]
    seen, cursor = [], None
    for _ in range(3):
        rows, cursor = queries.list_mine(actor_of(member), today=TODAY, after=cursor, limit=2)
        seen += [row.public_id for row in rows]
    assert seen == made[::-1]
    assert cursor is None


def test_closed_cases_are_in_a_list_of_their_own() -> None:
    member = make_member(now=NOW)
    open_, closed = make_case(member, now=NOW), make_case(member, now=NOW)
    closing.close_case(closed, Unfinished(), actor=actor_of(member), now=NOW)
    for state, expected in ((CaseState.OPEN, open_), (CaseState.CLOSED, closed)):
        (row,) = queries.list_mine(actor_of(member), today=TODAY, state=state)[0]
        assert (row.public_id, row.is_open) == (expected.public_id, state is CaseState.OPEN)


@pytest.mark.parametrize("missing", queries.Missing)
def test_a_case_that_lacks_something_is_found_by_it(missing: queries.Missing) -> None:
    member = make_member(now=NOW)
    ready, bare = make_ready_case(member, now=NOW), make_case(member, now=NOW)
    cases.plan_move(ready, date(2027, 1, 15), actor=actor_of(member), now=NOW)
    found = [row.public_id for row in queries.list_mine(actor_of(member), today=TODAY, missing=missing)[0]]
    assert found == [bare.public_id]


def test_what_was_asked_long_ago_is_missing_again() -> None:
    member = make_member(now=NOW)
    case = make_case(member, now=NOW)
    cases.set_safe_contact(case, channel=ContactChannel.SMS, actor=actor_of(member), now=NOW)
    for days, lacks in ((0, []), (400, [case.public_id])):
        day = TODAY + timedelta(days=days)
        rows = queries.list_mine(actor_of(member), today=day, missing=queries.Missing.CONTACT)[0]
        assert [row.public_id for row in rows] == lacks


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2026-0001", "reference"),
        (" 2026-0001 ", "reference"),
        ("0101804000", "cpr"),
        ("010180-4000", "cpr"),
        ("20 30 40 50", "phone"),
        ("+4520304050", "phone"),
        ("Amira", "name"),
        ("Amira 1990", "name"),
    ],
)
def test_what_is_looked_for_is_told_by_its_form(text: str, kind: str) -> None:
    assert client_search.search_kind(text) == kind


def test_the_own_team_finds_her_by_reference_name_and_number_and_nobody_else_does() -> None:
    house = make_organisation(may_hold_cpr=True)
    member, colleague = make_member(organisation=house, now=NOW), make_member(organisation=house, now=NOW)
    case = make_case(member, now=NOW, name="Amira Karim")
    cases.set_identity(
        case,
        identity=cases.Identity(name="Amira Karim", cpr="0101804000"),
        allow_invented_cpr=True,
        actor=actor_of(member),
        now=NOW,
    )
    for text in (case.reference, "karim AMIRA", "010180-4000"):
        assert [row.public_id for row in queries.search(actor_of(member), text)] == [case.public_id]
        assert queries.search(actor_of(colleague), text) == []
    assert queries.search(actor_of(member), " . ") == []


def test_a_leader_of_a_group_learns_no_surname_and_no_number_by_guessing() -> None:
    group = make_group()
    course = make_participant(group, name="Amira Karim")
    case = db.session.get_one(Case, course.case_id)
    leader = actor_of(group.leader)
    assert [row.name for row in queries.search(leader, case.reference)] == ["Amira"]
    assert queries.search(leader, "Amira Karim") == []
    assert queries.search(leader, "0101804000") == []


def test_what_is_open_in_a_case_is_counted() -> None:
    worker, course = make_enrolment(TrackKind.CTI)
    assert queries.count_unfinished(course.case_id) == Unfinished(0, 1, 0, 0, 0, 0, 0)
    contact = make_member()
    case = make_ready_case(contact)
    make_draft(contact, make_offer(), case=case)
    unfinished = queries.count_unfinished(case.id)
    assert (unfinished.stays, unfinished.requests, unfinished.is_empty) == (1, 1, False)
    with pytest.raises(NotFound):
        queries.get(actor_of(worker), case.public_id)
