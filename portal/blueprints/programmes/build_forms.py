"""What a lead writes in a draft of a programme: one form for each section, with a row for each thing in a list."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from wtforms import BooleanField, HiddenField

from portal.core.i18n import _
from portal.core.kinds import ReferralSource, WaitingOrder
from portal.core.programmes import (
    PLAIN_KINDS,
    ClockActor,
    ClockStart,
    ClockUnit,
    PointFrom,
    SpanUnit,
)
from portal.domain.labels import label
from portal.domain.labels.programmes import AUDIENCES
from portal.domain.programme_drafts import HIDEABLE, LINE, MEETINGS, NUMBERS
from portal.domain.programmes import QuestionType
from portal.web.fields import Day, Pick, Radio, Several, Whole, optional, required
from portal.web.texts import Line, Scan, Text
from portal.web.versions import VersionedForm

LONGEST_SPAN = 260
CHOOSE = _("Choose")


class Sentence(Line):
    """One line that others read: a question, a criterion, a help text."""

    longest = LINE
    scan = Scan.REFUSE


class AboutForm(VersionedForm):
    """What it is called, how it is given, for whom. What publishing asks for is never called optional (R-861)."""

    name_da = Line(_("Name in Danish"), [required(_("Write what the programme is called."))], scan=Scan.REFUSE)
    name_en = Line(_("Name in English"), [optional()], scan=Scan.REFUSE)
    kind = Radio(_("How is it given?"), [required(_("Choose how it is given."))], kind=PLAIN_KINDS)
    summary_da = Text(_("In a few lines, in Danish"), [optional()], scan=Scan.REFUSE)
    summary_en = Text(_("In a few lines, in English"), [optional()], scan=Scan.REFUSE)
    eligibility = Several(
        _("Who is it for?"),
        [optional()],
        choices=list(AUDIENCES.items()),
        description=_("All that you tick must hold. Tick nothing, and it is for everybody."),
    )
    sources = Several(
        _("From whom does it take referrals?"),
        [optional()],
        kind=ReferralSource,
        description=_("Whoever refers on behalf of somebody you do not tick is told so before filling anything in."),
    )


class RowsForm(VersionedForm):
    """A form with as many rows as are asked for: fields `c0_da`, `c1_da` and so on are added by `with_rows`."""

    def rows(self, prefix: str) -> list[dict[str, Any]]:
        """The rows of a list as they were sent: each a value by name."""
        found: dict[int, dict[str, Any]] = {}
        for name, field in self._fields.items():
            head, _low, tail = name.partition("_")
            if tail and head[:1] == prefix and head[1:].isdigit():
                found.setdefault(int(head[1:]), {})[tail] = field.data
        return [found[number] for number in sorted(found)]


def with_rows(base: type[VersionedForm], lists: Mapping[str, tuple[int, Callable[[], dict[str, Any]]]]) -> Any:
    """A form class with so many rows of each list."""
    fields = {
        f"{prefix}{number}_{name}": field
        for prefix, (count, make) in lists.items()
        for number in range(count)
        for name, field in make().items()
    }
    return type(f"{base.__name__}Of", (base,), fields)


def row_data(prefix: str, rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What is stored, by the names of the fields."""
    return {f"{prefix}{number}_{name}": value for number, row in enumerate(rows) for name, value in row.items()}


def criterion_fields() -> dict[str, Any]:
    """One criterion."""
    return talk_fields() | {"kept": BooleanField(_("The answer is kept"))}


def talk_fields() -> dict[str, Any]:
    """One talk before the decision."""
    return {
        "key": HiddenField(),
        "da": Sentence(_("In Danish"), [optional()]),
        "en": Sentence(_("In English"), [optional()]),
    }


def point_fields() -> dict[str, Any]:
    """One follow-up so many weeks or months after the start or the end."""
    return {
        "amount": Whole(_("How many"), [optional()], low=1, high=LONGEST_SPAN),
        "unit": Pick(_("Counted in"), [optional()], kind=SpanUnit),
        "start": Pick(_("From"), [optional()], kind=PointFrom),
    }


def clock_fields() -> dict[str, Any]:
    """One clock of the programme's own."""
    return talk_fields() | {
        "amount": Whole(_("How many"), [optional()], low=1, high=400),
        "unit": Pick(_("Counted in"), [optional()], kind=ClockUnit),
        "start": Pick(_("Counted from when"), [optional()], kind=ClockStart),
        "who": Pick(_("Who acts"), [optional()], kind=ClockActor),
    }


