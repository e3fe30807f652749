"""What stands between a draft of a programme and its readers, in plain words (R-668). Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.core.i18n import _
from portal.core.kinds import TrackKind
from portal.core.scan import scan_asked, scan_written
from portal.domain.programme_forms import CHOSEN, FEWEST_CHOICES, most_visible, unreachable
from portal.domain.programmes import Question, Rules, Worded, read

# More than this and a form is filled in badly, or not at all.
FIELD_BUDGET = 12


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to put right: in which section, and whether it stops the publishing."""

    section: str
    text: object
    stops: bool = True


def lint(content: Mapping[str, Any]) -> list[Finding]:
    """What is wrong or worth a thought, section by section (R-668)."""
    rules = read(content)
    return [
        *_heads(content),
        *_worded(rules),
        *(finding for question in rules.questions for finding in _question(question)),
        *_form(rules),
        *_course(content, rules),
    ]


def lint_question(content: Mapping[str, Any], key: str) -> list[Finding]:
    """The same for one question: what its own texts and answers lack."""
    return [finding for one in read(content).questions if one.key == key for finding in _question(one)]


def step_states(content: Mapping[str, Any], order: Sequence[str], *, is_first: bool) -> dict[str, str]:
    """How far each section of a draft is (R-860): done, something is missing ("wanting"), or not looked at ("todo").

    A change of a version that was published has been looked at all over. The form has no saving of its own: it is
    looked at by whoever has put a question in it or saved a section behind it.
    """
    unready = {finding.section for finding in lint(content) if finding.stops}
    walked = set(content.get("walked", ())) if is_first else set(order)
    behind = set(order[order.index("questions") + 1 :])
    if content.get("question") or walked & behind:
        walked.add("questions")
    return {key: "todo" if key not in walked else "wanting" if key in unready else "done" for key in order}


def _heads(content: Mapping[str, Any]) -> Iterator[Finding]:
    for name, text in (
        ("name_da", _("The name in Danish is missing.")),
        ("name_en", _("The name in English is missing.")),
        ("summary_da", _("The summary in Danish is missing.")),
        ("summary_en", _("The summary in English is missing.")),
    ):
        if not content.get(name):
            yield Finding("about", text)
    if not read(content).sources:
        yield Finding("about", _("It is not said from whom it takes referrals: nobody could refer to it."))


def _worded(rules: Rules) -> Iterator[Finding]:
    for section, rows in (("criteria", (*rules.criteria, *rules.steps)), ("clocks", rules.clocks)):
        for row in rows:
            yield from _both(section, row)


def _both(section: str, row: Worded) -> Iterator[Finding]:
    if not row.da:
        yield Finding(section, _("“%(text)s” has no Danish text.", text=row.en or row.key))
    if not row.en:
        yield Finding(section, _("“%(text)s” has no English text.", text=row.da or row.key))


def _question(question: Question) -> Iterator[Finding]:
    yield from _both("questions", question)
    said = question.da or question.en
    if bool(question.hint_da) != bool(question.hint_en):
        yield Finding("questions", _("The help to “%(text)s” stands in one language only.", text=said))
    if question.type in CHOSEN:
        if len(question.choices) < FEWEST_CHOICES:
            yield Finding("questions", _("“%(text)s” has fewer than two answers to choose from.", text=said))
        for choice in question.choices:
            yield from _both("questions", choice)
    asked = " ".join((question.da, question.en, question.hint_da, question.hint_en))
    if scan_asked(asked) and not question.purpose:
        yield Finding(
            "questions",
            _("“%(text)s” seems to ask for an address, a telephone or a CPR number. Say why, or ask less.", text=said),
        )
    if scan_written(asked):
        yield Finding("questions", _("“%(text)s” holds what looks like somebody's own details.", text=said))


def _form(rules: Rules) -> Iterator[Finding]:
    for question in unreachable(rules):
        yield Finding(
            "questions",
            _("Nobody is ever shown “%(text)s”: what it hangs on stands later or cannot be answered so.",
              text=question.da or question.en),
        )  # fmt: skip
    shown = most_visible(rules)
    if shown > FIELD_BUDGET:
        yield Finding(
            "questions",
            _("The form can show %(num)d questions. Over %(most)d it is often filled in badly: which can go?",
              num=shown, most=FIELD_BUDGET),
            stops=False,
        )  # fmt: skip


def _meetings(content: Mapping[str, Any], facts: Mapping[str, Any]) -> Iterator[Finding]:
    if not content.get("places_per_round"):
        yield Finding("places", _("It is not said how many places a round of the group has."), stops=False)
    if not facts.get("sessions") or not facts.get("session_step_days"):
        yield Finding("course", _("It is not said how many times the group meets, and how often."), stops=False)
    if len(facts.get("themes", ())) > facts.get("sessions", len(facts.get("themes", ()))):
        yield Finding("course", _("There are more themes than meetings: the last ones are never reached."))


def _course(content: Mapping[str, Any], rules: Rules) -> Iterator[Finding]:
    facts = rules.facts
    if content.get("kind") == TrackKind.GROUP and "duration_months" in facts:
        yield Finding("course", _("The length of a group is counted in weeks."))
    if not (facts.get("duration_weeks") or facts.get("duration_months") or facts.get("sessions")):
        yield Finding("course", _("It is not said how long it lasts: the course then has no planned end."), stops=False)
    if content.get("kind") == TrackKind.GROUP:
        yield from _meetings(content, facts)
    if not rules.criteria:
        yield Finding(
            "criteria", _("There are no criteria: everybody who is referred can be offered a place."), stops=False
        )
