"""Opening a case and writing in it: the forms, their mistakes, and who may not."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.ids import new_public_id
from portal.core.kinds import TrackKind
from portal.db import db
from portal.models.audit import AuditEntry
from portal.models.cases import Case, Consent, Note
from portal.models.clients import Client, SafeContactCard, SafeContactWay
from portal.models.organisations import Organisation
from portal.models.stays import StatutoryNotice, Stay
from portal.models.users import Membership
from portal.services import cases
from tests.factories.enrolments import make_enrolment
from tests.factories.people import actor_of, make_case, make_member, make_organisation
from tests.support.counting import Counter

HTMX = {"HX-Request": "true"}
TODAY = local_date(utc_now())
DAY = f"{TODAY:%d %m %Y}"
# All that must be said of her.
UNNAMED = {"is_unnamed": "y"}
CARD = {"ways": "sms", "sms_days": "weekdays", "sms_from_hour": "9", "sms_to_hour": "14"}
# Address under the case, valid values, table that it writes to.
FORMS: list[tuple[str, dict[str, str], Any]] = [
    ("safe-contact", CARD, SafeContactCard),
    ("stay", {"admitted_on": DAY, "previous_stay": "unknown"}, Stay),
    ("consents", {"purpose": "referral", "form": "oral", "given_on": DAY, "months": "6"}, Consent),
    ("notes", {"text": "She called."}, Note),
    ("contacts", {"result": "reached", "mode": "phone", "quick": "15"}, Note),
]
IDS = [address for address, _values, _table in FORMS]
Browser = Callable[..., Any]


def count(session: Any, table: Any) -> int:
    return int(session.scalar(sa.select(sa.func.count()).select_from(table)))


def test_a_case_is_opened_with_nothing_and_its_reference_is_shown(as_user: Browser, session: Any) -> None:
    browser = as_user(make_member())
    assert browser.get("/cases/new").status_code == 200
    opened = browser.post("/cases/new", data=UNNAMED)
    case = session.scalars(sa.select(Case)).one()
    assert opened.location == f"/cases/{case.public_id}"
    assert f"{case.reference}." in browser.get(opened.location).get_data(as_text=True)
    assert session.scalars(sa.select(Client.name)).one() is None


def test_sending_the_form_twice_opens_one_case(as_user: Browser, session: Any) -> None:
    browser = as_user(make_member())
    for _time in range(2):
        assert browser.post("/cases/new", data={"form_key": "k" * 22, "name": "Amira"}).status_code == 303
    assert count(session, Case) == 1


@pytest.mark.parametrize(
    ("values", "part"),
    [
        ({"birth_year": "abc"}, "birth_year"),
        ({"birth_year": "2020"}, "birth_year"),
        ({"name": "x" * 121}, "name"),
        ({"phone": "12"}, "phone"),
        ({"responsible": "999"}, "responsible"),
        ({"name": "a\u202eb"}, "name"),
    ],
)
def test_a_mistake_keeps_what_was_typed(as_user: Browser, session: Any, values: dict[str, str], part: str) -> None:
    response = as_user(make_member()).post("/cases/new", data={"name": "Amira"} | values)
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert f'id="{part}-error"' in text
    if part in ("birth_year", "phone"):
        assert f'value="{values[part]}"' in text
    assert count(session, Case) == 0


def test_a_mistake_in_htmx_gives_the_form_back(as_user: Browser) -> None:
    response = as_user(make_member()).post("/cases/new", data={"birth_year": "abc"}, headers=HTMX)
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert text.lstrip().startswith("<section")
    assert 'id="case-form"' in text


def test_intake_opens_a_case_but_a_volunteer_does_not(as_user: Browser, session: Any) -> None:
    assert as_user(make_member(Role.VOLUNTEER)).post("/cases/new", data={}).status_code == 403
    assert as_user(make_member(Role.INTAKE)).post("/cases/new", data=UNNAMED).status_code == 303
    assert count(session, Case) == 1


def test_an_impossible_day_stays_in_the_field_and_is_explained(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    response = as_user(member).post(
        f"/cases/{case.public_id}/stay", data={"admitted_on": "31 09 2026", "previous_stay": "no"}
    )
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert 'value="31 09 2026"' in text
    error = re.search(r'id="admitted_on-error".*?</div>', text, re.S)
    assert error
    assert "30" in error.group(0)
    assert count(session, Stay) == 0


@pytest.mark.parametrize(("address", "values", "table"), FORMS, ids=IDS)
def test_a_part_is_saved_plainly_and_by_htmx(
    as_user: Browser, session: Any, address: str, values: dict[str, str], table: Any
) -> None:
    member = make_member()
    plain, swapped = make_case(member), make_case(member)
    browser = as_user(member)
    if address != "contacts":
        shown = browser.get(f"/cases/{plain.public_id}/{address}")
        assert shown.status_code == 200
    assert browser.post(f"/cases/{plain.public_id}/{address}", data=values).status_code == 303
    response = browser.post(f"/cases/{swapped.public_id}/{address}", data=values, headers=HTMX)
    assert response.status_code == 200
    assert response.headers["HX-Redirect"]
    assert count(session, table) == 2
    assert browser.get(f"/cases/{plain.public_id}").status_code == 200


@pytest.mark.parametrize(("address", "values", "table"), FORMS, ids=IDS)
def test_an_empty_part_is_refused(
    as_user: Browser, session: Any, address: str, values: dict[str, str], table: Any
) -> None:
    member = make_member()
    case = make_case(member)
    assert as_user(member).post(f"/cases/{case.public_id}/{address}", data={}).status_code == 422
    assert count(session, table) == 0


@pytest.mark.parametrize(("address", "values", "table"), FORMS, ids=IDS)
def test_a_stranger_finds_nothing_and_a_wrong_role_is_refused(
    as_user: Browser, session: Any, address: str, values: dict[str, str], table: Any
) -> None:
    case = make_case(make_member())
    url = f"/cases/{case.public_id}/{address}"
    stranger = as_user(make_member()).post(url, data=values)
    nothing = as_user(make_member()).post(f"/cases/{new_public_id()}/{address}", data=values)
    assert (stranger.status_code, nothing.status_code) == (404, 404)
    assert as_user(make_member(Role.VOLUNTEER)).post(url, data=values).status_code == 403
    assert count(session, table) == 0


@pytest.mark.parametrize(("address", "values", "table"), FORMS[:4], ids=IDS[:4])
def test_a_closed_case_takes_nothing_in(
    as_user: Browser, session: Any, address: str, values: dict[str, str], table: Any
) -> None:
    member = make_member()
    case = make_case(member)
    browser = as_user(member)
    assert browser.get(f"/cases/{case.public_id}/close").status_code == 200
    assert browser.post(f"/cases/{case.public_id}/close", data={}).status_code == 303
    assert browser.post(f"/cases/{case.public_id}/close", data={}).status_code == 409
    assert browser.post(f"/cases/{case.public_id}/{address}", data=values).status_code == 409
    assert count(session, table) == 0


def test_anonymous_first_and_known_later(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    browser = as_user(member)
    url = f"/cases/{case.public_id}/identity"
    version = case.client.version
    assert "anonym" in browser.get(f"/cases/{case.public_id}").get_data(as_text=True)
    assert browser.post(url, data={"name": "Amira Karim", "birth_year": "1990", "version": version}).status_code == 303
    assert "Amira Karim" in browser.get(f"/cases/{case.public_id}").get_data(as_text=True)
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.CASE_CHANGED)).one()
    assert entry.fields == ["birth_year", "name"]


def test_the_second_editor_keeps_her_text_and_is_told(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    browser = as_user(member)
    url, version = f"/cases/{case.public_id}/identity", case.client.version
    browser.post(url, data={"name": "Amira", "version": version})
    response = browser.post(url, data={"name": "Samira", "version": version})
    assert response.status_code == 409
    assert 'value="Samira"' in response.get_data(as_text=True)
    assert session.scalars(sa.select(Client.name)).one() == "Amira"


def test_the_cpr_field_is_there_only_where_it_may_be_kept(as_user: Browser, session: Any) -> None:
    private, public = (
        make_member(),
        make_member(organisation=make_organisation(OrganisationKind.SHELTER, may_hold_cpr=True)),
    )
    assert 'name="cpr"' not in as_user(private).get("/cases/new").get_data(as_text=True)
    browser = as_user(public)
    assert 'name="cpr"' in browser.get("/cases/new").get_data(as_text=True)
    assert browser.post("/cases/new", data=UNNAMED | {"cpr": "0101804000"}).status_code == 303
    case = session.scalars(sa.select(Case)).one()
    assert "0101804000" not in browser.get(f"/cases/{case.public_id}").get_data(as_text=True)
    found = browser.post("/search", data={"sought": "010180-4000"}).get_data(as_text=True)
    assert case.reference in found
    assert case.reference not in as_user(private).post("/search", data={"sought": "010180-4000"}).get_data(as_text=True)


def test_a_number_is_opened_only_where_it_may_be_kept(as_user: Browser, session: Any) -> None:
    public = make_member(organisation=make_organisation(OrganisationKind.SHELTER, may_hold_cpr=True))
    case = make_case(public, name="Amira Karim", cpr="0101804000", allow_invented_cpr=True)
    cases.record_stay(case, admitted_on=TODAY, actor=actor_of(public), now=utc_now())
    notice = session.scalars(sa.select(StatutoryNotice)).one()
    house, url = public.organisation, f"/cases/{case.public_id}/notices/{notice.public_id}"
    browser = as_user(public)
    assert f"{url}/with-number" in browser.get(url).text
    session.execute(sa.update(Organisation).where(Organisation.id == house.id).values(may_hold_cpr=False))
    session.commit()
    assert f"{url}/with-number" not in browser.get(url).text
    assert browser.post(f"{url}/with-number", data={}).status_code == 403


def test_a_language_that_tells_where_she_lives_is_refused(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    url, version = f"/cases/{case.public_id}/identity", case.client.version
    answer = as_user(member).post(url, data={"language": "Somali. Bor på Nørregade 12", "version": version})
    assert answer.status_code == 422
    assert 'id="language-error"' in answer.text
    assert session.scalars(sa.select(Client.language)).one() is None


def test_the_address_is_shown_only_to_somebody_who_says_why(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    browser = as_user(member)
    url = f"/cases/{case.public_id}/address"
    browser.post(url, data={"protection_level": "1", "address": "Secret Street 1", "version": case.client.version})
    assert "Secret Street" not in browser.get(url).get_data(as_text=True)
    assert "Secret Street" not in browser.get(f"/cases/{case.public_id}").get_data(as_text=True)
    short = browser.post(f"{url}/reveal", data={"reason": "because"})
    assert short.status_code == 422
    assert "Secret Street" not in short.get_data(as_text=True)
    shown = browser.post(f"{url}/reveal", data={"reason": "Driving her home today."}).get_data(as_text=True)
    assert "Secret Street 1" in shown
    assert 'data-expires-seconds="60"' in shown
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.ADDRESS_REVEALED)).one()
    assert (entry.fields, entry.reason) == (["address"], "Driving her home today.")


def test_special_protection_takes_no_address(as_user: Browser) -> None:
    member = make_member()
    case = make_case(member)
    response = as_user(member).post(
        f"/cases/{case.public_id}/address",
        data={"protection_level": "2", "address": "Street", "version": case.client.version},
    )
    assert response.status_code == 422


def test_the_notice_is_a_text_to_copy_and_is_marked_as_sent_once(as_user: Browser, session: Any) -> None:
    member = make_member(organisation=make_organisation(OrganisationKind.SHELTER, may_hold_cpr=True))
    case = make_case(member, name="Amira Karim", cpr="0101804000", allow_invented_cpr=True)
    cases.record_stay(case, admitted_on=TODAY, actor=actor_of(member), now=utc_now())
    notice = session.scalars(sa.select(StatutoryNotice)).one()
    browser, url = as_user(member), f"/cases/{case.public_id}/notices/{notice.public_id}"
    assert browser.get(f"/cases/notices/{notice.public_id}").location == url
    text = browser.get(url).get_data(as_text=True)
    assert "Amira Karim" in text
    assert "0101804000" not in text
    assert "0101804000" in browser.post(f"{url}/with-number", data={}).get_data(as_text=True)
    assert browser.post(url, data={"sent_on": DAY}).status_code == 303
    assert browser.post(url, data={"sent_on": DAY}).status_code == 409


def test_the_team_page_adds_hands_over_and_lets_go(as_user: Browser) -> None:
    member = make_member()
    colleague = make_member(organisation=member.organisation)
    stranger = make_member()
    case = make_case(member)
    me, her, nobody = (one.user.public_id for one in (member, colleague, stranger))
    browser, url = as_user(member), f"/cases/{case.public_id}/team"
    assert browser.get(url).status_code == 200
    assert browser.post(url, data={"user": nobody}).status_code == 422
    assert browser.post(url, data={"user": her}).status_code == 303
    assert browser.post(f"{url}/{me}/leave", data={}).status_code == 409
    assert browser.post(f"{url}/{her}/primary", data={}).status_code == 303
    assert browser.post(f"{url}/{me}/leave", data={}).status_code == 303
    assert browser.get(url).status_code == 404
    page = as_user(colleague).get(url).get_data(as_text=True)
    assert "Tidligere på teamet" in page and "den man spurgte fra" in page and "den man spørger siden" in page
    assert "Forlod teamet" in as_user(colleague).get(f"/cases/{case.public_id}").get_data(as_text=True)


def test_a_consent_is_taken_back_once(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    browser, url = as_user(member), f"/cases/{case.public_id}/consents"
    browser.post(url, data={"purpose": "referral", "form": "oral", "given_on": DAY, "months": "6"})
    consent = session.scalars(sa.select(Consent)).one()
    assert browser.post(f"{url}/{consent.public_id}/withdraw", data={}).status_code == 303
    assert browser.post(f"{url}/{consent.public_id}/withdraw", data={}).status_code == 409
    other = make_case(member)
    assert browser.post(f"/cases/{other.public_id}/consents/{consent.public_id}/withdraw", data={}).status_code == 404


def test_a_note_is_corrected_by_a_new_one(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    browser, url = as_user(member), f"/cases/{case.public_id}/notes"
    browser.post(url, data={"text": "First."})
    note = session.scalars(sa.select(Note)).one()
    assert note.public_id in browser.get(f"{url}?corrects={note.public_id}").get_data(as_text=True)
    assert browser.post(url, data={"text": "Second.", "corrects": note.public_id}).status_code == 303
    assert browser.post(url, data={"text": "Third.", "corrects": new_public_id()}).status_code == 404
    assert count(session, Note) == 2


def test_the_move_is_planned_and_recorded(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    browser, url = as_user(member), f"/cases/{case.public_id}"
    assert browser.get(f"{url}/move").status_code == 200
    version = case.version
    assert browser.post(f"{url}/move", data={"planned_move_on": "31 09 2026", "version": version}).status_code == 422
    assert browser.post(f"{url}/move", data={"planned_move_on": DAY, "version": version}).status_code == 303
    assert browser.post(f"{url}/move", data={"planned_move_on": DAY, "version": version}).status_code == 409
    version = session.scalar(sa.select(Case.version))
    assert browser.post(f"{url}/moved", data={"moved_on": DAY, "version": version}).status_code == 303
    assert session.scalar(sa.select(Case.moved_on)) == TODAY


def test_a_contact_may_belong_to_a_course_of_hers(as_user: Browser, session: Any) -> None:
    from portal.core.kinds import TrackKind
    from tests.blueprints.cases.test_case_page import enrol

    member = make_member()
    case, other = make_case(member), make_case(member)
    mine, foreign = enrol(case, member, TrackKind.CTI), enrol(other, make_member(Role.PROGRAMME_WORKER), TrackKind.CTI)
    key, public_id, strange = mine.id, mine.public_id, foreign.public_id
    browser, url = as_user(member), f"/cases/{case.public_id}/contacts"
    values = {"result": "reached", "mode": "phone"}
    assert browser.post(url, data=values | {"course": strange}).status_code == 422
    assert browser.post(url, data=values | {"course": public_id}).status_code == 303
    assert session.scalars(sa.select(Note.enrolment_id)).all() == [key]


def test_the_municipality_does_not_take_over_or_close_anothers_case(as_user: Browser, session: Any) -> None:
    member, adviser = make_member(), make_member(Role.MUNICIPAL_ADVISER)
    colleague, case = make_member(organisation=member.organisation), make_case(member)
    for one in (colleague, adviser):
        cases.join_team(case.id, one.user_id, actor=actor_of(member), now=utc_now())
    url, her, own = f"/cases/{case.public_id}", colleague.user.public_id, adviser.user.public_id
    browser = as_user(adviser)
    page = browser.get(f"{url}/team").get_data(as_text=True)
    assert f"{her}/leave" not in page and f"{her}/primary" not in page and f"{own}/leave" in page
    for step in (f"team/{her}/leave", f"team/{own}/primary", "close"):
        assert browser.post(f"{url}/{step}", data={}).status_code == 403, step
    assert browser.post(f"{url}/team/{own}/leave", data={}).status_code == 303


@pytest.mark.parametrize("path", ["cases/new", "children/{case}/new", "cases/{case}/identity"])
def test_a_birth_year_that_has_not_come_is_refused_with_the_years_that_there_are(as_user: Browser, path: str) -> None:
    member = make_member()
    case = make_case(member)
    sent = {"birth_year": str(TODAY.year + 1), "name": "Amira", "version": "1"}
    page = as_user(member).post(f"/{path}".format(case=case.public_id), data=sent)
    assert page.status_code == 422
    error = re.search(r'id="birth_year-error".*?</span>\s*(.*?)</span>', page.text, re.S)
    assert error
    assert str(TODAY.year) in error.group(1)
    assert "2100" not in page.text


def test_what_is_wrong_with_a_contact_is_told_beside_its_own_field(as_user: Browser) -> None:
    member = make_member()
    case = make_case(member)
    sent = {"result": "reached", "mode": "phone", "quick": "15", "text": "Hendes nummer er 0101804000", "themes": "x"}
    page = as_user(member).post(f"/cases/{case.public_id}/contacts", data=sent).text
    for part in ("text", "themes"):
        assert f'id="contact-{part}-error"' in page
        assert f'href="#contact-{part}' in page
    assert re.search(r"<details open>\s*<summary>Mere", page)
    assert len(re.findall(r' id="text"', page)) == 1


TWO_WAYS = CARD | {"ways": ["sms", "phone"], "phone_days": "any", "phone_from_hour": "17", "phone_to_hour": "20"}
TWO_WAYS |= {"phone_may_answer": "herself", "phone_may_leave_voicemail": "y"}


def test_each_way_of_reaching_her_has_its_own_answers_and_the_case_says_them(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    browser, url = as_user(member), f"/cases/{case.public_id}"
    assert browser.post(f"{url}/safe-contact", data=TWO_WAYS).status_code == 303
    rows = session.scalars(sa.select(SafeContactWay).order_by(SafeContactWay.from_hour))
    said = [(way.channel, way.days, way.from_hour, way.to_hour, way.may_leave_voicemail) for way in rows]
    assert said == [("sms", "weekdays", 9, 14, False), ("phone", "any", 17, 20, True)]
    words = (
        "Kun SMS hverdage 9–14, skriv ikke hvem du er; telefon alle dage 17–20, læg på, hvis en anden svarer, "
        "der må lægges besked, sig ikke hvem du er."
    )
    text = browser.get(url).get_data(as_text=True)
    assert words in text
    text = browser.get(f"{url}/safe-contact").get_data(as_text=True)
    ticked = re.findall(r'<input[^>]*checked[^>]*name="ways"[^>]*value="(\w+)"', text)
    assert ticked == ["sms", "phone"], "the form begins with what she said last"


def test_she_may_say_that_nobody_is_to_reach_her_for_now(as_user: Browser, session: Any) -> None:
    member = make_member()
    case = make_case(member)
    browser, url = as_user(member), f"/cases/{case.public_id}"
    assert browser.post(f"{url}/safe-contact", data={"ways": "none"}).status_code == 303
    assert (count(session, SafeContactCard), count(session, SafeContactWay)) == (1, 0)
    assert "Ingen kontakt for tiden." in browser.get(url).get_data(as_text=True)


@pytest.mark.parametrize(
    ("values", "part"),
    [
        ({}, "ways"),
        ({"ways": ["none", "sms"], "sms_days": "any"}, "ways"),
        ({"ways": ["only_contact_person", "sms"], "sms_days": "any"}, "ways"),
        ({"ways": "sms"}, "sms_days"),
        ({"ways": "phone", "phone_days": "any"}, "phone_may_answer"),
        ({"ways": "email", "email_days": "any", "email_from_hour": "14", "email_to_hour": "9"}, "email_to_hour"),
    ],
)
def test_a_card_that_says_two_things_is_refused_beside_the_question(
    as_user: Browser, session: Any, values: dict[str, Any], part: str
) -> None:
    member = make_member()
    case = make_case(member)
    answer = as_user(member).post(f"/cases/{case.public_id}/safe-contact", data=values | {"note": "Ring to gange"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{part}-error"' in text and "Ring to gange" in text
    assert count(session, SafeContactCard) == 0


def test_what_is_still_open_leads_to_where_it_is_ended(as_user: Callable[..., Any], count_queries: Counter) -> None:
    _worker, course = make_enrolment(TrackKind.TRANSITION_SUPPORT, is_started=True)
    case = course.case
    member = db.session.scalars(sa.select(Membership).where(Membership.user_id == case.opened_by_id)).one()
    cases.record_stay(case, admitted_on=local_date(utc_now()), actor=actor_of(member), now=utc_now())
    notice = db.session.scalars(sa.select(StatutoryNotice.public_id)).one()
    browser, page = as_user(member), f"/cases/{case.public_id}/close"
    browser.get(page)
    count_queries.start()
    text = browser.get(page).get_data(as_text=True)
    assert count_queries.stop() <= 12
    for url in (f"/cases/{case.public_id}/stay", f"/cases/notices/{notice}", f"/courses/{course.public_id}"):
        assert f'<li><a href="{url}">' in text
    stranger = make_member(Role.CONTACT_PERSON)
    assert as_user(stranger).get(page).status_code == 404
