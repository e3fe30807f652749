"""What a programme asks for: its criteria, its nomination form, its steps, and whom it is for. Read from its data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portal.core.enums import OrganisationKind
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.kinds import CriterionAnswer, ReferralSource, WaitingOrder
from portal.core.programmes import ClockActor, ClockStart, ClockUnit
from portal.domain.words import DANISH, Worded

OFFER_WEEKDAYS = 5
# What a programme says nothing of, the portal's own clocks say.
ANSWER_WEEKDAYS, FIRST_CONTACT_DAYS, RECONTACT_DAYS = 5, 7, 30


class QuestionType(StrEnum):
    """How a question of a nomination form is answered."""

    TEXT = "text"
    LONG = "long"
    DATE = "date"
    CHOICE = "choice"
    SEVERAL = "several"
    YES_NO = "yesno"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Criterion(Worded):
    """What must be met. The answer to one that is not kept is asked for and never stored."""

    is_kept: bool = True


@dataclass(frozen=True, slots=True)
class When:
    """Shown only when another question has one of these answers."""

    question: str
    answers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Question(Worded):
    """One question of the programme's own nomination form."""

    type: QuestionType
    is_required: bool = False
    hint_da: str = ""
    hint_en: str = ""
    choices: tuple[Worded, ...] = ()
    when: When | None = None
    # Why it is asked, where it asks for what is protected.
    purpose: str = ""

    def hint(self, language: str) -> str:
        """The help above the field, in the reader's language."""
        return self.hint_da if language == DANISH else self.hint_en


@dataclass(frozen=True, slots=True)
class OwnClock(Worded):
    """A programme's own clock: what it counts from, how long, and who has it on the work list."""

    start: ClockStart
    amount: int
    unit: ClockUnit
    who: ClockActor


