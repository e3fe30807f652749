"""The tiles of what waits at a lead's house, and the list behind each of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.blueprints.reports import bp
from portal.core.actor import Actor
from portal.core.clock import local_date, utc_now
from portal.core.courses import MissingCheck
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Permission
from portal.core.i18n import _
from portal.core.measures import FollowUpPoint
from portal.core.pages import Page
from portal.domain.labels import label
from portal.queries import lead_tiles as queries
from portal.queries.lead_tiles import Tile, TileRow
from portal.web.access import access, current_actor, log_list
from portal.web.filters import of_both

# Where something is done about them, or more is told than a row can hold.
ELSEWHERE = {Tile.UNASSIGNED: "people.without_team", Tile.SILENT: "silence.lead", Tile.ALONE: "bridge.alone"}
WORDS: Mapping[Tile, type[DeadlineKind | FollowUpPoint | MissingCheck]] = {
    Tile.SAFETY: DeadlineKind,
    Tile.PHASES: DeadlineKind,
    Tile.FOLLOW_UPS: FollowUpPoint,
    Tile.UNCHECKED: MissingCheck,
}
ON_TILES = {
    Tile.UNASSIGNED: _("cases and courses that nobody has"),
    Tile.ESCALATED: _("referrals that wait too long for an answer"),
    Tile.SILENT: _("cases quiet for too long"),
    Tile.SAFETY: _("looks at safety that are late"),
    Tile.ALONE: _("leave, and nobody has taken over"),
    Tile.CHILDREN: _("children nobody has spoken with for 60 days"),
    Tile.PHASES: _("phase changes within 14 days"),
    Tile.TENANCIES: _("homes with less than 6 months left"),
    Tile.GRANTS: _("applications over 10 weekdays"),
    Tile.FOLLOW_UPS: _("follow-ups to be asked now"),
    Tile.UNCHECKED: _("ended early without a last look at safety"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a list is called, what its day is, and what stands there when it is empty."""

    heading: Any
    day: Any
    none: Any


SAID: Mapping[Tile, Said] = {
    Tile.ESCALATED: Said(
        _("Referrals that wait too long"), _("Answer due"), _("Every referral to us is answered within its days.")
    ),
    Tile.SAFETY: Said(
        _("Looks at safety that are late"), _("Due"), _("Every look at safety has been made within its days.")
    ),
    Tile.CHILDREN: Said(
        _("Children nobody has spoken with for 60 days"),
        _("Not spoken with since"),
        _("Every child who is along has been spoken with in the last 60 days."),
    ),
    Tile.PHASES: Said(
        _("Phase changes within 14 days"), _("Due"), _("No course changes its phase within the next 14 days.")
    ),
    Tile.TENANCIES: Said(
        _("Homes with less than 6 months left"), _("Ends"), _("Every tenancy has more than six months left.")
    ),
    Tile.GRANTS: Said(
        _("Applications over 10 weekdays"),
        _("Answer due"),
        _("No application for money has waited longer than its ten weekdays."),
    ),
    Tile.UNCHECKED: Said(
        _("Ended early without a last look at safety"),
        _("Ended"),
        _("Every course that ended early in the last 90 days had a look at her safety first."),
    ),
    Tile.FOLLOW_UPS: Said(_("Follow-ups to be asked now"), _("Due"), _("Nobody is to be asked just now.")),
}


def tiles(actor: Actor, *, today: date) -> list[dict[str, Any]]:
    """What stands on each tile, and where its list is."""
    return [
        {"id": tile.value, "number": number, "text": ON_TILES[tile], "url": _list_of(tile)}
        for tile, number in queries.count_tiles(actor, today=today).items()
    ]


def _list_of(tile: Tile) -> str:
    return url_for(ELSEWHERE[tile]) if tile in ELSEWHERE else url_for("reports.waits", kind=tile.value)


@bp.get(f"/waits/<any({', '.join(SAID)}):kind>")
@access(Permission.CASE_LEAD_LIST)
def waits(kind: str) -> ResponseReturnValue:
    """The rows behind one tile, the oldest first, without names of women (R-790)."""
    which, after = Tile(kind), request.args.get("after")
    try:
        rows, following = queries.list_tile(current_actor(), which, today=local_date(utc_now()), after=after)
    except ValueError:
        abort(400)
    log_list(Page.LEAD_LIST, len(rows))
    return render_template(
        "reports/waits.html",
        rows=[(row, _what(which, row)) for row in rows],
        said=SAID[which],
        today=local_date(utc_now()),
        act_url=url_for("referrals.closing") if which is Tile.ESCALATED else None,
        next_url=url_for(".waits", kind=kind, after=following) if following else None,
        first_url=url_for(".waits", kind=kind) if after else None,
    )


def _what(tile: Tile, row: TileRow) -> str:
    if row.names is not None:
        return of_both(row.names)
    return label(WORDS[tile](row.word)) if row.word else ""
