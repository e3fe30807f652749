"""What rings: one row for each rule, with its threshold, its window and who is told (R-490, security rules L1-L16).

An alarm names no person and holds no value; it leads to a page on which the receivers see whom it is about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from portal.core.alerts import AlertRule as R
from portal.core.clock import local_time
from portal.core.enums import Role
from portal.domain.decisions import DAILY_REVEALS

OFFICER, PROTECTION = Role.SAFETY_OFFICER, Role.DATA_PROTECTION_OFFICER
OPERATOR, LEAD = Role.ADMINISTRATOR, Role.PROGRAMME_LEAD
# Who is told in the place of the safety officers where none of them is there, or may know of the case: the first of
# these roles in which there is somebody who may.
STAND_INS = (PROTECTION, OPERATOR)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

CASES_AN_HOUR = 25
# Three times what is usual for her counts from so many cases on: from a median of one, four would ring.
CASES_FLOOR = 10
MEDIAN_FACTOR = 3
MEDIAN_DAYS = timedelta(days=30)
# A median of fewer busy hours than that says nothing.
MEDIAN_HOURS = 5
REVEALS_A_DAY = 5
PROBES, PROBE_WINDOW = 20, timedelta(minutes=10)
MISSES_AN_HOUR = 10
NIGHT_FROM, NIGHT_TO = time(23), time(6)
CLOSED_SINCE = timedelta(days=30)
OWN_ACCESS_WINDOW = DAY
ANCHOR_MISSING = timedelta(minutes=30)
OUTBOX_LATE, TICK_LATE = timedelta(minutes=15), timedelta(minutes=5)
BACKUP_LATE = timedelta(hours=26)
MAIL_EVENTS_AN_HOUR = 5
# What many people in Denmark write from at home: an address there says nothing of where somebody works.
ANYBODYS_MAIL = frozenset(
    {
        *("gmail.com", "googlemail.com", "icloud.com", "me.com", "mac.com", "aol.com", "gmx.com", "gmx.net", "gmx.de"),
        *("hotmail.com", "hotmail.dk", "outlook.com", "outlook.dk", "live.com", "live.dk", "msn.com"),
        *("yahoo.com", "yahoo.dk", "ymail.com", "proton.me", "protonmail.com", "pm.me", "mail.com", "mail.dk"),
        *("jubii.dk", "ofir.dk", "sol.dk", "tdcadsl.dk", "get2net.dk", "stofanet.dk", "youmail.dk", "privat.dk"),
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """Who is told when a rule rings, and how soon."""

    receivers: tuple[Role, ...]
    within: timedelta = timedelta(seconds=60)


AT_ONCE = timedelta(0)
RULES: Mapping[R, Row] = {
    R.MANY_CASES: Row((OFFICER,)),
    R.MANY_REVEALS: Row((OFFICER,)),
    R.REVEALS_STOPPED: Row((OFFICER,)),
    R.PROBING: Row((OFFICER,), AT_ONCE),
    R.SEARCH_MISSES: Row((OFFICER,)),
    R.BLOCKED_TRIED: Row((OFFICER,)),
    R.NIGHT_OR_NEW_DEVICE: Row((OFFICER,)),
    R.CLOSED_CASE: Row((OFFICER,)),
    R.ACTIVE_ELSEWHERE: Row((OFFICER,), AT_ONCE),
    R.LEAVER: Row((OFFICER,)),
    R.OWN_ACCESS: Row((OFFICER, PROTECTION)),
    R.CLOSE_TO_PARTY: Row((OFFICER,), DAY),
    R.TRAIL_BROKEN: Row((PROTECTION, OPERATOR)),
    R.MACHINE_LATE: Row((OPERATOR, LEAD), timedelta(minutes=5)),
    R.MAIL_EVENTS: Row((OPERATOR,), timedelta(minutes=5)),
}


def rules_of(role: Role) -> frozenset[R]:
    """The rules whose alarms somebody in this role is told of (R-490)."""
    return frozenset(rule for rule, row in RULES.items() if role in row.receivers)


def is_many_cases(opened: int, usual: float | None) -> bool:
    """L1: more than 25 cases in an hour, or more than three times her usual number (R-491).

    `usual` is the median over her busy hours of the last 30 days; None where there are too few to say.
    """
    if opened > CASES_AN_HOUR:
        return True
    return usual is not None and opened > CASES_FLOOR and opened > MEDIAN_FACTOR * usual


def reveal_rules(today: int) -> list[R]:
    """L2: from the sixth in a day the safety officer is told; after the tenth there are no more (R-492)."""
    rules = [(R.MANY_REVEALS, today > REVEALS_A_DAY), (R.REVEALS_STOPPED, today >= DAILY_REVEALS)]
    return [rule for rule, rings in rules if rings]


def is_probing(refused: int) -> bool:
    """L3: twenty addresses within ten minutes that are not there or not hers (R-493)."""
    return refused >= PROBES


def is_many_misses(misses: int) -> bool:
    """L4: ten searches for people within an hour that found nobody (R-494)."""
    return misses >= MISSES_AN_HOUR


def is_night(at: datetime) -> bool:
    """L8: between 23 and 6 o'clock, Danish time (R-495)."""
    clock = local_time(at)
    return clock >= NIGHT_FROM or clock < NIGHT_TO


def is_long_closed(closed_at: datetime | None, at: datetime) -> bool:
    """L9: a case that was closed more than 30 days before (R-496)."""
    return closed_at is not None and at - closed_at > CLOSED_SINCE


def is_many_mail_events(refused: int) -> bool:
    """L16: five messages within an hour that the mail provider did not sign or about mails we do not know (R-497)."""
    return refused >= MAIL_EVENTS_AN_HOUR


def workplace(email: str) -> str:
    """The house that an e-mail address belongs to, by its domain; empty for providers that anybody may use."""
    domain = email.casefold().rpartition("@")[2].strip()
    return "" if domain in ANYBODYS_MAIL else domain


def surname(name: str) -> str:
    """The last word of a name, folded for comparison: å and aa, ø and oe, æ and ae are alike."""
    words = name.casefold().replace("å", "aa").replace("ø", "oe").replace("æ", "ae").split()
    return words[-1] if len(words) > 1 else ""
