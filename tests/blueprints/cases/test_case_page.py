"""The page of a case: everything the reader may see, nothing else, in few statements."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import OrganisationKind, Role
from portal.core.kinds import ContactChannel, ContactMode, ContactResult, SafetyLevel, SubjectType, TrackKind
from portal.core.measures import Phase
from portal.core.states import EnrolmentState
from portal.models.audit import AccessEntry
from portal.models.cases import Case
from portal.models.children import Child
from portal.models.counselling import HourEntitlement
from portal.models.enrolments import Enrolment
from portal.models.programmes import Offer, Programme
from portal.models.users import Membership
from portal.queries import cti as cti_queries
from portal.services import cases, children, cti, deadlines, notes, risk
from portal.services.children import ChildRecord
from tests.factories.enrolments import make_enrolment
from tests.factories.people import actor_of, agree, make_case, make_member, make_organisation
from tests.support.pages import without_fresh

NOBODY = "A" * 22


def page(case: Case) -> str:
    return f"/cases/{case.public_id}"


def enrol(case: Case, member: Membership, kind: TrackKind) -> Enrolment:
    """A live course of hers at the member's organisation."""
    from portal.db import db

    programme = Programme(
        key=f"{kind.value}-{member.id}",
        name_da=f"Kursus {kind.value}",
        name_en=f"Course {kind.value}",
        provider="x",
        kind=kind,
        summary_da="",
        summary_en="",
        rules={},
    )
    db.session.add(programme)
    db.session.flush()
    offer = Offer(programme_id=programme.id, organisation_id=member.organisation_id, is_accepting=True)
    db.session.add(offer)
    db.session.flush()
    enrolment = Enrolment(
        case_id=case.id,
        offer_id=offer.id,
        organisation_id=member.organisation_id,
        kind=kind,
        state=EnrolmentState.ACTIVE,
        created_at=utc_now(),
        started_on=local_date(utc_now()),
    )
    db.session.add(enrolment)
    db.session.flush()
    return enrolment


def fill(case: Case, member: Membership, times: int) -> None:
    actor, now = actor_of(member), utc_now()
    cases.set_identity(case, identity=cases.Identity(name="Amira Karim", phone="12345678"), actor=actor, now=now)
    cases.set_safe_contact(
        case, channel=ContactChannel.SMS, days="weekdays", from_hour=9, to_hour=14, actor=actor, now=now
    )
    for number in range(times):
        notes.write_note(case, text=f"Secret note {number}", actor=actor, now=now)
        notes.log_contact(case, mode=ContactMode.PHONE, result=ContactResult.REACHED, minutes=25, actor=actor, now=now)
        record = ChildRecord(birth_year=local_date(now).year - 5)
        children.add(case, record, is_sure=True, actor=actor, now=now)
        risk.assess_safety(case, level=SafetyLevel.ORDINARY, assessed_on=local_date(now), actor=actor, now=now)


def test_her_contact_person_sees_the_case(as_user: Callable[..., Any], session: Any) -> None:
    member = make_member()
    case = make_case(member)
    fill(case, member, 1)
    text = as_user(member).get(page(case)).get_data(as_text=True)
    assert f"{case.reference} · Amira Karim" in text
    assert "9–14" in text
    assert "Secret note 0" in text
    assert "25 min" in text
    entry = session.scalars(sa.select(AccessEntry)).one()
    assert (entry.case_id, entry.page, entry.relation) == (case.id, "case", "CT")


def test_an_anonymous_case_without_a_card_warns(as_user: Callable[..., Any]) -> None:
    member = make_member()
    text = as_user(member).get(page(make_case(member))).get_data(as_text=True)
    assert "safety-strip red" in text
    assert "anonym" in text
    # Nobody has asked her yet, so nobody asks again.
    assert "Spørg igen" not in text


