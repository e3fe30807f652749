"""The words of the case page: values from the queries become sentences, in the reader's language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.clock import local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.kinds import TrackKind
from portal.core.states import CounsellingState, EnrolmentState
from portal.domain.cases import DONE_BY_PRESS
from portal.domain.cti import RUNNING, ribbon
from portal.domain.disclosure import FieldGroup
from portal.domain.labels import label
from portal.domain.labels.cases import BUTTONS, OPEN, WAITS
from portal.queries.case_ahead import Ahead
from portal.queries.case_courses import Course, Focus
from portal.queries.case_page import Header
from portal.queries.children import ChildFacts
from portal.web import safe_contact
from portal.web.children import child_age, child_name, last_spoken, unspoken
from portal.web.filters import clock, due, hours, of_both, said_day
from portal.web.links import page_of_row
from portal.web.ribbon import ribbon_steps

CARD = "cases.contact_card"
LIVE = (EnrolmentState.PROPOSED, EnrolmentState.ACTIVE, EnrolmentState.PAUSED)


@dataclass(frozen=True, slots=True)
class NextItem:
    """One row of what comes next."""

    when: str
    exact: date
    is_late: bool
    title: str
    text: str
    url: str
    button: str
    is_first: bool
    done_url: str | None


def alone(rows: Iterable[Ahead], today: date) -> list[tuple[str, str]]:
    """In red from the day she leaves until somebody has taken over (R-656)."""
    waits = any(row.deadline is DeadlineKind.BRIDGE_RECEIVER and row.due_on <= today for row in rows)
    return [(_("Nobody has taken over"), "red")] if waits else []


def chips(header: Header, courses: Sequence[Course]) -> list[tuple[str, str]]:
    """What stands under the heading: text and colour."""
    shown: list[tuple[str, str]] = []
    if header.protection_level:
        shown.append((_("Protected address"), "warm"))
    if header.needs_interpreter:
        language = header.language
        shown.append((_("Interpreter: %(language)s", language=language) if language else _("Interpreter"), "neutral"))
    if header.needs_accessible:
        shown.append((_("Without stairs"), "neutral"))
    if header.child_count:
        shown.append((ngettext("%(num)d child", "%(num)d children", header.child_count), "neutral"))
    if not header.is_open:
        shown.append((_("Closed"), "neutral"))
    shown += _standing_chips(header)
    for course in courses:
        if course.state in LIVE:
            shown.append((_course_chip(course, header), "green"))
    return shown


def _standing_chips(header: Header) -> list[tuple[str, str]]:
    """That she has died or moved abroad. Nobody counts how long it is quiet around the dead."""
    shown = []
    if header.died_on:
        shown.append((_("Died %(day)s", day=f"{header.died_on:%d.%m.%Y}"), "neutral"))
    if header.abroad_since:
        shown.append((_("Abroad since %(day)s", day=f"{header.abroad_since:%d.%m.%Y}"), "neutral"))
    return shown if header.died_on else [*shown, *_quiet_chips(header)]


def _quiet_chips(header: Header) -> list[tuple[str, str]]:
    """How long nobody has reached her, and how often it was tried since then."""
    today, quiet = local_date(utc_now()), header.quiet
    if quiet is None:
        return []
    colour, days = "warm" if quiet.is_long(today) else "neutral", quiet.days(today)
    said = ngettext("Reached %(num)d day ago", "Reached %(num)d days ago", days) if days else _("Reached today")
    shown = [(said if quiet.was_reached else _("Not reached yet"), colour)]
    if quiet.attempts:
        shown.append((ngettext("tried %(num)d time since", "tried %(num)d times since", quiet.attempts), colour))
    return shown


def _course_chip(course: Course, header: Header) -> str:
    if course.kind is TrackKind.CTI and course.phase is not None and course.phase.value[:1] == "p" and course.t0:
        number = course.phase.value[1:]
        return _("CTI phase %(number)s", number=number) if number.isdigit() else _("CTI contact")
    if course.kind is TrackKind.ENTITLEMENT and header.hours:
        return _hours_chip(header)
    return label(course.kind)


def _hours_chip(header: Header) -> str:
    """Whose hours with a psychologist the ledger holds: hers, and the children's where they have some (R-865)."""
    if header.child_hours:
        return _("Psychologist hours for her and the children")
    return _("Psychologist hours for her")


def first_steps(header: Header) -> list[tuple[str, str]]:
    """What a case that was just opened lacks, in the order in which it is asked: words and where it is written."""
    seen, has_name = header.seen, header.name is not None or header.is_anonymous
    steps = (
        (has_name, FieldGroup.PERSON_NAME, _("Write who she is"), "cases.identity"),
        (header.card is not None, FieldGroup.CONTACT_SAFE_RULES, _("Ask how she can be reached safely"), CARD),
        (header.stay_from is not None, FieldGroup.CHILD_IDENTITY, _("Record the stay"), "cases.stay"),
        (header.safety_assessed_on is not None, FieldGroup.RISK_LEVEL, _("Assess her safety"), "risk.assess"),
    )
    missing = [(text, endpoint) for is_there, group, text, endpoint in steps if not is_there and seen.edits(group)]
    return [(text, url_for(endpoint, public_id=header.public_id)) for text, endpoint in missing]


