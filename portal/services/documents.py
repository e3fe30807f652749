"""Documents put into a case, corrected, looked through for malware, and taken out."""

import base64
from dataclasses import dataclass
from datetime import date, datetime

from portal import uploads
from portal.core.actor import SYSTEM, Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.enums import Permission
from portal.core.errors import Invalid, NotFound, NotNow
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.core.papers import Media, PaperKind, PaperState, PassingBasis
from portal.db import db
from portal.domain.documents import MOST, check_said, is_opened
from portal.domain.permissions import require
from portal.domain.reasons import check_reason
from portal.domain.workflow import check_version
from portal.models.cases import Case
from portal.models.documents import CaseDocument
from portal.queries import documents as queries
from portal.services import case_marks
from portal.services.case_marks import must_be_open

BATCH = 20
STATES = {
    uploads.Verdict.CLEAN: PaperState.CLEAN,
    uploads.Verdict.FOUND: PaperState.STOPPED,
    uploads.Verdict.UNKNOWN: PaperState.WAITING,
}


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a document: what it is, about what, from which day, and the course whose people read it too."""

    kind: PaperKind
    theme: str
    dated_on: date
    enrolment_id: int | None = None


def add(case: Case, said: Said, received: uploads.Received, *, actor: Actor, now: datetime) -> CaseDocument:
    """Put a file into the case, made anew and sealed with the key of the case (R-684, R-685, R-687).

    What holds malware is not kept; that it came is. What the scanner has not answered about waits. Raises Invalid
    (field named) for the fifty-first, and for one that is there already; NotNow when closed.
    """
    require(actor, Permission.CASE_EDIT)
    must_be_open(case.id)
    check_said(said.theme, said.dated_on, today=local_date(now))
    _check_place(case, received.digest)
    document = _new(case, said, actor, now)
    document.state, document.size = STATES[received.verdict], 0
    if received.made is not None:
        document.media, document.size = received.made.media, len(received.made.content)
        document.content = base64.b64encode(received.made.content).decode()
        document.digest = received.digest
    db.session.add(document)
    is_stopped = document.state is PaperState.STOPPED
    tag = Audit.DOCUMENT_STOPPED if is_stopped else Audit.DOCUMENT_ADDED
    case_marks.record(tag, case, actor=actor, now=now, fields=[said.kind.value])
    db.session.flush()
    return document


def _new(case: Case, said: Said, actor: Actor, now: datetime) -> CaseDocument:
    return CaseDocument(
        public_id=new_public_id(),
        case_id=case.id,
        organisation_id=actor.organisation_id,
        added_by_id=actor.user_id,
        added_at=now,
        kind=said.kind,
        theme=said.theme.strip(),
        dated_on=said.dated_on,
        enrolment_id=said.enrolment_id,
    )


def _check_place(case: Case, digest: str) -> None:
    """Raise Invalid when the case holds this very file already, or as many as it may."""
    taken = queries.list_taken(case)
    for one in taken:
        if one.digest == digest:
            # The theme may be one that this reader is not given.
            raise Invalid(_("This file is in the case already. It is not put there twice."), field="file")
    if len(taken) >= MOST:
        raise Invalid(_("A case holds at most %(num)d files. Take one out first.", num=MOST), field="file")


def keep_made(
    case: Case,
    said: Said,
    content: bytes,
    *,
    recipient_organisation_id: int,
    basis: PassingBasis,
    actor: Actor,
    now: datetime,
) -> CaseDocument:
    """Keep the copy of what was made here and sent on (R-689). Assumes that its makers have checked all else."""
    document = _new(case, said, actor, now)
    document.state, document.media, document.size = PaperState.CLEAN, Media.PDF, len(content)
    document.content = base64.b64encode(content).decode()
    document.recipient_organisation_id, document.basis = recipient_organisation_id, basis
    db.session.add(document)
    db.session.flush()
    return document


def change(
    case: Case, document: CaseDocument, said: Said, *, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Correct what is said of a document; the file stays as it is. Raises Invalid, NotNow, Stale."""
    require(actor, Permission.CASE_EDIT)
    must_be_open(case.id)
    check_version(version, document.version)
    if document.state is PaperState.TAKEN_OUT or document.kind is PaperKind.HANDOVER:
        raise NotNow(_("This document cannot be changed any more."))
    check_said(said.theme, said.dated_on, today=local_date(now))
    new = {
        "kind": said.kind,
        "theme": said.theme.strip(),
        "dated_on": said.dated_on,
        "enrolment_id": said.enrolment_id,
    }
    changed = [name for name, value in new.items() if getattr(document, name) != value]
    for name in changed:
        setattr(document, name, new[name])
    if changed:
        case_marks.record(Audit.DOCUMENT_CHANGED, case, actor=actor, now=now, fields=changed)
    db.session.flush()


def take_out(
    case: Case,
    document: CaseDocument,
    *,
    reason: str | None,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> None:
    """Take the content of a document away, for good; what it was and why it went stays (R-687).

    Raises Invalid beside the reason, NotNow for one that is gone or was sent on, Stale.
    """
    require(actor, Permission.CASE_EDIT)
    must_be_open(case.id)
    check_version(version, document.version)
    if document.state is PaperState.TAKEN_OUT:
        raise NotNow(_("The document has been taken out already."))
    if document.kind is PaperKind.HANDOVER:
        raise NotNow(_("What was sent on is kept as it was sent."))
    document.removal_reason = check_reason(reason)
    document.content = document.digest = None
    document.state, document.enrolment_id = PaperState.TAKEN_OUT, None
    document.removed_at, document.removed_by_id = now, actor.user_id
    case_marks.record(Audit.DOCUMENT_TAKEN_OUT, case, actor=actor, now=now, fields=[document.kind.value])
    db.session.flush()


def content_of(document: CaseDocument) -> tuple[bytes, str]:
    """The file and its ending. `document` has its content. Raises NotNow while it waits, NotFound when it is gone."""
    if document.state is PaperState.WAITING:
        raise NotNow(_("The document waits for the malware scanner. Try again in some minutes."))
    if not is_opened(document.state) or document.content is None or document.media is None:
        raise NotFound
    return base64.b64decode(document.content), document.media.value


def list_waiting() -> list[int]:
    """The keys of documents that wait for the scanner."""
    return queries.list_waiting(BATCH)


def scan_again(document_id: int, *, now: datetime) -> bool:
    """Ask the scanner once more about a document that waits (R-685). Returns whether it has answered."""
    document = queries.claim_waiting(document_id)
    if document is None or document.content is None:
        return False
    verdict = uploads.look(base64.b64decode(document.content))
    if verdict is uploads.Verdict.UNKNOWN:
        return False
    document.state = STATES[verdict]
    tag = Audit.DOCUMENT_SCANNED
    if verdict is uploads.Verdict.FOUND:
        tag = Audit.DOCUMENT_STOPPED
        document.content = document.digest = None
    case_marks.record(tag, queries.case_of(document), actor=SYSTEM, now=now, fields=[document.kind.value])
    db.session.flush()
    return True
