"""Where the trail is reviewed: alarms, samples, who looked; and what happens when no line can be written."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.core.alerts import AlertRule
from portal.core.audit_tags import Audit, Outcome
from portal.core.clock import add_months, local_date, utc_now
from portal.core.enums import Role
from portal.core.kinds import SubjectType
from portal.core.pages import Page
from portal.core.people import Suspension
from portal.db import db
from portal.domain.audit_sample import Candidate, draw, weight
from portal.domain.disclosure import Relation
from portal.models.alerts import Alert, AuditSample
from portal.models.audit import AccessEntry, AuditEntry
from portal.models.cases import Case
from portal.models.deadlines import Deadline
from portal.models.messages import Message
from portal.models.organisations import Organisation
from portal.models.users import Membership
from portal.services import addresses, alerts, audit, reviews
from tests.factories.people import actor_of, make_case, make_member
from tests.support.counting import Counter

AsUser = Callable[..., Any]
NOBODYS = "A" * 22
REMARK = "She was on duty and had been asked."


def officer_of(member: Membership, role: Role = Role.SAFETY_OFFICER) -> Membership:
    return make_member(role, db.session.get_one(Organisation, member.organisation_id))


def look(member: Membership, case: Case, relation: Relation = Relation.CT, page: Page = Page.CASE) -> None:
    audit.record_view(actor=actor_of(member), case_id=case.id, relation=relation, page=page, now=utc_now())
    db.session.flush()


def reveal(member: Membership, case: Case, reason: str = "She asked me to send her a letter.") -> None:
    told = {"actor": actor_of(member), "now": utc_now(), "case_id": case.id, "relation": Relation.CT}
    audit.record(Audit.ADDRESS_REVEALED, SubjectType.CASE, case.public_id, reason=reason, **told)
    db.session.flush()


@pytest.mark.usefixtures("session")
def test_the_team_sees_who_has_looked_and_why_and_who_stood_outside(as_user: AsUser) -> None:
    member, other = make_member(name="Maja Holm"), make_member(name="Ib Fremmed")
    case = make_case(member)
    look(other, case, Relation.BG)
    reveal(member, case)
    page = as_user(member).get(f"/cases/{case.public_id}/looks").get_data(as_text=True)
    assert "Ib Fremmed" in page
    assert page.count('<span class="chip warm">uden for teamet</span>') == 1
    assert page.count('<span class="chip red">nødadgang</span>') == 1
    assert "Adresse eller anden beskyttet oplysning vist" in page
    assert "She asked me to send her a letter." in page
    assert as_user(make_member()).get(f"/cases/{case.public_id}/looks").status_code == 404
    pages = db.session.scalars(sa.select(AccessEntry.page).where(AccessEntry.page == Page.LOOKS)).all()
    assert len(pages) == 1


@pytest.mark.usefixtures("session")
def test_the_list_of_looks_is_narrowed_in_the_address_by_ids_alone(as_user: AsUser) -> None:
    member, other = make_member(name="Maja Holm"), make_member(name="Ib Fremmed")
    case = make_case(member)
    look(member, case)
    look(other, case, Relation.BG)
    browser, url = as_user(member), f"/cases/{case.public_id}/looks"
    for only in (other.user.public_id, other.organisation.public_id):
        rows = browser.get(f"{url}?who={only}").text.partition("<tbody>")[2]
        assert "Ib Fremmed" in rows and "anden organisation" in rows
        assert "Maja Holm" not in rows
    for nobody in (make_member().user.public_id, "Ib Fremmed", "x" * 5000):
        assert "Maja Holm" in browser.get(f"{url}?who={nobody}").text.partition("<tbody>")[2]
    today = local_date(utc_now())
    assert "Ingen har set" in browser.get(f"{url}?from=2020-01-01&to=2020-02-01").text
    assert "Ib Fremmed" in browser.get(f"{url}?from={today}&to={today}").text.partition("<tbody>")[2]
    for bad in ("after=nonsense", "from=yesterday"):
        assert browser.get(f"{url}?{bad}").status_code == 400


@pytest.mark.usefixtures("session")
def test_the_list_of_looks_costs_the_same_for_sixty_people_as_for_one(as_user: AsUser, count_queries: Counter) -> None:
    member = make_member()
    case = make_case(member)
    browser, seen = as_user(member), []
    for more in (1, 60):
        for _ in range(more):
            look(make_member(), case, Relation.CN)
        db.session.commit()
        count_queries.start()
        page = browser.get(f"/cases/{case.public_id}/looks").text
        seen.append(count_queries.stop())
    assert seen[0] == seen[1] <= 12, count_queries.statements
    assert "after=" in page


@pytest.mark.usefixtures("session")
def test_the_trail_gathers_looks_by_day_and_shows_each_when_asked(as_user: AsUser) -> None:
    member = make_member(name="Maja Holm")
    case = make_case(member)
    for page in (Page.CASE, Page.JOURNAL, Page.CASE):
        look(member, case, page=page)
    reveal(member, case)
    browser = as_user(officer_of(member))
    gathered = browser.get("/audit/views").text
    assert re.search(r">Sagen, Journal</td>", gathered)
    assert "3 gange, " in gathered
    assert gathered.count("Adresse eller anden beskyttet oplysning vist") == 1
    link = re.search(r'href="(/audit/views[^"]*each=1[^"]*)"', gathered)
    assert link
    each = browser.get(link[1].replace("&amp;", "&")).text
    assert each.count('data-label="Side">Sagen</td>') == 2
    assert 'name="each" value="1" checked' in each


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("language", "words"), [("da", "Hvem har set i din sag"), ("en", "Who has looked in your case")]
)
def test_her_own_report_names_roles_and_organisations_and_nobody(as_user: AsUser, language: str, words: str) -> None:
    member = make_member(name="Maja Holm")
    case = make_case(member)
    for _twice in range(2):
        look(member, case)
    reveal(member, case)
    page = as_user(member).get(f"/cases/{case.public_id}/looks/report?language={language}").get_data(as_text=True)
    sheet = page.partition('<div class="sheet">')[2].partition("</div>")[0]
    assert words in page
    assert "<td>2</td>" in sheet
    assert "Maja" not in sheet
    assert "letter" not in sheet
    assert case.reference not in sheet
    assert Audit.LOOKS_REPORTED in db.session.scalars(sa.select(AuditEntry.action)).all()


@pytest.mark.usefixtures("session")
def test_a_form_that_asks_is_no_look_and_what_it_showed_is_one(as_user: AsUser) -> None:
    member = make_member()
    officers = make_member(Role.SAFETY_OFFICER, member.organisation)
    case = make_case(member)
    look(member, case, page=Page.ADDRESS_REVEAL)
    reveal(member, case)
    browser = as_user(member)
    for path in ("looks", "looks/report"):
        page = browser.get(f"/cases/{case.public_id}/{path}").text
        assert page.count("Adresse eller anden beskyttet oplysning vist") == 1
        assert "Bad om at se adressen" not in page
        assert "Vis adressen" not in page
    # The trail keeps both, and those who review it read both.
    kept = db.session.scalars(sa.select(AccessEntry.page).where(AccessEntry.page == Page.ADDRESS_REVEAL)).all()
    assert len(kept) == 1
    officer = as_user(officers)
    seen = officer.get("/audit/views").text
    assert "Bad om at se adressen" in seen
    assert "Adresse eller anden beskyttet oplysning vist" in seen


@pytest.mark.usefixtures("session")
def test_a_period_is_at_most_twelve_months_and_what_a_person_saw_stands_with_her_relation(as_user: AsUser) -> None:
    member = make_member(name="Maja Holm")
    case = make_case(member)
    look(member, case, Relation.XO)
    browser = as_user(officer_of(member, Role.DATA_PROTECTION_OFFICER))
    page = browser.get(f"/audit/views?user={member.user.public_id}&from=2016-01-01").get_data(as_text=True)
    assert case.reference in page
    assert "uden for teamet" in page
    assert f'value="{add_months(local_date(utc_now()), -12)}"' in page
    old = browser.get("/audit/views?from=2016-01-01&to=2016-02-01").get_data(as_text=True)
    assert case.reference not in old
    for bad in ("from=yesterday", "to=1-1-1", "from=0001-01-01"):
        assert browser.get(f"/audit/views?{bad}").status_code == 400


@pytest.mark.usefixtures("session")
def test_a_case_of_ones_own_house_shows_who_of_other_houses_looked(as_user: AsUser) -> None:
    member, other = make_member(), make_member(name="Ib Fremmed")
    case = make_case(member)
    look(other, case, Relation.RF)
    browser = as_user(officer_of(member))
    assert "Ib Fremmed" in browser.get(f"/audit/views?reference={case.reference}").get_data(as_text=True)
    assert "Ib Fremmed" not in browser.get("/audit/views").get_data(as_text=True)


@pytest.mark.usefixtures("session")
def test_alarms_are_seen_by_those_who_are_told_and_answered_on_their_page(as_user: AsUser) -> None:
    member = make_member(name="Ib Nysgerrig")
    officer = officer_of(member)
    told = {"organisation_id": member.organisation_id, "about_user_id": member.user_id, "now": utc_now()}
    alerts.raise_now(AlertRule.MANY_CASES, key="1", **told)
    public_id = db.session.scalars(sa.select(Alert.public_id)).one()
    browser, url = as_user(officer), f"/audit/alerts/{public_id}"
    assert "Ib Nysgerrig" in browser.get("/audit/alerts").get_data(as_text=True)
    assert "<span>forklaret</span>" in browser.get(url).get_data(as_text=True)
    assert browser.submit(url, data={"answer": "explained", "remark": "short"}).status_code == 422
    assert browser.submit(url, data={"answer": "explained", "remark": REMARK}).status_code == 303
    assert "Ib Nysgerrig" not in browser.get("/audit/alerts").get_data(as_text=True)
    assert REMARK in browser.get(url).get_data(as_text=True)
    assert browser.post(url, data={"answer": "explained", "remark": REMARK}).status_code == 409
    for role in (Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR):
        assert as_user(officer_of(member, role)).get(url).status_code == 404
    assert as_user(make_member(Role.SAFETY_OFFICER)).get(url).status_code == 404
    message = db.session.scalars(sa.select(Message.public_id).where(Message.recipient_id == officer.user_id)).one()
    assert browser.post(f"/messages/{message}/open").location == url


@pytest.mark.usefixtures("session")
def test_a_sample_is_drawn_once_a_week_and_explained_by_somebody_else(as_user: AsUser) -> None:
    member = make_member(name="Maja Holm")
    officer, case = officer_of(member), make_case(member)
    for _ in range(25):
        look(member, case)
    now = utc_now()
    assert reviews.draw_samples(member.organisation_id, now=now) == 20
    assert reviews.draw_samples(member.organisation_id, now=now + timedelta(hours=1)) == 0
    assert reviews.draw_samples(make_member().organisation_id, now=now) == 0
    due = db.session.scalars(sa.select(Deadline).where(Deadline.kind == "sample_review")).one()
    assert due.due_on == local_date(now) + timedelta(days=10)
    browser = as_user(officer)
    assert "Maja Holm" in browser.get("/audit/samples").get_data(as_text=True)
    for public_id in db.session.scalars(sa.select(AuditSample.public_id)).all():
        answered = browser.submit(f"/audit/samples/{public_id}", data={"answer": "not_explained", "remark": REMARK})
        assert answered.status_code == 303
    assert "Maja Holm" not in browser.get("/audit/samples").get_data(as_text=True)
    db.session.refresh(due)
    assert due.state == "done"
    assert as_user(make_member(Role.SAFETY_OFFICER)).get(f"/audit/samples/{public_id}").status_code == 404


@pytest.mark.usefixtures("session")
def test_where_there_is_no_safety_officer_the_protection_officer_is_told_and_answers(as_user: AsUser) -> None:
    member = make_member(name="Maja Holm")
    asleep = officer_of(member)
    asleep.suspended_at, asleep.suspended_for = utc_now(), Suspension.DORMANT
    stand_in = officer_of(member, Role.DATA_PROTECTION_OFFICER)
    look(member, make_case(member))
    assert reviews.draw_samples(member.organisation_id, now=utc_now()) == 1
    due = db.session.scalars(sa.select(Deadline).where(Deadline.kind == "sample_review")).one()
    assert due.queue_role == Role.DATA_PROTECTION_OFFICER
    assert db.session.scalars(sa.select(Message.recipient_id)).all() == [stand_in.user_id]
    browser = as_user(stand_in)
    assert "Maja Holm" in browser.get("/audit/samples").get_data(as_text=True)
    public_id = db.session.scalars(sa.select(AuditSample.public_id)).one()
    data = {"answer": "explained", "remark": REMARK}
    assert browser.submit(f"/audit/samples/{public_id}", data=data).status_code == 303


@pytest.mark.usefixtures("session")
def test_an_alarm_of_a_house_without_a_safety_officer_reaches_the_protection_officer(as_user: AsUser) -> None:
    member = make_member(name="Ib Nysgerrig")
    stand_in = officer_of(member, Role.DATA_PROTECTION_OFFICER)
    told = {"organisation_id": member.organisation_id, "about_user_id": member.user_id, "now": utc_now()}
    alerts.raise_now(AlertRule.MANY_CASES, key="1", **told)
    url = "/audit/alerts/" + db.session.scalars(sa.select(Alert.public_id)).one()
    assert db.session.scalars(sa.select(Message.recipient_id)).all() == [stand_in.user_id]
    assert as_user(stand_in).submit(url, data={"answer": "explained", "remark": REMARK}).status_code == 303
    officer_of(member)
    assert as_user(stand_in).get(url).status_code == 404


@pytest.mark.usefixtures("session")
def test_nobody_explains_a_look_of_her_own(as_user: AsUser) -> None:
    officer = make_member(Role.SAFETY_OFFICER)
    look(officer, make_case(), Relation.SO)
    assert reviews.draw_samples(officer.organisation_id, now=utc_now()) == 1
    public_id = db.session.scalars(sa.select(AuditSample.public_id)).one()
    url, data = f"/audit/samples/{public_id}", {"answer": "explained", "remark": REMARK}
    assert as_user(officer).post(url, data=data).status_code == 403


def test_the_lot_falls_more_often_on_what_is_unusual_and_cannot_be_foreseen() -> None:
    usual = [Candidate(number, "CT", False, False) for number in range(900)]
    unusual = [Candidate(number, "BG", True, True) for number in range(900, 1000)]
    assert (weight(usual[0]), weight(unusual[0])) == (1, 12)
    drawn = [number for seed in range(50) for number in draw([*usual, *unusual], bytes([seed]))]
    share = sum(number >= 900 for number in drawn) / len(drawn)
    assert 0.45 < share < 0.7
    assert draw(usual, b"a") == draw(usual, b"a") != draw(usual, b"b")


@pytest.mark.usefixtures("session")
def test_whoever_leaves_is_noted_by_the_safety_officer(as_user: AsUser) -> None:
    member = make_member(name="Ib Opsagt")
    browser = as_user(officer_of(member))
    data = {"member": member.public_id, "last_day": "31.12.2030"}
    assert browser.submit("/audit/leaving", data=data).status_code == 303
    assert browser.submit("/audit/leaving", data=data | {"last_day": "nonsense"}).status_code == 422
    assert "31.12.2030" in browser.get("/audit/leaving").get_data(as_text=True)
    assert browser.post(f"/audit/leaving/{member.public_id}/forget").status_code == 303
    assert browser.post(f"/audit/leaving/{make_member().public_id}/forget").status_code == 404


@pytest.mark.usefixtures("session")
def test_the_seal_is_shown(as_user: AsUser) -> None:
    browser = as_user(make_member(Role.DATA_PROTECTION_OFFICER))
    assert browser.get("/audit/seal").status_code == 200


@pytest.mark.usefixtures("session")
def test_a_refusal_leaves_the_same_line_for_what_is_there_and_what_is_not(
    as_user: AsUser, count_queries: Counter
) -> None:
    case, browser = make_case(), as_user(make_member())
    public_id, case_id, statements = case.public_id, case.id, []
    browser.get("/cases")
    for asked in (public_id, NOBODYS):
        count_queries.start()
        assert browser.get(f"/cases/{asked}").status_code == 404
        statements.append(count_queries.stop())
    assert statements[0] == statements[1]
    columns = (AuditEntry.case_id, AuditEntry.subject_public_id, AuditEntry.outcome, AuditEntry.rule)
    denied = sa.select(*columns).where(AuditEntry.action == Audit.ACCESS_DENIED).order_by(AuditEntry.id)
    rule = "404 cases.detail"
    assert db.session.execute(denied).all() == [
        (case_id, public_id, Outcome.DENIED, rule),
        (None, NOBODYS, Outcome.DENIED, rule),
    ]


@pytest.mark.usefixtures("session")
def test_the_twentieth_address_that_leads_nowhere_ends_the_session(app: Flask, as_user: AsUser) -> None:
    browser = as_user(make_member())
    app.config["COUNT_ATTEMPTS"] = True
    try:
        for number in range(20):
            assert browser.get(f"/cases/{number:022d}").status_code == 404
        assert browser.get("/cases").status_code == 303
    finally:
        app.config["COUNT_ATTEMPTS"] = False
    assert db.session.scalars(sa.select(Alert.rule)).all() == [AlertRule.PROBING]


@pytest.mark.usefixtures("session")
def test_lists_say_how_many_they_showed_and_lines_say_from_where(as_user: AsUser) -> None:
    member = make_member()
    make_case(member)
    browser = as_user(member)
    headers = {"User-Agent": "Firefox/140.0 (X11)"}
    for path in ("/cases", "/my-day"):
        browser.get(path, headers=headers)
    rows = db.session.scalars(sa.select(AccessEntry).order_by(AccessEntry.id)).all()
    assert rows[0].page == Page.CASE_LIST
    assert rows[0].shown == 1
    assert rows[0].network == "127.0.0.0/24"
    assert len(rows[0].session or "") == len(rows[0].device or "") == 16
    assert len(rows[0].policy or "") == 12


@pytest.fixture
def closed_trail(session: Session) -> None:
    """No line can be written: as when the table is full, locked, or the right to insert is gone."""
    session.execute(
        sa.text(
            "CREATE FUNCTION pg_temp.full() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no space left'; END $$"
        )
    )
    session.execute(
        sa.text(
            "CREATE TRIGGER full_table BEFORE INSERT ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION pg_temp.full()"
        )
    )


def test_without_the_trail_nothing_protected_is_shown_and_the_rest_works(
    session: Session, as_user: AsUser, request: pytest.FixtureRequest
) -> None:
    member = make_member()
    case = make_case(member, name="Amira Demo")
    addresses.set_address(case, protection_level=1, address="Prøvevej 1", actor=actor_of(member), now=utc_now())
    browser, public_id, reference = as_user(member), case.public_id, case.reference
    form = browser.hidden(f"/cases/{public_id}/address/reveal", f"/cases/{public_id}/address/reveal")
    session.commit()
    request.getfixturevalue("closed_trail")
    reason = {"reason": "She asked me to send her a letter."}
    answers = [browser.get(f"/cases/{public_id}"), browser.get("/cases")]
    answers.append(browser.post(f"/cases/{public_id}/address/reveal", data=form | reason))
    for answer in answers:
        assert answer.status_code == 503
        assert "Amira" not in answer.text
        assert "Prøvevej" not in answer.text
        assert reference not in answer.text
        assert "112" in answer.text
    assert browser.get("/messages/").status_code == 200
    assert browser.get(f"/cases/{NOBODYS}").status_code == 404


@pytest.mark.usefixtures("session")
def test_a_refused_look_says_once_that_it_was_refused(as_user: AsUser) -> None:
    member = make_member()
    case = make_case(member)
    assert as_user(make_member(organisation=member.organisation)).get(f"/cases/{case.public_id}").status_code == 404
    page = as_user(officer_of(member)).get("/audit/views").get_data(as_text=True)
    assert re.search(r"Adgang afvist", page)
    assert not re.search(r"Adgang afvist\s*(<[^>]*>)?\s*afvist", page)
