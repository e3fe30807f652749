"""A file on its way into a case and out of it: by the browser, as the security rules want it."""

import io
import os
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.kinds import TrackKind
from portal.core.pages import Page
from portal.core.papers import PaperKind, PaperState
from portal.core.safety import BreakGlassReason
from portal.models.audit import AccessEntry, AuditEntry
from portal.models.cases import Case
from portal.models.documents import CaseDocument
from portal.models.organisations import Organisation
from portal.queries import cases as case_queries
from portal.services import break_glass, team
from portal.services.closing import close_case
from tests.factories.enrolments import make_enrolment
from tests.factories.files import EICAR, WHERE, busy_pdf, pdf, picture, put, told_picture
from tests.factories.people import actor_of, make_case, make_member, make_organisation

Browser = Callable[..., Any]
NOW = utc_now()
TODAY = local_date(NOW)
SAID = {"kind": "decision", "theme": "Afgørelse om bolig", "dated_on": f"{TODAY:%d %m %Y}", "course": ""}


def here(case: Case, rest: str = "") -> str:
    return f"/documents/{case.public_id}{rest}"


def send(browser: Any, case: Case, content: bytes, name: str = "brev.pdf", **said: str) -> Any:
    """Send the form as a browser does. Put together here: the test client would use a file of its own."""
    head = "--mark\r\nContent-Disposition: form-data; name="
    fields = "".join(f'{head}"{key}"\r\n\r\n{value}\r\n' for key, value in (SAID | said).items())
    file = f'{head}"file"; filename="{name}"\r\nContent-Type: text/html\r\n\r\n'
    body = fields.encode() + file.encode() + content + b"\r\n--mark--\r\n"
    return browser.post(here(case, "/new"), data=body, content_type="multipart/form-data; boundary=mark")


def all_of(session: Any) -> list[CaseDocument]:
    return list(session.scalars(sa.select(CaseDocument).order_by(CaseDocument.id)))


@pytest.fixture
def member(session: Any) -> Any:
    return make_member()


@pytest.fixture
def case(member: Any) -> Case:
    return make_case(member, name="Amira Karim")


def test_a_file_is_put_into_the_case_listed_and_fetched(
    as_user: Browser, session: Any, member: Any, case: Case
) -> None:
    browser = as_user(member)
    assert 'enctype="multipart/form-data"' in browser.get(here(case, "/new")).get_data(as_text=True)
    answer = send(browser, case, pdf("Kære Amira"))
    assert (answer.status_code, answer.location) == (303, here(case))
    document = all_of(session)[0]
    assert (document.kind, document.state, document.theme) == (PaperKind.DECISION, PaperState.CLEAN, SAID["theme"])
    page = browser.get(here(case)).get_data(as_text=True)
    assert SAID["theme"] in page
    file = browser.get(here(case, f"/files/{document.public_id}"))
    assert file.mimetype == "application/pdf"
    assert b"%PDF-" in file.data[:5]
    tags = session.scalars(sa.select(AuditEntry.action).where(AuditEntry.case_id == case.id)).all()
    assert Audit.DOCUMENT_ADDED in tags


def test_what_is_handed_out_is_saved_and_never_shown(as_user: Browser, session: Any, member: Any, case: Case) -> None:
    """R-682, ASVS 3.2.1: attachment, closed in, not guessed at, not kept, and each time a look."""
    document = put(case, actor=actor_of(member), now=NOW)
    answer = as_user(member).get(here(case, f"/files/{document.public_id}"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="dokument.pdf"'
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    looks = session.scalars(sa.select(AccessEntry.page).where(AccessEntry.case_id == case.id)).all()
    assert looks == [Page.DOCUMENT]


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "con.nul", "a" * 300 + ".pdf", "\u202efdp.exe", "Kanariegade 117.pdf", ".htaccess"],
)
def test_the_name_of_the_file_is_not_kept(as_user: Browser, session: Any, member: Any, case: Case, name: str) -> None:
    """Row 80."""
    browser = as_user(member)
    assert send(browser, case, pdf(), name=name).status_code == 303
    document = all_of(session)[0]
    row = session.execute(sa.text("SELECT row_to_json(d)::text FROM case_document d")).scalar_one()
    assert name not in row
    answer = browser.get(here(case, f"/files/{document.public_id}"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="dokument.pdf"'
    assert name not in browser.get(here(case)).get_data(as_text=True)


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"<html>", 415),
        (picture("PNG") + b"<script>", 415),
        (b"PK\x03\x04" + b"x" * 99, 415),
        (b"", 422),
        (picture("PNG", size=(300, 300))[:200], 422),
        (b"%PDF-" + b"0" * (10 * 1024 * 1024), 413),
        (b"%PDF-" + b"0" * (12 * 1024 * 1024), 413),
    ],
)
def test_what_is_not_taken_is_said_beside_the_field_and_nothing_is_kept(
    as_user: Browser, session: Any, member: Any, case: Case, content: bytes, status: int
) -> None:
    answer = send(as_user(member), case, content)
    assert answer.status_code == status
    assert all_of(session) == []
    page = answer.get_data(as_text=True)
    assert 'id="file-error"' in page
    assert SAID["theme"] in page
    assert f'value="{SAID["dated_on"]}"' in page
    assert "selected" in page


