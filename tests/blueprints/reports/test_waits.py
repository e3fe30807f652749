"""What waits at a lead's house: each tile's number is that of the rows behind it, and no row names a woman (R-790)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.clock import add_months, local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.kinds import ContactMode, ContactResult, EndReason, SubjectType, TrackKind
from portal.core.states import GrantState
from portal.db import db
from portal.models.cases import Case, TeamMember
from portal.models.organisations import Organisation
from portal.queries import ladder as ladder_queries
from portal.queries.lead_tiles import Tile, count_tiles
from portal.services import blocks, cases, children, deadlines, enrolments, ladder, notes
from portal.services.absences import Days
from portal.services.absences import plan as plan_absence
from portal.services.children import ChildRecord
from tests.factories.enrolments import UNCHECKED, make_enrolment
from tests.factories.followups import make_followed
from tests.factories.grants import make_application
from tests.factories.grants import make_house as make_fund
from tests.factories.housing import make_homes, make_tenancy
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.referrals import make_request
from tests.support.counting import Counter

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
TODAY = local_date(utc_now())


def row_for(member: Any, case: Case, kind: DeadlineKind, days: int) -> None:
    deadlines.put_up(
        kind,
        SubjectType.CASE,
        case.public_id,
        due_on=TODAY + timedelta(days=days),
        organisation_id=member.organisation_id,
        owner_id=member.user_id,
        case_id=case.id,
        now=utc_now(),
    )


def unassigned() -> int:
    member = make_member()
    for _number in range(2):
        case = make_case(member)
        db.session.execute(sa.update(TeamMember).where(TeamMember.case_id == case.id).values(ended_at=utc_now()))
    make_case(member)
    return member.organisation_id


def escalated() -> int:
    made = make_request(now=utc_now() - timedelta(days=20))
    make_request(offer=made.offer, intake=made.intake)
    while found := ladder_queries.list_to_climb(TODAY):
        assert sum(ladder.climb(one, actor=SYSTEM, now=utc_now()) for one in found)
    return made.offer.organisation_id


def silent() -> int:
    member = make_member()
    for days in (40, 50, 2):
        make_case(member).opened_at = utc_now() - timedelta(days=days)
    return member.organisation_id


def safety() -> int:
    member = make_member()
    case = make_case(member, name="Amira Karim")
    for kind, days in ((DeadlineKind.RISK_REVIEW, -3), (DeadlineKind.SAFETY_PLAN, -1), (DeadlineKind.STAY_PLAN, -9)):
        row_for(member, case, kind, days)
    row_for(member, make_case(member), DeadlineKind.RISK_REVIEW, 0)
    return member.organisation_id


def alone() -> int:
    member = make_member()
    for days in (3, 1):
        case, who = make_case(member), {"actor": actor_of(member), "now": utc_now()}
        cases.record_stay(case, admitted_on=TODAY - timedelta(days=30), **who)
        cases.plan_move(case, TODAY + timedelta(days=9), **who)
        case.planned_move_on = TODAY - timedelta(days=days)
    return member.organisation_id


def children_unspoken() -> int:
    member = make_member()
    case = make_case(member)
    case.opened_at = utc_now() - timedelta(days=70)
    for number in range(3):
        child = children.add(
            case, ChildRecord(birth_year=2015 + number, is_along=True), actor=actor_of(member), now=utc_now()
        )
    child.last_spoken_on = TODAY - timedelta(days=2)
    notes.log_contact(
        case, mode=ContactMode.PHONE, result=ContactResult.REACHED, minutes=5, actor=actor_of(member), now=utc_now()
    )
    return member.organisation_id


def phases() -> int:
    member = make_member()
    for days in (-2, 14, 15):
        row_for(member, make_case(member), DeadlineKind.CTI_PHASE_CHANGE, days)
    return member.organisation_id


def tenancies() -> int:
    homes = make_homes()
    for number, months in ((1, 5), (2, 9)):
        made = make_tenancy(homes, number, moved_in_on=TODAY)
        made.period = type(made.period)(TODAY, add_months(TODAY, months))
    return homes.offer.organisation_id


def grants() -> int:
    house = make_fund()
    old = make_application(house, state=GrantState.SUBMITTED)
    old.answer_due_on = TODAY - timedelta(days=1)
    make_application(house, state=GrantState.SUBMITTED)
    return house.fund.organisation_id


def follow_ups() -> int:
    return make_followed().worker.organisation_id


def unchecked() -> int:
    worker, course = make_enrolment(TrackKind.TRANSITION_SUPPORT, is_started=True)
    enrolments.end_early(course, EndReason.HER_WISH, TODAY, unchecked=UNCHECKED, actor=actor_of(worker), now=utc_now())
    return worker.organisation_id


MADE: dict[Tile, tuple[Callable[[], int], int]] = {
    Tile.UNASSIGNED: (unassigned, 2),
    Tile.ESCALATED: (escalated, 1),
    Tile.SILENT: (silent, 2),
    Tile.SAFETY: (safety, 2),
    Tile.ALONE: (alone, 2),
    Tile.CHILDREN: (children_unspoken, 2),
    Tile.PHASES: (phases, 2),
    Tile.TENANCIES: (tenancies, 1),
    Tile.GRANTS: (grants, 1),
    Tile.FOLLOW_UPS: (follow_ups, 1),
    Tile.UNCHECKED: (unchecked, 1),
}


def lead_of(organisation_id: int) -> Any:
    db.session.flush()
    return make_member(Role.PROGRAMME_LEAD, db.session.get_one(Organisation, organisation_id))


def tiles_of(browser: Any) -> list[tuple[str, int]]:
    page = browser.get("/reports/").text.partition('id="waits"')[2]
    found = re.findall(r'<a class="figure ?(?:warm)? ?" href="([^"]+)">\s*<strong>(\d+)</strong>', page)
    return [(address, int(number)) for address, number in found]


def rows_of(page: str) -> int:
    main = page.partition("<main")[2].partition("</main>")[0]
    return main.partition("<tbody>")[2].count("<tr>") or main.count('name="user"')


@pytest.mark.parametrize("tile", Tile)
def test_the_number_of_a_tile_is_that_of_the_rows_behind_it(as_user: AsUser, tile: Tile) -> None:
    make, expected = MADE[tile]
    lead = lead_of(make())
    make()
    assert count_tiles(actor_of(lead), today=TODAY)[tile] == expected
    browser = as_user(lead)
    shown = tiles_of(browser)
    assert len(shown) == len(Tile)
    address, number = shown[list(Tile).index(tile)]
    text = browser.get(address).text
    assert (number, rows_of(text)) == (expected, expected)
    assert "Amira" not in text


def test_nothing_waits_at_an_empty_house_and_every_tile_is_calm(as_user: AsUser) -> None:
    browser = as_user(make_member(Role.PROGRAMME_LEAD))
    shown = tiles_of(browser)
    assert [number for _address, number in shown] == [0] * len(Tile)
    assert "figure warm" not in browser.get("/reports/").text.partition('id="waits"')[2]
    assert all('class="empty"' in browser.get(address).text for address, _number in shown)


def test_a_case_that_keeps_the_lead_out_is_in_no_number_and_no_list(as_user: AsUser) -> None:
    member = make_member()
    case = make_case(member)
    row_for(member, case, DeadlineKind.RISK_REVIEW, -3)
    lead = lead_of(member.organisation_id)
    assert count_tiles(actor_of(lead), today=TODAY)[Tile.SAFETY] == 1
    blocks.keep_out(case, user_id=lead.user_id, reason=None, actor=actor_of(member), now=utc_now())
    assert count_tiles(actor_of(lead), today=TODAY)[Tile.SAFETY] == 0
    assert case.lead_reference not in as_user(lead).get("/reports/waits/safety").text


@pytest.mark.parametrize("role", [Role.CONTACT_PERSON, Role.PROGRAMME_WORKER, Role.VOLUNTEER, Role.ADMINISTRATOR])
def test_others_are_refused_at_the_door(as_user: AsUser, role: Role) -> None:
    assert as_user(make_member(role)).get("/reports/waits/safety").status_code == 403


def test_a_tile_that_is_none_and_a_cursor_that_is_none(as_user: AsUser) -> None:
    browser = as_user(make_member(Role.PROGRAMME_LEAD))
    assert browser.get("/reports/waits/anything").status_code == 404
    assert browser.get("/reports/waits/silent").status_code == 404
    assert browser.get("/reports/waits/safety?after=nonsense").status_code == 400


def test_the_table_says_who_is_away_who_stands_in_and_who_is_quiet(as_user: AsUser) -> None:
    made = make_followed()
    house = db.session.get_one(Organisation, made.worker.organisation_id)
    deputy = make_member(Role.PROGRAMME_WORKER, house, name="Bodil Vikar")
    days = Days(TODAY, TODAY + timedelta(days=3))
    plan_absence(made.worker.public_id, deputy.user.public_id, days, actor=actor_of(made.worker), now=utc_now())
    made.case.opened_at = utc_now() - timedelta(days=40)
    lead = lead_of(house.id)
    text = as_user(lead).get("/reports/").text.partition('id="caseload"')[2]
    assert "Bodil Vikar er vikar" in text
    assert '<td class="number" data-label="Stille for længe">1</td>' in text


def test_a_list_costs_the_same_for_fifty_rows_as_for_one(as_user: AsUser, count_queries: Counter) -> None:
    member = make_member()
    browser, seen = as_user(lead_of(member.organisation_id)), []
    for number in (1, 40):
        for _row in range(number):
            row_for(member, make_case(member), DeadlineKind.RISK_REVIEW, -3)
        db.session.commit()
        for page in ("/reports/waits/safety", "/reports/"):
            count_queries.start()
            assert browser.get(page).status_code == 200
            seen.append(count_queries.stop())
    assert seen[:2] == seen[2:] and max(seen) <= 12, count_queries.statements
