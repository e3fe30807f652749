"""What answers add up to, by the exact rules of each instrument, and how measures develop.

An incomplete form has no score. Single ratings stand for themselves and need no complete form.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from portal.core.measures import InstrumentKey
from portal.domain.instrument_forms import INSTRUMENTS, Instrument

Answers = Mapping[str, int]

FEW = 5
WHO5_POOR, WHO5_VERY_POOR, WHO5_MEANINGFUL_CHANGE = 50, 28, 10
UCLA_LONELY, UCLA_SEVERE = 6, 7
PCL_HIGH = 33
ITQ_PRESENT = PCL_PRESENT = 2
UNSAFE, UNSAFE_FALL = 3, 2


@dataclass(frozen=True, slots=True)
class Score:
    """A result: one number, a code for its band, and the parts it is made of."""

    value: int
    band: str | None = None
    parts: Mapping[str, int] = field(default_factory=dict)


def get(key: InstrumentKey) -> Instrument:
    """The form of an instrument."""
    return INSTRUMENTS[key]


def check_answers(instrument: Instrument, answers: Answers) -> dict[str, str]:
    """What is wrong with answers, item key to code: `unknown_item` or `out_of_range`. Missing answers are not wrong."""
    known = {item.key for item in instrument.items}
    wrong = {key: "unknown_item" for key in answers if key not in known}
    return wrong | {
        key: "out_of_range"
        for key, value in answers.items()
        if key in known and not instrument.low <= value <= instrument.high
    }


def is_complete(instrument: Instrument, answers: Answers) -> bool:
    """Whether every item has an answer on the scale."""
    return all(item.key in answers for item in instrument.items) and not check_answers(instrument, answers)


def score(instrument: Instrument, answers: Answers) -> Score | None:
    """The score of a form, or nothing when it is incomplete or the instrument has none (R-080).

    WHO-5: sum × 4. ITQ: severity and the label. PCL-5 and UCLA-3: sums. Exposure: any form, computed, never typed;
    one "yes" is known even when other forms are not answered.
    """
    if check_answers(instrument, answers):
        return None
    if instrument.key is InstrumentKey.EXPOSURE:
        return _exposure(instrument, answers)
    rule = _RULES.get(instrument.key)
    if rule is None or not is_complete(instrument, answers):
        return None
    return rule(answers)


def values_of(instrument: Instrument, answers: Answers) -> dict[str, int]:
    """The single values that figures are counted from: exposure by form and ratings by area. Empty for the others."""
    single = (InstrumentKey.EXPOSURE, InstrumentKey.DOMAIN_RATING, InstrumentKey.PROBLEM_RATING)
    return dict(answers) if instrument.key in single and not check_answers(instrument, answers) else {}


def needs_safety_check(latest: int, previous: int | None = None) -> bool:
    """Whether a safety feeling calls for an assessment within a day: 3 or lower, or a fall of 2 or more (R-084)."""
    return latest <= UNSAFE or (previous is not None and previous - latest >= UNSAFE_FALL)


def _exposure(instrument: Instrument, answers: Answers) -> Score | None:
    if any(answers.values()):
        return Score(1, "any", dict(answers))
    return Score(0, "none", dict(answers)) if is_complete(instrument, answers) else None


def _safety(answers: Answers) -> Score:
    return Score(answers["safety"])


def _who5(answers: Answers) -> Score:
    raw = sum(answers.values())
    index = raw * 4
    band = "very_poor" if index <= WHO5_VERY_POOR else "poor" if index <= WHO5_POOR else "good"
    return Score(index, band, {"raw": raw})


def _ucla3(answers: Answers) -> Score:
    total = sum(answers.values())
    return Score(total, "severe" if total >= UCLA_SEVERE else "lonely" if total >= UCLA_LONELY else "not_lonely")


def _itq(answers: Answers) -> Score:
    # Both sets of criteria give CPTSD, the first alone PTSD; never both labels, and the second alone is none.
    ptsd, dso = _itq_criteria(answers, "p"), _itq_criteria(answers, "c")
    label = "none"
    if ptsd:
        label = "cptsd" if dso else "ptsd"
    names = {"p": ("reexperiencing", "avoidance", "threat"), "c": ("affect", "self", "relations")}
    parts = {
        name: _sum(answers, side, range(2 * number + 1, 2 * number + 3))
        for side, clusters in names.items()
        for number, name in enumerate(clusters)
    }
    parts |= {
        "ptsd": _sum(answers, "p", range(1, 7)),
        "dso": _sum(answers, "c", range(1, 7)),
        "ptsd_criteria": int(ptsd),
        "dso_criteria": int(dso),
    }
    return Score(parts["ptsd"] + parts["dso"], label, parts)


def _itq_criteria(answers: Answers, side: str) -> bool:
    groups = ((1, 2), (3, 4), (5, 6), (7, 8, 9))
    return all(any(answers[f"{side}{number}"] >= ITQ_PRESENT for number in group) for group in groups)


def _pcl5(answers: Answers) -> Score:
    clusters = {"b": (range(1, 6), 1), "c": (range(6, 8), 1), "d": (range(8, 15), 2), "e": (range(15, 21), 2)}
    present = {
        name: sum(answers[f"q{number}"] >= PCL_PRESENT for number in numbers) >= needed
        for name, (numbers, needed) in clusters.items()
    }
    parts = {name: _sum(answers, "q", numbers) for name, (numbers, _needed) in clusters.items()}
    total = sum(parts.values())
    parts["provisional"] = int(all(present.values()))
    return Score(total, "high" if total >= PCL_HIGH else "low", parts)


def _sum(answers: Answers, prefix: str, numbers: range) -> int:
    return sum(answers[f"{prefix}{number}"] for number in numbers)


_RULES: Mapping[InstrumentKey, Callable[[Answers], Score]] = {
    InstrumentKey.SAFETY_FEELING: _safety,
    InstrumentKey.WHO5: _who5,
    InstrumentKey.UCLA3: _ucla3,
    InstrumentKey.ITQ: _itq,
    InstrumentKey.PCL5: _pcl5,
}
