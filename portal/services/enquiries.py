"""Enquiries: taken down at any hour, called back as promised, and turned into a case without typing anything twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enquiries import ChildBand, Conclusion, EnquiryAsker, EnquiryChannel
from portal.core.enums import Permission, Region
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.measures import ViolenceForm
from portal.core.protection import IndexField
from portal.db import db
from portal.domain import enquiries as rules
from portal.domain.code_lists import ENQUIRIES, check_codes, edition_on
from portal.domain.permissions import can, require
from portal.domain.workflow import check_version
from portal.models.cases import Case
from portal.models.enquiries import Enquiry
from portal.models.indexes import blind_index
from portal.queries import enquiries as queries
from portal.services import audit, cases, deadlines, notes, teamless

MOST_CHILDREN = 20


@dataclass(frozen=True, slots=True)
class Told:
    """What was said, as typed."""

    received_at: datetime
    channel: EnquiryChannel
    asker: EnquiryAsker
    conclusions: Sequence[str]
    name: str | None = None
    phone: str | None = None
    child_count: int = 0
    child_bands: Sequence[ChildBand | str] = ()
    violence_forms: Sequence[ViolenceForm | str] = ()
    region: Region | None = None
    wish: str | None = None
    reject_reasons: Sequence[str] = ()
    offered_instead: str | None = None
    call_back_on: date | None = None


def record(told: Told, *, actor: Actor, now: datetime) -> Enquiry:
    """Take an enquiry down; a promised call stands on the work list of the house (R-650). Raises Invalid, Forbidden."""
    require(actor, Permission.ENQUIRY_RECORD)
    enquiry = Enquiry(organisation_id=actor.organisation_id, recorded_at=now, recorded_by_id=actor.user_id)
    rules.check_call_back(told.call_back_on, now)
    _write(enquiry, told, now=now)
    db.session.add(enquiry)
    db.session.flush()
    _promise(enquiry, actor=actor, now=now)
    _mark(Audit.ENQUIRY_RECORDED, enquiry, actor=actor, now=now)
    return enquiry


def change(enquiry: Enquiry, told: Told, *, version: int, actor: Actor, now: datetime) -> None:
    """Put an enquiry right. Raises NotNow once it is a case, Invalid, Stale."""
    require(actor, Permission.ENQUIRY_RECORD)
    if enquiry.case_id is not None:
        raise NotNow(_("This enquiry has become a case. What is known now stands there."))
    check_version(version, enquiry.version)
    if told.call_back_on != enquiry.call_back_on:
        rules.check_call_back(told.call_back_on, now)
        enquiry.called_back_at = None
    _write(enquiry, told, now=now)
    db.session.flush()
    _promise(enquiry, actor=actor, now=now)
    _mark(Audit.ENQUIRY_CHANGED, enquiry, actor=actor, now=now)


def _write(enquiry: Enquiry, told: Told, *, now: datetime) -> None:
    rules.check_received(told.received_at, now)
    edition = edition_on(ENQUIRIES, local_date(told.received_at))
    conclusions = check_codes(edition, "conclusions", told.conclusions)
    reasons = check_codes(edition, "reject_reasons", told.reject_reasons)
    rules.check_conclusions(conclusions, reasons, told.offered_instead, told.call_back_on)
    if not 0 <= told.child_count <= MOST_CHILDREN:
        raise Invalid(_("Write a number from 0 to 20."), field="child_count")
    phone = rules.check_number(told.phone) if told.phone else None
    bands, forms = ({str(code) for code in codes} for codes in (told.child_bands, told.violence_forms))
    enquiry.received_at, enquiry.channel, enquiry.asker = told.received_at, told.channel, told.asker
    enquiry.name, enquiry.phone, enquiry.wish = told.name or None, phone, told.wish or None
    enquiry.phone_index = _index(phone, enquiry.organisation_id)
    enquiry.child_count = told.child_count
    enquiry.child_bands = [band.value for band in ChildBand if band.value in bands]
    enquiry.violence_forms = [form.value for form in ViolenceForm if form.value in forms]
    enquiry.region, enquiry.codes_version = told.region, edition.number
    enquiry.conclusions, enquiry.reject_reasons = conclusions, reasons
    enquiry.offered_instead, enquiry.call_back_on = told.offered_instead or None, told.call_back_on


def _index(phone: str | None, organisation_id: int) -> bytes | None:
    return blind_index(phone, field=IndexField.PHONE, organisation_id=organisation_id) if phone else None


def _promise(enquiry: Enquiry, *, actor: Actor, now: datetime) -> None:
    """The promised call stands on the list of all who do the same job here: the one on duty may be off that day."""
    if enquiry.call_back_on is None:
        deadlines.call_off(enquiry.public_id, actor=actor, now=now)
    elif enquiry.called_back_at is None:
        deadlines.put_up(
            DeadlineKind.ENQUIRY_CALL_BACK,
            SubjectType.ENQUIRY,
            enquiry.public_id,
            due_on=enquiry.call_back_on,
            organisation_id=enquiry.organisation_id,
            queue_role=actor.role,
            now=now,
        )


def call_back(enquiry: Enquiry, *, actor: Actor, now: datetime) -> None:
    """The promised call has been made. Raises NotNow where none was promised, or it was made already."""
    require(actor, Permission.ENQUIRY_RECORD)
    if enquiry.call_back_on is None or enquiry.called_back_at is not None:
        raise NotNow(_("No call back waits here."))
    enquiry.called_back_at = now
    deadlines.finish(DeadlineKind.ENQUIRY_CALL_BACK, enquiry.public_id, actor=actor, now=now)
    _mark(Audit.ENQUIRY_CALLED_BACK, enquiry, actor=actor, now=now)


def open_case(enquiry: Enquiry, *, taker: str | None = None, actor: Actor, now: datetime) -> Case:
    """Open a case from an enquiry that ended in an admission: name, number and what she asked for go along (R-651).

    Whoever never works in cases gives it to a colleague at once, or to the list of those that wait. Raises NotNow.
    """
    _must_become_a_case(enquiry)
    case = cases.open_case(name=enquiry.name, phone=enquiry.phone, actor=actor, now=now)
    if enquiry.wish and can(actor, Permission.CASE_EDIT):
        notes.write_note(case, text=enquiry.wish, happened_at=enquiry.received_at, actor=actor, now=now)
    _link(enquiry, case, actor=actor, now=now)
    if not can(actor, Permission.CASE_VIEW):
        teamless.pass_on(case, taker, actor=actor, now=now)
    return case


def link(enquiry: Enquiry, reference: str, *, actor: Actor, now: datetime) -> Case:
    """Join an enquiry to an open case of the own house that the actor sees (R-651). Raises Invalid, NotNow."""
    _must_become_a_case(enquiry)
    case = queries.find_own_case(actor, reference)
    if case is None:
        raise Invalid(_("No open case here that you see has this reference."), field="reference")
    _link(enquiry, case, actor=actor, now=now)
    return case


def _must_become_a_case(enquiry: Enquiry) -> None:
    if enquiry.case_id is not None:
        raise NotNow(_("This enquiry has become a case already."))
    if Conclusion.ADMITTED not in enquiry.conclusions:
        raise NotNow(_("Only an enquiry that ended in an admission becomes a case."))


def _link(enquiry: Enquiry, case: Case, *, actor: Actor, now: datetime) -> None:
    require(actor, Permission.ENQUIRY_RECORD)
    enquiry.case_id = case.id
    deadlines.call_off(enquiry.public_id, actor=actor, now=now)
    _mark(Audit.ENQUIRY_LINKED, enquiry, actor=actor, now=now)


def _mark(action: Audit, enquiry: Enquiry, *, actor: Actor, now: datetime) -> None:
    audit.record(action, SubjectType.ENQUIRY, enquiry.public_id, actor=actor, now=now, case_id=enquiry.case_id)
    db.session.flush()