def test_without_a_file_a_theme_or_a_day_the_form_says_so(as_user: Browser, member: Any, case: Case) -> None:
    browser = as_user(member)
    assert send(browser, case, b"", name="").status_code == 422
    assert browser.post(here(case, "/new"), data=SAID).status_code == 422
    for change in ({"theme": ""}, {"dated_on": f"{TODAY + timedelta(days=1):%d %m %Y}"}, {"kind": "handover"}):
        assert send(browser, case, pdf(), **change).status_code == 422
    answer = send(browser, case, pdf(), theme="Brev fra Kanariegade 117, 2. tv")
    assert answer.status_code == 422


def test_only_this_route_takes_more_than_a_form(as_user: Browser, session: Any, member: Any, case: Case) -> None:
    """The room of ten megabytes is this route's alone, and only where the length is said."""
    browser = as_user(member)
    big = b'--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n' + b"x" * 2_000_000 + b"\r\n--x--\r\n"
    sent = browser.post(f"/cases/{case.public_id}/notes", data=big, content_type="multipart/form-data; boundary=x")
    assert sent.status_code == 413
    answer = browser.post(
        here(case, "/new"),
        input_stream=io.BytesIO(b"--x\r\n"),
        content_type="multipart/form-data; boundary=x",
        headers={"Transfer-Encoding": "chunked"},
    )
    assert answer.status_code == 413