def _whole(text: Any, name: str, **kwargs: Any) -> Any:
    low, high = NUMBERS[name]
    return Whole(text, [optional()], low=low, high=high, **kwargs)


class PlacesForm(VersionedForm):
    """How many, and how the waiting list is kept."""

    capacity = _whole(_("Places at once"), "capacity", description=_("Leave it empty when there is no fixed number."))
    places_per_round = _whole(_("Places in one round"), "places_per_round", description=_("For groups only."))
    waiting_order = Radio(_("Who is offered a free place first?"), [required()], kind=WaitingOrder)
    recontact_days = _whole(_("Days until the sender of somebody who waits hears again"), "recontact_days")
    offer_weekdays = _whole(_("Weekdays that an offered place is held"), "offer_weekdays")


class CourseForm(RowsForm):
    """How long it lasts, and when she is asked how she is."""

    length = Whole(_("How long does it last?"), [optional()], low=1, high=LONGEST_SPAN)
    length_unit = Radio(_("Counted in"), [optional()], kind=SpanUnit)
    points = Several(
        _("When is she asked how she is?"),
        [optional()],
        choices=[("start", _("At the start")), ("end", _("At the end"))],
    )


def _meeting(text: Any, name: str) -> Any:
    low, high = MEETINGS[name]
    return Whole(text, [optional()], low=low, high=high)


class GroupCourseForm(CourseForm):
    """The same for a group, and how it meets: a round is planned by it."""

    sessions = _meeting(_("How many meetings?"), "sessions")
    session_step_days = Pick(
        _("How often?"),
        [optional()],
        choices=[("", CHOOSE), ("7", _("Every week")), ("14", _("Every second week"))],
    )
    session_minutes = _meeting(_("Minutes a meeting"), "session_minutes")
    leaders = _meeting(_("How many lead the group?"), "leaders")
    themes = Text(
        _("What the meetings are about"),
        [optional()],
        scan=Scan.REFUSE,
        description=_("One theme on each line, in the order of the meetings. Each meeting of a round gets one."),
    )


class ClocksForm(RowsForm):
    """What must be done by when."""

    answer_weekdays = _whole(_("Weekdays to answer a referral"), "answer_weekdays")
    first_contact_days = _whole(_("Days from acceptance to the first contact"), "first_contact_days")


class SharingForm(VersionedForm):
    """What the receiving side does without."""

    hidden = Several(
        _("What does intake not need to know until she is accepted?"),
        [optional()],
        choices=lambda: [(group.value, label(group)) for group in HIDEABLE],
    )


class QuestionForm(VersionedForm):
    """One question of the nomination form."""

    type = Pick(_("How is it answered?"), [required(_("Choose how it is answered."))], kind=QuestionType, empty=CHOOSE)
    da = Sentence(_("The question in Danish"), [required(_("Write the question."))])
    en = Sentence(_("The question in English"), [optional()])
    hint_da = Sentence(_("Help in Danish"), [optional()])
    hint_en = Sentence(_("Help in English"), [optional()])
    is_required = BooleanField(_("It must be answered"))
    choices = Text(
        _("Answers to choose from"),
        [optional()],
        scan=Scan.REFUSE,
        description=_("One on each line: Danish, then |, then English. For example: Ja, gerne | Yes please"),
    )
    when = Several(
        _("Show it only when"), [optional()], choices=[], description=_("Tick nothing, and it is always shown.")
    )
    purpose = Sentence(
        _("Why is it asked?"),
        [optional()],
        description=_("Only where it asks for an address, a telephone, a mail address or a CPR number."),
    )


class PublishForm(VersionedForm):
    """From which day it counts."""

    valid_from = Day(_("It counts from"), [required()])


def read_choices(text: str | None, known: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Answers typed one on a line; one that was there before keeps its key, so that answers stay readable."""
    keys = {row["da"]: row["key"] for row in known}
    used = {row["key"] for row in known}
    found: list[dict[str, str]] = []
    for line in filter(None, (part.strip() for part in (text or "").splitlines())):
        da, _bar, en = (part.strip() for part in line.partition("|"))
        key = keys.pop(da, None) or next(f"a{n}" for n in range(1, 1000) if f"a{n}" not in used)
        used.add(key)
        found.append({"key": key, "da": da, "en": en})
    return found


def write_choices(rows: Iterable[Mapping[str, Any]]) -> str:
    """The same the other way."""
    return "\n".join(f"{row['da']} | {row['en']}" if row["en"] else row["da"] for row in rows)