@dataclass(frozen=True, slots=True)
class Rules:
    """A programme's rules in a form that code can use."""

    eligibility: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    questions: tuple[Question, ...]
    steps: tuple[Worded, ...]
    offer_weekdays: int
    facts: Mapping[str, Any]
    assumed: frozenset[str]
    follow_up: tuple[str, ...]
    waiting_order: WaitingOrder = WaitingOrder.FIRST_COME
    recontact_days: int = RECONTACT_DAYS
    answer_weekdays: int = ANSWER_WEEKDAYS
    first_contact_days: int = FIRST_CONTACT_DAYS
    places_per_round: int | None = None
    clocks: tuple[OwnClock, ...] = ()
    # Groups of fields that the receiving side does not see before it has taken her in.
    hidden: frozenset[str] = frozenset()
    # From whom it takes referrals: from everybody, where nothing is said.
    sources: frozenset[ReferralSource] = frozenset(ReferralSource)

    @property
    def kept_criteria(self) -> tuple[Criterion, ...]:
        """The criteria whose answers are stored."""
        return tuple(criterion for criterion in self.criteria if criterion.is_kept)


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a rule may ask about her. `offer_municipality` is the code of the municipality that gives the offer."""

    has_stay_now: bool = False
    has_stay_ever: bool = False
    planned_move_on: date | None = None
    moved_on: date | None = None
    municipality: str | None = None
    offer_municipality: str | None = None
    children: int = 0
    protection_level: int = 0
    sender: OrganisationKind = OrganisationKind.SHELTER


Rule = Callable[[CaseFacts], Any]


def _stay_now(facts: CaseFacts) -> Any:
    return None if facts.has_stay_now else _("Not possible: only for women who stay at a centre now.")


def _stay_ever(facts: CaseFacts) -> Any:
    return None if facts.has_stay_ever else _("Not possible: only for women who have stayed at a centre.")


def _no_stay(facts: CaseFacts) -> Any:
    return _("Not possible: only for women without a stay.") if facts.has_stay_ever else None


def _own_home(facts: CaseFacts) -> Any:
    if facts.moved_on is not None or facts.planned_move_on is not None:
        return None
    return _("Not possible yet: write when she moves into her own home.")


def _own_municipality(facts: CaseFacts) -> Any:
    if facts.municipality is None:
        return _("Not possible yet: the case does not say which municipality must act.")
    if facts.offer_municipality is not None and facts.offer_municipality != facts.municipality:
        return _("Not possible: another municipality must act.")
    return None


def _self_approach(facts: CaseFacts) -> Any:
    return _("She makes contact herself: no referral is needed.")


def _applied_for(facts: CaseFacts) -> Any:
    return _("Applied for on a page of its own: Start-up grants.")


# The names that `eligibility` in the reference file may use.
ELIGIBILITY: Mapping[str, Rule] = {
    "stay_now": _stay_now,
    "stay_ever": _stay_ever,
    "no_stay": _no_stay,
    "own_home": _own_home,
    "own_municipality": _own_municipality,
    "self_approach": _self_approach,
    "applied_for": _applied_for,
}


def read(rules: Mapping[str, Any]) -> Rules:
    """The rules of a programme as values. Raises KeyError or ValueError for a file that does not make sense."""
    return Rules(
        eligibility=tuple(rules.get("eligibility", ())),
        criteria=tuple(
            Criterion(row["key"], row["da"], row["en"], row.get("is_kept", True)) for row in rules.get("criteria", ())
        ),
        questions=tuple(_question(row) for row in rules.get("question", ())),
        steps=tuple(_worded(row) for row in rules.get("step", ())),
        offer_weekdays=int(rules.get("offer_weekdays") or OFFER_WEEKDAYS),
        facts=rules.get("facts", {}),
        assumed=frozenset(rules.get("assumed", ())),
        follow_up=tuple(rules.get("follow_up", ())),
        waiting_order=WaitingOrder(rules.get("waiting_order", WaitingOrder.FIRST_COME)),
        recontact_days=int(rules.get("recontact_days") or RECONTACT_DAYS),
        answer_weekdays=int(rules.get("answer_weekdays") or ANSWER_WEEKDAYS),
        first_contact_days=int(rules.get("first_contact_days") or FIRST_CONTACT_DAYS),
        places_per_round=rules.get("places_per_round"),
        clocks=tuple(_clock(row) for row in rules.get("clock", ())),
        hidden=frozenset(rules.get("hidden", ())),
        sources=frozenset(map(ReferralSource, rules.get("sources", ReferralSource))),
    )


def _clock(row: Mapping[str, Any]) -> OwnClock:
    return OwnClock(
        row["key"],
        row["da"],
        row["en"],
        ClockStart(row["start"]),
        int(row["amount"]),
        ClockUnit(row["unit"]),
        ClockActor(row["who"]),
    )


def _worded(row: Mapping[str, Any]) -> Worded:
    return Worded(row["key"], row["da"], row["en"])


def _question(row: Mapping[str, Any]) -> Question:
    when = row.get("when")
    return Question(
        key=row["key"],
        da=row["da"],
        en=row["en"],
        type=QuestionType(row["type"]),
        is_required=bool(row.get("required", False)),
        hint_da=row.get("hint_da", ""),
        hint_en=row.get("hint_en", ""),
        choices=tuple(_worded(choice) for choice in row.get("choices", ())),
        when=When(when["question"], frozenset(when["answers"])) if when else None,
        purpose=row.get("purpose", ""),
    )


def eligibility(rules: Rules, facts: CaseFacts) -> list[object]:
    """The reasons why she cannot have the offer; empty when she can (R-150)."""
    reasons = (ELIGIBILITY[name](facts) for name in rules.eligibility)
    return [reason for reason in reasons if reason is not None]


def check_criteria(rules: Rules, answers: Mapping[str, str]) -> None:
    """Raise Invalid unless every criterion that is kept has been found to be met (R-151)."""
    if any(answers.get(criterion.key) != CriterionAnswer.MET.value for criterion in rules.kept_criteria):
        raise Invalid(_("Check the criteria first: each must be met before a place is offered."))


def check_steps(rules: Rules, held: Mapping[str, Any]) -> None:
    """Raise Invalid unless every talk that the programme asks for has been held (R-152)."""
    if any(step.key not in held for step in rules.steps):
        raise Invalid(_("Hold the talks that the programme asks for before a place is offered."))