@dataclass(frozen=True, slots=True)
class Ribbon:
    """The phases of a CTI course: its address, the five steps, and what is worked with in the one that runs."""

    url: str
    steps: list[dict[str, str]]
    focus: Focus | None
    # The phase runs and nobody has written its plan.
    lacks_plan: bool


def ribbon_of(courses: Sequence[Course], today: date) -> Ribbon | None:
    """The phases of the CTI course, if there is one."""
    course = next((one for one in courses if one.phase is not None), None)
    if course is None:
        return None
    steps = ribbon(course.t0, today, course.started_on or local_date(course.created_at), ended_on=course.ended_on)
    runs = course.phase in RUNNING and course.state in LIVE
    focus = course.focus if runs else None
    return Ribbon(page_of_course(course), ribbon_steps(steps), focus, lacks_plan=runs and focus is None)


def page_of_course(course: Course) -> str:
    """The page of a course."""
    return url_for("enrolments.detail", public_id=course.public_id)


def next_items(rows: Iterable[Ahead], case_public_id: str) -> list[NextItem]:
    """What comes next, each with one button. `done_url`: where one press does it, for rows without a page."""
    today = local_date(utc_now())
    shown: list[NextItem] = []
    for row in rows:
        is_late = row.due_on < today
        when = f"{said_day(row.due_on)} {clock(row.starts_at)}" if row.starts_at else due(row.due_on)
        details = [of_both(row.programme), row.who or "", _("interpreter ordered") if row.has_interpreter else ""]
        shown.append(
            NextItem(
                when=when,
                exact=row.due_on,
                is_late=is_late,
                title=_title(row),
                text=" · ".join(filter(None, details)),
                url=page_of_row(row.deadline, row.subject_type, row.subject_public_id, case_public_id),
                button=_button(row, today),
                is_first=not shown,
                done_url=_done_url(row),
            )
        )
    return shown


def _title(row: Ahead) -> str:
    if row.deadline is None:
        return _meeting_title(row)
    if row.deadline is DeadlineKind.CHILD_UNSEEN:
        return unspoken(row.number or 1)
    title = label(row.deadline) if row.is_mine or row.deadline not in WAITS else str(WAITS[row.deadline])
    return _("%(task)s: %(why)s", task=title, why=label(row.why)) if row.why else title


def _button(row: Ahead, today: date) -> str:
    if row.meeting and row.due_on <= today:
        return _("Register")
    return str(BUTTONS.get(row.deadline, OPEN) if row.deadline and row.is_mine else OPEN)


def _done_url(row: Ahead) -> str | None:
    if row.deadline not in DONE_BY_PRESS or not row.is_mine:
        return None
    return url_for("home.done", public_id=row.public_id)


def _meeting_title(row: Ahead) -> str:
    title = label(row.meeting)
    return _("%(kind)s, number %(number)d", kind=title, number=row.number) if row.number else title


def facts(header: Header, children: Sequence[ChildFacts] = ()) -> list[tuple[str, str]]:
    """The facts at the right, as pairs of words; the address stands in the template. Children only for the team."""
    acting = _("%(name)s (acts)", name=header.responsible) if header.responsible else ""
    paying = _("%(name)s (pays)", name=header.paying) if header.paying else ""
    stay = ""
    if header.stay_from and header.stay_until is None:
        stay = _("since %(day)s", day=f"{header.stay_from:%d.%m.%Y}")
    left = f"{header.stay_until:%d.%m.%Y}" if header.stay_until else ""
    # Whoever has left before the planned day has left: nothing waits for the plan.
    planned = "" if left or header.moved_on or not header.planned_move_on else f"{header.planned_move_on:%d.%m.%Y}"
    return [
        # The ways of reaching somebody who has died lead nowhere but to her family.
        (_("Safe contact"), "" if header.died_on else safe_contact.short(header.card)),
        (_("Telephone"), "" if header.died_on else header.phone or ""),
        (_("Birth year"), str(header.birth_year or "")),
        (_("CPR number"), _("kept, hidden") if header.has_cpr else ""),
        (_("Language"), header.language or ""),
        (_("Children"), _children(header, children)),
        (_("Municipality"), " · ".join(filter(None, (acting, paying)))),
        (_("At the centre"), stay),
        (_("Left the centre"), ", ".join(filter(None, (left, header.centre if left else "")))),
        (_("Planned move"), planned),
        (_("Moved in"), f"{header.moved_on:%d.%m.%Y}" if header.moved_on else ""),
        (_("Counselling"), _counselling(header.counselling)),
        (_("Her psychologist hours"), _used(header.hours)),
        (_("The children's psychologist hours"), _used(header.child_hours)),
    ]


def _children(header: Header, children: Sequence[ChildFacts]) -> str:
    """Each child with its age and the last talk for the team; bands for everybody else."""
    if not children:
        return ", ".join(_("%(band)s years", band=band) for band in header.child_bands)
    return " · ".join(f"{child_name(one)} ({child_age(one)}, {last_spoken(one)})" for one in children)


def _counselling(known: tuple[CounsellingState, date | None] | None) -> str:
    if known is None:
        return ""
    state, until = known
    if state is CounsellingState.STARTED and until is not None:
        return _("until %(day)s", day=f"{until:%d.%m.%Y}")
    return label(state)


def _used(minutes: tuple[int, int] | None) -> str:
    return _("%(used)s of %(total)s used", used=hours(minutes[0]), total=hours(minutes[1])) if minutes else ""
