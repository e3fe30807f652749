"""An organisation that leaves receives its cases: one file for its own certificate, and a signed receipt.

What is in: of every case that it owns, open, closed or erased, each row and each column by the register of fields, also
what is about third persons and staff, for the house answers for all of it. People who work or worked there are named,
organisations and programmes too. An erased case is the shell that the erasure left.

What is not in: the trail, the work list, messages and counts that the portal keeps about a case, copies that were made
for somebody (exports, dossiers), names of people of other houses, versions and search indexes, and everything that is
no case: accounts, programmes, funds, homes. Nor a case of another house in which this one gives a programme.

The file is made and sealed in memory, and neither it nor the certificate is kept: it would outlive the organisation's
key in every backup. What was lost on the way is asked for again, and has a receipt of its own.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.errors import Forbidden, NotNow
from portal.core.i18n import _
from portal.core.ids import new_public_id
from portal.core.kinds import SubjectType
from portal.core.states import CaseState
from portal.db import db
from portal.domain.organisation_exits import LEAVE, STEPS, ExitAction, is_time_to_return
from portal.domain.permissions import require
from portal.domain.subject_data import returned
from portal.domain.workflow import check_step
from portal.models.leaving import OrganisationExit, OrganisationReturn
from portal.models.organisations import Organisation
from portal.models.users import User
from portal.queries import organisation_exits
from portal.queries import organisation_returns as queries
from portal.services import audit
from portal.services.access_export import Section, arrange
from portal.vault import certificates
from portal.vault.anchors import AnchorStore
from portal.vault.certificates import Certificate

KIND = "organisation_return"


@dataclass(frozen=True, slots=True)
class Document:
    """One case."""

    reference: str
    state: CaseState
    is_erased: bool
    sections: Sequence[Section]


@dataclass(frozen=True, slots=True)
class Packed:
    """All cases of a house in one file, still open, and how many they are."""

    content: bytes
    cases: int


def begin(*, actor: Actor, now: datetime) -> OrganisationExit:
    """Ask whether the cases can be received now, and hold the leaving until the transaction ends (R-535).

    Somebody who is kept out of a case of the house receives none: the other of the two does. Raises Forbidden,
    NotFound where the organisation stays, NotNow before day 0 and from day 30.
    """
    require(actor, LEAVE)
    leaving = organisation_exits.get_live(actor.organisation_id or 0)
    check_step(STEPS, ExitAction.RETURN, leaving.state, actor)
    if not is_time_to_return(leaving.frozen_at, now):
        raise NotNow(_("The cases can be received until day 30 after the freeze. That is over."))
    if queries.is_kept_out(actor):
        raise Forbidden
    return leaving


def documents(leaving: OrganisationExit, *, actor: Actor, now: datetime) -> Iterator[Document]:
    """Every case of the house, one after the other, each with a line of the trail (R-536)."""
    organisation_id = leaving.organisation_id
    names = queries.names_for(organisation_id)
    for case_id in queries.list_case_ids(organisation_id):
        case, rows = queries.collect(case_id, organisation_id)
        subject = (Audit.DATA_RETURNED, SubjectType.CASE, case.public_id)
        audit.record(*subject, actor=actor, now=now, case_id=case_id)
        sections = arrange(rows, returned, names)
        yield Document(case.reference, case.state, case.erased_at is not None, sections)


def hand_out(
    leaving: OrganisationExit, packed: Packed, receiver: Certificate, *, store: AnchorStore, actor: Actor, now: datetime
) -> bytes:
    """Seal the file for a certificate, and write the receipt. Returns what only that certificate's holder opens."""
    sealed = certificates.seal_to(receiver, packed.content)
    receipt = OrganisationReturn(
        public_id=new_public_id(),
        organisation_id=leaving.organisation_id,
        exit_id=leaving.id,
        made_at=now,
        made_by_id=actor.user_id,
        made_role=actor.role,
        cases=packed.cases,
        size=len(sealed),
        sha256=hashlib.sha256(sealed).hexdigest(),
        certificate_sha256=certificates.fingerprint(receiver),
    )
    receipt.organisation = db.session.get_one(Organisation, leaving.organisation_id)
    receipt.made_by = db.session.get_one(User, actor.user_id)
    receipt.signature = store.sign(statement(receipt))
    db.session.add(receipt)
    about = (Audit.DATA_RETURNED, SubjectType.ORGANISATION, receipt.organisation.public_id)
    audit.record(*about, actor=actor, now=now, shown=packed.cases)
    db.session.flush()
    return sealed


def statement(receipt: OrganisationReturn) -> str:
    """What is signed, word for word (R-539): made anew from the row, so that a row that was changed no longer fits."""
    said = {
        "kind": KIND,
        "receipt": receipt.public_id,
        "organisation": receipt.organisation.public_id,
        "at": receipt.made_at.isoformat(),
        "by": receipt.made_by.public_id,
        "role": receipt.made_role.value,
        "cases": receipt.cases,
        "size": receipt.size,
        "sha256": receipt.sha256,
        "certificate_sha256": receipt.certificate_sha256,
    }
    return json.dumps(said, separators=(",", ":"))
