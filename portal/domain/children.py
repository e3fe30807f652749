"""What is true of a child: how old, who must agree to what, what is done with every child, when nobody has spoken."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from portal.core.children import ChildSettingKind, ConsentGiver, ConsentQuestion, Custody, PlanStep
from portal.core.errors import Invalid
from portal.core.i18n import _

# Nobody of the team has spoken with the child for so long: the worker is told (idea 17).
UNSPOKEN = timedelta(days=60)
# A child of fifteen is asked itself too.
ASKED_ITSELF = 15
# So many children are written down without a question; one more is asked about.
MANY = 15
# What a talk is that counts as having spoken with the child.
SPOKEN = frozenset({PlanStep.TALK, PlanStep.MOTHER_CHILD_TALK})
# Where a day in the plan says that it has been looked at how safe the child is there.
ASSESSED: Mapping[ChildSettingKind, PlanStep] = {
    ChildSettingKind.SCHOOL: PlanStep.SAFETY_SCHOOL,
    ChildSettingKind.DAYCARE: PlanStep.SAFETY_DAYCARE,
    ChildSettingKind.HANDOVER: PlanStep.SAFETY_HANDOVER,
}
# Whose yes is enough, by who has custody. With custody in common the parent whom the child came with may say yes to
# the psychologist alone; everything else asks both.
_ENOUGH: Mapping[Custody | None, frozenset[ConsentGiver]] = {
    Custody.HERS: frozenset({ConsentGiver.HER, ConsentGiver.BOTH}),
    Custody.JOINT: frozenset({ConsentGiver.BOTH}),
    Custody.OTHER_PARENT: frozenset({ConsentGiver.OTHER_PARENT, ConsentGiver.BOTH}),
    Custody.OTHER: frozenset({ConsentGiver.OTHER_PARENT}),
    None: frozenset({ConsentGiver.BOTH}),
}


def age(birth_year: int, birth_date: date | None, *, on: date) -> tuple[int, bool]:
    """Whole years on a day, and whether that is exact: without the date it is the age reached that year (R-640)."""
    if birth_date is None:
        return on.year - birth_year, False
    has_been = (on.month, on.day) >= (birth_date.month, birth_date.day)
    return on.year - birth_date.year - (not has_been), True


def is_enough(question: ConsentQuestion, custody: Custody | None, given_by: ConsentGiver) -> bool:
    """Whether this answer carries what it is asked for (R-642). Unknown custody is treated as custody in common."""
    if given_by is ConsentGiver.CHILD:
        return False
    one_parent = question is ConsentQuestion.PSYCHOLOGIST and custody in (Custody.JOINT, None)
    return given_by in _ENOUGH[custody] or (one_parent and given_by is ConsentGiver.HER)


def unspoken_since(last_spoken_on: date | None, known_from: date) -> date:
    """From which day it is counted how long nobody has spoken with a child: the last talk, else when it was known."""
    return max(last_spoken_on, known_from) if last_spoken_on else known_from


def is_unspoken(last_spoken_on: date | None, known_from: date, *, on: date) -> bool:
    """Whether nobody has spoken with the child for sixty days (R-645)."""
    return on - unspoken_since(last_spoken_on, known_from) >= UNSPOKEN


def check_period(from_on: date, until_on: date | None, *, today: date) -> None:
    """Raise Invalid for a time that has not begun, or that ends before it begins (R-641)."""
    if from_on > today:
        raise Invalid(_("The day has not come yet."), field="from_on")
    if until_on is not None and until_on < from_on:
        raise Invalid(_("The end cannot come before the beginning."), field="until_on")


def missing(done: Iterable[PlanStep], settings: Iterable[ChildSettingKind]) -> list[PlanStep]:
    """What of the plan has not been done with a child; a school or a daycare only where it has one (R-644)."""
    known = set(settings)
    asked = [step for step in PlanStep if step not in ASSESSED.values()]
    asked += [step for kind, step in ASSESSED.items() if kind in known]
    has_been = set(done)
    return [step for step in asked if step not in has_been]
