"""A case that goes to another organisation: how long an answer may take, and on what law it can go."""

from datetime import date

from portal.core.clock import add_weekdays
from portal.core.enums import OrganisationKind, Role
from portal.domain.law import Law, cited

# So many weekdays an offer waits before the giver is to ask again.
ANSWER_WEEKDAYS = 5
# The provisions on which a case can go without her yes. For lawyers to confirm.
LAWS = (Law.RESIDENCE, Law.COUNSELLING)


def answer_due_on(offered_on: date) -> date:
    """The day by which the receiver is to have answered (R-722)."""
    return add_weekdays(offered_on, ANSWER_WEEKDAYS)


def law_choices(on: date) -> list[tuple[str, str]]:
    """What can be cited on a day, by its key."""
    return [(law.value, cited(law, on)) for law in LAWS]


def ground(law: str | None, note: str | None, on: date) -> str:
    """What is written down as the ground: the paragraph as it is cited on that day, and what was added."""
    paragraph = cited(Law(law), on) if law else ""
    return ". ".join(part for part in (paragraph, (note or "").strip()) if part)


def answering_role(kind: OrganisationKind) -> Role:
    """On whose work list an offer stands at the receiver."""
    return Role.MUNICIPAL_ADVISER if kind is OrganisationKind.MUNICIPALITY else Role.INTAKE
