"""What is done within the statutory counselling: contacts by area, and what other authorities have promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import at_local, local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission
from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import ContactMode, ContactResult, NeedArea, SubjectType
from portal.db import db
from portal.domain.counselling import HAS_CONTACTS
from portal.domain.permissions import require
from portal.models.cases import Note
from portal.models.counselling import CoordinatingCounselling, CounsellingPromise
from portal.services import audit, deadlines, first_meetings
from portal.services.case_marks import must_be_open
from portal.services.counselling_records import worker_of

LONGEST_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact or attempt: when, on what, how, what came of it."""

    held_on: date
    mode: ContactMode
    result: ContactResult
    areas: Sequence[NeedArea] = ()
    minutes: int | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """What an authority has said that it will do, and by when."""

    area: NeedArea
    authority: str
    promised: str
    due_on: date


def log_contact(counselling: CoordinatingCounselling, contact: Contact, *, actor: Actor, now: datetime) -> Note:
    """Log a contact within the counselling; it stands in the journal too (R-673).

    Raises Forbidden, NotNow before the offer and after the end, Invalid (day, minutes).
    """
    require(actor, Permission.COUNSELLING_RECORD)
    must_be_open(counselling.case_id)
    if counselling.state not in HAS_CONTACTS:
        raise NotNow(_("Contacts belong to a counselling that has been offered and has not ended."))
    today = local_date(now)
    if contact.held_on > today:
        raise Invalid(_("It has not happened yet."), field="held_on")
    if contact.minutes is not None and not 0 <= contact.minutes <= LONGEST_MINUTES:
        raise Invalid(_("Write minutes from 0 to 1440."), field="minutes")
    note = Note(
        case_id=counselling.case_id,
        counselling_id=counselling.id,
        author_id=actor.user_id,
        organisation_id=actor.organisation_id,
        happened_at=now if contact.held_on == today else at_local(contact.held_on, time(12)),
        is_day_only=contact.held_on != today,
        written_at=now,
        mode=contact.mode,
        result=contact.result,
        minutes=contact.minutes,
        themes=[NeedArea(area).value for area in contact.areas],
        text=contact.text or None,
    )
    db.session.add(note)
    audit.record_about(Audit.COUNSELLING_CONTACT, counselling, actor=actor, now=now)
    db.session.flush()
    if contact.result is ContactResult.REACHED:
        first_meetings.note_met(counselling.case_id, actor=actor, now=now)
    return note


def note_promise(
    counselling: CoordinatingCounselling, promise: Promise, *, actor: Actor, now: datetime
) -> CounsellingPromise:
    """Note what an authority has promised; its day stands on the adviser's work list (R-674).

    Raises Forbidden, NotNow in a closed case, Invalid (texts, day).
    """
    require(actor, Permission.COUNSELLING_RECORD)
    must_be_open(counselling.case_id)
    today = local_date(now)
    _check(promise, today)
    row = CounsellingPromise(
        case_id=counselling.case_id,
        counselling_id=counselling.id,
        area=promise.area,
        authority=promise.authority,
        promised=promise.promised,
        promised_on=today,
        due_on=promise.due_on,
        noted_by_id=actor.user_id,
        organisation_id=actor.organisation_id,
    )
    db.session.add(row)
    db.session.flush()
    _remind(counselling, row, actor=actor, now=now)
    audit.record_about(Audit.PROMISE_NOTED, counselling, actor=actor, now=now)
    return row


def _check(promise: Promise, today: date) -> None:
    for field in ("authority", "promised"):
        if not getattr(promise, field).strip():
            raise Invalid(_("Fill this in."), field=field)
    if promise.due_on < today:
        raise Invalid(_("Choose a day from today on."), field="due_on")


def _remind(counselling: CoordinatingCounselling, row: CounsellingPromise, *, actor: Actor, now: datetime) -> None:
    user_id, organisation_id = worker_of(row.case_id) or (actor.user_id, actor.organisation_id)
    deadlines.put_up(
        DeadlineKind.COUNSELLING_PROMISE,
        SubjectType.COUNSELLING,
        counselling.public_id,
        suffix=row.public_id,
        due_on=row.due_on,
        organisation_id=organisation_id or row.organisation_id,
        owner_id=user_id,
        case_id=row.case_id,
        now=now,
    )


def settle_promise(
    counselling: CoordinatingCounselling, promise: CounsellingPromise, *, is_kept: bool, actor: Actor, now: datetime
) -> None:
    """Write down whether an authority did what it promised (R-674). Raises Forbidden, NotNow when that is done."""
    require(actor, Permission.COUNSELLING_RECORD)
    must_be_open(counselling.case_id)
    if promise.settled_on is not None:
        raise NotNow(_("This has been settled already."))
    promise.settled_on, promise.is_kept = local_date(now), is_kept
    deadlines.finish(
        DeadlineKind.COUNSELLING_PROMISE, counselling.public_id, suffix=promise.public_id, actor=actor, now=now
    )
    audit.record_about(Audit.PROMISE_SETTLED, counselling, actor=actor, now=now)
    db.session.flush()
