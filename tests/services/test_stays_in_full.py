"""Stays in full: elsewhere too, joined as one course, decided by a leader, corrected with what stood before."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.errors import Invalid
from portal.core.stays import CounsellingAtExit, DelayReason, LinkReason, MainActivity, Permit
from portal.models.stays import StatutoryNotice, StayCorrection
from portal.queries import stays as queries
from portal.services import stays
from portal.services.stays import Admission, Exit
from tests.factories.people import actor_of, make_case, make_member, make_organisation

pytestmark = pytest.mark.usefixtures("session")
TODAY = local_date(utc_now())
LAST_YEAR = {"admitted_on": TODAY - timedelta(days=400), "discharged_on": TODAY - timedelta(days=380)}


def test_a_stay_says_who_decided_why_and_how_it_ended(session: Any) -> None:
    member = make_member()
    leader = make_member(Role.PROGRAMME_LEAD, member.organisation)
    case, who = make_case(member), {"actor": actor_of(member), "now": utc_now()}
    admission = Admission(True, ["physical", "digital"], leader.user.public_id)
    stays.record_stay(case, admitted_on=TODAY - timedelta(days=9), admission=admission, **who)
    leaving = Exit(
        "own_home", DelayReason.NO_HOME, MainActivity.JOB, Permit.TEMPORARY, True, CounsellingAtExit.ACCEPTED
    )
    stays.end_stay(case, discharged_on=TODAY, leaving=leaving, **who)
    (row,) = queries.list_stays(actor_of(member), case)
    assert (row.reasons, row.decided_by, row.previous_stay_ever) == (("physical", "digital"), leader.user.name, True)
    assert (row.delay_reason, row.main_activity, row.permit) == ("no_home", "job", "temporary")
    assert (row.is_reported, row.counselling, row.destination) == (True, "accepted", "own_home")


def test_only_a_leader_of_the_house_decides() -> None:
    member = make_member()
    case, who = make_case(member), {"actor": actor_of(member), "now": utc_now()}
    for somebody in (member, make_member(Role.PROGRAMME_LEAD)):
        admission = Admission(decided_by=somebody.user.public_id)
        with pytest.raises(Invalid) as refusal:
            stays.record_stay(case, admitted_on=TODAY, admission=admission, **who)
        assert refusal.value.field == "leader"


def test_a_stay_elsewhere_brings_no_notice_and_need_not_be_named(session: Any) -> None:
    member = make_member()
    named = make_organisation(name="Krisecenter Lyngen").public_id
    case, who = make_case(member), {"actor": actor_of(member), "now": utc_now()}
    stays.record_stay(case, admitted_on=TODAY, **who)
    stays.record_elsewhere(case, organisation=None, **LAST_YEAR, **who)
    stays.record_elsewhere(case, organisation=named, **LAST_YEAR, **who)
    assert [row.centre for row in queries.list_stays(actor_of(member), case)][1:] == ["Krisecenter Lyngen", None]
    assert len(session.scalars(sa.select(StatutoryNotice)).all()) == 1
    with pytest.raises(Invalid):
        stays.record_elsewhere(
            case, admitted_on=TODAY, discharged_on=TODAY + timedelta(days=1), organisation=None, **who
        )


def test_a_transfer_is_one_course_and_no_repeat_stay() -> None:
    member = make_member()
    actor = actor_of(member)
    case, who = make_case(member), {"actor": actor, "now": utc_now()}
    before = stays.record_elsewhere(case, organisation=None, **LAST_YEAR, **who)
    with pytest.raises(Invalid) as refusal:
        stays.record_stay(case, admitted_on=TODAY, admission=Admission(previous=before.public_id), **who)
    assert refusal.value.field == "link_reason"
    joined = Admission(False, previous=before.public_id, link_reason=LinkReason.SAFETY)
    stays.record_stay(case, admitted_on=TODAY, admission=joined, **who)
    first = queries.list_stays(actor, case)[0]
    assert (first.linked_to, first.link_reason, first.is_known_before) == (LAST_YEAR["admitted_on"], "safety", False)
    rates = queries.repeat_rates(actor, TODAY, TODAY)
    assert (rates.base, rates.known) == (0, 0)


def test_a_stay_of_somebody_else_is_not_joined() -> None:
    member = make_member()
    who = {"actor": actor_of(member), "now": utc_now()}
    hers = stays.record_elsewhere(make_case(member), organisation=None, **LAST_YEAR, **who)
    other = make_case(member)
    joined = Admission(previous=hers.public_id, link_reason=LinkReason.SAME_COURSE)
    with pytest.raises(Invalid) as refusal:
        stays.record_stay(other, admitted_on=TODAY, admission=joined, **who)
    assert refusal.value.field == "earlier"


def test_both_repeat_rates_are_counted_by_their_definitions() -> None:
    member = make_member()
    actor = actor_of(member)
    who = {"actor": actor, "now": utc_now()}
    back = make_case(member)
    stays.record_stay(back, admitted_on=TODAY - timedelta(days=60), admission=Admission(False), **who)
    stays.end_stay(back, discharged_on=TODAY - timedelta(days=50), **who)
    stays.record_stay(back, admitted_on=TODAY, admission=Admission(True), **who)
    stays.record_stay(make_case(member), admitted_on=TODAY, admission=Admission(None), **who)
    rates = queries.repeat_rates(actor, TODAY, TODAY)
    assert (rates.base, rates.said_yes, rates.said, rates.known) == (2, 1, 1, 1)
    assert queries.list_stays(actor, back)[0].is_known_before
    elsewhere = actor_of(make_member())
    assert queries.repeat_rates(elsewhere, TODAY, TODAY).base == 0


def test_a_correction_keeps_what_stood_there(session: Any) -> None:
    member = make_member()
    case, who = make_case(member), {"actor": actor_of(member), "now": utc_now()}
    began = TODAY - timedelta(days=5)
    stays.record_stay(case, admitted_on=began, admission=Admission(reasons=["threats"]), **who)
    stays.correct_admission(case, admitted_on=TODAY, previous_stay_ever=True, **who)
    kept = session.scalars(sa.select(StayCorrection)).one().original
    assert kept == {"admitted_on": began.isoformat(), "previous_stay_ever": None}
    (row,) = queries.list_stays(actor_of(member), case)
    assert (row.originals[0].admitted_on, row.reasons) == (began.isoformat(), ("threats",))
    stays.correct_admission(case, admitted_on=TODAY, previous_stay_ever=True, **who)
    assert len(session.scalars(sa.select(StayCorrection)).all()) == 1
