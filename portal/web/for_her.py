"""The words of the overview that she takes home on paper, in her language; nothing on it endangers her (R-628)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from portal.core.clock import local_date
from portal.core.enums import Language, OrganisationKind
from portal.core.rights import ConsentScope
from portal.core.states import EnrolmentState
from portal.domain.consent import is_live
from portal.domain.for_her import KEPT_OFF, first_name, may_be_found
from portal.domain.labels.plans import SHARED, SHARED_FOR, SHARED_WITH
from portal.queries.case_courses import Course
from portal.queries.meetings import NextDate
from portal.queries.plans import GoalRow, StepRow
from portal.web.filters import clock, day, in_language

RUNS = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)
EMERGENCY, HELPLINE = "112", "1888"


@dataclass(frozen=True, slots=True)
class Choice:
    """What she wants on the paper, and in which language. Without a choice it says least."""

    language: str = Language.DANISH.value
    has_names: bool = False
    has_dates: bool = False
    has_helpline: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of her, of which the paper says some. `never`: names that must not stand there."""

    goals: Sequence[GoalRow]
    primary: str | None
    courses: Sequence[Course]
    dates: Sequence[NextDate]
    consents: Sequence[Any]
    never: tuple[str, ...]
    today: date


@dataclass(frozen=True, slots=True)
class Line:
    """One line, and the smaller ones under it."""

    text: str
    under: tuple[str, ...] = ()


@dataclass(slots=True)
class Paper:
    """The paper: a heading, and parts with their lines. `left_out`: how many lines could have given her away."""

    heading: str
    language: str
    parts: list[tuple[str, list[Line]]] = field(default_factory=list)
    left_out: int = 0


def paper(known: Known, choice: Choice) -> Paper:
    """What stands on the paper."""
    spoken = choice.language if choice.language in set(Language) else Language.DANISH.value
    with force_locale(spoken):
        made = Paper(_("My overview"), spoken)
        parts: tuple[tuple[str, Callable[..., list[Line]]], ...] = (
            (_("What I want, and my next steps"), _goals),
            (_("Who helps me"), _helpers),
            (_("My next appointments"), _dates),
            (_("What I have agreed to share, and with whom"), _shared),
            (_("If I need help at once"), _numbers),
        )
        for heading, lines in parts:
            found = lines(known, choice, made)
            if found:
                made.parts.append((heading, found))
    return made


def _fits(made: Paper, known: Known, text: str) -> bool:
    fits = may_be_found(text, known.never)
    made.left_out += not fits
    return fits


def _goals(known: Known, choice: Choice, made: Paper) -> list[Line]:
    lines = []
    for goal in known.goals:
        if not goal.is_live:
            continue
        if goal.area in KEPT_OFF:
            made.left_out += 1
        elif _fits(made, known, goal.wish):
            open_steps = [one for one in goal.steps if one.done_on is None and _fits(made, known, one.text)]
            lines.append(Line(goal.wish, tuple(_step(one, choice) for one in open_steps)))
    return lines


def _step(step: StepRow, choice: Choice) -> str:
    who = first_name(step.who) if step.who and choice.has_names else ""
    when = _("by %(day)s", day=day(step.due_on)) if step.due_on and choice.has_dates else ""
    return " · ".join(filter(None, (step.text, who, when)))


def _helpers(known: Known, choice: Choice, made: Paper) -> list[Line]:
    lines = []
    if known.primary and choice.has_names:
        lines.append(Line(_("%(name)s: the one I ask first", name=first_name(known.primary))))
    for course in known.courses:
        if course.state not in RUNS:
            continue
        name = in_language(course, "name")
        what = name if _fits(made, known, name) else ""
        who = first_name(course.worker or "") if choice.has_names else ""
        text = ": ".join(filter(None, (who, what)))
        if text:
            lines.append(Line(text))
    return lines


def _dates(known: Known, choice: Choice, made: Paper) -> list[Line]:
    if not choice.has_dates:
        return []
    return [
        Line(f"{day(local_date(one.starts_at))} {clock(one.starts_at)}–{clock(one.ends_at)}") for one in known.dates
    ]


def _shared(known: Known, choice: Choice, made: Paper) -> list[Line]:
    lines = []
    for consent in known.consents:
        if not is_live(consent, on=known.today):
            continue
        kind = consent.recipient.kind if consent.recipient else OrganisationKind.SHELTER
        scopes = [ConsentScope(one) for one in consent.scope]
        said = [str(SHARED[one]) for one in scopes if one in SHARED] or [str(SHARED_FOR[consent.purpose])]
        until = _("until %(day)s", day=day(consent.expires_on)) if choice.has_dates else ""
        whom = str(SHARED_WITH[kind])
        lines.append(Line(": ".join((whom[:1].upper() + whom[1:], ", ".join(said))), (until,) if until else ()))
    # Houses of one kind are not told apart on the paper.
    return list(dict.fromkeys(lines))


def _numbers(known: Known, choice: Choice, made: Paper) -> list[Line]:
    numbers = [Line(EMERGENCY)]
    if choice.has_helpline:
        numbers.append(Line(_("%(number)s, day and night", number=HELPLINE)))
    return numbers


def chosen(values: Any) -> Choice:
    """What was ticked on the page."""
    return Choice(
        language=values.get("language") or Language.DANISH.value,
        has_names=bool(values.get("names")),
        has_dates=bool(values.get("dates")),
        has_helpline=bool(values.get("helpline")),
    )
