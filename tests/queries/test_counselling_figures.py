"""Two hundred women who left, with known gaps: the figures give back every number, and nobody is missing (R-675)."""

from collections import Counter
from datetime import date, timedelta
from itertools import cycle

import pytest
import sqlalchemy as sa

from portal.core.clock import utc_now
from portal.core.courses import CounsellingEnd
from portal.core.enums import OrganisationKind, Role
from portal.core.states import CounsellingState as S
from portal.db import db
from portal.domain.counselling_figures import FIGURES, PARTS, keys_of, report
from portal.models.access import CaseBlock
from portal.models.cases import Case
from portal.models.counselling import CoordinatingCounselling
from portal.models.organisations import Organisation
from portal.models.stays import Stay
from portal.models.users import Membership
from portal.queries import counselling_figures as queries
from tests.factories.people import actor_of, make_case, make_member, make_municipality, make_organisation

pytestmark = pytest.mark.usefixtures("session")
FIRST, LAST, TODAY = date(2026, 1, 1), date(2026, 6, 30), date(2026, 11, 22)
DAY = timedelta(days=1)
# State, days from leaving to the start, days that it ran, why it ended → how many of the two hundred.
KNOWN = [
    (S.NOT_OFFERED, None, None, None, 37),
    (S.OFFERED, None, None, None, 11),
    (S.DECLINED, None, None, None, 23),
    (S.LATER, None, None, None, 9),
    (S.NO_ANSWER, None, None, None, 14),
    (S.ACCEPTED, None, None, None, 6),
    (S.STARTED, -14, None, None, 10),
    (S.STARTED, 3, None, None, 20),
    (S.STARTED, 45, None, None, 5),
    (S.ENDED, 5, 20, CounsellingEnd.HER_WISH, 8),
    (S.ENDED, 10, 80, CounsellingEnd.MOVED_AWAY, 7),
    (S.ENDED, 0, 180, CounsellingEnd.ESTABLISHED, 31),
    (S.ENDED, 120, 200, CounsellingEnd.PERIOD_OVER, 12),
    (S.ENDED, 8, 400, CounsellingEnd.RETURNED, 4),
    (S.ENDED, 92, 30, CounsellingEnd.OTHER, 3),
]
EXPECTED = {
    "moved_out": 200,
    "offered": 163,
    "not_offered": 37,
    "waiting": 11,
    "declined": 23,
    "later": 9,
    "not_reached": 14,
    "accepted": 106,
    "not_started": 6,
    "started": 100,
    "start_before": 41,
    "start_7": 28,
    "start_30": 11,
    "start_91": 5,
    "start_more": 15,
    "running": 35,
    "ended_her_wish": 8,
    "ended_moved_away": 7,
    "ended_established": 31,
    "ended_period_over": 12,
    "ended_returned": 4,
    "ended_other": 3,
}


@pytest.fixture
def houses() -> tuple[Membership, Membership]:
    """Who leads the municipality, and who works at the centre."""
    make_municipality()
    make_municipality("461", "Odense")
    town = make_organisation(OrganisationKind.MUNICIPALITY, municipality_code="751")
    return make_member(Role.PROGRAMME_LEAD, town), make_member()


def put_left(contact: Membership, code: str | None, left_on: date, **values: object) -> CoordinatingCounselling:
    """One woman who left a centre, put there without the services: the figures are to be known beforehand."""
    case = make_case(contact)
    stay = Stay(
        case_id=case.id,
        organisation_id=contact.organisation_id,
        admitted_on=left_on - 60 * DAY,
        discharged_on=left_on,
    )
    db.session.add(stay)
    db.session.flush()
    row = CoordinatingCounselling(
        case_id=case.id, stay_id=stay.id, left_on=left_on, municipality_code=code, state=values.pop("state"), **values
    )
    db.session.add(row)
    db.session.flush()
    return row


def put_two_hundred(contact: Membership, code: str = "751") -> None:
    days = cycle(FIRST + number * DAY for number in range((LAST - FIRST).days + 1))
    for state, to_start, ran, reason, number in KNOWN:
        for _one in range(number):
            left_on = next(days)
            started_on = None if to_start is None else left_on + to_start * DAY
            put_left(
                contact,
                code,
                left_on,
                state=state,
                started_on=started_on,
                ended_on=None if ran is None or started_on is None else started_on + ran * DAY,
                end_reason=reason.value if reason else None,
            )


