"""Meetings: planned, moved, called off, held; and who came."""

from datetime import datetime, timedelta
from typing import Any, Unpack

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid
from portal.core.i18n import _
from portal.core.kinds import MeetingCancelReason, SubjectType
from portal.core.notes import NoteReaders, TalkKind
from portal.core.states import MeetingState, Presence
from portal.db import db
from portal.domain.meetings import (
    MANAGE,
    WORKFLOW,
    MeetingAction,
    Repeat,
    Slot,
    check_has_begun,
    check_times,
    series,
)
from portal.domain.permissions import require
from portal.domain.workflow import Step, check_step, check_version
from portal.models.children import MeetingChild
from portal.models.meetings import Attendance, Meeting
from portal.models.referrals import TrackRequest
from portal.queries import meetings as queries
from portal.services import audit, deadlines, first_meetings, meeting_notes, safe_contact
from portal.services.case_marks import must_be_open
from portal.services.meeting_facts import (
    MeetingFacts,
    case_of,
    check_lives,
    check_people,
    check_place,
    check_still_lives,
)
from portal.services.meeting_news import tell_holder
from portal.services.reveals import Secret


def plan(*, actor: Actor, now: datetime, **facts: Unpack[MeetingFacts]) -> Meeting:
    """Put a meeting in the calendar and its outcome on the work list for the same day (R-352).

    Assumes that the caller sees the case, course, round or request. Raises Invalid for an end before the start, and
    for a place that may not be kept.
    """
    if actor.role is not Role.SYSTEM:
        require(actor, MANAGE)
    must_be_open(facts.get("case_id"))
    check_lives(facts)
    check_times(facts["starts_at"], facts["ends_at"])
    check_place(facts)
    check_people(facts, now=now)
    return _plan(actor=actor, now=now, **facts)


def _plan(*, actor: Actor, now: datetime, **facts: Unpack[MeetingFacts]) -> Meeting:
    # Each of a series by itself: her card may let one through and not the next.
    case_id = case_of(facts.get("case_id"), facts.get("request_id"))
    safe_contact.check_call(case_id, facts["place_kind"], facts["starts_at"], facts["ends_at"], now=now)
    about = facts.pop("about", ())
    kept = {**facts, "place": facts.get("place") or None, "theme": facts.get("theme") or None}
    meeting = Meeting(state=MeetingState.PLANNED, **kept)
    db.session.add(meeting)
    db.session.flush()
    db.session.add_all(MeetingChild(meeting_id=meeting.id, child_id=child.id) for child in about)
    _put_up(meeting, now=now)
    audit.record_about(Audit.MEETING_PLANNED, meeting, actor=actor, now=now)
    tell_holder(meeting, "meeting", actor=actor, now=now)
    db.session.flush()
    return meeting


def plan_series(first: Slot, repeat: Repeat, count: int, *, actor: Actor, now: datetime, **facts: Any) -> list[Meeting]:
    """Plan a meeting and those that follow it; public holidays give way (R-351). `facts` as for `plan`."""
    made: list[Meeting] = []
    for one in series(first, repeat, count):
        times = {"starts_at": one.starts_at, "ends_at": one.ends_at, "moved_from": one.moved_from}
        # Who meets her is asked about once for all of them: they are one placement.
        made.append((_plan if made else plan)(actor=actor, now=now, **{**facts, **times}))
    return made


