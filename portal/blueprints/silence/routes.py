"""Who has not been reached for long: for the worker with her cases, for the lead without names."""

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.blueprints.silence import bp
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.pages import Page
from portal.queries import children
from portal.queries import silence as queries
from portal.web.access import access, current_actor, log_list


@bp.get("/")
@access(Permission.CASE_EDIT)
def index() -> ResponseReturnValue:
    """The own cases in which it has been quiet for long, the longest first."""
    return _page(queries.list_own, Page.CASE_LIST, is_lead=False)


@bp.get("/lead")
@access(Permission.CASE_LEAD_LIST)
def lead() -> ResponseReturnValue:
    """The same of the whole house, without names and without a door to any case; and the children in numbers."""
    found = children.count_unspoken(current_actor(), today=local_date(utc_now()))
    return _page(queries.list_of_house, Page.LEAD_LIST, is_lead=True, children=found)


def _page(listed: Any, page: Page, **shown: Any) -> ResponseReturnValue:
    today, after = local_date(utc_now()), request.args.get("after")
    try:
        rows, following = listed(current_actor(), today=today, after=after)
    except ValueError:
        abort(400)
    log_list(page, len(rows))
    return render_template(
        "silence/index.html",
        rows=rows,
        today=today,
        next_url=url_for(request.endpoint or "", after=following) if following else None,
        first_url=url_for(request.endpoint or "") if after else None,
        **shown,
    )
