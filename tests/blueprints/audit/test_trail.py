"""The trail: of the own organisation, metadata alone, and to look at it leaves a mark."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Role
from portal.core.kinds import SubjectType
from portal.core.pages import Page
from portal.core.text import danish_order
from portal.db import db
from portal.domain.disclosure import Relation
from portal.models.audit import AuditEntry
from portal.models.organisations import Organisation
from portal.models.users import Membership
from portal.services import audit
from tests.factories.people import actor_of, make_case, make_member
from tests.support.counting import Counter

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
PATHS = ("/audit/", "/audit/views")


def officer_of(member: Membership, role: Role = Role.DATA_PROTECTION_OFFICER) -> Membership:
    return make_member(role, db.session.get_one(Organisation, member.organisation_id))


def test_the_own_trail_is_shown_and_no_other(as_user: AsUser) -> None:
    member = make_member(name="Maja Holm")
    case = make_case(member, name="Amira Demo")
    audit.record_view(actor=actor_of(member), case_id=case.id, relation=Relation.CT, page=Page.CASE, now=utc_now())
    reference = case.reference
    own, stranger = as_user(officer_of(member)), as_user(make_member(Role.SAFETY_OFFICER))
    for path in PATHS:
        page, theirs = own.get(path).get_data(as_text=True), stranger.get(path).get_data(as_text=True)
        assert reference in page
        assert "Maja Holm" in page
        assert "Amira" not in page
        assert reference not in theirs


def test_it_speaks_words_and_no_tags(as_user: AsUser) -> None:
    member = make_member(Role.CONTACT_PERSON)
    case, actor, now = make_case(member), actor_of(member), utc_now()
    told = {"actor": actor, "now": now, "case_id": case.id}
    audit.record(Audit.CTI_PHASE_CHANGED, SubjectType.ENROLMENT, None, fields=["t0"], **told)
    audit.record(Audit.UNIT_CHANGED, SubjectType.UNIT, None, fields=["close_down", "reason"], **told)
    audit.record_view(actor=actor, case_id=case.id, relation=Relation.TT, page=Page.MEETING_NEW, now=now)
    officer = as_user(officer_of(member))
    rows = re.sub(r"<select.*?</select>", "", officer.get("/audit/").get_data(as_text=True), flags=re.S)
    assert ">CTI: fase skiftet</td>" in rows
    assert ">indflytningsdag</td>" in rows
    assert ">Tag ud af drift, begrundelse</td>" in rows
    assert [tag.value for tag in Audit if tag.value in rows] == []
    looks = officer.get("/audit/views").get_data(as_text=True)
    assert re.search(r">Leder af et af hendes forløb</td>\s*<td[^>]*>Planlæg et møde</td>", looks)


def test_the_filter_lists_the_words_in_danish_order(as_user: AsUser) -> None:
    page = as_user(make_member(Role.SAFETY_OFFICER)).get("/audit/?action=user:created").get_data(as_text=True)
    options = re.findall(r'<option value="([a-z_]+:[a-z_]+)"( selected)?>(.*?)</option>', page)
    assert {value for value, _mark, _text in options} == {tag.value for tag in Audit}
    texts = [html.unescape(text) for _value, _mark, text in options]
    assert texts == sorted(texts, key=danish_order)
    assert [text for _value, mark, text in options if mark] == ["Bruger oprettet"]


def test_to_look_at_it_leaves_a_mark(as_user: AsUser) -> None:
    browser = as_user(make_member(Role.SAFETY_OFFICER))
    for path in PATHS:
        browser.get(path)
    marks = db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.action == Audit.AUDIT_OPENED)).all()
    assert len(marks) == 2


def test_it_can_be_narrowed_and_refuses_what_it_does_not_know(as_user: AsUser) -> None:
    member = make_member()
    first, second = make_case(member), make_case(member)
    names, user = (first.reference, second.reference), member.user.public_id
    browser = as_user(officer_of(member))
    page = browser.get(f"/audit/?reference={names[0]}&action=case:opened&user={user}").get_data(as_text=True)
    assert f">{names[0]}</td>" in page
    assert names[1] not in page
    assert browser.get("/audit/?action=nonsense").status_code == 400
    assert browser.get("/audit/?after=nonsense").status_code == 400


@pytest.mark.parametrize("path", PATHS)
def test_others_are_refused_at_the_door(as_user: AsUser, path: str) -> None:
    for role in (Role.PROGRAMME_LEAD, Role.CONTACT_PERSON, Role.ADMINISTRATOR):
        assert as_user(make_member(role)).get(path).status_code == 403


def test_it_costs_the_same_for_fifty_entries_as_for_one(as_user: AsUser, count_queries: Counter) -> None:
    member = make_member(Role.SAFETY_OFFICER)
    browser, seen = as_user(member), []
    for more in (1, 60):
        for _ in range(more):
            audit.record(Audit.CASE_CHANGED, SubjectType.CASE, None, actor=actor_of(member), now=utc_now())
        db.session.commit()
        count_queries.start()
        page = browser.get("/audit/").get_data(as_text=True)
        seen.append(count_queries.stop())
    assert seen[0] == seen[1] <= 12, count_queries.statements
    assert "after=" in page
