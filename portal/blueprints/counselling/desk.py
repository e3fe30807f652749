"""The adviser's own page: her women by what their counselling waits for."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.blueprints.counselling import bp
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.pages import Page
from portal.domain.counselling import DeskGroup
from portal.domain.labels import label
from portal.domain.permissions import can
from portal.queries import counselling_desk as queries
from portal.queries import counselling_unmet
from portal.web.access import access, current_actor, log_list
from portal.web.paging import read_page


@bp.get("/")
@access(Permission.COUNSELLING_RECORD)
def desk() -> ResponseReturnValue:
    """One group of women, what is due first on top."""
    actor, today, after = current_actor(), local_date(utc_now()), request.args.get("after")
    counts = queries.counts(actor, today=today)
    group = _group(request.args.get("group", ""), counts)
    rows, following = read_page(lambda: queries.list_group(actor, group, today=today, after=after))
    log_list(Page.COUNSELLING_LIST, len(rows))
    return render_template(
        "counselling/desk.html",
        rows=rows,
        group=group.value,
        tabs=[
            {
                "label": label(one),
                "url": url_for(".desk", group=one.value),
                "is_current": one is group,
                "count": counts[one],
            }
            for one in DeskGroup
        ],
        next_url=url_for(".desk", group=group.value, after=following) if following else None,
        first_url=url_for(".desk", group=group.value) if after else None,
        sees_figures=can(actor, Permission.COUNSELLING_FIGURES),
        unmet=counselling_unmet.count_unmet(actor, today=today),
    )


@bp.get("/without-an-offer")
@access(Permission.COUNSELLING_RECORD)
def unmet() -> ResponseReturnValue:
    """Who left without an offer and is known to the municipality by a notice alone: by which number to ask (R-867)."""
    actor, today, after = current_actor(), local_date(utc_now()), request.args.get("after")
    rows, following = read_page(lambda: counselling_unmet.list_unmet(actor, today=today, after=after))
    log_list(Page.COUNSELLING_LIST, len(rows))
    return render_template(
        "counselling/unmet.html",
        rows=rows,
        next_url=url_for(".unmet", after=following) if following else None,
        first_url=url_for(".unmet") if after else None,
    )


def _group(wanted: str, counts: dict[DeskGroup, int]) -> DeskGroup:
    """The group that was asked for, else the first with somebody in it."""
    known = next((one for one in DeskGroup if one.value == wanted), None)
    return known or next((one for one in DeskGroup if counts[one]), DeskGroup.NEW)