def test_a_stranger_gets_the_same_answer_as_for_nothing(as_user: Callable[..., Any]) -> None:
    case = make_case(make_member())
    browser = as_user(make_member())
    theirs, nothing = browser.get(page(case)), browser.get(f"/cases/{NOBODY}")
    assert theirs.status_code == nothing.status_code == 404
    assert without_fresh(theirs.text) == without_fresh(nothing.text).replace(NOBODY, case.public_id)


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.PROGRAMME_LEAD, Role.GRANT_APPROVER, Role.ADMINISTRATOR])
def test_a_role_without_cases_is_refused_at_the_door(as_user: Callable[..., Any], role: Role) -> None:
    case = make_case(make_member())
    assert as_user(make_member(role)).get(page(case)).status_code == 403


@pytest.mark.parametrize(
    ("role", "kind", "name"),
    [
        (Role.GROUP_LEADER, TrackKind.GROUP, "Amira"),
        (Role.HOUSING_COORDINATOR, TrackKind.HOUSING, "Amira Karim"),
    ],
)
def test_a_track_lead_sees_a_narrow_case(
    as_user: Callable[..., Any], session: Any, role: Role, kind: TrackKind, name: str
) -> None:
    member, lead = make_member(), make_member(role)
    case = make_case(member, now=utc_now() - timedelta(days=1))
    fill(case, member, 1)
    cases.set_address(case, protection_level=1, address="Secret Street 1", actor=actor_of(member), now=utc_now())
    agree(case, lead.organisation_id)
    own = enrol(case, lead, kind)
    enrol(case, make_member(Role.PROGRAMME_WORKER), TrackKind.CTI)
    browser = as_user(lead)
    text = browser.get(page(case)).get_data(as_text=True)
    assert f"{case.reference} · {name}<" in text.replace("</h1>", "<")
    for secret in ("Secret note", "Secret Street", "Kursus cti"):
        assert secret not in text
    if role is Role.GROUP_LEADER:
        assert "Karim" not in text
        assert "/address" not in text
        assert browser.get(f"{page(case)}/address/reveal").status_code == 403
    assert f"Kursus {kind.value}" in text
    assert own.public_id in text
    assert session.scalar(sa.select(AccessEntry.relation)) == "TT"
    assert browser.get(f"{page(case)}/notes").status_code == 403


def test_a_municipal_adviser_sees_the_municipalitys_part(as_user: Callable[..., Any]) -> None:
    member, adviser = make_member(), make_member(Role.MUNICIPAL_ADVISER)
    case = make_case(member)
    fill(case, member, 1)
    enrol(case, make_member(Role.PROGRAMME_WORKER), TrackKind.CTI)
    cases.join_team(case.id, adviser.user_id, actor=actor_of(member), now=utc_now())
    centre = member.organisation.name
    browser = as_user(adviser)
    text = browser.get(page(case)).get_data(as_text=True)
    assert "Secret note" not in text
    assert "Kursus cti" not in text
    assert centre in text
    for closed in ("address", "consents", "stay"):
        assert browser.get(f"{page(case)}/{closed}").status_code == 403, closed
    for part in ("risk", "children"):
        assert browser.get(f"/{part}/{case.public_id}").status_code == 403, part


def test_the_page_costs_the_same_for_much_as_for_little(as_user: Callable[..., Any], count_queries: Any) -> None:
    counted = []
    for times in (1, 50):
        member = make_member()
        case = make_case(member)
        fill(case, member, times)
        for _course in range(min(times, 8)):
            enrol(case, make_member(Role.PROGRAMME_WORKER), TrackKind.CTI)
        browser = as_user(member)
        browser.get(page(case))
        count_queries.start()
        assert browser.get(page(case)).status_code == 200
        counted.append(count_queries.stop())
    assert counted[0] == counted[1] <= 12, counted


def test_the_timeline_goes_on_page_by_page(as_user: Callable[..., Any]) -> None:
    member = make_member()
    case = make_case(member)
    fill(case, member, 15)
    browser = as_user(member)
    seen, url = "", page(case)
    for _page in range(5):
        text = browser.get(url).get_data(as_text=True)
        seen += text
        if 'rel="next"' not in text:
            break
        url = text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert all(seen.count(f"Secret note {number}<") == 1 for number in range(15))
    assert browser.get(f"{page(case)}?after=nonsense").status_code == 400


