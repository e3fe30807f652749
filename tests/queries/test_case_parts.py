"""The parts of a case belong to it, and its people are found where they work."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from portal.core.enums import OrganisationKind, Role
from portal.core.errors import NotFound
from portal.core.kinds import TrackKind
from portal.db import db
from portal.models.cases import Case
from portal.models.stays import StatutoryNotice
from portal.queries import case_parts, case_team
from portal.queries import children as child_queries
from portal.services import cases, children
from portal.services.children import ChildRecord
from tests.factories.enrolments import make_enrolment
from tests.factories.people import actor_of, make_case, make_member, make_organisation
from tests.factories.referrals import make_ready_case

pytestmark = pytest.mark.usefixtures("session")
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)


def test_organisations_are_offered_by_name_and_found_by_their_public_id() -> None:
    last, first = (make_organisation(OrganisationKind.NGO, name=name) for name in ("Ørsted", "Aldersro"))
    closed = make_organisation(OrganisationKind.NGO, name="Borte")
    closed.is_active = False
    db.session.flush()
    assert case_parts.organisation_choices() == [
        ("", "–"),
        (first.public_id, "Aldersro"),
        (last.public_id, "Ørsted"),
    ]
    assert case_parts.organisation_id_of(first.public_id) == first.id
    assert case_parts.organisation_id_of("") is None
    with pytest.raises(NotFound):
        case_parts.organisation_id_of("nobody")


def test_children_are_hers_alone_the_oldest_first() -> None:
    member = make_member(now=NOW)
    case, other = make_case(member, now=NOW), make_case(member, now=NOW)
    young, old = (
        children.add(case, ChildRecord(birth_year=year), actor=actor_of(member), now=NOW) for year in (2020, 2014)
    )
    assert [child.id for child in child_queries.list_children(case)] == [old.id, young.id]
    assert child_queries.get(case, young.public_id).id == young.id
    with pytest.raises(NotFound):
        child_queries.get(other, young.public_id)


def test_an_open_stay_is_the_one_that_has_not_ended() -> None:
    member = make_member(now=NOW)
    case, actor = make_ready_case(member, now=NOW), actor_of(member)
    stay = case_parts.find_open_stay(case)
    assert stay is not None
    cases.end_stay(case, discharged_on=date(2026, 11, 19), actor=actor, now=NOW)
    assert case_parts.find_open_stay(case) is None


def test_a_notice_leads_to_its_case_for_those_who_see_it() -> None:
    member = make_member(now=NOW)
    case, actor = make_ready_case(member, now=NOW), actor_of(member)
    cases.end_stay(case, discharged_on=date(2026, 11, 19), actor=actor, now=NOW)
    notices = db.session.scalars(sa.select(StatutoryNotice).where(StatutoryNotice.case_id == case.id)).all()
    assert {case_parts.case_of_notice(actor, notice.public_id) for notice in notices} == {case.public_id}
    with pytest.raises(NotFound):
        case_parts.case_of_notice(actor_of(make_member(now=NOW)), notices[0].public_id)


def test_live_courses_are_those_that_the_reader_sees() -> None:
    worker, course = make_enrolment(TrackKind.CTI)
    case = db.session.get_one(Case, course.case_id)
    (row,) = case_parts.list_live_courses(actor_of(worker), case)
    assert row[:2] == (course.id, course.public_id)
    assert case_parts.list_live_courses(actor_of(make_member()), case) == []


def test_colleagues_are_those_at_home_who_work_on_cases_and_are_not_on_the_team_yet() -> None:
    owner = make_member(now=NOW)
    case, actor = make_case(owner, now=NOW), actor_of(owner)
    bodil, asta = (make_member(organisation=owner.organisation, name=name, now=NOW) for name in ("Bodil", "Asta"))
    admin = make_member(Role.ADMINISTRATOR, owner.organisation, now=NOW)
    elsewhere = make_member(now=NOW)
    choices = case_team.colleague_choices(actor, case)
    assert choices == [(asta.user.public_id, "Asta"), (bodil.user.public_id, "Bodil")]
    cases.join_team(case.id, bodil.user_id, actor=actor, now=NOW)
    assert case_team.colleague_choices(actor, case) == [(asta.user.public_id, "Asta")]
    assert case_team.colleague_id(actor, asta.user.public_id) == asta.user_id
    for stranger in (admin, elsewhere):
        with pytest.raises(NotFound):
            case_team.colleague_id(actor, stranger.user.public_id)


def test_a_colleague_whose_account_is_closed_is_neither_offered_nor_taken() -> None:
    owner = make_member(now=NOW)
    case, actor = make_case(owner, now=NOW), actor_of(owner)
    closed = make_member(organisation=owner.organisation, now=NOW)
    closed.user.is_active = False
    db.session.flush()
    assert case_team.colleague_choices(actor, case) == []
    with pytest.raises(NotFound):
        case_team.colleague_id(actor, closed.user.public_id)


def test_somebody_on_the_team_is_found_until_she_leaves() -> None:
    owner, joined = make_member(now=NOW), make_member(now=NOW)
    case, actor = make_case(owner, now=NOW), actor_of(owner)
    cases.join_team(case.id, joined.user_id, actor=actor, now=NOW)
    assert case_team.get_member_id(case, joined.user.public_id) == joined.user_id
    assert [row.is_primary for row in case_team.list_team(actor, case)] == [True, False]
    cases.leave_team(case.id, joined.user_id, actor=actor, now=NOW)
    with pytest.raises(NotFound):
        case_team.get_member_id(case, joined.user.public_id)
