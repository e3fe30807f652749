"""Who was responsible on a day: set from a day on, corrected beside the old line, and asked by notices and figures."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import OrganisationKind, Role
from portal.core.errors import Conflict, Forbidden, Invalid, NotNow
from portal.core.kinds import MunicipalityDuty, MunicipalityReason
from portal.core.states import CaseState
from portal.db import db
from portal.models.cases import Case
from portal.models.stays import StatutoryNotice
from portal.queries import case_parts
from portal.queries import counselling as counselling_queries
from portal.queries import municipalities as queries
from portal.services import cases, counselling, municipalities
from portal.services.municipalities import Since
from tests.factories.people import actor_of, make_case, make_member, make_municipality, make_organisation

pytestmark = pytest.mark.usefixtures("session")
TODAY = date(2026, 9, 10)
NOW = datetime.combine(TODAY, time(11), UTC)
DAY = timedelta(days=1)
ACT, PAY = MunicipalityDuty.RESPONSIBLE, MunicipalityDuty.PAYING
MOVED = MunicipalityReason.MOVED


def told() -> tuple[Actor, Case]:
    for code, name in (("751", "Aarhus"), ("461", "Odense"), ("851", "Aalborg")):
        make_municipality(code, name)
    contact = make_member()
    case = make_case(contact, now=NOW - 300 * DAY, responsible_municipality_code="751")
    return actor_of(contact), case


def test_the_municipality_of_the_opening_is_the_first_line() -> None:
    _actor, case = told()
    (line,) = queries.list_history(case.id)
    assert (line.duty, line.municipality, line.from_on) == (ACT, "Aarhus", TODAY - 300 * DAY)
    assert line.reason is MunicipalityReason.FIRST


def test_each_day_has_the_one_that_counted_then() -> None:
    actor, case = told()
    since = Since(TODAY - 20 * DAY, MOVED)
    municipalities.set_municipalities(case, responsible="461", paying="751", since=since, actor=actor, now=NOW)
    assert (case.responsible_municipality_code, case.paying_municipality_code) == ("461", "751")
    assert queries.code_on(case, ACT, TODAY - 21 * DAY) == "751"
    assert queries.code_on(case, ACT, TODAY - 20 * DAY) == "461"
    assert queries.code_on(case, PAY, TODAY) == "751"
    # A change that is learned of late does not overturn a later one.
    late = Since(TODAY - 40 * DAY, MunicipalityReason.DECISION)
    municipalities.set_municipalities(case, responsible="851", paying="751", since=late, actor=actor, now=NOW)
    assert queries.code_on(case, ACT, TODAY - 30 * DAY) == "851"
    assert (queries.code_on(case, ACT, TODAY), case.responsible_municipality_code) == ("461", "461")


def test_another_one_needs_a_reason_and_no_day_lies_ahead() -> None:
    actor, case = told()
    with pytest.raises(Invalid) as refusal:
        municipalities.set_municipalities(case, responsible="461", paying=None, actor=actor, now=NOW)
    assert refusal.value.field == "reason"
    since = Since(TODAY + DAY, MOVED)
    with pytest.raises(Invalid) as refusal:
        municipalities.set_municipalities(case, responsible="461", paying=None, since=since, actor=actor, now=NOW)
    assert refusal.value.field == "from_on"
    municipalities.set_municipalities(case, responsible="751", paying="461", actor=actor, now=NOW)
    assert [line.duty for line in queries.list_history(case.id)] == [PAY, ACT]


def test_another_one_from_an_earlier_day_moves_the_first_line_which_began_when_it_was_written() -> None:
    """R-833: opened today, so that the first line began today; it never says saved and changes nothing."""
    actor, _case = told()
    case = make_case(make_member(), now=NOW, responsible_municipality_code="751")
    since = Since(TODAY - 3 * DAY, MOVED)
    outcome = municipalities.set_municipalities(case, responsible="461", paying=None, since=since, actor=actor, now=NOW)
    assert outcome.changed == (ACT,)
    assert case.responsible_municipality_code == "461"
    counting = [one for one in queries.list_history(case.id) if not one.is_corrected]
    assert [(one.municipality, one.from_on, one.until_on) for one in counting] == [
        ("Odense", TODAY - 3 * DAY, None),
        ("Aarhus", TODAY - 3 * DAY, TODAY - 3 * DAY),
    ]


def test_the_first_line_goes_back_to_the_day_she_came() -> None:
    actor, _case = told()
    case = make_case(make_member(), now=NOW, responsible_municipality_code="751")
    cases.record_stay(case, admitted_on=TODAY - 10 * DAY, actor=actor, now=NOW)
    # Nobody had to say so: what began when it was written counts for the days before too.
    assert queries.code_on(case, ACT, TODAY - 10 * DAY) == "751"
    since = Since(TODAY - 3 * DAY, MOVED)
    municipalities.set_municipalities(case, responsible="461", paying=None, since=since, actor=actor, now=NOW)
    assert queries.code_on(case, ACT, TODAY - 10 * DAY) == "751"
    assert queries.code_on(case, ACT, TODAY - 3 * DAY) == "461"
    first = [one for one in queries.list_history(case.id) if one.municipality == "Aarhus" and not one.is_corrected]
    assert [(one.from_on, one.until_on) for one in first] == [(TODAY - 10 * DAY, TODAY - 4 * DAY)]


def test_an_earlier_day_alone_moves_the_first_line_and_a_later_one_is_refused() -> None:
    actor, _case = told()
    case = make_case(make_member(), now=NOW, responsible_municipality_code="751")
    same: Any = {"responsible": "751", "paying": None, "actor": actor, "now": NOW}
    outcome = municipalities.set_municipalities(case, since=Since(TODAY - 3 * DAY), **same)
    assert (outcome.changed, outcome.moved) == ((), (ACT,))
    assert queries.list_history(case.id)[-1].from_on == TODAY - 3 * DAY
    with pytest.raises(Invalid) as refusal:
        municipalities.set_municipalities(case, since=Since(TODAY), **same)
    assert refusal.value.field == "from_on"
    assert municipalities.set_municipalities(case, **same).is_empty


def test_a_change_learned_of_late_says_that_it_counts_for_the_days_before_only() -> None:
    actor, case = told()
    both: Any = {"paying": None, "actor": actor, "now": NOW}
    municipalities.set_municipalities(case, responsible="461", since=Since(TODAY - 20 * DAY, MOVED), **both)
    late = municipalities.set_municipalities(case, responsible="851", since=Since(TODAY - 40 * DAY, MOVED), **both)
    assert (late.changed, late.before_only) == ((), (ACT,))


def test_the_history_goes_by_day_and_says_until_when() -> None:
    actor, case = told()
    both: Any = {"actor": actor, "now": NOW}
    municipalities.set_municipalities(case, responsible="751", paying="461", since=Since(TODAY - 30 * DAY), **both)
    since = Since(TODAY - 20 * DAY, MOVED)
    municipalities.set_municipalities(case, responsible="461", paying="461", since=since, **both)
    assert [(one.from_on, one.duty, one.until_on) for one in queries.list_history(case.id)] == [
        (TODAY - 20 * DAY, ACT, None),
        (TODAY - 30 * DAY, PAY, None),
        (TODAY - 300 * DAY, ACT, TODAY - 21 * DAY),
    ]


def test_what_does_not_follow_is_said_and_nobody_sees_more_by_it() -> None:
    """R-834."""
    actor, case = told()
    city = make_organisation(OrganisationKind.MUNICIPALITY, municipality_code="751")
    adviser = make_member(Role.MUNICIPAL_ADVISER, city)
    assert queries.find_not_along(case) == queries.NotAlong("Aarhus", None)
    cases.join_team(case.id, adviser.user_id, actor=actor, now=NOW)
    counselling.offer(case.id, offered_on=TODAY - 5 * DAY, actor=actor_of(adviser), now=NOW)
    assert queries.find_not_along(case) == queries.NotAlong(None, None)
    municipalities.set_municipalities(
        case, responsible="461", paying=None, since=Since(TODAY - DAY, MOVED), actor=actor, now=NOW
    )
    assert queries.find_not_along(case) == queries.NotAlong("Odense", "Aarhus")


def test_a_correction_stands_beside_the_line_that_was_wrong() -> None:
    actor, case = told()
    first = queries.get_period(case.id, queries.list_history(case.id)[0].public_id)
    municipalities.correct(case, first, code="461", from_on=TODAY - 300 * DAY, actor=actor, now=NOW)
    assert case.responsible_municipality_code == "461"
    lines = queries.list_history(case.id)
    assert [(line.municipality, line.is_corrected, line.corrects) for line in lines] == [
        ("Odense", False, True),
        ("Aarhus", True, False),
    ]
    with pytest.raises(Conflict):
        municipalities.correct(case, first, code="851", from_on=TODAY, actor=actor, now=NOW)
    second = queries.get_period(case.id, lines[0].public_id)
    with pytest.raises(Invalid):
        municipalities.correct(case, second, code="851", from_on=TODAY + DAY, actor=actor, now=NOW)
    stranger = actor_of(make_member(Role.VOLUNTEER))
    with pytest.raises(Forbidden):
        municipalities.correct(case, second, code="851", from_on=TODAY, actor=stranger, now=NOW)
    case.state, case.closed_at = CaseState.CLOSED, NOW
    db.session.flush()
    with pytest.raises(NotNow):
        municipalities.correct(case, second, code="851", from_on=TODAY, actor=actor, now=NOW)


def test_a_notice_goes_to_whoever_was_responsible_on_its_day() -> None:
    actor, case = told()
    stay = cases.record_stay(case, admitted_on=TODAY - 60 * DAY, actor=actor, now=NOW)
    since = Since(TODAY - 20 * DAY, MOVED)
    municipalities.set_municipalities(case, responsible="461", paying=None, since=since, actor=actor, now=NOW)
    cases.end_stay(case, discharged_on=TODAY, actor=actor, now=NOW)
    notices = db.session.scalars(sa.select(StatutoryNotice).where(StatutoryNotice.stay_id == stay.id))
    said = {one.kind: case_parts.notice_text(actor, case, one).municipality for one in notices}
    assert said == {"admission": "Aarhus", "discharge": "Odense"}


def test_counselling_is_counted_with_whoever_was_responsible_when_she_left_also_after_a_correction() -> None:
    actor, case = told()
    cases.record_move(case, TODAY - 10 * DAY, actor=actor, now=NOW)
    since = Since(TODAY, MOVED)
    municipalities.set_municipalities(case, responsible="461", paying=None, since=since, actor=actor, now=NOW)
    assert counselling_queries.get(case.id).municipality_code == "751"
    first = next(line for line in queries.list_history(case.id) if line.municipality == "Aarhus")
    found = queries.get_period(case.id, first.public_id)
    municipalities.correct(case, found, code="851", from_on=TODAY - 300 * DAY, actor=actor, now=NOW)
    assert counselling_queries.get(case.id).municipality_code == "851"
    assert case.responsible_municipality_code == "461"
