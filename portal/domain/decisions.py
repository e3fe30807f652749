"""One question, one answer: may she do this with this group of fields of this case now (R-372, security rule 2.4)."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from portal.domain.disclosure import OPENS, FieldGroup, Relation
from portal.domain.modifiers import Circumstances, code_now

DAILY_REVEALS = 10
# So many may one person name in a day who are compared across all organisations.
DAILY_COMPARISONS = 20
# What is kept of a woman under such an index: the column, and the field of the form.
COMPARED_FIELDS = {"cpr_number": "cpr", "phone": "phone"}
# So many cases may one person open within that time; her caseload fits into it, a house's whole file does not.
CASES_AT_A_STRETCH = 60
STRETCH = timedelta(minutes=10)


def is_too_many_cases(opened: int, *, is_among_them: bool) -> bool:
    """Whether one more case is one too many; one of those that are open already never is (R-576)."""
    return opened >= CASES_AT_A_STRETCH and not is_among_them


class Act(StrEnum):
    """What somebody wants to do with a group of fields."""

    VIEW = "view"
    EDIT = "edit"
    CREATE = "create"
    REVEAL = "reveal"
    LIST = "list"
    SEARCH = "search"


# What asks for proof of who she is, besides every reveal: exports, yes to money, and who works here (modifier M10).
ASKS_PROOF = {
    FieldGroup.EXPORT_SUBJECT_ACCESS: frozenset(Act),
    FieldGroup.GRANT_DECISION_PAYMENT: frozenset({Act.EDIT}),
    FieldGroup.USER_MEMBERSHIP: frozenset({Act.EDIT, Act.CREATE}),
}


class Outcome(StrEnum):
    """What the portal answers."""

    ALLOW = "allow"
    SIGN_IN = "sign_in"
    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"
    PROVE = "prove"
    QUOTA = "quota"


@dataclass(frozen=True, slots=True)
class Person:
    """What is asked about the person: signed in for good, lately proved, reveals left today."""

    is_account_ok: bool = True
    has_proved: bool = False
    reveals_left: int = DAILY_REVEALS


# Whether something may be asked for at all is asked as if she had proved who she is: the door does that next.
PROVED = Person(has_proved=True)


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, the letter it came from, and the line of the procedure that gave it."""

    outcome: Outcome
    letter: str
    line: int

    @property
    def is_yes(self) -> bool:
        """Whether it may be done."""
        return self.outcome is Outcome.ALLOW


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody is to a case at this moment, and the case as the modifiers ask about it; None: there is none."""

    relation: Relation
    case: Circumstances | None = None

    def asks(self, act: Act, group: FieldGroup, person: Person) -> Decision:
        """The answer of the procedure."""
        return decide(act, group, self.relation, person, self.case)

    def opens(self, group: FieldGroup, person: Person) -> Decision:
        """The answer to who asks for one value by itself: sealed for her, or open to her anyway (R-600)."""
        revealed = self.asks(Act.REVEAL, group, person)
        seen = self.asks(Act.VIEW, group, person)
        return seen if seen.is_yes else revealed


NOWHERE = Sight(Relation.XO)


def decide(
    act: Act, group: FieldGroup, relation: Relation, person: Person, case: Circumstances | None = None
) -> Decision:
    """Answer in the order of the procedure. `case` is None where there is none: the same path as for a blocked one.

    The caller writes the answer down before anything is shown, and shows nothing when that fails.
    """
    if not person.is_account_ok:
        return Decision(Outcome.SIGN_IN, "-", 1)
    if group is FieldGroup.STATS_RELEASED:
        return Decision(Outcome.ALLOW if act is Act.VIEW else Outcome.FORBIDDEN, "a", 2)
    letter = code_now(group, relation if case else Relation.BX, case or Circumstances())
    if letter not in OPENS[act.value]:
        return _no(relation, letter, case)
    is_reveal = letter in "rRT"
    if not person.has_proved and (is_reveal or act in ASKS_PROOF.get(group, ())):
        return Decision(Outcome.PROVE, letter, 7)
    if is_reveal and person.reveals_left <= 0:
        return Decision(Outcome.QUOTA, letter, 7)
    return Decision(Outcome.ALLOW, letter, 9)


def _no(relation: Relation, letter: str, case: Circumstances | None) -> Decision:
    """404 where she may not know that there is a case, 403 where she knows it but may not do this."""
    is_known = case is not None and code_now(FieldGroup.CASE_EXISTS, relation, case) != "-"
    return Decision(Outcome.FORBIDDEN if is_known else Outcome.NOT_FOUND, letter, 6)
