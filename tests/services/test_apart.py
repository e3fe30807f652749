"""What a team says of whom she must not meet: said, asked of another team, answered, renewed and taken away."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import add_months, local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotFound, NotNow
from portal.core.safety import ApartAnswer, ApartState, PlacementPath
from portal.core.states import CaseState, DeadlineState
from portal.db import db
from portal.domain.apart import MOST_ASKED
from portal.jobs import safety as jobs
from portal.models.apart import ApartQuestion, KeepApart
from portal.models.audit import AuditEntry
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.users import Membership
from portal.queries import apart as queries
from portal.queries import pace
from portal.services import apart
from portal.services.apart import Kept
from tests.conftest import Counter
from tests.factories.people import actor_of, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")
UNKNOWN = "ZZZ-9999"


def by(member: Membership) -> dict[str, Any]:
    return {"actor": actor_of(member), "now": utc_now()}


def open_rows(kind: DeadlineKind, case: Case) -> list[Deadline]:
    wanted = sa.select(Deadline).where(
        Deadline.kind == kind, Deadline.case_id == case.id, Deadline.state == DeadlineState.OPEN
    )
    return list(db.session.scalars(wanted))


def lines(case: Case) -> list[tuple[str, str | None, list[str]]]:
    rows = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.case_id == case.id).order_by(AuditEntry.id))
    return [(row.action, row.reason, list(row.fields or ())) for row in rows if row.action.startswith("keep_apart:")]


def another(member: Membership | None = None) -> tuple[Membership, Case]:
    member = member or make_member()
    return member, make_case(member)


def test_a_case_of_ones_own_counts_at_once_and_stands_to_be_looked_at_again() -> None:
    member, case = another()
    _same, other = another(member)
    typed = f" {other.reference.lower()} "
    flag = apart.from_case(case, typed, Kept("Kender hinanden fra før"), **by(member))
    assert (flag.state, flag.other_case_id, flag.named) == (ApartState.IN_FORCE, other.id, other.reference)
    (row,) = open_rows(DeadlineKind.APART_REVIEW, case)
    assert (row.due_on, row.owner_id) == (add_months(local_date(utc_now()), 6), member.user_id)
    assert lines(case) == [("keep_apart:set", None, [])]
    assert lines(other) == []
    with pytest.raises(Invalid) as refused:
        apart.from_case(case, case.reference, Kept(), **by(member))
    assert refused.value.field == "reference"


def test_a_number_that_she_does_not_see_is_answered_alike_whether_or_not_there_is_one(count_queries: Counter) -> None:
    member, case = another()
    _stranger, other = another()
    apart.from_case(case, "ZZZ-0001", Kept(), **by(member))
    found, flags = [], []
    for number in (UNKNOWN, other.reference):
        count_queries.start()
        flags.append(apart.from_case(case, number, Kept(), **by(member)))
        found.append(count_queries.stop())
    assert found[0] == found[1]
    assert [(flag.state, flag.other_case_id) for flag in flags] == [(ApartState.ASKED, None)] * 2
    assert lines(case) == [("keep_apart:set", None, [])] * 3
    assert lines(other) == []


def test_the_job_asks_the_team_that_there_is_once() -> None:
    member, case = another()
    stranger, other = another()
    flags = [apart.from_case(case, number, Kept(), **by(member)) for number in (UNKNOWN, other.reference)]
    db.session.commit()
    assert (jobs.ask_apart(utc_now()), jobs.ask_apart(utc_now())) == (1, 0)
    db.session.expire_all()
    assert all(flag.looked_at is not None for flag in flags)
    question = db.session.scalars(sa.select(ApartQuestion)).one()
    assert (question.case_id, question.flag_id, question.path) == (other.id, flags[1].id, PlacementPath.PAIR)
    assert [row.owner_id for row in open_rows(DeadlineKind.APART_QUESTION, other)] == [stranger.user_id]
    # Her own page looks the same for both.
    rows = queries.list_flags(actor_of(member), case)
    assert {(row.state, row.note, row.areas) for row in rows} == {(ApartState.ASKED, None, None)}


@pytest.mark.parametrize("said", list(ApartAnswer))
def test_only_the_other_teams_yes_brings_it_into_force(said: ApartAnswer) -> None:
    member, case = another()
    stranger, other = another()
    flag = apart.from_case(case, other.reference, Kept(), **by(member))
    apart.look_for(now=utc_now())
    question = db.session.scalars(sa.select(ApartQuestion)).one()
    apart.answer(question, other, said, **by(stranger))
    db.session.expire_all()
    is_yes = said is ApartAnswer.GO_AHEAD
    assert flag.state is (ApartState.IN_FORCE if is_yes else ApartState.ASKED)
    assert flag.other_case_id == (other.id if is_yes else None)
    assert open_rows(DeadlineKind.APART_QUESTION, other) == []
    assert ("keep_apart:answered", None, []) in lines(other)
    if is_yes:
        apart.answer(question, other, ApartAnswer.NO, **by(stranger))
        db.session.expire_all()
        assert (flag.state, flag.other_case_id) == (ApartState.ASKED, None)
    with pytest.raises(NotNow):
        apart.answer(question, other, ApartAnswer.GO_AHEAD, **by(stranger))


def test_an_address_is_answered_alike_whether_or_not_anybody_signs_in_with_it(count_queries: Counter) -> None:
    member, case = another()
    known = make_member().user.email
    apart.from_person(case, "en@example.net", Kept(), **by(member))
    found = []
    for email in (known.upper(), "ingen@example.net"):
        count_queries.start()
        flag = apart.from_person(case, email, Kept(), **by(member))
        found.append((flag.state, flag.named == email, count_queries.stop()))
    assert found[0] == found[1]
    keys = list(db.session.scalars(sa.select(KeepApart.user_id).order_by(KeepApart.id)))
    assert [key is not None for key in keys] == [False, True, False]
    assert lines(case) == [("keep_apart:set", None, ["email"])] * 3


def test_addresses_count_among_those_whom_one_person_may_name_in_a_day() -> None:
    member, case = another()
    before = pace.compared_since(member.user_id, utc_now() - timedelta(hours=1))
    apart.from_person(case, "en@example.net", Kept(), **by(member))
    assert pace.compared_since(member.user_id, utc_now() - timedelta(hours=1)) == before + 1


@pytest.mark.parametrize("email", ["ingen", ""])
def test_what_is_no_address_is_refused_beside_the_field(email: str) -> None:
    member, case = another()
    with pytest.raises(Invalid) as refused:
        apart.from_person(case, email, Kept(), **by(member))
    assert refused.value.field == "email"


def test_nobody_keeps_herself_apart_by_her_own_address() -> None:
    member, case = another()
    with pytest.raises(Invalid) as refused:
        apart.from_person(case, member.user.email, Kept(), **by(member))
    assert refused.value.field == "email"


def test_the_note_is_the_own_teams_and_goes_when_it_ends() -> None:
    member, case = another()
    guest = make_member(Role.MUNICIPAL_ADVISER)
    flag = apart.from_areas(case, "2400", Kept("Bor i Skovby"), **by(member))
    assert [row.note for row in queries.list_flags(actor_of(member), case)] == ["Bor i Skovby"]
    assert [row.note for row in queries.list_flags(actor_of(guest), case)] == [None]
    apart.end(flag, case, **by(member))
    assert (flag.state, flag.note, flag.ended_by_id) == (ApartState.ENDED, None, member.user_id)
    assert open_rows(DeadlineKind.APART_REVIEW, case) == []
    assert queries.list_flags(actor_of(member), case) == []
    assert [line[0] for line in lines(case)] == ["keep_apart:set", "keep_apart:ended"]
    with pytest.raises(NotFound):
        queries.get_flag(case, flag.public_id)


def test_it_stays_until_somebody_takes_it_away_and_is_looked_at_again() -> None:
    member, case = another()
    soon = local_date(utc_now()) + timedelta(days=3)
    flag = apart.from_areas(case, "2400", Kept(review_on=soon), **by(member))
    assert [row.due_on for row in open_rows(DeadlineKind.APART_REVIEW, case)] == [soon]
    apart.renew(flag, case, **by(member))
    (row,) = open_rows(DeadlineKind.APART_REVIEW, case)
    assert row.due_on == flag.review_on == add_months(local_date(utc_now()), 6)
    assert [line[0] for line in lines(case)] == ["keep_apart:set", "keep_apart:renewed"]


def test_so_many_numbers_wait_and_no_more() -> None:
    member, case = another()
    for number in range(MOST_ASKED):
        apart.from_case(case, f"ZZZ-{number:04}", Kept(), **by(member))
    with pytest.raises(Invalid) as refused:
        apart.from_case(case, UNKNOWN, Kept(), **by(member))
    assert refused.value.field == "reference"
    _same, other = another(member)
    assert apart.from_case(case, other.reference, Kept(), **by(member)).state is ApartState.IN_FORCE


def test_who_may_not_and_when_it_is_too_late() -> None:
    member, case = another()
    flag = apart.from_areas(case, "2400", Kept(), **by(member))
    volunteer = make_member(Role.VOLUNTEER)
    with pytest.raises(Forbidden):
        apart.from_areas(case, "2500", Kept(), **by(volunteer))
    with pytest.raises(Forbidden):
        apart.end(flag, case, **by(volunteer))
    case.state, case.closed_at = CaseState.CLOSED, utc_now()
    db.session.flush()
    with pytest.raises(NotNow):
        apart.from_areas(case, "2500", Kept(), **by(member))
    with pytest.raises(NotNow):
        apart.renew(flag, case, **by(member))
    assert flag.state is ApartState.IN_FORCE


def test_nothing_is_asked_of_a_closed_case() -> None:
    member, case = another()
    _stranger, other = another()
    apart.from_case(case, other.reference, Kept(), **by(member))
    other.state, other.closed_at = CaseState.CLOSED, utc_now()
    db.session.flush()
    assert apart.look_for(now=utc_now()) == 0
