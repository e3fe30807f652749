"""Nomination forms that show a question only when another one has been answered so (R-662). Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from portal.domain.programmes import Question, QuestionType, Rules

# Whose answers are known beforehand, so that other questions can hang on them.
CLOSED = frozenset({QuestionType.CHOICE, QuestionType.SEVERAL, QuestionType.YES_NO})
YES_NO = ("yes", "no")
# Types whose answers the lead writes herself, so that at least two of them must stand there.
CHOSEN = CLOSED - {QuestionType.YES_NO}
FEWEST_CHOICES = 2


def is_answered(value: Any) -> bool:
    """Whether something has been answered; 0 is an answer."""
    return value not in (None, "", [], ())


def options(question: Question) -> tuple[str, ...]:
    """The answers that a closed question can have; none for an open one."""
    if question.type is QuestionType.YES_NO:
        return YES_NO
    return tuple(choice.key for choice in question.choices) if question.type in CLOSED else ()


def visible(rules: Rules, answers: Mapping[str, Any]) -> tuple[Question, ...]:
    """The questions that these answers show, in their order (R-662).

    A question hangs on one that stands before it. One that hangs on a hidden question is hidden.
    """
    shown: list[Question] = []
    for question in rules.questions:
        if question.when is None or _is_met(question, shown, answers):
            shown.append(question)
    return tuple(shown)


def _is_met(question: Question, shown: Iterable[Question], answers: Mapping[str, Any]) -> bool:
    when = question.when
    if when is None or all(one.key != when.question for one in shown):
        return False
    given = answers.get(when.question)
    return bool(when.answers & (set(given) if isinstance(given, list) else {given}))


def kept(rules: Rules, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that are stored: to questions of the form that are shown, and none that is empty (R-662)."""
    keys = {question.key for question in visible(rules, answers)}
    return {key: value for key, value in answers.items() if key in keys and is_answered(value)}


def is_complete(rules: Rules, answers: Mapping[str, Any]) -> bool:
    """Whether every question that is shown and must be answered has an answer."""
    return all(is_answered(answers.get(one.key)) for one in visible(rules, answers) if one.is_required)


def most_visible(rules: Rules) -> int:
    """How many questions one referrer can be shown at most: the longest way through the form."""
    below: dict[str, list[Question]] = {}
    for question in rules.questions:
        if question.when is not None:
            below.setdefault(question.when.question, []).append(question)
    return sum(_longest(question, below, frozenset()) for question in rules.questions if question.when is None)


def _longest(question: Question, below: Mapping[str, list[Question]], above: frozenset[str]) -> int:
    if question.key in above:
        return 0
    hanging = [(one, _longest(one, below, above | {question.key})) for one in below.get(question.key, ()) if one.when]
    if question.type is QuestionType.SEVERAL:
        return 1 + sum(count for _one, count in hanging)
    ways = [sum(count for one, count in hanging if one.when and way in one.when.answers) for way in options(question)]
    return 1 + max(ways, default=0)


def unreachable(rules: Rules) -> list[Question]:
    """The questions that nobody is ever shown: what they hang on is gone, stands later or has no such answer."""
    found, before = [], dict[str, Question]()
    for question in rules.questions:
        on = before.get(question.when.question) if question.when else None
        if question.when is not None and (on is None or not question.when.answers & set(options(on))):
            found.append(question)
        else:
            before[question.key] = question
    return found