def test_an_upload_that_is_cut_keeps_nothing(as_user: Browser, session: Any, member: Any, case: Case) -> None:
    """Row 83."""
    whole = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + pdf()
    answer = as_user(member).post(
        here(case, "/new"),
        input_stream=io.BytesIO(whole),
        content_length=len(whole) * 2,
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code in (400, 422)
    assert all_of(session) == []


def test_nothing_of_a_file_ever_lies_on_a_disk(
    as_user: Browser, member: Any, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-684: where temporary files would stand nothing can be written, and a large file is taken all the same."""
    whole = pdf(os.urandom(3_000_000).hex(), compress_streams=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "is-not-there"))
    assert len(whole) > 3_000_000
    assert send(as_user(member), case, whole).status_code == 303


def test_malware_is_stopped_told_and_not_handed_out(as_user: Browser, session: Any, member: Any, case: Case) -> None:
    """Row 81, R-685."""
    browser = as_user(member)
    assert send(browser, case, EICAR).status_code == 303
    document = all_of(session)[0]
    assert (document.state, document.content) == (PaperState.STOPPED, None)
    assert browser.get(here(case, f"/files/{document.public_id}")).status_code == 404
    page = browser.get(here(case)).get_data(as_text=True)
    assert f'/files/{document.public_id}"' not in page
    assert "chip red" in page
    tags = session.scalars(sa.select(AuditEntry.action).where(AuditEntry.case_id == case.id)).all()
    assert Audit.DOCUMENT_STOPPED in tags


def test_what_a_file_hides_does_not_reach_the_case(as_user: Browser, session: Any, member: Any, case: Case) -> None:
    """Row 79, from the browser to the browser."""
    browser = as_user(member)
    for content in (told_picture(), busy_pdf()):
        send(browser, case, content)
    for document in all_of(session):
        answer = browser.get(here(case, f"/files/{document.public_id}"))
        assert answer.status_code == 200
        assert WHERE.encode() not in answer.data


def test_the_same_file_is_told_once(as_user: Browser, session: Any, member: Any, case: Case) -> None:
    """Row 84."""
    browser, content = as_user(member), pdf("one")
    assert [send(browser, case, content).status_code for _time in range(2)] == [303, 422]
    assert len(all_of(session)) == 1
    other = make_case(member)
    assert send(browser, other, content).status_code == 303


def test_what_is_said_of_a_document_is_corrected_and_nobody_is_outrun(
    as_user: Browser, session: Any, member: Any, case: Case
) -> None:
    document = put(case, actor=actor_of(member), now=NOW)
    browser, page = as_user(member), here(case, f"/files/{document.public_id}/edit")
    sent = browser.hidden(page, page)
    answer = browser.post(page, data=sent | SAID | {"theme": "Nyt emne", "kind": "letter"})
    assert answer.status_code == 303
    changed = all_of(session)[0]
    assert (changed.theme, changed.kind) == ("Nyt emne", PaperKind.LETTER)
    late = browser.post(page, data=sent | {"form_key": ""} | SAID | {"theme": "For sent"})
    assert late.status_code == 409
    assert "Nyt emne" in late.get_data(as_text=True)


def test_a_document_in_the_wrong_case_is_taken_out_for_good(
    as_user: Browser, session: Any, member: Any, case: Case
) -> None:
    """R-687."""
    document = put(case, actor=actor_of(member), now=NOW)
    browser, page = as_user(member), here(case, f"/files/{document.public_id}/edit")
    out = here(case, f"/files/{document.public_id}/take-out")
    sent = browser.hidden(page, out)
    assert browser.post(out, data=sent | {"reason": "kort"}).status_code == 422
    assert browser.post(out, data=sent | {"reason": "Hører til en anden sag i huset"}).status_code == 303
    gone = all_of(session)[0]
    assert (gone.state, gone.content, gone.digest) == (PaperState.TAKEN_OUT, None, None)
    raw = session.execute(sa.text("SELECT content FROM case_document")).scalar_one()
    assert raw is None
    assert browser.get(here(case, f"/files/{document.public_id}")).status_code == 404
    assert browser.get(page).status_code == 409
    assert "Hører til en anden sag i huset" in browser.get(here(case)).get_data(as_text=True)


def test_a_closed_case_takes_no_file_and_still_shows_those_that_are_there(
    as_user: Browser, session: Any, member: Any, case: Case
) -> None:
    document = put(case, actor=actor_of(member), now=NOW)
    close_case(case, case_queries.count_unfinished(case.id), actor=actor_of(member), now=NOW)
    browser = as_user(member)
    assert send(browser, case, pdf("two")).status_code == 409
    assert browser.get(here(case, "/new")).status_code == 409
    assert browser.get(here(case)).status_code == 200
    assert browser.get(here(case, f"/files/{document.public_id}")).status_code == 200


def test_strangers_get_the_answer_for_nothing_and_other_roles_are_refused(
    as_user: Browser, session: Any, member: Any, case: Case
) -> None:
    document = put(case, actor=actor_of(member), now=NOW)
    other = make_case(member)
    addresses = [here(case), here(case, "/new"), here(case, f"/files/{document.public_id}")]
    for address in addresses:
        assert as_user(make_member()).get(address).status_code == 404
        assert as_user(make_member(Role.VOLUNTEER)).get(address).status_code == 403
    assert as_user(member).get(here(other, f"/files/{document.public_id}")).status_code == 404


def test_who_leads_a_course_reads_what_is_shared_with_it_and_nothing_else(as_user: Browser, session: Any) -> None:
    """R-686."""
    worker, enrolment = make_enrolment(TrackKind.HOUSING)
    lead = make_member(Role.HOUSING_COORDINATOR, session.get_one(Organisation, enrolment.organisation_id))
    case, member = session.get_one(Case, enrolment.case_id), worker
    shared = put(case, actor=actor_of(member), now=NOW, theme="Delt brev", enrolment_id=enrolment.id)
    own = put(case, actor=actor_of(member), now=NOW, theme="Holdets brev")
    browser = as_user(lead)
    page = browser.get(here(case)).get_data(as_text=True)
    assert ("Delt brev" in page, "Holdets brev" in page) == (True, False)
    assert browser.get(here(case, f"/files/{shared.public_id}")).status_code == 200
    assert browser.get(here(case, f"/files/{own.public_id}")).status_code == 404
    assert browser.get(here(case, "/new")).status_code == 403


def test_a_municipality_reads_its_own_part_of_anothers_case(
    as_user: Browser, session: Any, member: Any, case: Case
) -> None:
    """R-686 and R-113."""
    town = make_member(Role.MUNICIPAL_ADVISER, make_organisation(OrganisationKind.MUNICIPALITY))
    team.join_team(case.id, town.user_id, actor=actor_of(member), now=NOW)
    put(case, actor=actor_of(member), now=NOW, theme="Centrets brev")
    put(case, actor=actor_of(town), now=NOW, theme="Kommunens brev")
    page = as_user(town).get(here(case)).get_data(as_text=True)
    assert ("Kommunens brev" in page, "Centrets brev" in page) == (True, False)
    assert "Kommunens brev" in as_user(member).get(here(case)).get_data(as_text=True)


def test_in_an_emergency_the_papers_are_read_and_nothing_is_put_there(
    as_user: Browser, session: Any, member: Any, case: Case
) -> None:
    """R-686 and R-376."""
    document = put(case, actor=actor_of(member), now=NOW, theme="Holdets brev")
    colleague = make_member(organisation=session.get_one(Organisation, member.organisation_id))
    browser = as_user(colleague)
    assert browser.get(here(case)).status_code == 404
    why = "Hun står uden for døren nu, og ingen fra teamet kan nås"
    break_glass.open_case(
        case.reference, category=BreakGlassReason.ACUTE_DANGER, reason=why, actor=actor_of(colleague), now=NOW
    )
    assert "Holdets brev" in browser.get(here(case)).get_data(as_text=True)
    assert browser.get(here(case, f"/files/{document.public_id}")).status_code == 200
    assert send(browser, case, pdf("two")).status_code == 404


def test_the_list_asks_as_often_for_six_as_for_one(
    as_user: Browser, session: Any, member: Any, case: Case, count_queries: Any
) -> None:
    browser, asked = as_user(member), []
    for number in range(6):
        put(case, actor=actor_of(member), now=NOW, theme=f"Brev {number}")
        if number in (0, 5):
            session.expire_all()
            count_queries.start()
            assert browser.get(here(case)).status_code == 200
            asked.append(count_queries.stop())
    assert asked[0] == asked[1]
    assert asked[0] <= 12
