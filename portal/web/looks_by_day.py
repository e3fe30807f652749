"""The looks at a case put together for reading: one line a day, role, organisation and ground, and none left out."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.enums import Role
from portal.core.pages import Page
from portal.domain.disclosure import Relation
from portal.queries.past_recipients import Look


@dataclass(frozen=True, slots=True)
class LooksOfDay:
    """What people in one role at one organisation, on one ground, looked at on one day, and how often each."""

    on: date
    first: datetime
    last: datetime
    role: Role
    organisation: str
    relation: Relation | None
    what: Sequence[tuple[Page | Audit | None, int]]

    @property
    def times(self) -> int:
        """How many looks the line stands for."""
        return sum(times for _what, times in self.what)


def by_day(looks: Iterable[Look]) -> list[LooksOfDay]:
    """The newest day first; within a day the organisations by name (R-523)."""
    groups: dict[tuple[date, str, Role, str], list[Look]] = {}
    for look in looks:
        key = (local_date(look.at), look.organisation, look.role, look.relation or "")
        groups.setdefault(key, []).append(look)
    lines = [_line(key[0], groups[key]) for key in sorted(groups)]
    # A stable sort: the day counts most.
    return sorted(lines, key=lambda line: line.on, reverse=True)


def _line(on: date, looks: Sequence[Look]) -> LooksOfDay:
    moments = [look.at for look in looks]
    counted = Counter(look.page or look.action for look in looks)
    one = looks[0]
    return LooksOfDay(on, min(moments), max(moments), one.role, one.organisation, one.relation, counted.most_common())
