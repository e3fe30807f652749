"""My cases: the list."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.cases import bp
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.pages import Page
from portal.core.states import CaseState
from portal.domain.permissions import can
from portal.queries import cases as case_queries
from portal.web.access import access, current_actor, log_list
from portal.web.paging import read_page

FILTERS = {missing.value: missing for missing in case_queries.Missing}


@bp.get("")
@access(Permission.CASE_VIEW)
def index() -> ResponseReturnValue:
    """The cases of the person who has signed in."""
    actor, after = current_actor(), request.args.get("after")
    is_closed = request.args.get("state") == CaseState.CLOSED.value
    missing = FILTERS.get(request.args.get("missing", ""))
    rows, following = read_page(
        lambda: case_queries.list_mine(
            actor,
            today=local_date(utc_now()),
            state=CaseState.CLOSED if is_closed else CaseState.OPEN,
            missing=missing,
            after=after,
        )
    )
    log_list(Page.CASE_LIST, len(rows))
    given: dict[str, Any] = {name: request.args[name] for name in ("state", "missing") if name in request.args}
    return render_template(
        "cases/index.html",
        rows=rows,
        tabs=_tabs(is_closed, missing),
        next_url=url_for("cases.index", after=following, **given) if following else None,
        first_url=url_for("cases.index", **given) if after else None,
        can_open=can(actor, Permission.CASE_OPEN),
        is_filtered=is_closed or missing is not None,
    )


def _tabs(is_closed: bool, missing: case_queries.Missing | None) -> list[dict[str, object]]:
    words = {
        case_queries.Missing.CONTACT: _("Safe contact must be asked again"),
        case_queries.Missing.SAFETY: _("Safety assessment missing"),
        case_queries.Missing.MOVE: _("No planned move"),
    }
    tabs = [{"label": _("Open cases"), "url": url_for("cases.index"), "is_current": not is_closed and missing is None}]
    tabs += [
        {"label": word, "url": url_for("cases.index", missing=key.value), "is_current": missing is key}
        for key, word in words.items()
    ]
    if can(current_actor(), Permission.CASE_EDIT):
        tabs.append({"label": _("Quiet for long"), "url": url_for("silence.index"), "is_current": False})
    return [*tabs, {"label": _("Closed cases"), "url": url_for("cases.index", state="closed"), "is_current": is_closed}]
