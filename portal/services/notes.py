"""The journal: notes and logged contacts. Never edited; a correction is a new note that names the old one (R-116).

The one exception stands in `services/misplaced.py`: what is in the wrong case is taken out by two (R-820).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypedDict, Unpack

from sqlalchemy.exc import IntegrityError

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.i18n import _
from portal.core.identity import IdentityProblem, check_phone
from portal.core.kinds import ContactMode, ContactResult, NeedArea, SubjectType
from portal.core.notes import TookPart
from portal.core.scan import SensitiveKind, scan_written
from portal.db import db
from portal.domain.cases import NO_ADDRESS_LEVEL, contact_undo_until
from portal.domain.notes import PLAIN, NoteFacts, may_come_back, narrower
from portal.domain.permissions import require
from portal.models.cases import Case, Note
from portal.models.children import Child
from portal.queries import children as child_queries
from portal.queries import slips as queries
from portal.services import addresses, bridge, case_marks, children, clients, deadlines, first_meetings, pins, silence
from portal.services.case_marks import must_be_open

LONGEST_MINUTES = 24 * 60
ALREADY = _("It has been undone or corrected already.")
CLOCK_SKEW = timedelta(minutes=5)


class Said(TypedDict, total=False):
    """What is said of a note beside its text. What a correction does not say is as in the note that it corrects."""

    happened_at: datetime | None
    # Its day is known and no hour.
    is_day_only: bool
    themes: Sequence[NeedArea]
    enrolment_id: int | None
    # Which children it is about; none: the family, or her. Whether they were spoken with.
    about: Sequence[Child]
    was_spoken_with: bool
    facts: NoteFacts


def write_note(
    case: Case,
    *,
    text: str,
    actor: Actor,
    now: datetime,
    corrects: Note | None = None,
    meeting_id: int | None = None,
    **said: Unpack[Said],
) -> Note:
    """Write a note, or correct an earlier one by a new note (R-116), which no more people read than it (R-811).

    A correction keeps what the first note said and it does not say anew: children, course, kind of talk, readers, day
    (R-826). Raises Invalid (field named), NotNow in a closed case.
    """
    require(actor, Permission.CASE_EDIT)
    must_be_open(case.id)
    if not text.strip():
        raise Invalid(_("Write what happened."), field="text")
    about = _about(corrects, said)
    if corrects is not None:
        said, meeting_id = _as_before(corrects, said), corrects.meeting_id
    facts = said.get("facts", PLAIN).with_her(is_about_children=any(some for _was_spoken_with, some in about))
    note = _new(case, actor, now, said.get("happened_at"), said.get("themes", ()), facts)
    note.text, note.enrolment_id, note.meeting_id = text, said.get("enrolment_id"), meeting_id
    note.is_day_only, note.corrects_id = said.get("is_day_only", False), corrects.id if corrects else None
    db.session.add(note)
    case_marks.record(Audit.NOTE_WRITTEN, case, actor=actor, now=now)
    db.session.flush()
    if facts.is_talk_with_her:
        _reached(case, actor=actor, now=now)
    if corrects is not None:
        pins.hand_on(corrects, note, actor=actor, now=now)
    _come_back(case, note, facts, now=now)
    for was_spoken_with, some in about:
        children.link_note(case, note, some, was_spoken_with=was_spoken_with, actor=actor, now=now)
    return note


def _as_before(before: Note, said: Said) -> Said:
    """What a correction says, and what the note that it corrects said where it says nothing."""
    kept: Said = {
        "themes": [NeedArea(theme) for theme in before.themes],
        "enrolment_id": before.enrolment_id,
        "facts": facts_of(before),
    }
    if said.get("happened_at") is None:
        said = {**said, "happened_at": before.happened_at, "is_day_only": before.is_day_only}
    given: Said = {**kept, **said}
    facts = given["facts"]
    return {**given, "facts": replace(facts, readers=narrower(before.readers, facts.readers))}


def facts_of(note: Note) -> NoteFacts:
    """What was said of a note as it was written."""
    return NoteFacts(talk=note.talk, took_part=[TookPart(one) for one in note.took_part], readers=note.readers)


def _about(before: Note | None, said: Said) -> list[tuple[bool, Sequence[Child]]]:
    """Which children a note is about, by whether somebody spoke with them: as it says, or as the first one said."""
    if before is None or "about" in said:
        return [(said.get("was_spoken_with", False), said.get("about", ()))]
    return [(was_spoken_with, child_queries.list_of_note(before, was_spoken_with)) for was_spoken_with in (False, True)]


def log_contact(
    case: Case,
    *,
    mode: ContactMode,
    result: ContactResult,
    actor: Actor,
    now: datetime,
    minutes: int | None = None,
    themes: Sequence[NeedArea] = (),
    text: str | None = None,
    happened_at: datetime | None = None,
    enrolment_id: int | None = None,
    enrolment_public_id: str | None = None,
    about: Sequence[Child] = (),
    was_spoken_with: bool = False,
    facts: NoteFacts = PLAIN,
) -> Note:
    """Log a contact or an attempt. Minutes are whole ones. Raises Invalid (field named), NotNow when closed.

    When she was reached within a course, its first contact is done.
    """
    require(actor, Permission.CASE_EDIT)
    must_be_open(case.id)
    if minutes is not None and not 0 <= minutes <= LONGEST_MINUTES:
        raise Invalid(_("Write minutes from 0 to 1440."), field="minutes")
    note = _new(case, actor, now, happened_at, themes, facts)
    note.mode, note.result, note.minutes = mode, result, minutes
    note.text, note.enrolment_id = text or None, enrolment_id
    db.session.add(note)
    if result is ContactResult.REACHED:
        _reached(case, actor=actor, now=now)
    if result is ContactResult.REACHED and enrolment_public_id:
        day = local_date(note.happened_at)
        deadlines.finish(DeadlineKind.FIRST_CONTACT, enrolment_public_id, actor=actor, now=now, on=day)
        bridge.note_contact(case, day, actor=actor, now=now)
    case_marks.record(Audit.CONTACT_LOGGED, case, actor=actor, now=now)
    db.session.flush()
    _come_back(case, note, facts, now=now)
    children.link_note(case, note, about, was_spoken_with=was_spoken_with, actor=actor, now=now)
    return note


def _reached(case: Case, *, actor: Actor, now: datetime) -> None:
    silence.reached(case.public_id, actor=actor, now=now)
    first_meetings.note_met(case.id, actor=actor, now=now)


def undo_contact(case: Case, note: Note, *, actor: Actor, now: datetime) -> Note:
    """Undo a contact that was logged by a slip, within two minutes (R-783): a note of its own takes it back.

    Both stay in the journal; silence, hours and the first contact are as if it had never been (R-784). Raises
    Forbidden for anybody but its author, NotNow.
    """
    require(actor, Permission.CASE_EDIT)
    if note.author_id != actor.user_id:
        raise Forbidden
    must_be_open(case.id)
    if note.mode is None or now >= contact_undo_until(note.written_at):
        raise NotNow(_("A logged contact can be undone for two minutes. Write a correction instead."))
    hanging = queries.find_hanging(case, note)
    if hanging.is_corrected:
        raise NotNow(ALREADY)
    if not hanging.is_free:
        raise NotNow(_("Something else has been written along with it or since. Write a correction instead."))
    undone = _new(case, actor, now, note.happened_at, (), NoteFacts(readers=note.readers))
    undone.enrolment_id, undone.corrects_id, undone.is_withdrawal = note.enrolment_id, note.id, True
    try:
        with db.session.begin_nested():
            db.session.add(undone)
    except IntegrityError as double:
        raise NotNow(ALREADY) from double
    if note.result is ContactResult.REACHED:
        silence.not_reached_after_all(case.public_id, since=note.written_at)
        put_back(case, note, note.enrolment_id)
        first_meetings.look(case.id, actor=actor, now=now)
    deadlines.call_off(case.public_id, kind=DeadlineKind.NOTE_FOLLOW_UP, suffix=note.public_id, actor=actor, now=now)
    case_marks.record(Audit.CONTACT_UNDONE, case, actor=actor, now=now)
    db.session.flush()
    return undone


def put_back(case: Case, note: Note, enrolment_id: int | None) -> None:
    """The first contact that a contact took off the work lists stands there again, with its day and owner (R-784)."""
    course = queries.find_unbegun_course(enrolment_id)
    day = local_date(note.happened_at)
    if course is not None:
        closed_at = deadlines.done_at(day, note.written_at)
        deadlines.bring_back(course, kind=DeadlineKind.FIRST_CONTACT, closed_at=closed_at)
    bridge.undo_contact(case, day, noted_at=note.written_at)


def _new(
    case: Case,
    actor: Actor,
    now: datetime,
    happened_at: datetime | None,
    themes: Sequence[NeedArea],
    facts: NoteFacts,
) -> Note:
    happened_at = happened_at or now
    if happened_at > now + CLOCK_SKEW:
        raise Invalid(_("It has not happened yet."), field="happened_on")
    if facts.follow_up_on is not None and not may_come_back(facts.follow_up_on, local_date(now)):
        raise Invalid(_("Choose a day from tomorrow on, within a year."), field="follow_up_on")
    return Note(
        case_id=case.id,
        author_id=actor.user_id,
        organisation_id=actor.organisation_id,
        happened_at=happened_at,
        written_at=now,
        themes=[NeedArea(theme).value for theme in themes],
        talk=facts.talk,
        took_part=[TookPart(one).value for one in facts.took_part],
        readers=facts.readers,
    )


def _come_back(case: Case, note: Note, facts: NoteFacts, *, now: datetime) -> None:
    """Put the day on which the writer wants to come back to it on her own work list (R-814)."""
    if facts.follow_up_on is None:
        return
    deadlines.put_up(
        DeadlineKind.NOTE_FOLLOW_UP,
        SubjectType.CASE,
        case.public_id,
        suffix=note.public_id,
        due_on=facts.follow_up_on,
        organisation_id=note.organisation_id,
        owner_id=note.author_id,
        case_id=case.id,
        now=now,
    )


def move_to_protected(case: Case, text: str, *, actor: Actor, now: datetime) -> str:
    """Move what belongs in a protected field out of a note, and return the note without it (R-385, rule PA-4).

    Nothing is lost and nothing takes the place of what is known already: what has no field to go to, or whose field
    holds something else, is left to the writer. Raises Invalid, which says what and why; Stale, NotNow.
    """
    moved = str(_("moved to the protected field"))
    for hit in sorted(scan_written(text), key=lambda one: one.start, reverse=True):
        _keep(hit.kind, case, text[hit.start : hit.end].strip(), actor=actor, now=now)
        text = f"{text[: hit.start]}[{moved}]{text[hit.end :]}"
    return text


def _keep(kind: SensitiveKind, case: Case, found: str, *, actor: Actor, now: datetime) -> None:
    known, level = case.client, case.client.protection_level
    if kind is SensitiveKind.PHONE:
        number = _phone(found)
        if known.phone is None:
            clients.keep_phone(case, number, actor=actor, now=now)
        elif known.phone != number:
            raise Invalid(
                _("Another telephone number of hers is kept already. Take this one out, or let it stay."), field="text"
            )
    elif kind is not SensitiveKind.ADDRESS:
        raise _nowhere(found)
    elif level >= NO_ADDRESS_LEVEL:
        raise Invalid(_("At special protection no address is kept. Take it out."), field="text")
    elif known.address is None:
        addresses.set_address(case, protection_level=level, address=found, actor=actor, now=now)
    elif known.address != found:
        raise Invalid(
            _("Another address of hers is kept already. Change it there first, and take this one out."), field="text"
        )


def _phone(found: str) -> str:
    try:
        return check_phone(found)
    except IdentityProblem:
        raise _nowhere(found) from None


def _nowhere(found: str) -> Invalid:
    return Invalid(
        _('"%(found)s" has no field to go to from here. Take it out, or let it stay.', found=found), field="text"
    )