def move(
    meeting: Meeting, starts_at: datetime, ends_at: datetime, *, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Give a planned meeting another time; the first one is remembered. Raises Invalid, NotNow, Forbidden, Stale."""
    step = _check(MeetingAction.MOVE, meeting, actor)
    check_still_lives(meeting)
    check_version(version, meeting.version)
    check_times(starts_at, ends_at)
    if starts_at <= now:
        raise Invalid(_("Choose a time that lies ahead."), field="day")
    safe_contact.check_call(
        case_of(meeting.case_id, meeting.request_id), meeting.place_kind, starts_at, ends_at, now=now
    )
    if starts_at != meeting.starts_at:
        meeting.moved_from = meeting.moved_from or meeting.starts_at
    meeting.starts_at, meeting.ends_at = starts_at, ends_at
    db.session.flush()
    _put_up(meeting, now=now)
    audit.record_about(step.audit, meeting, actor=actor, now=now)
    tell_holder(meeting, "meeting", actor=actor, now=now)
    db.session.flush()


def cancel(meeting: Meeting, reason: MeetingCancelReason, *, actor: Actor, now: datetime) -> None:
    """Call a planned meeting off for a reason. Nobody is counted as absent. Raises NotNow, Forbidden."""
    _check(MeetingAction.CANCEL, meeting, actor)
    call_off(meeting, reason, actor=actor, now=now)
    tell_holder(meeting, "meeting", actor=actor, now=now)
    db.session.flush()


def call_off(meeting: Meeting, reason: MeetingCancelReason, *, actor: Actor, now: datetime) -> None:
    """Call off a planned meeting whoever holds it. The caller has asked whether it may be, and tells of it."""
    meeting.state, meeting.cancel_reason = MeetingState.CANCELLED, reason
    db.session.flush()
    db.session.execute(
        sa.update(Attendance).where(Attendance.meeting_id == meeting.id).values(presence=Presence.NOT_APPLICABLE)
    )
    deadlines.call_off(meeting.public_id, actor=actor, now=now)
    audit.record_about(Audit.MEETING_CANCELLED, meeting, actor=actor, now=now, reason=reason.value)


def hold(
    meeting: Meeting,
    note: str | None = None,
    minutes: int | None = None,
    talk: TalkKind | None = None,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    readers: NoteReaders = NoteReaders.TEAM,
) -> None:
    """Register that a meeting was held (R-352). `minutes` corrects how long it lasted, `talk` says what kind (R-813).

    The note stands in the journal where the meeting is with her, for `readers` (R-824). A talk before a decision writes
    its day into the request. Raises NotNow before the day, Forbidden, Stale.
    """
    step = _check(MeetingAction.HOLD, meeting, actor)
    check_version(version, meeting.version)
    check_has_begun(meeting.starts_at, now)
    _set_length(meeting, minutes)
    meeting_notes.add(meeting, note, readers, actor=actor, now=now)
    meeting.state, meeting.registered_at, meeting.talk = step.target, now, talk
    db.session.flush()
    _write_step(meeting)
    deadlines.finish(_outcome(meeting), meeting.public_id, actor=actor, now=now)
    first_meetings.note_met(meeting.case_id, actor=actor, now=now)
    audit.record_about(step.audit, meeting, actor=actor, now=now)
    db.session.flush()


def write_note(
    meeting: Meeting,
    note: str | None,
    talk: TalkKind | None = None,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    readers: NoteReaders = NoteReaders.TEAM,
) -> None:
    """Write what is to be remembered of a held meeting: with her in the journal, for `readers`, else here (R-824).

    Raises NotNow, Forbidden, Stale.
    """
    step = _check(MeetingAction.NOTE, meeting, actor)
    check_version(version, meeting.version)
    if meeting.case_id is None:
        meeting.note = note or None
    meeting_notes.add(meeting, note, readers, actor=actor, now=now)
    meeting.talk = talk
    db.session.flush()
    audit.record_about(step.audit, meeting, actor=actor, now=now, fields=["note"])


def not_met(
    meeting: Meeting, note: str | None = None, *, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Register that she did not come. It is said, never held against her. Raises NotNow before the day, Stale.

    A talk before a decision counts as held no more.
    """
    step = _check(MeetingAction.NOT_MET, meeting, actor)
    check_version(version, meeting.version)
    check_has_begun(meeting.starts_at, now)
    meeting_notes.add(meeting, note, actor=actor, now=now)
    meeting.state, meeting.registered_at = step.target, now
    db.session.flush()
    _write_step(meeting)
    deadlines.finish(_outcome(meeting), meeting.public_id, actor=actor, now=now)
    audit.record_about(step.audit, meeting, actor=actor, now=now)
    db.session.flush()


def set_presence(meeting: Meeting, enrolment_id: int, presence: Presence, *, actor: Actor, now: datetime) -> None:
    """Say who came to a group meeting, one participant at a time (R-354). Raises NotNow before its day, Forbidden."""
    step = _check(MeetingAction.PRESENCE, meeting, actor)
    check_has_begun(meeting.starts_at, now)
    values = {"presence": presence, "set_at": now, "set_by_id": actor.user_id}
    statement = insert(Attendance).values(meeting_id=meeting.id, enrolment_id=enrolment_id, **values)
    db.session.execute(statement.on_conflict_do_update(index_elements=["meeting_id", "enrolment_id"], set_=values))
    audit.record_about(step.audit, meeting, actor=actor, now=now)
    db.session.flush()


def _check(action: MeetingAction, meeting: Meeting, actor: Actor) -> Step[MeetingState]:
    """The step to take. A meeting of another organisation may be seen by the team but is not hers to change."""
    if actor.role is not Role.SYSTEM and actor.organisation_id != meeting.organisation_id:
        raise Forbidden
    step = check_step(WORKFLOW, action, meeting.state, actor)
    # To call off what still lies ahead harms nobody.
    if action is not MeetingAction.CANCEL:
        must_be_open(meeting.case_id)
    return step


def _set_length(meeting: Meeting, minutes: int | None) -> None:
    if minutes is None:
        return
    if not 0 < minutes <= 24 * 60:
        raise Invalid(_("Write how many minutes it lasted."), field="minutes")
    meeting.ends_at = meeting.starts_at + timedelta(minutes=minutes)


def _write_step(meeting: Meeting) -> None:
    """Write into the request when its talk was last held; a talk that was not held is taken out again."""
    if meeting.request_id is None or meeting.step is None:
        return
    request = db.session.get_one(TrackRequest, meeting.request_id)
    last = db.session.scalar(
        sa.select(sa.func.max(Meeting.starts_at)).where(
            Meeting.request_id == meeting.request_id, Meeting.step == meeting.step, Meeting.state == MeetingState.HELD
        )
    )
    steps = {key: day for key, day in request.steps.items() if key != meeting.step}
    request.steps = steps if last is None else steps | {meeting.step: local_date(last).isoformat()}


def _outcome(meeting: Meeting) -> DeadlineKind:
    return DeadlineKind.MEETING_OUTCOME if meeting.round_id is None else DeadlineKind.GROUP_ATTENDANCE


def _put_up(meeting: Meeting, *, now: datetime) -> None:
    deadlines.put_up(
        _outcome(meeting),
        SubjectType.MEETING,
        meeting.public_id,
        due_on=local_date(meeting.starts_at),
        organisation_id=meeting.organisation_id,
        owner_id=meeting.responsible_id,
        case_id=meeting.case_id,
        now=now,
    )


def its_place(meeting: Meeting, *, actor: Actor) -> Secret:
    """Exactly where a meeting is, as something to be revealed: a place tells as much as an address (rule PA-3)."""
    case_id, public_id = queries.whose_place(meeting), meeting.public_id
    return Secret(
        "place",
        SubjectType.MEETING,
        public_id,
        case_id,
        queries.group_of_place(case_id),
        lambda: db.session.scalar(sa.select(Meeting.place).where(Meeting.public_id == public_id)),
        ask=lambda: queries.sight_of_place(actor, queries.get(actor, public_id)),
    )
