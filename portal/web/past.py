"""What has been in a case, in words: rows of the timeline become sentences, in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from portal.core.activities import ActivityKind
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.contacts import ContactDirection, ContactTheme, Party
from portal.core.enums import Role
from portal.core.kinds import ContactMode, ContactResult, MeetingKind, NeedArea
from portal.core.measures import InstrumentKey
from portal.core.notes import NoteAside, NoteReaders, TalkKind, TookPart, WrongCase
from portal.core.safety import BreakGlassReason
from portal.core.states import EnrolmentState, MeetingState, Presence
from portal.domain.cases import is_late_entry
from portal.domain.labels import label
from portal.domain.labels.cases import EVENTS
from portal.queries.case_timeline import Past
from portal.queries.past_stays import HERE
from portal.web.corrections import corrections
from portal.web.filters import clock, day, of_both, short_day

# These have a day and no time of day.
OF_A_DAY = frozenset({"came", "left_centre"})


def past_items(
    rows: Iterable[Past], public_id: str, names: Mapping[str, str] | None = None, beside: Iterable[Past] = ()
) -> list[dict[str, Any]]:
    """What has been, for the timeline. `names`: of the children that something is about, by public id.

    `beside`: what else stands on the page, so that a note leads to its correction where that is there.
    """
    rows = list(rows)
    here = frozenset(row.public_id for row in (*rows, *beside) if row.source == "note" and row.public_id)
    return [_past_item(row, public_id, names or {}) | corrections(row, here) for row in rows]


def _past_item(row: Past, public_id: str, names: Mapping[str, str]) -> dict[str, Any]:
    on = local_date(row.at)
    when = short_day(on) if on.year == local_date(utc_now()).year else f"{on:%d.%m.%Y}"
    title, text = _aside_words(row) if row.aside else _WORDED[row.source](row)
    can_correct = row.source == "note" and row.slip is None and row.aside is None
    correct = url_for("cases.journal", public_id=public_id, corrects=row.public_id) if can_correct else None
    about = ", ".join(names[child] for child in row.children if child in names)
    text = " · ".join(filter(None, (text, _("about %(names)s", names=about) if about else "")))
    said = {"when": when, "title": title, "text": text, "who": row.who, "note": row.text, "correct_url": correct}
    marks = {"entry": _entry(row), "is_late": _is_late(row), "is_undone": row.slip == "undone"}
    pins = {"readers": _readers(row), "is_pinned": row.is_pinned, "pin_url": _pin_url(row, public_id)}
    return said | marks | pins | {"is_moved_in": row.is_moved_in, **_misplaced(row, public_id)}


def _misplaced(row: Past, public_id: str) -> dict[str, Any]:
    """The page on which it is said that a note belongs elsewhere, and whether it waits there for a second person."""
    is_open = row.source == "note" and row.slip != "undoes" and row.aside is not NoteAside.OUT
    url = url_for("cases.misplaced", public_id=public_id, note_id=row.public_id) if is_open else None
    return {"misplaced_url": url, "waits": row.aside is NoteAside.WAITS}


def _aside_words(row: Past) -> tuple[str, str]:
    """What stands where a note was put aside or taken out: by whom and why, and nothing of what it said (R-820)."""
    why = label(WrongCase(row.because or "")).lower()
    if row.aside is NoteAside.WAITS or row.decided_at is None:
        asked = _("%(name)s says: %(why)s", name=row.asked_by, why=why)
        return _("A note was put aside, it waits for a second person"), asked
    names = {"asker": row.asked_by, "second": row.decided_by, "day": day(local_date(row.decided_at)), "why": why}
    return _("A note was taken out"), _("by %(asker)s and %(second)s on %(day)s, because: %(why)s", **names)


def _pin_url(row: Past, public_id: str) -> str | None:
    """Where a note is pinned, or taken down when it is; what was undone is neither."""
    if row.source != "note" or row.slip is not None or row.aside is not None:
        return None
    move = "cases.unpin_note" if row.is_pinned else "cases.pin_note"
    return url_for(move, public_id=public_id, note_id=row.public_id)


def _readers(row: Past) -> str:
    """For whom a note is written, where that is not everybody."""
    return label(NoteReaders(row.readers)) if row.readers and row.readers != NoteReaders.TEAM else ""


def _is_late(row: Past) -> bool:
    return row.written_at is not None and is_late_entry(row.at, row.written_at)


def _entry(row: Past) -> str:
    """When it happened and when it was entered, for what somebody wrote down (R-768)."""
    if row.written_at is None:
        return ""
    if row.source in OF_A_DAY:
        return _("entered %(day)s", day=day(local_date(row.written_at))) if _is_late(row) else ""
    entered = clock(row.written_at)
    if _is_late(row):
        entered = f"{day(local_date(row.written_at))} {entered}"
    if row.is_day_only:
        return _("entered %(entered)s", entered=entered)
    return _("at %(time)s, entered %(entered)s", time=clock(row.at), entered=entered)


def _note_words(row: Past) -> tuple[str, str]:
    themes = ", ".join(label(NeedArea(theme)).lower() for theme in row.themes)
    minutes = _("%(minutes)d min", minutes=row.minutes) if row.minutes else ""
    there = ", ".join(label(TookPart(one)).lower() for one in row.took_part)
    there = _("with %(people)s", people=there) if there else ""
    talk = _talk(row)
    if row.slip == "undoes":
        return _("A logged contact was undone"), ""
    if row.what is None:
        kind = talk or (_("Note of a meeting") if row.of_meeting else _("Note"))
        kind = _("Correction of an earlier note") if row.corrects else kind
        return kind, " · ".join(filter(None, (talk if row.corrects else "", there, themes)))
    result = "" if row.outcome == ContactResult.REACHED.value else label(ContactResult(row.outcome or ""))
    parts = (talk, of_both(row.programme), result, minutes, there, themes)
    return label(ContactMode(row.what)), " · ".join(filter(None, parts))


def _outside_words(row: Past) -> tuple[str, str]:
    themes = ", ".join(label(ContactTheme(theme)).lower() for theme in row.themes)
    minutes = _("%(minutes)d min", minutes=row.minutes) if row.minutes else ""
    party = label(Party(row.what or ""))
    return party, " · ".join(filter(None, (label(ContactDirection(row.outcome or "")), minutes, themes)))


def _activity_words(row: Past) -> tuple[str, str]:
    return _("Took part: %(event)s", event=label(ActivityKind(row.what or "")).lower()), ""


def _meeting_words(row: Past) -> tuple[str, str]:
    title = label(MeetingKind(row.what or ""))
    if row.number:
        title = _("%(kind)s, number %(number)d", kind=title, number=row.number)
    return title, " · ".join(filter(None, (label(MeetingState(row.outcome or "")), _talk(row).lower())))


def _talk(row: Past) -> str:
    return label(TalkKind(row.talk)) if row.talk else ""


def _seat_words(row: Past) -> tuple[str, str]:
    title = of_both(row.programme)
    if row.number:
        title = _("%(course)s, meeting %(number)d", course=title, number=row.number)
    return title, label(Presence(row.outcome or ""))


def _started_words(row: Past) -> tuple[str, str]:
    return _("%(course)s has begun", course=of_both(row.programme)), ""


def _ended_words(row: Past) -> tuple[str, str]:
    state = EnrolmentState(row.outcome or "")
    # What went as planned is said by the title.
    how = "" if state is EnrolmentState.COMPLETED else label(state)
    return _("%(course)s has ended", course=of_both(row.programme)), how


def _hours_words(row: Past) -> tuple[str, str]:
    return _("Hours with a psychologist"), _("%(minutes)d min", minutes=row.minutes)


def _measure_words(row: Past) -> tuple[str, str]:
    return label(InstrumentKey(row.what or "")), ""


def _came_words(row: Past) -> tuple[str, str]:
    return _("Admitted to the centre") if row.outcome == HERE else _("Admitted to another centre"), ""


def _left_centre_words(row: Past) -> tuple[str, str]:
    return _("Discharged from the centre") if row.outcome == HERE else _("Left another centre"), ""


def _event_words(row: Past) -> tuple[str, str]:
    text = ""
    if row.what == Audit.BREAK_GLASS_OPENED:
        categories = (label(BreakGlassReason(category)) for category in row.themes)
        text = " · ".join((label(Role(row.outcome or "")), *categories))
    if row.what == Audit.CASE_OWNER_CHANGED and row.whom:
        text = _("to %(name)s, %(house)s", name=row.whom, house=row.house)
    return str(EVENTS[Audit(row.what or "")]), text


def _joined_words(row: Past) -> tuple[str, str]:
    return _("Joined the team"), f"{row.whom}, {row.house}"


def _left_words(row: Past) -> tuple[str, str]:
    return _("Left the team"), f"{row.whom}, {row.house}"


_WORDED = {
    "note": _note_words,
    "outside": _outside_words,
    "activity": _activity_words,
    "meeting": _meeting_words,
    "seat": _seat_words,
    "started": _started_words,
    "ended": _ended_words,
    "hours": _hours_words,
    "measure": _measure_words,
    "came": _came_words,
    "left_centre": _left_centre_words,
    "event": _event_words,
    "joined": _joined_words,
    "left": _left_words,
}