def test_safe_contact_fits_in_a_sentence(as_user: Callable[..., Any]) -> None:
    member = make_member()
    case = make_case(member)
    fill(case, member, 1)
    text = as_user(member).get(page(case)).get_data(as_text=True)
    assert make_organisation(OrganisationKind.NGO).name not in text
    assert "SMS" in text or "text message" in text or "sms" in text


def test_her_own_hours_stand_apart_from_her_childrens(as_user: Callable[..., Any], session: Any) -> None:
    member = make_member(Role.PROGRAMME_WORKER)
    case = make_case(member)
    course = enrol(case, member, TrackKind.ENTITLEMENT)
    child = Child(client_id=case.client_id, birth_year=2019)
    session.add(child)
    session.flush()
    for child_id, used, total in ((None, 360, 600), (child.id, 120, 480)):
        session.add(HourEntitlement(enrolment_id=course.id, child_id=child_id, minutes_used=used, minutes_total=total))
    session.flush()
    text = as_user(member).get(page(case)).get_data(as_text=True)
    assert "6 af 10 brugt" in text and "2 af 8 brugt" in text
    # Whose they are is said wherever they are told.
    assert '<span class="chip green">Psykologtimer til hende og børnene</span>' in text
    assert "Hendes psykologtimer" in text and "Børnenes psykologtimer" in text
    of_course = as_user(member).get(f"/courses/{course.public_id}").get_data(as_text=True)
    assert ">Hendes egne timer: 6 af 10 brugt<" in of_course and "født 2019: 2 af 8 brugt<" in of_course


def test_what_somebody_else_must_do_is_told_as_waiting(as_user: Callable[..., Any]) -> None:
    member, now = make_member(), utc_now()
    approver = make_member(Role.GRANT_APPROVER)
    case = make_case(member)
    for owner, kind in ((member, DeadlineKind.FOLLOW_UP), (approver, DeadlineKind.GRANT_APPROVAL)):
        deadlines.put_up(
            kind,
            SubjectType.CASE,
            f"{kind.value:_<22}",
            due_on=local_date(now) + timedelta(days=1),
            organisation_id=owner.organisation_id,
            now=now,
            owner_id=owner.user_id,
            case_id=case.id,
        )
    rows = as_user(member).get(f"/cases/{case.public_id}").text.partition('id="next"')[2].partition("</ul>")[0]
    assert "Opfølgning sammen med hende" in rows
    assert "Starthjælp venter på godkendelse" in rows
    assert (rows.count(">Udfyld<"), rows.count(">Godkend<"), rows.count(">Åbn<")) == (1, 0, 1)


def test_a_new_case_says_what_is_missing(as_user: Callable[..., Any]) -> None:
    member = make_member()
    case = make_case(member)
    text = as_user(member).get(page(case)).text
    steps = [f"{page(case)}/safe-contact", f"{page(case)}/stay", f"/risk/{case.public_id}/assessment"]
    ahead = text[text.index('id="next"') : text.index("Forløb")]
    assert [step in ahead for step in steps] == [True, True, True]
    assert f"{page(case)}/identity" not in ahead
    assert "Det mangler endnu" in ahead
    again = make_case(member)
    fill(again, member, 1)
    assert "Det mangler endnu" not in as_user(member).get(page(again)).text


def test_the_phase_that_runs_says_what_is_worked_with(as_user: Callable[..., Any]) -> None:
    worker, course = make_enrolment(TrackKind.CTI, is_started=True)
    today, who = local_date(utc_now()), {"actor": actor_of(worker), "now": utc_now()}
    cti.note_move(course.case_id, today, **who)
    path = f"/cases/{course.case.public_id}"
    assert "Fasen har ingen plan endnu." in as_user(worker).get(path).text
    cti.write_plan(cti_queries.get_course(course), course, Phase.P1, ["safety", "network"], "Ringe", **who)
    text = as_user(worker).get(path).text
    assert f"Faseplan udfyldt {today:%d.%m}" in text
    assert "Fasen har ingen plan endnu." not in text
    assert "Netværk" in text[text.index("Fokus:") :][:200]
