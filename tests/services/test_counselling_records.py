"""One counselling for each time that she leaves, and nobody who left without an offer is forgotten."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from portal.core.courses import CounsellingAnswer, CounsellingEnd
from portal.core.deadlines import DeadlineKind
from portal.core.enums import OrganisationKind, Role
from portal.core.states import CounsellingState as S
from portal.core.states import DeadlineState
from portal.db import db
from portal.jobs import nightly
from portal.models.counselling import CoordinatingCounselling
from portal.models.deadlines import Deadline
from portal.queries import counselling as queries
from portal.services import cases, counselling
from portal.services import counselling_records as records
from tests.factories.people import actor_of, make_case, make_member, make_municipality, make_organisation

pytestmark = pytest.mark.usefixtures("session")
# A Thursday.
LEFT = date(2026, 9, 10)
NOW = datetime.combine(LEFT, time(11), UTC)
NIGHT = datetime.combine(LEFT + timedelta(days=1), time(2, 30), UTC)
DAY = timedelta(days=1)


def rows(kind: DeadlineKind) -> list[Deadline]:
    open_ = Deadline.state == DeadlineState.OPEN
    return list(
        db.session.scalars(
            sa.select(Deadline).where(Deadline.kind == kind, open_).execution_options(populate_existing=True)
        )
    )


def test_the_first_of_discharge_and_move_is_the_day_that_counts_with_who_was_responsible() -> None:
    make_municipality()
    make_municipality("461", "Odense")
    contact = make_member()
    actor, case = actor_of(contact), make_case(contact, now=NOW)
    case.responsible_municipality_code = "751"
    cases.record_stay(case, admitted_on=LEFT - 60 * DAY, actor=actor, now=NOW)
    cases.end_stay(case, discharged_on=LEFT - DAY, actor=actor, now=NOW)
    assert (queries.get(case.id).left_on, queries.get(case.id).municipality_code) == (LEFT - DAY, "751")
    cases.record_move(case, LEFT, actor=actor, now=NOW)
    assert queries.get(case.id).left_on == LEFT - DAY
    cases.record_move(case, LEFT - 3 * DAY, actor=actor, now=NOW)
    assert queries.get(case.id).left_on == LEFT - 3 * DAY


def test_a_woman_who_comes_back_gets_a_new_one_and_the_former_stays() -> None:
    contact = make_member()
    actor, case = actor_of(contact), make_case(contact, now=NOW)
    cases.record_stay(case, admitted_on=LEFT - 200 * DAY, planned_move_on=LEFT - 110 * DAY, actor=actor, now=NOW)
    cases.end_stay(case, discharged_on=LEFT - 100 * DAY, actor=actor, now=NOW)
    adviser = actor_of(make_member(Role.MUNICIPAL_ADVISER))
    former = counselling.offer(case.id, offered_on=LEFT - 100 * DAY, actor=actor, now=NOW)
    counselling.answer(former, CounsellingAnswer.YES, answered_on=LEFT - 99 * DAY, actor=actor, now=NOW)
    counselling.start(former, started_on=LEFT - 98 * DAY, moved_on=LEFT - 100 * DAY, actor=adviser, now=NOW)
    cases.record_stay(case, admitted_on=LEFT - DAY, actor=actor, now=NOW)
    now_current = queries.get(case.id)
    db.session.refresh(former)
    assert (former.is_current, former.state, former.end_reason) == (False, S.ENDED, CounsellingEnd.RETURNED.value)
    assert former.ended_on == LEFT - DAY
    assert (now_current.state, now_current.left_on) == (S.NOT_OFFERED, None)
    # Neither the end of the former nor the plan of the earlier stay asks for anything.
    assert rows(DeadlineKind.COUNSELLING_END) == rows(DeadlineKind.COUNSELLING_OFFER) == []
    assert [one.state for one in queries.list_former(case.id)] == [S.ENDED]


def test_she_who_has_not_left_keeps_the_one_that_she_has() -> None:
    contact = make_member()
    actor, case = actor_of(contact), make_case(contact, now=NOW)
    counselling.offer(case.id, offered_on=LEFT, actor=actor, now=NOW)
    cases.record_stay(case, admitted_on=LEFT, actor=actor, now=NOW)
    assert queries.get(case.id).state is S.OFFERED
    assert queries.list_former(case.id) == []


def moved_out() -> tuple[CoordinatingCounselling, int]:
    contact = make_member()
    case = make_case(contact, now=NOW)
    cases.record_move(case, LEFT, actor=actor_of(contact), now=NOW)
    return queries.get(case.id), contact.user_id


def test_a_move_without_an_offer_is_told_within_a_night_and_a_weekday_later_to_the_lead_once() -> None:
    row, contact_id = moved_out()
    assert nightly.miss_offers(NIGHT) == 1
    assert nightly.miss_offers(NIGHT) == 0
    (told,) = rows(DeadlineKind.COUNSELLING_MISSED)
    assert (told.owner_id, told.queue_role, told.due_on) == (contact_id, None, LEFT + DAY)
    assert rows(DeadlineKind.COUNSELLING_MISSED_LEAD) == []
    # Told on a Friday: the next weekday is Monday.
    for days in (1, 2):
        assert nightly.miss_offers(NIGHT + days * DAY) == 0
    assert nightly.miss_offers(NIGHT + 3 * DAY) == 1
    (lead,) = rows(DeadlineKind.COUNSELLING_MISSED_LEAD)
    assert (lead.owner_id, lead.queue_role) == (None, Role.PROGRAMME_LEAD.value)
    assert nightly.miss_offers(NIGHT + 30 * DAY) == 0
    assert len(rows(DeadlineKind.COUNSELLING_MISSED)) == 1
    db.session.refresh(row)
    assert (row.missed_on, row.missed_lead_on) == (LEFT + DAY, LEFT + 4 * DAY)


def test_the_municipality_s_adviser_is_told_first_where_there_is_one() -> None:
    row, _contact_id = moved_out()
    house = make_organisation(OrganisationKind.MUNICIPALITY)
    adviser = make_member(Role.MUNICIPAL_ADVISER, house)
    cases.join_team(row.case_id, adviser.user_id, actor=actor_of(adviser), now=NOW)
    nightly.miss_offers(NIGHT)
    (told,) = rows(DeadlineKind.COUNSELLING_MISSED)
    assert (told.owner_id, told.organisation_id) == (adviser.user_id, house.id)


def test_an_offer_takes_both_rows_away_and_is_never_missed_again() -> None:
    row, contact_id = moved_out()
    nightly.miss_offers(NIGHT)
    nightly.miss_offers(NIGHT + 3 * DAY)
    contact = db.session.scalars(sa.select(Deadline.owner_id).where(Deadline.owner_id == contact_id)).first()
    assert contact is not None
    adviser = actor_of(make_member(Role.MUNICIPAL_ADVISER))
    counselling.offer(row.case_id, offered_on=LEFT, actor=adviser, now=NOW + 5 * DAY)
    assert rows(DeadlineKind.COUNSELLING_MISSED) == rows(DeadlineKind.COUNSELLING_MISSED_LEAD) == []
    assert nightly.miss_offers(NIGHT + 6 * DAY) == 0


def test_whoever_has_an_offer_or_has_not_left_rings_nothing() -> None:
    contact = make_member()
    case = make_case(contact, now=NOW)
    cases.record_stay(case, admitted_on=LEFT - 9 * DAY, planned_move_on=LEFT, actor=actor_of(contact), now=NOW)
    row, _contact_id = moved_out()
    counselling.offer(row.case_id, offered_on=LEFT, actor=actor_of(make_member()), now=NOW)
    assert nightly.miss_offers(NIGHT) == 0
    assert records.ensure(case.id).missed_on is None