def test_two_hundred_known_moves_give_back_every_number(houses: tuple[Membership, Membership]) -> None:
    lead, contact = houses
    put_two_hundred(contact)
    # Another town's, one before and one after the period: none of them is counted.
    put_left(contact, "461", FIRST, state=S.DECLINED)
    put_left(contact, "751", FIRST - DAY, state=S.NOT_OFFERED)
    put_left(contact, "751", LAST + DAY, state=S.NOT_OFFERED)
    told = report(queries.list_moves(actor_of(lead), FIRST, LAST), today=TODAY)
    assert {key: told.counts[key] for key in EXPECTED} == EXPECTED
    for part in PARTS:
        assert sum(told.counts[key] for key in part.rows) == told.counts[part.of], part.key
    starts = Counter({to_start: number for _s, to_start, _r, _e, number in KNOWN if to_start is not None and _s})
    assert sum(number for _s, to_start, _r, _e, number in KNOWN if to_start is not None) == 100
    assert starts[3] == 20
    assert told.median_start == 3.0
    # The same women, counted by the centre that they left.
    centre = actor_of(make_member(Role.PROGRAMME_LEAD, db.session.get_one(Organisation, contact.organisation_id)))
    assert report(queries.list_moves(centre, FIRST, LAST), today=TODAY).counts["moved_out"] == 201


def test_nobody_is_missing_because_the_reader_does_not_see_her(houses: tuple[Membership, Membership]) -> None:
    _lead, contact = houses
    town = db.session.scalars(sa.select(Organisation).where(Organisation.municipality_code == "751")).one()
    adviser = make_member(Role.MUNICIPAL_ADVISER, town)
    seen, blocked = make_case(adviser), make_case(adviser)
    unseen = put_left(contact, "751", FIRST, state=S.DECLINED)
    for case in (seen, blocked):
        db.session.add(
            CoordinatingCounselling(case_id=case.id, left_on=FIRST, municipality_code="751", state=S.DECLINED)
        )
    block = CaseBlock(case_id=blocked.id, user_id=adviser.user_id, created_at=utc_now(), created_by_id=contact.user_id)
    db.session.add(block)
    db.session.flush()
    actor = actor_of(adviser)
    moves = queries.list_moves(actor, FIRST, LAST)
    assert report(moves, today=TODAY).counts["declined"] == 3
    listed, in_sight, following = queries.list_behind(actor, keys_of(moves, "declined", today=TODAY))
    assert [one.case_public_id for one in listed] == [seen.public_id]
    assert (in_sight, following, unseen.id in {move.key for move in moves}) == (1, None, True)


def test_a_list_behind_a_figure_goes_on_after_the_last_row(houses: tuple[Membership, Membership]) -> None:
    _lead, contact = houses
    for number in range(7):
        put_left(contact, None, FIRST + number * DAY, state=S.OFFERED)
    actor = actor_of(contact)
    keys = keys_of(queries.list_moves(actor, FIRST, LAST), "waiting", today=TODAY)
    found, after = list[str | None](), None
    while True:
        rows, in_sight, after = queries.list_behind(actor, keys, after=after, limit=3)
        assert in_sight == 7
        found += [row.case_public_id for row in rows]
        if after is None:
            break
    assert len(found) == len(set(found)) == 7


def test_a_lead_knows_them_by_the_reference_for_leads(houses: tuple[Membership, Membership]) -> None:
    _lead, contact = houses
    put_left(contact, None, FIRST, state=S.OFFERED)
    lead = actor_of(make_member(Role.PROGRAMME_LEAD, db.session.get_one(Organisation, contact.organisation_id)))
    keys = keys_of(queries.list_moves(lead, FIRST, LAST), "moved_out", today=TODAY)
    (row,), in_sight, _following = queries.list_behind(lead, keys)
    case = db.session.scalars(sa.select(Case)).one()
    assert (row.case_public_id, row.reference, in_sight) == (None, case.lead_reference, 1)
    assert set(FIGURES) >= set(EXPECTED)
