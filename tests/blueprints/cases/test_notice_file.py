"""The statutory notices as files: what stands in them, and what can stand nowhere in an anonymous one."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.pages import Page
from portal.models.audit import AccessEntry, AuditEntry
from portal.models.cases import Case
from portal.models.children import Child
from portal.models.stays import StatutoryNotice
from portal.services import cases
from tests.factories.people import actor_of, make_case, make_member, make_municipality, make_organisation
from tests.support.pdf import everything_in, text_of, words_of

Browser = Callable[..., Any]
NOW = utc_now()
TODAY = local_date(NOW)
NAME, CPR, CHILD = "Qwxyzania Zzyzxsen", "0101804000", "Vvvbarnet Qqsen"
# Every way in which name and number may be written.
PLANTED = ("Qwxyzania", "Zzyzxsen", "Vvvbarnet", "Qqsen", CPR, "010180-4000", "010180")
PROPERTIES = {"/Title", "/Author", "/CreationDate", "/Creator", "/ModDate"}


@pytest.fixture
def member(session: Any) -> Any:
    house = make_organisation(OrganisationKind.SHELTER, name="Centret", may_hold_cpr=True)
    return make_member(organisation=house)


def notice(member: Any, session: Any, kind: str, *, is_anonymous: bool) -> tuple[Case, StatutoryNotice]:
    """A notice of a woman whose name, number and child are known, whatever she wants to have told."""
    make_municipality("751", "Aarhus")
    case = make_case(member, name=NAME, cpr=CPR, allow_invented_cpr=True, responsible_municipality_code="751", now=NOW)
    session.add(Child(client_id=case.client_id, name=CHILD, birth_year=2019, is_along=True))
    who: Any = {"actor": actor_of(member), "now": NOW}
    cases.record_stay(case, admitted_on=TODAY - timedelta(days=20), is_anonymous=is_anonymous, **who)
    if kind == "discharge":
        cases.end_stay(case, discharged_on=TODAY, **who)
    session.flush()
    found = session.scalars(
        sa.select(StatutoryNotice).where(StatutoryNotice.case_id == case.id, StatutoryNotice.kind == kind)
    ).one()
    return case, found


def page_of(case: Case, found: StatutoryNotice) -> str:
    return f"/cases/{case.public_id}/notices/{found.public_id}"


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("kind", ["admission", "discharge"])
def test_an_anonymous_notice_holds_neither_name_nor_number_anywhere(
    as_user: Browser, session: Any, member: Any, kind: str, language: str
) -> None:
    """R-683 and invariant 1: text, properties, bytes and every stream of the file."""
    case, found = notice(member, session, kind, is_anonymous=True)
    answer = as_user(member).get(f"{page_of(case, found)}/file?language={language}")
    assert answer.status_code == 200
    held = everything_in(answer.data)
    assert [one for one in PLANTED if one in held] == []
    assert f"{case.reference}" in words_of(answer.data)
    assert ("anonymt" if language == "da" else "anonymously") in text_of(answer.data)


@pytest.mark.parametrize("kind", ["admission", "discharge"])
def test_a_named_notice_holds_her_name_and_no_number(as_user: Browser, session: Any, member: Any, kind: str) -> None:
    case, found = notice(member, session, kind, is_anonymous=False)
    answer = as_user(member).get(f"{page_of(case, found)}/file")
    held = everything_in(answer.data)
    assert NAME.replace(" ", "") in words_of(answer.data)
    assert CHILD.replace(" ", "") in words_of(answer.data)
    assert [one for one in (CPR, "010180-4000", "010180") if one in held] == []


@pytest.mark.parametrize("kind", ["admission", "discharge"])
def test_what_the_file_says_of_itself_says_nothing(as_user: Browser, session: Any, member: Any, kind: str) -> None:
    """R-681, R-682: its name, its properties and its headers are those of any other file."""
    case, found = notice(member, session, kind, is_anonymous=False)
    answer = as_user(member).get(f"{page_of(case, found)}/file")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="dokument.pdf"'
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    with pikepdf.open(io.BytesIO(answer.data)) as pdf:
        assert set(pdf.docinfo.keys()) <= PROPERTIES
        said = " ".join(str(value) for value in pdf.docinfo.values()) + str(pdf.Root.Metadata.read_bytes())
    assert [one for one in (*PLANTED, case.reference, "Centret", "indskrivning") if one in said] == []


def test_the_number_goes_along_when_it_is_asked_for_and_that_is_written_down_first(
    as_user: Browser, session: Any, member: Any
) -> None:
    case, found = notice(member, session, "admission", is_anonymous=False)
    browser = as_user(member)
    page = browser.get(page_of(case, found)).get_data(as_text=True)
    assert f"{page_of(case, found)}/file-with-number" in page
    assert CPR not in page
    answer = browser.post(f"{page_of(case, found)}/file-with-number")
    assert CPR in words_of(answer.data).replace("-", "")
    line = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.NAME_REVEALED)).one()
    assert (line.case_id, line.fields) == (case.id, ["cpr_number"])


def test_there_is_no_number_for_an_anonymous_one_also_when_it_is_asked_for(
    as_user: Browser, session: Any, member: Any
) -> None:
    case, found = notice(member, session, "admission", is_anonymous=True)
    browser = as_user(member)
    assert "file-with-number" not in browser.get(page_of(case, found)).get_data(as_text=True)
    refused = browser.post(f"{page_of(case, found)}/file-with-number")
    assert refused.status_code == 403
    assert CPR not in refused.get_data(as_text=True)
    assert session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.NAME_REVEALED)).all() == []


def test_fetching_it_is_a_look_and_changes_nothing(as_user: Browser, session: Any, member: Any) -> None:
    case, found = notice(member, session, "admission", is_anonymous=False)
    as_user(member).get(f"{page_of(case, found)}/file")
    looks = session.scalars(sa.select(AccessEntry).where(AccessEntry.case_id == case.id)).all()
    assert [look.page for look in looks] == [Page.NOTICE]
    assert session.get_one(StatutoryNotice, found.id).sent_on is None


def test_page_and_file_say_the_same(as_user: Browser, session: Any, member: Any) -> None:
    case, found = notice(member, session, "admission", is_anonymous=False)
    browser = as_user(member)
    page = browser.get(page_of(case, found)).get_data(as_text=True)
    file = words_of(browser.get(f"{page_of(case, found)}/file").data)
    for words in (NAME, CHILD, case.reference, "Aarhus"):
        assert words in page
        assert words.replace(" ", "") in file


def test_a_stranger_gets_the_answer_for_nothing_and_another_role_is_refused(
    as_user: Browser, session: Any, member: Any
) -> None:
    case, found = notice(member, session, "admission", is_anonymous=False)
    for address in (f"{page_of(case, found)}/file", f"/cases/{'x' * 22}/notices/{found.public_id}/file"):
        assert as_user(make_member()).get(address).status_code == 404
    assert as_user(make_member(Role.VOLUNTEER)).get(f"{page_of(case, found)}/file").status_code == 403
    other = make_case(member)
    assert as_user(member).get(f"/cases/{other.public_id}/notices/{found.public_id}/file").status_code == 404
