"""How long each kind of thing is kept, as data: what, from when, how long, what is done, why, with which exceptions.

Lengths are proposals; the controller decides. A hold wins over every rule. Nothing disappears that was not announced
fourteen days before, so that a shorter length never takes anything away silently.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.core.clock import add_months
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.rights import RetentionRule

PREVIEW_DAYS = 14
# A rule of no day or of a hundred years is a slip of the hand.
SHORTEST_DAYS, LONGEST_DAYS = PREVIEW_DAYS, 3653
SHORTEST_MONTH = 28


class Means(StrEnum):
    """Who sees to a rule."""

    # Announced, then done by the daily job.
    ENGINE = "engine"
    # Nothing personal in it: swept every night without being announced.
    SWEEP = "sweep"
    # What may be seen ends; the row itself falls under another rule.
    SIGHT = "sight"
    # Done with a command by whoever runs the portal, as nobody inside it may.
    COMMAND = "command"
    # Nothing of the kind is stored yet, or somebody else keeps it.
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Length:
    """So many months, or so many days."""

    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """The day on which it is over."""
        return add_months(day, self.months) + timedelta(days=self.days)

    @property
    def shortest(self) -> int:
        """The fewest days that it can be."""
        return self.months * SHORTEST_MONTH + self.days


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule on how long something is kept."""

    what: object
    trigger: object
    length: Length
    action: object
    basis: str
    exceptions: object
    means: Means = Means.ENGINE
    # A law says how long; no organisation sets it otherwise.
    is_law: bool = False


_HOLD = _("a legal hold")
_ARTICLE = "the data-protection regulation, article 5 (1) e; length proposed"

RULES: Mapping[RetentionRule, Rule] = {
    RetentionRule.R1: Rule(
        _("Referrals that came to nothing: form, answers, reasons"),
        _("the decision"),
        Length(days=90),
        _("is emptied"),
        _ARTICLE,
        _("a legal hold; the referral itself while another programme still has it"),
    ),
    RetentionRule.R2: Rule(
        _("The referrer's own sight of the form"),
        _("the decision"),
        Length(days=30),
        _("is hidden"),
        _ARTICLE,
        _HOLD,
        Means.SIGHT,
    ),
    RetentionRule.R3: Rule(
        _("Exact addresses and meeting places"),
        _("the closing of the case"),
        Length(days=30),
        _("is emptied"),
        _ARTICLE,
        _("a legal hold; the address while another case of hers is open"),
    ),
    RetentionRule.R4: Rule(
        _("The private part of volunteers' tasks"),
        _("the end of the task"),
        Length(days=30),
        _("is emptied"),
        _ARTICLE,
        _HOLD,
    ),
    RetentionRule.R5: Rule(
        _("The whole case: journal, safety, children, courses, measures"),
        _("the closing of the case"),
        Length(months=24),
        _("is erased; the ledger of grants is emptied of all but amounts and dates"),
        _ARTICLE,
        _("a legal hold; the woman herself while another case of hers is kept"),
    ),
    RetentionRule.R6: Rule(
        _("What is kept about whom she must be safe from"),
        _("the closing of the case, or the day it was taken off the list"),
        Length(months=12),
        _("is deleted"),
        _ARTICLE,
        _HOLD,
    ),
    RetentionRule.R7: Rule(
        _("Grants: the account, the reasons, other support"),
        _("the payment"),
        Length(days=90),
        _("is emptied; amounts and dates stay for five years"),
        "bookkeeping, five years; the rest proposed",
        _HOLD,
    ),
    RetentionRule.R8: Rule(
        _("Volunteers who have left"),
        _("the end of the last volunteer role"),
        Length(months=6),
        _("is emptied; hours stay as numbers"),
        _ARTICLE,
        _("whoever works here in another role"),
    ),
    RetentionRule.R9: Rule(
        _("Volunteers who were not taken on"),
        _("the decision"),
        Length(months=6),
        _("is deleted"),
        _ARTICLE,
        _HOLD,
        Means.ELSEWHERE,
    ),
    RetentionRule.R10: Rule(
        _("The trail of reading and writing"),
        _("the event"),
        Length(months=24),
        _("is moved out of the portal in whole segments"),
        "security rule 4.6",
        _HOLD,
        Means.COMMAND,
    ),
    RetentionRule.R11: Rule(
        _("Ended sessions and counted attempts"),
        _("the end"),
        Length(months=13),
        _("is deleted"),
        _ARTICLE,
        _("lines of the trail fall under R10"),
        Means.SWEEP,
    ),
    RetentionRule.R12: Rule(
        _("The log of mails; it holds no addresses"),
        _("the sending"),
        Length(days=90),
        _("is deleted"),
        _ARTICLE,
        _("mails that wait for a person"),
        Means.SWEEP,
    ),
    RetentionRule.R13: Rule(
        _("Consents"),
        _("the day it ended or was withdrawn"),
        Length(months=24),
        _("is deleted"),
        _ARTICLE,
        _HOLD,
    ),
    RetentionRule.R14: Rule(
        _("Backups"),
        _("the making"),
        Length(days=35),
        _("expire"),
        "security rule 4.5",
        _HOLD,
        Means.ELSEWHERE,
    ),
    RetentionRule.R15: Rule(
        _("Empty drafts and used form keys"),
        _("the making"),
        Length(days=7),
        _("is deleted"),
        _ARTICLE,
        _("none"),
        Means.SWEEP,
    ),
    RetentionRule.R16: Rule(
        _("Grants: the ledger of amounts and dates"),
        _("the end of the accounting year of the payment, or of the decision where nothing was paid"),
        Length(months=60),
        _("is deleted; what the fund has spent in all stays"),
        "the bookkeeping act, five years from the end of the accounting year",
        _HOLD,
        is_law=True,
    ),
    RetentionRule.R17: Rule(
        _("Enquiries that did not become a case"),
        _("the enquiry"),
        Length(months=6),
        _("is deleted"),
        _ARTICLE,
        _("what has become a case goes with the case"),
    ),
}

ENGINE = tuple(rule for rule, said in RULES.items() if said.means is Means.ENGINE)
SETTABLE = tuple(rule for rule in ENGINE if not RULES[rule].is_law)


def due_on(rule: RetentionRule, trigger: date, *, days: int | None = None) -> date:
    """The day on which something goes that was triggered on a day; `days` is the organisation's own length (R-530)."""
    length = RULES[rule].length if days is None else Length(days=days)
    return length.after(trigger)


def is_ahead(due: date, today: date) -> bool:
    """Whether something is due within the preview, or overdue (R-531)."""
    return due <= today + timedelta(days=PREVIEW_DAYS)


def latest_trigger(rule: RetentionRule, today: date, *, days: int | None = None) -> date:
    """The latest trigger day that can be due within the preview: a search need not look at later ones."""
    shortest = RULES[rule].length.shortest if days is None else min(days, RULES[rule].length.shortest)
    return today + timedelta(days=PREVIEW_DAYS - shortest)


def may_act(due: date, told: date, today: date) -> bool:
    """Whether something may go: its day has come, and it was announced at least fourteen days ago (R-531)."""
    return due <= today and told + timedelta(days=PREVIEW_DAYS) <= today


def check_days(days: int) -> None:
    """Raise Invalid for a length that nobody can mean: under the preview, or more than ten years (R-532)."""
    if not SHORTEST_DAYS <= days <= LONGEST_DAYS:
        raise Invalid(_("Choose from 14 days to 3653, which is ten years."), field="days")
