"""What a lead may write in a draft of a programme (R-665): limits, keys, conditions that lead in no circle. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import ReferralSource, TrackKind, WaitingOrder
from portal.core.programmes import PLAIN_KINDS, ClockActor, ClockStart, ClockUnit, SpanUnit
from portal.domain.disclosure import FieldGroup, Relation, opens
from portal.domain.followups import read_asked
from portal.domain.groups import MOST_SESSIONS, STEP_DAYS
from portal.domain.programme_forms import CHOSEN, FEWEST_CHOICES
from portal.domain.programmes import QuestionType

LINE, LONG = 200, 2_000
MOST: Mapping[str, int] = {"criteria": 40, "question": 200, "step": 10, "clock": 12, "follow_up": 14, "choices": 40}
NUMBERS: Mapping[str, tuple[int, int]] = {
    "capacity": (1, 10_000),
    "places_per_round": (1, 500),
    "recontact_days": (1, 30),
    "offer_weekdays": (1, 30),
    "answer_weekdays": (1, 20),
    "first_contact_days": (1, 60),
}
DURATION: Mapping[SpanUnit, tuple[str, int]] = {
    SpanUnit.WEEKS: ("duration_weeks", 260),
    SpanUnit.MONTHS: ("duration_months", 60),
}
# How a group meets: what a round of it is planned by.
MEETINGS: Mapping[str, tuple[int, int]] = {
    "sessions": (1, MOST_SESSIONS),
    "session_minutes": (30, 480),
    "leaders": (1, 6),
}
MOST_THEMES = 30
# Whom a programme can be for: names of the rules in `domain/programmes.py` that need nothing but her case.
AUDIENCES = ("stay_now", "stay_ever", "no_stay", "own_home", "own_municipality")
# What intake sees of her before it has taken her in, as far as a programme may do without it. Never more than the
# table of the policy opens to intake.
HIDEABLE = tuple(
    group
    for group in (
        FieldGroup.CHILD_COUNT_BAND,
        FieldGroup.PERSON_LANGUAGE_NEEDS,
        FieldGroup.ADDR_AREA,
        FieldGroup.ADDR_PROTECTION_LEVEL,
        FieldGroup.CONTACT_SAFE_RULES,
        FieldGroup.RISK_LEVEL,
        FieldGroup.PERSON_NAME,
        FieldGroup.CONTACT_PHONE_EMAIL,
        FieldGroup.PERSON_CPR,
        FieldGroup.RISK_NARRATIVE_PERPETRATOR,
    )
    if opens(group, Relation.IN) or opens(group, Relation.IN, "reveal")
)
_TEXTS = ("name_da", "name_en", "da", "en", "hint_da", "hint_en", "purpose")
_LONG_TEXTS = ("summary_da", "summary_en")

Content = Mapping[str, Any]


def check(content: Content) -> None:
    """Raise Invalid for what could not be read again, or is more than a form can hold (R-665)."""
    _check_texts(content)
    _one_of(content.get("kind"), PLAIN_KINDS, "kind")
    for name in content.get("eligibility", ()):
        _one_of(name, AUDIENCES, "eligibility")
    for source in content.get("sources", ()):
        _one_of(source, ReferralSource, "sources")
    for group in content.get("hidden", ()):
        _one_of(group, HIDEABLE, "hidden")
    for name, (low, high) in NUMBERS.items():
        _number(content.get(name), low, high, name)
    _one_of(content.get("waiting_order", WaitingOrder.FIRST_COME), WaitingOrder, "waiting_order")
    for unit, (name, high) in DURATION.items():
        _number(content.get("facts", {}).get(name), 1, high, f"duration_{unit}")
    _check_meetings(content.get("facts", {}))
    for part in ("criteria", "question", "step", "clock"):
        _check_rows(content.get(part, ()), part)
    _check_points(content.get("follow_up", ()))
    _check_questions(content.get("question", ()))
    for row in content.get("clock", ()):
        _check_clock(row)


def _check_meetings(facts: Content) -> None:
    for name, (low, high) in MEETINGS.items():
        _number(facts.get(name), low, high, name)
    if facts.get("session_step_days") not in (None, *STEP_DAYS):
        raise Invalid(_("A group meets every week or every second week."), field="session_step_days")
    themes = facts.get("themes", ())
    if len(themes) > MOST_THEMES:
        raise Invalid(_("There can be at most %(num)d of them.", num=MOST_THEMES), field="themes")
    if not all(isinstance(theme, str) and 0 < len(theme) <= LINE for theme in themes):
        raise Invalid(_("Write at most %(num)d characters.", num=LINE), field="themes")


def _check_texts(row: Content) -> None:
    for name in (*_TEXTS, *_LONG_TEXTS):
        text, longest = row.get(name, ""), LONG if name in _LONG_TEXTS else LINE
        if not isinstance(text, str):
            raise Invalid(_("Write a text."), field=name)
        if len(text) > longest:
            raise Invalid(_("Write at most %(num)d characters.", num=longest), field=name)


def _check_rows(rows: Sequence[Content], part: str) -> None:
    if len(rows) > MOST[part]:
        raise Invalid(_("There can be at most %(num)d of them.", num=MOST[part]), field=part)
    keys = [row.get("key") for row in rows]
    if len(set(keys)) != len(keys) or not all(isinstance(key, str) and key for key in keys):
        raise Invalid(_("Two of them have the same key. Open the page again."), field=part)
    for row in rows:
        _check_texts(row)


def _check_points(points: Sequence[str]) -> None:
    if len(points) > MOST["follow_up"]:
        raise Invalid(_("There can be at most %(num)d of them.", num=MOST["follow_up"]), field="follow_up")
    try:
        asked = [read_asked(point) for point in points]
    except ValueError as unknown:
        raise Invalid(_("Choose one of those that are shown."), field="follow_up") from unknown
    if len(set(asked)) != len(asked):
        raise Invalid(_("The same point in time stands there twice."), field="follow_up")


def _check_questions(questions: Sequence[Content]) -> None:
    for question in questions:
        _one_of(question.get("type"), QuestionType, "type")
        _check_rows(question.get("choices", ()), "choices")
    hangs_on = {row["key"]: row["when"]["question"] for row in questions if row.get("when")}
    for key in hangs_on:
        passed, at = {key}, hangs_on.get(key)
        while at is not None:
            if at in passed:
                raise Invalid(_("The conditions lead in a circle: nobody would ever see the question."), field="when")
            passed.add(at)
            at = hangs_on.get(at)


def check_choices(question: Content) -> None:
    """Raise Invalid for a question that is answered by choosing and has not two answers to choose between (R-862)."""
    if question.get("type") in CHOSEN and len(question.get("choices", ())) < FEWEST_CHOICES:
        raise Invalid(_("Write at least two answers to choose from, each on a line of its own."), field="choices")


def _check_clock(row: Content) -> None:
    _one_of(row.get("start"), ClockStart, "clock")
    _one_of(row.get("unit"), ClockUnit, "clock")
    _one_of(row.get("who"), ClockActor, "clock")
    if row.get("start") == ClockStart.SENT and row.get("who") == ClockActor.WORKER:
        raise Invalid(_("Before she is taken in there is no worker: let intake have that deadline."), field="clock")
    _number(row.get("amount"), 1, 400, "clock", may_be_none=False)


def _one_of(value: Any, known: Iterable[StrEnum | str], field: str) -> None:
    if value not in {str(one) for one in known}:
        raise Invalid(_("Choose one of those that are shown."), field=field)


def _number(value: Any, low: int, high: int, field: str, *, may_be_none: bool = True) -> None:
    if value is None and may_be_none:
        return
    if not isinstance(value, int) or not low <= value <= high:
        raise Invalid(_("Write a number from %(low)d to %(high)d.", low=low, high=high), field=field)


def blank(kind: TrackKind, **texts: str) -> dict[str, Any]:
    """A draft with nothing in it but what it is called and the portal's own measures."""
    return {
        "name_da": "",
        "name_en": "",
        "summary_da": "",
        "summary_en": "",
        "eligibility": [],
        "criteria": [],
        "question": [],
        "step": [],
        "clock": [],
        "hidden": [],
        "sources": [source.value for source in ReferralSource],
        "follow_up": ["start", "end", "after_3"],
        "facts": {},
        "offer_weekdays": 5,
        "answer_weekdays": 5,
        "first_contact_days": 7,
        "recontact_days": 30,
        "waiting_order": WaitingOrder.FIRST_COME.value,
        "last_key": 0,
        **texts,
        "kind": kind.value,
    }


def with_keys(content: Content, part: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The draft with these rows in a part; a row without a key gets one that the programme has never used."""
    last, made = int(content.get("last_key", 0)), []
    for row in rows:
        if not row.get("key"):
            last += 1
            row = {**row, "key": f"{part[0]}{last}"}
        made.append(row)
    return {**content, part: made, "last_key": last}
