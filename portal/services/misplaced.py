"""A note in the wrong case: one puts it aside, a second person takes it out or leaves it (R-820 to R-823).

From the moment it is put aside its row in the journal is empty: what it said stands sealed in `note_misplacement`, so
that whoever reads notes anywhere and forgets to ask shows nothing.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import SubjectType
from portal.core.messages import MessageKind
from portal.core.notes import AsideState, NoteAside, WrongCase
from portal.db import db
from portal.domain.misplaced import MOST_ASIDE, WORKFLOW, Action, Held, is_hers
from portal.domain.permissions import require
from portal.domain.workflow import check_step, check_version
from portal.models.cases import Case, Note
from portal.models.misplaced import NoteMisplacement
from portal.queries import misplaced as queries
from portal.services import case_marks, deadlines, messages, note_content, second_person

ALREADY = _("The note has been put aside already.")
DECIDED = _("It has been decided on or called back meanwhile.")


@dataclass(frozen=True, slots=True)
class Wish:
    """Why a note is to be taken out, and the number of the case where it belongs; None: nowhere."""

    reason: WrongCase
    number: str | None = None
    # For the second person.
    remark: str | None = None


def put_aside(case: Case, note: Note, wish: Wish, *, actor: Actor, now: datetime) -> NoteMisplacement:
    """Put a note aside that stands in the wrong case: nothing of it is read or counted from now on (R-820).

    Also in a closed case. Everybody who can be the second person is told. Raises Forbidden, Invalid (`number`), NotNow.
    """
    require(actor, Permission.CASE_EDIT)
    _must_work_in_whole(case, actor)
    target = _target(case, wish.number, actor)
    _lock(case.id)
    note = _hold(note)
    _check_can_be_put_aside(case, note, target)
    held = note_content.take(case, note, actor=actor, now=now)
    row = NoteMisplacement(
        case_id=case.id,
        note_id=note.id,
        reason=wish.reason,
        target_case_id=target,
        remark=(wish.remark or "").strip() or None,
        held=held.kept(),
        length=len(held.text or ""),
        asked_by_id=actor.user_id,
        asked_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as double:
        raise NotNow(ALREADY) from double
    _tell(case, row, actor=actor, now=now)
    case_marks.record(Audit.NOTE_PUT_ASIDE, case, actor=actor, now=now)
    db.session.flush()
    return row


def _check_can_be_put_aside(case: Case, note: Note, target: int | None) -> None:
    if note.aside is not None:
        raise NotNow(ALREADY)
    if note.is_withdrawal:
        raise NotNow(_("It only says that a contact was undone. Put the contact itself aside."))
    if target is not None and queries.is_undone(note):
        raise NotNow(_("The contact was undone and counts nowhere: it can only be taken out, not moved."))
    if queries.count_waiting(case.id) >= MOST_ASIDE:
        raise NotNow(_("Ten notes of the case wait for a second person already. Let her decide on them first."))


def _target(case: Case, number: str | None, actor: Actor) -> int | None:
    """The other case. One answer for all that are not hers to name, there or not (R-821)."""
    if number is None:
        return None
    if not number.strip():
        raise Invalid(_("Write the number of the other case."), field="number")
    found = queries.find_target(actor, case, number)
    if found is None:
        raise Invalid(_("No open case that you work in has this number."), field="number")
    return found


def _tell(case: Case, row: NoteMisplacement, *, actor: Actor, now: datetime) -> None:
    others = queries.list_second(case, actor.user_id)
    # While nobody else works with the whole of the case, whoever asked sees to it that somebody does.
    owner_id = next(iter(others), actor.user_id)
    second_person.call(case, DeadlineKind.NOTE_ASIDE, row.public_id, others, owner_id=owner_id, actor=actor, now=now)


def name_another(case: Case, note: Note, number: str | None, *, actor: Actor, now: datetime) -> None:
    """Say anew where the note belongs, while it waits. Raises Invalid (`number`), Forbidden, NotNow."""
    _must_work_in_whole(case, actor)
    target = _target(case, number, actor)
    _lock(case.id)
    row = _asked(note, Action.NAME_ANOTHER, actor)
    row.target_case_id = target
    case_marks.record(Audit.NOTE_PUT_ASIDE, case, actor=actor, now=now)
    db.session.flush()


def call_back(case: Case, note: Note, *, actor: Actor, now: datetime) -> None:
    """Leave it where it is: whoever asked changes her mind, and it stands again as it was. Raises Forbidden, NotNow."""
    _lock(case.id)
    row = _asked(note, Action.CALL_BACK, actor)
    _stand_again(case, note, row, AsideState.CALLED_BACK, actor=actor, now=now)
    case_marks.record(Audit.NOTE_CALLED_BACK, case, actor=actor, now=now)
    db.session.flush()


def leave(case: Case, note: Note, answer: str, *, actor: Actor, now: datetime) -> None:
    """The second person says no, and why: it stands again as it was (R-821). Raises Forbidden, Invalid, NotNow."""
    _must_work_in_whole(case, actor)
    _lock(case.id)
    row = _asked(note, Action.LEAVE, actor)
    if not answer.strip():
        raise Invalid(_("Write in a few words why it stays."), field="answer")
    row.decided_by_id, row.answer = actor.user_id, answer.strip()
    _stand_again(case, note, row, AsideState.LEFT, actor=actor, now=now)
    _tell_asker(case, row, actor=actor, now=now)
    case_marks.record(Audit.NOTE_LEFT, case, actor=actor, now=now)
    db.session.flush()


def take_out(case: Case, note: Note, *, actor: Actor, now: datetime, version: int | None = None) -> None:
    """The second person says yes: it is written where it belongs, and only who wrote it and when stays (R-821, R-822).

    All of it or nothing. Raises Forbidden, Stale, NotNow, also when the other case is closed or no longer the asker's.
    """
    require(actor, Permission.CASE_EDIT)
    _must_work_in_whole(case, actor)
    _lock(case.id, queries.target_of(note))
    row = _asked(note, Action.TAKE_OUT, actor)
    check_version(version, row.version)
    note, held = _hold(note), Held.read(row.held or {})
    if row.target_case_id is not None:
        if not queries.may_go_to(row.target_case_id, row.asked_by_id):
            raise NotNow(
                _("The other case is closed, or whoever asked no longer works in it. She must name another one first.")
            )
        note_content.move_in(row.target_case_id, note, held, actor=actor, now=now)
    note.aside = NoteAside.OUT
    row.decided_by_id = actor.user_id
    _close(case, row, AsideState.TAKEN_OUT, actor=actor, now=now)
    deadlines.call_off(case.public_id, kind=DeadlineKind.NOTE_FOLLOW_UP, suffix=note.public_id, actor=actor, now=now)
    note_content.gone(case, note, held)
    _tell_asker(case, row, actor=actor, now=now)
    case_marks.record(Audit.NOTE_TAKEN_OUT, case, actor=actor, now=now)
    db.session.flush()


def _stand_again(
    case: Case, note: Note, row: NoteMisplacement, state: AsideState, *, actor: Actor, now: datetime
) -> None:
    held = Held.read(row.held or {})
    _close(case, row, state, actor=actor, now=now)
    note_content.put_back(case, _hold(note), held, actor=actor, now=now)


def _close(case: Case, row: NoteMisplacement, state: AsideState, *, actor: Actor, now: datetime) -> None:
    """What was asked is over: nothing of what the note said is kept here any longer, nor where it was to go."""
    row.state, row.decided_at = state, now
    row.held = row.remark = row.target_case_id = None
    deadlines.finish(DeadlineKind.NOTE_ASIDE, case.public_id, suffix=row.public_id, actor=actor, now=now)
    db.session.flush()


def _tell_asker(case: Case, row: NoteMisplacement, *, actor: Actor, now: datetime) -> None:
    messages.notify(
        MessageKind.NOTE_DECIDED,
        row.asked_by_id,
        SubjectType.CASE,
        case.public_id,
        actor=actor,
        now=now,
        case_id=case.id,
        dedupe_key=f"aside:{row.public_id}:decided",
    )


def _asked(note: Note, action: Action, actor: Actor) -> NoteMisplacement:
    """What waits, held until the transaction ends. Who comes before when (R-002)."""
    row = queries.find_standing(note)
    if row is None:
        raise NotNow(DECIDED)
    if not is_hers(action, row.asked_by_id, actor.user_id):
        raise Forbidden
    try:
        check_step(WORKFLOW, action, row.state, actor)
    except NotNow as late:
        raise NotNow(DECIDED) from late
    return row


def _must_work_in_whole(case: Case, actor: Actor) -> None:
    if not queries.works_whole(actor, case.id):
        raise Forbidden


def _lock(*case_ids: int | None) -> None:
    """Hold the cases until the transaction ends, always in the same order: two who decide wait for each other."""
    wanted = sorted(one for one in set(case_ids) if one is not None)
    note_content.hold_cases(wanted)


def _hold(note: Note) -> Note:
    """The note as it stands now, held until the transaction ends."""
    return db.session.execute(
        sa.select(Note).where(Note.id == note.id).with_for_update().execution_options(populate_existing=True)
    ).scalar_one()
