"""Looks gathered by person and day: what may be gathered, what stands alone, and pages that lose and repeat nothing."""

from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit, Outcome
from portal.core.clock import at_local, end_of_local_day, start_of_local_day
from portal.core.enums import Role
from portal.core.kinds import SubjectType
from portal.core.pages import Page
from portal.db import db
from portal.domain.disclosure import Relation
from portal.models.audit import AuditEvent
from portal.models.cases import Case
from portal.models.users import Membership
from portal.queries import look_groups, looks
from portal.queries.look_groups import Look
from portal.services import accounts, audit
from tests.factories.people import actor_of, make_case, make_member, make_organisation

pytestmark = pytest.mark.usefixtures("session")
DAY = date(2026, 10, 20)
SPAN = {"since": start_of_local_day(date(2026, 1, 1)), "until": end_of_local_day(DAY)}


def at(hour: int, minute: int = 0, *, day: date = DAY) -> datetime:
    return at_local(day, time(hour, minute))


def look(
    member: Membership, case: Case, when: datetime, page: Page = Page.CASE, relation: Relation = Relation.CT
) -> None:
    audit.record_view(actor=actor_of(member), case_id=case.id, relation=relation, page=page, now=when)
    db.session.flush()


def reveal(member: Membership, case: Case, when: datetime) -> None:
    told = {"actor": actor_of(member), "now": when, "case_id": case.id, "relation": Relation.CT}
    audit.record(Audit.ADDRESS_REVEALED, SubjectType.CASE, case.public_id, reason="She asked me to.", **told)
    db.session.flush()


def rows_of(case: Case) -> list[Look]:
    return looks.list_looks(case.id, **SPAN)[0]


def test_a_day_of_one_person_is_one_row_with_pages_times_and_first_and_last() -> None:
    member = make_member(name="Maja Holm")
    case = make_case(member)
    for hour, page in ((9, Page.CASE), (10, Page.JOURNAL), (11, Page.CASE), (14, Page.COURSE)):
        look(member, case, at(hour), page)
    look(member, case, at(9, day=DAY - timedelta(days=1)))
    today, yesterday = rows_of(case)
    assert (today.who, today.on, today.times) == ("Maja Holm", DAY, 4)
    assert today.pages == [Page.CASE, Page.JOURNAL, Page.COURSE]
    assert (today.first_at, today.last_at) == (at(9), at(14))
    assert (yesterday.on, yesterday.times) == (DAY - timedelta(days=1), 1)


def test_a_day_is_a_danish_day() -> None:
    member = make_member()
    case = make_case(member)
    look(member, case, at(23, 50, day=DAY - timedelta(days=1)))
    look(member, case, at(0, 10))
    assert [row.on for row in rows_of(case)] == [DAY, DAY - timedelta(days=1)]


def test_an_opened_value_never_hides_among_other_looks() -> None:
    member = make_member()
    case = make_case(member)
    look(member, case, at(9))
    reveal(member, case, at(10))
    reveal(member, case, at(11))
    look(member, case, at(12))
    rows = rows_of(case)
    assert [(row.action, row.times, row.reason) for row in rows] == [
        (Audit.ADDRESS_REVEALED, 1, "She asked me to."),
        (Audit.ADDRESS_REVEALED, 1, "She asked me to."),
        (None, 2, None),
    ]


def test_an_emergency_another_relation_role_and_organisation_have_rows_of_their_own() -> None:
    member = make_member()
    case = make_case(member)
    other_role = accounts.add_membership(member.user, member.organisation, Role.INTAKE)
    elsewhere = accounts.add_membership(member.user, make_organisation(), Role.CONTACT_PERSON)
    for somebody, relation in (
        (member, Relation.CT),
        (member, Relation.BG),
        (member, Relation.CN),
        (other_role, Relation.CT),
        (elsewhere, Relation.CT),
    ):
        for hour in (9, 10):
            look(somebody, case, at(hour), relation=relation)
    rows = rows_of(case)
    assert [row.times for row in rows] == [2] * 5
    assert [row.relation for row in rows if row.is_emergency] == [Relation.BG]
    assert [row.relation for row in rows if row.is_outside] == [Relation.CN, Relation.BG]
    assert [row.organisation_id for row in rows if row.organisation_id != member.organisation_id] == [
        elsewhere.organisation_id
    ]


def test_pages_follow_each_other_without_a_gap_and_somebody_who_looks_again_stays_where_she_stood() -> None:
    case = make_case(make_member())
    people = [make_member(name=f"Person {number}") for number in range(3)]
    for days in range(3):
        for number, member in enumerate(people):
            look(member, case, at(9 + number, day=DAY - timedelta(days=days)))
    whole = [(row.on, row.who) for row in rows_of(case)]
    assert len(whole) == 9
    seen, after = [], None
    for _page in range(6):
        rows, after = looks.list_looks(case.id, **SPAN, after=after, limit=2)
        seen += [(row.on, row.who) for row in rows]
        look(people[0], case, at(18))
        if after is None:
            break
    assert seen == whole


def test_a_long_trail_is_gathered_in_whole_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look_groups, "LINES", 4)
    member = make_member()
    case = make_case(member)
    for days in (5, 4, 0):
        for hour in (8, 9, 10):
            look(member, case, at(hour, day=DAY - timedelta(days=days)))
    seen, after = [], None
    for _page in range(5):
        rows, after = looks.list_looks(case.id, **SPAN, after=after)
        seen += [(row.on, row.times) for row in rows]
        if after is None:
            break
    assert seen == [(DAY - timedelta(days=days), 3) for days in (0, 4, 5)]


@pytest.mark.parametrize("bad", ["nonsense", "WzEsMl0"])
def test_a_cursor_of_another_list_is_refused(bad: str) -> None:
    with pytest.raises(ValueError):
        looks.list_looks(1, **SPAN, after=bad)


def test_the_list_is_narrowed_to_a_person_a_role_or_an_organisation_that_has_looked() -> None:
    member, other = make_member(name="Maja Holm"), make_member(Role.INTAKE, name="Åse Ibsen")
    case = make_case(member)
    look(member, case, at(9))
    look(other, case, at(10), relation=Relation.BG)
    lookers = looks.list_lookers(case.id)
    assert [one.name for one in lookers] == ["Maja Holm", "Åse Ibsen"]
    for asked in (lookers[1].user, lookers[1].organisation_public_id, Role.INTAKE.value):
        only = looks.narrow(lookers, asked)
        assert [row.who for row in looks.list_looks(case.id, only, **SPAN)[0]] == ["Åse Ibsen"]
    assert looks.narrow(lookers, make_member().user.public_id) is None


def test_a_refused_look_of_a_page_stands_alone() -> None:
    member = make_member()
    case = make_case(member)
    look(member, case, at(9))
    denied = {"actor": actor_of(member), "now": at(10), "case_id": case.id, "outcome": Outcome.DENIED}
    audit.record(Audit.ACCESS_DENIED, SubjectType.CASE, case.public_id, **denied)
    db.session.flush()
    conditions = sa.and_(AuditEvent.case_id == case.id, AuditEvent.actor_id.is_not(None))
    rows, _after = look_groups.list_groups(conditions, **SPAN, after=None)
    assert {row.outcome for row in rows} == {Outcome.ALLOWED, Outcome.DENIED}
