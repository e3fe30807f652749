"""Rows about a woman as pairs of word and value, said to her: no code, and no value without a word (R-560)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import Range

from portal.core.clock import local_date
from portal.core.kinds import CriterionAnswer
from portal.core.measures import InstrumentKey
from portal.core.money import format_kroner
from portal.core.risk import PlanSection
from portal.domain.instrument_forms import INSTRUMENTS, Instrument
from portal.domain.labels.columns import COLUMNS, TERMS
from portal.domain.own_words import BANDS, TOLD_ELSEWHERE, code_word, own_label
from portal.domain.programme_forms import is_answered
from portal.domain.programmes import Criterion, Question, QuestionType, Rules, Worded
from portal.services.access_export import Entry
from portal.web.filters import clock, day, said_point

Pairs = list[tuple[str, str]]
Programmes = Mapping[tuple[int, int | None], Rules]
# What a programme asks, by the column that holds the answers.
_ASKED: Mapping[str, Callable[[Rules], Sequence[Worded]]] = {
    "answers": lambda rules: rules.questions,
    "criteria": lambda rules: rules.criteria,
    "steps": lambda rules: rules.steps,
}


def pairs(entry: Entry, programmes: Programmes) -> Pairs:
    """What a row says, without what is empty; nothing for a row that only repeats another.

    A row that says nothing of the programme it is about is given its name first.
    """
    if entry.table in TOLD_ELSEWHERE:
        return []
    found: Pairs = [(term(entry.table, "offer_id"), entry.programme)]
    for column, value in entry.values.items():
        if isinstance(value, Mapping):
            found += _parts(entry, column, value, programmes)
        elif entry.table == "measure" and column in ("score", "band"):
            found.append((term(entry.table, column), _result(INSTRUMENTS[entry.values["instrument"]], column, value)))
        elif (entry.table, column) == ("meeting", "step"):
            found.append((term(entry.table, column), _step(value, _rules(entry, programmes))))
        elif (entry.table, column) == ("follow_up", "span"):
            found.append((term(entry.table, column), said_point(entry.values["point"], value) if value else ""))
        else:
            found.append((term(entry.table, column), said(entry.table, column, value)))
    return [(word, text) for word, text in found if text]


def term(table: str, column: str) -> str:
    """The word for a column of a table."""
    return str(TERMS.get((table, column)) or COLUMNS[column])


def said(table: str, column: str, value: Any) -> str:
    """A stored value as people say it; empty for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, list):
        return ", ".join(said(table, column, one) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if column.endswith("_ore"):
        return format_kroner(value)
    return _moment(value) or _word(table, column, value)


def _word(table: str, column: str, value: Any) -> str:
    if isinstance(value, StrEnum):
        return own_label(value)
    return code_word(table, column, value) or str(value)


def _moment(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{day(local_date(value))} {clock(value)}"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Range):
        return " - ".join(day(one) for one in (value.lower, value.upper) if one is not None)
    return ""


def _parts(entry: Entry, column: str, value: Mapping[str, Any], programmes: Programmes) -> Pairs:
    """A form: each question in its own words, with the answer in words."""
    if entry.table == "measure":
        return _answers(INSTRUMENTS[entry.values["instrument"]], value)
    if entry.table == "safety_plan":
        return [(own_label(PlanSection(key)), str(value[key])) for key in PlanSection if key in value]
    rules, language = _rules(entry, programmes), str(get_locale())
    asked: Sequence[Worded] = () if rules is None else _ASKED[column](rules)
    known = [(one.said(language), _given(one, value[one.key])) for one in asked if one.key in value]
    # A question that the programme has dropped since: her answer is handed out all the same.
    dropped = set(value) - {one.key for one in asked}
    return known + [(term(entry.table, column), str(value[key])) for key in sorted(dropped)]


def _given(asked: Worded, value: Any) -> str:
    if isinstance(asked, Question):
        return _answer(asked, value)
    return own_label(CriterionAnswer(value)) if isinstance(asked, Criterion) else _iso(value)


def _rules(entry: Entry, programmes: Programmes) -> Rules | None:
    return None if entry.offer_id is None else programmes.get((entry.offer_id, entry.edition))


def _answer(question: Question, value: Any) -> str:
    if not is_answered(value):
        return ""
    if question.type is QuestionType.YES_NO:
        return _("yes") if value == "yes" else _("no")
    if question.type in (QuestionType.CHOICE, QuestionType.SEVERAL):
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(one.said(str(get_locale())) for one in question.choices if one.key in chosen)
    return _iso(value) if question.type is QuestionType.DATE else str(value)


def _step(key: str | None, rules: Rules | None) -> str:
    steps = rules.steps if rules else ()
    return next((one.said(str(get_locale())) for one in steps if one.key == key), "")


def _iso(value: str | None) -> str:
    return day(date.fromisoformat(value)) if value else ""


def _answers(form: Instrument, given: Mapping[str, int]) -> Pairs:
    return [(str(item.text), _on_scale(form, given[item.key])) for item in form.items if item.key in given]


def _on_scale(form: Instrument, value: int) -> str:
    """The words of the step; where only the ends have words, the number and what the ends mean."""
    if len(form.scale) == form.high - form.low + 1:
        return str(form.scale[value])
    low, high = form.scale[form.low], form.scale[form.high]
    return _(
        "%(value)d on a scale from %(low)d (%(bad)s) to %(high)d (%(good)s)",
        value=value,
        low=form.low,
        bad=low,
        high=form.high,
        good=high,
    )


def _result(form: Instrument, column: str, value: Any) -> str:
    if value is None or (form.key is InstrumentKey.EXPOSURE and column == "score"):
        return ""
    if column == "band":
        return str(BANDS.get(form.key, {}).get(value, value))
    return _("%(value)d on a scale from %(low)d to %(high)d", value=value, low=form.score_low, high=form.score_high)
