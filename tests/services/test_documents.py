"""Documents of a case: places, fingerprints, the scanner, and what goes with the case's key."""

import base64
import os
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal import uploads
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotFound, NotNow, Stale
from portal.core.papers import Media, PaperKind, PaperState
from portal.jobs.documents import scan_waiting
from portal.models.audit import AuditEntry
from portal.models.documents import CaseDocument
from portal.services import documents
from tests.factories.files import EICAR, pdf, picture, put
from tests.factories.people import actor_of, make_case, make_member

NOW = utc_now()
TODAY = local_date(NOW)
pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def scene(session: Any) -> tuple[Any, Any]:
    member = make_member()
    return make_case(member), actor_of(member)


def test_what_is_kept_is_sealed_and_comes_back_whole(session: Any, scene: tuple[Any, Any]) -> None:
    case, actor = scene
    document = put(case, pdf("Hemmelig 4711"), actor=actor, now=NOW)
    raw = session.execute(sa.text("SELECT content, theme, digest FROM case_document")).one()
    assert b"%PDF" not in raw.content
    assert base64.b64encode(b"%PDF-1")[:6] not in raw.content
    assert "Afgørelse".encode() not in raw.theme
    session.expire_all()
    content, ending = documents.content_of(session.get_one(CaseDocument, document.id))
    assert content.startswith(b"%PDF-")
    assert ending == Media.PDF.value


def test_ten_megabytes_are_kept_within_the_time_of_one_statement(session: Any, scene: tuple[Any, Any]) -> None:
    case, actor = scene
    whole = pdf(base64.b64encode(os.urandom(7_400_000)).decode(), compress_streams=False)
    assert 9_000_000 < len(whole) < uploads.MOST_BYTES
    session.execute(sa.text("SET LOCAL statement_timeout = '5s'"))
    document = put(case, whole, actor=actor, now=NOW)
    session.expire_all()
    assert document.size > 7_000_000
    assert documents.content_of(session.get_one(CaseDocument, document.id))[0].startswith(b"%PDF-")


def test_a_list_of_documents_does_not_open_their_content(session: Any, scene: tuple[Any, Any]) -> None:
    case, actor = scene
    put(case, actor=actor, now=NOW)
    session.expire_all()
    row = session.scalars(sa.select(CaseDocument)).one()
    assert "content" in sa.inspect(row).unloaded


def test_the_fifty_first_file_is_refused_and_one_taken_out_makes_room(scene: tuple[Any, Any]) -> None:
    """Row 82."""
    case, actor = scene
    kept = [put(case, picture("PNG", size=(2 + number, 2)), actor=actor, now=NOW) for number in range(50)]
    with pytest.raises(Invalid, match="50"):
        put(case, pdf("one more"), actor=actor, now=NOW)
    documents.take_out(case, kept[0], reason="Den hører til en anden sag", actor=actor, now=NOW)
    assert put(case, pdf("one more"), actor=actor, now=NOW).state is PaperState.CLEAN


def test_what_the_scanner_has_not_answered_about_waits_and_is_opened_by_nobody(
    session: Any, scene: tuple[Any, Any]
) -> None:
    """R-685: and the job asks again, once there is an answer."""
    case, actor = scene
    uploads.configure("tcp:127.0.0.1:1")
    try:
        document = put(case, actor=actor, now=NOW)
        assert document.state is PaperState.WAITING
        with pytest.raises(NotNow):
            documents.content_of(document)
        assert scan_waiting(NOW) == 0
    finally:
        uploads.configure("")
    assert scan_waiting(NOW) == 1
    assert scan_waiting(NOW) == 0
    session.expire_all()
    assert session.get_one(CaseDocument, document.id).state is PaperState.CLEAN
    tags = session.scalars(sa.select(AuditEntry.action).where(AuditEntry.case_id == case.id)).all()
    assert Audit.DOCUMENT_SCANNED in tags


def test_malware_that_is_found_late_takes_the_content_away(session: Any, scene: tuple[Any, Any]) -> None:
    case, actor = scene
    document = put(case, actor=actor, now=NOW)
    document.state, document.content = PaperState.WAITING, base64.b64encode(EICAR).decode()
    session.flush()
    assert scan_waiting(NOW) == 1
    session.expire_all()
    found = session.get_one(CaseDocument, document.id)
    assert (found.state, found.content, found.digest) == (PaperState.STOPPED, None, None)
    with pytest.raises(NotFound):
        documents.content_of(found)


@pytest.mark.parametrize("said", [{"theme": "  "}, {"dated_on": TODAY + timedelta(days=1)}])
def test_a_document_has_a_theme_and_a_day_that_has_come(scene: tuple[Any, Any], said: dict[str, Any]) -> None:
    """R-687."""
    case, actor = scene
    with pytest.raises(Invalid):
        put(case, actor=actor, now=NOW, **said)


def test_what_is_said_is_changed_with_a_line_and_by_nobody_who_came_late(session: Any, scene: tuple[Any, Any]) -> None:
    case, actor = scene
    document = put(case, actor=actor, now=NOW)
    said = documents.Said(PaperKind.COURT, "Fra retten", TODAY - timedelta(days=3))
    documents.change(case, document, said, actor=actor, now=NOW, version=document.version)
    line = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Audit.DOCUMENT_CHANGED)).one()
    assert sorted(line.fields) == ["dated_on", "kind", "theme"]
    with pytest.raises(Stale):
        documents.change(case, document, said, actor=actor, now=NOW, version=1)
    documents.take_out(case, document, reason="Den hører til en anden sag", actor=actor, now=NOW)
    for again in (
        lambda: documents.change(case, document, said, actor=actor, now=NOW),
        lambda: documents.take_out(case, document, reason="Den hører til en anden sag", actor=actor, now=NOW),
    ):
        with pytest.raises(NotNow):
            again()


def test_other_roles_put_nothing_into_a_case(scene: tuple[Any, Any]) -> None:
    case, _actor = scene
    with pytest.raises(Forbidden):
        put(case, actor=actor_of(make_member(Role.INTAKE)), now=NOW)
