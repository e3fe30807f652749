"""The board: all homes at a glance, who is nominated, and the months that become free."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from portal.blueprints.housing import bp
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.states import RequestState, UnitState
from portal.domain.housing import can_be_given
from portal.domain.permissions import can
from portal.domain.programmes import Rules, read
from portal.queries import housing as queries
from portal.web.access import access, current_actor

CAN_BE_OFFERED = (RequestState.IN_VISITATION, RequestState.WAITLISTED)


@dataclass(frozen=True, slots=True)
class Talk:
    """One of the talks before the decision: when it was held, or for when it is planned, or where to plan it."""

    held: date | None
    planned: datetime | None
    plan_url: str


@dataclass(frozen=True, slots=True)
class Line:
    """A nomination as the board shows it."""

    row: queries.Nomination
    rules: Rules
    missing: list[str]
    talks: dict[str, Talk]

    @property
    def met(self) -> int:
        """How many criteria are met."""
        return len(self.rules.kept_criteria) - len(self.missing)

    @property
    def is_ready(self) -> bool:
        """Whether she can be offered a place: the criteria are met, and both talks have been held."""
        held = all(talk.held for talk in self.talks.values())
        return self.row.state in CAN_BE_OFFERED and held and not self.missing


@bp.get("/")
@access(Permission.HOUSING_VIEW)
def board() -> ResponseReturnValue:
    """All homes at a glance, nominations, and the months that become free."""
    actor, today = current_actor(), local_date(utc_now())
    homes = queries.list_homes(actor, today=today)
    lived = [home.progress.month for home in homes if home.progress]
    lines = [_line(row) for row in queries.list_nominations(actor)]
    months = [(format_date(month, "MMM").rstrip("."), count) for month, count in queries.free_months(homes, today)]
    return render_template(
        "housing/board.html",
        heading=_heading(),
        homes=homes,
        nominations=lines,
        talks={step.key: step.said(actor.language) for line in lines for step in line.rules.steps},
        months=months,
        lived=len(lived),
        mean=round(sum(lived) / len(lived)) if lived else None,
        may_manage=can(actor, Permission.HOUSING_MANAGE),
        offer_url=_offer_url(homes, lines) if can(actor, Permission.HOUSING_MANAGE) else None,
    )


def _heading() -> str:
    """What the programme calls its homes, in the reader's language."""
    actor = current_actor()
    names = [da if actor.language == "da" else en for da, en in queries.list_programme_names(actor)]
    return " · ".join(names) or _("Homes")


def _line(row: queries.Nomination) -> Line:
    rules, language = read(row.rules), current_actor().language
    missing = [one.said(language) for one in rules.kept_criteria if row.criteria.get(one.key) != "met"]
    return Line(row, rules, missing, {step.key: _talk(row, step.key) for step in rules.steps})


def _talk(row: queries.Nomination, step: str) -> Talk:
    stored = row.steps.get(step)
    held = None if stored is None else date.fromisoformat(stored)
    return Talk(held, row.planned.get(step), url_for("meetings.new", request=row.public_id, step=step))


def _offer_url(homes: list[queries.Home], lines: list[Line]) -> str | None:
    """Where the next home is given: to whoever has a place and no home, else to the first who can be offered one.

    None when no home can be given, or when all that can are spoken for.
    """
    waiting = queries.list_ready(current_actor())
    free = next((home for home in homes if home.state is UnitState.ACCEPTING), None)
    if free is not None and waiting:
        return url_for("housing.unit", public_id=free.public_id)
    vacant = sum(can_be_given(home.state, home.ready_on) for home in homes)
    spoken_for = len(waiting) + sum(line.row.state is RequestState.OFFERED for line in lines)
    ready = [line for line in lines if line.is_ready]
    if not ready or vacant <= spoken_for:
        return None
    first = min(ready, key=lambda line: (line.row.position is None, line.row.position or 0))
    return url_for("referrals.request", public_id=first.row.public_id)
