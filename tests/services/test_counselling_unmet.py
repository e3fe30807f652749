"""Her municipality learns within a night whom it has offered nothing, by the number of the notice, and no more."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from portal.core.deadlines import DeadlineKind
from portal.core.enums import OrganisationKind, Role
from portal.core.states import DeadlineState
from portal.db import db
from portal.jobs import nightly
from portal.models.access import CaseBlock
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.stays import StatutoryNotice
from portal.models.users import Membership
from portal.queries import counselling_unmet as queries
from portal.services import cases, counselling
from tests.factories.people import actor_of, make_case, make_member, make_municipality, make_organisation

pytestmark = pytest.mark.usefixtures("session")
# A Thursday.
LEFT = date(2026, 9, 10)
NOW = datetime.combine(LEFT, time(11), UTC)
NIGHT = datetime.combine(LEFT + timedelta(days=1), time(2, 30), UTC)
DAY = timedelta(days=1)
TODAY = LEFT + DAY


@pytest.fixture
def adviser() -> Membership:
    make_municipality()
    make_municipality("461", "Odense")
    return make_member(
        Role.MUNICIPAL_ADVISER, make_organisation(OrganisationKind.MUNICIPALITY, municipality_code="751")
    )


def leave(contact: Membership, *, name: str | None = "Mona", sent: bool = True) -> Case:
    """She came, and left the centre: the notice of that has been sent, or not."""
    actor, case = actor_of(contact), make_case(contact, now=NOW, name=name)
    case.responsible_municipality_code = "751"
    cases.record_stay(case, admitted_on=LEFT - 60 * DAY, actor=actor, now=NOW)
    cases.end_stay(case, discharged_on=LEFT, actor=actor, now=NOW)
    if sent:
        about_leaving = StatutoryNotice.case_id == case.id, StatutoryNotice.kind == "discharge"
        db.session.scalars(sa.select(StatutoryNotice).where(*about_leaving)).one().sent_on = LEFT
    db.session.flush()
    return case


def numbers(member: Membership) -> list[str]:
    actor = actor_of(member)
    rows, _following = queries.list_unmet(actor, today=TODAY)
    assert queries.count_unmet(actor, today=TODAY) == len(rows)
    return [row.reference for row in rows]


def told() -> list[Deadline]:
    mine = Deadline.queue_role == Role.MUNICIPAL_ADVISER.value
    found = sa.select(Deadline).where(
        Deadline.kind == DeadlineKind.COUNSELLING_MISSED, Deadline.state == DeadlineState.OPEN, mine
    )
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def test_an_adviser_is_told_what_the_notice_told_and_no_more(adviser: Membership) -> None:
    contact = make_member()
    case = leave(contact)
    (row,), following = queries.list_unmet(actor_of(adviser), today=TODAY)
    assert (row.reference, row.left_on, row.told_on, following) == (case.reference, LEFT, LEFT, None)
    assert row.house == contact.organisation.name
    assert set(row.__slots__) == {"reference", "left_on", "told_on", "house"}


def test_the_house_of_whoever_is_anonymous_or_protected_is_not_named(adviser: Membership) -> None:
    leave(make_member(), name=None)
    leave(make_member()).client.protection_level = 1
    db.session.flush()
    rows, _following = queries.list_unmet(actor_of(adviser), today=TODAY)
    assert [row.house for row in rows] == [None, None]


def test_without_a_notice_she_is_a_number_in_the_figures_alone(adviser: Membership) -> None:
    leave(make_member(), sent=False)
    assert numbers(adviser) == []
    assert nightly.miss_offers(NIGHT) == 1
    assert told() == []


def test_nobody_else_is_told(adviser: Membership) -> None:
    case, house = leave(make_member()), adviser.organisation
    other = make_organisation(OrganisationKind.MUNICIPALITY, municipality_code="461")
    for member in (
        make_member(Role.MUNICIPAL_ADVISER, other),
        make_member(Role.PROGRAMME_LEAD, house),
        make_member(Role.INTAKE, house),
        make_member(Role.CONTACT_PERSON),
    ):
        assert numbers(member) == [], member.role
    # Her municipality is another one since: it has got no notice, and the former need not act.
    case.responsible_municipality_code = "461"
    db.session.flush()
    assert numbers(adviser) == numbers(make_member(Role.MUNICIPAL_ADVISER, other)) == []


def test_who_is_kept_out_of_the_case_is_not_told(adviser: Membership) -> None:
    case = leave(make_member())
    by = {"created_at": NOW, "created_by_id": case.opened_by_id}
    colleague = make_member(Role.MUNICIPAL_ADVISER, adviser.organisation)
    db.session.add(CaseBlock(case_id=case.id, user_id=adviser.user_id, **by))
    db.session.flush()
    assert (numbers(adviser), numbers(colleague)) == ([], [case.reference])
    db.session.add(CaseBlock(case_id=case.id, organisation_id=adviser.organisation_id, **by))
    db.session.flush()
    assert numbers(colleague) == []


def test_it_stands_before_the_advisers_within_a_night_once_until_one_of_them_works_in_the_case(
    adviser: Membership,
) -> None:
    case = leave(make_member())
    # One row for whoever works in the case, one for the municipality.
    assert nightly.miss_offers(NIGHT) == 2
    assert nightly.miss_offers(NIGHT) == 0
    (row,) = told()
    assert (row.organisation_id, row.owner_id, row.due_on) == (adviser.organisation_id, None, TODAY)
    cases.join_team(case.id, adviser.user_id, actor=actor_of(adviser), now=NIGHT)
    assert (told(), numbers(adviser)) == ([], [])


def test_an_offer_takes_it_off(adviser: Membership) -> None:
    contact = make_member()
    case = leave(contact)
    nightly.miss_offers(NIGHT)
    counselling.offer(case.id, offered_on=LEFT, actor=actor_of(contact), now=NIGHT)
    assert (told(), numbers(adviser)) == ([], [])


def test_a_municipality_that_need_not_act_any_more_is_rid_of_it_within_a_night(adviser: Membership) -> None:
    case = leave(make_member())
    nightly.miss_offers(NIGHT)
    case.responsible_municipality_code = "461"
    db.session.flush()
    nightly.miss_offers(NIGHT + DAY)
    assert told() == []


def test_the_list_goes_on_after_its_last_row(adviser: Membership) -> None:
    expected = {leave(make_member()).reference for _one in range(3)}
    first, following = queries.list_unmet(actor_of(adviser), today=TODAY, limit=2)
    rest, end = queries.list_unmet(actor_of(adviser), today=TODAY, after=following, limit=2)
    assert ({row.reference for row in (*first, *rest)}, end) == (expected, None)
