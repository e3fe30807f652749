"""Who has not been reached for long: for the worker with her cases, for the lead without names."""

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.blueprints.silence import bp
from portal.core.audit_tags import Page
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.queries import silence as queries
from portal.web.access import access, current_actor, log_list


@bp.get("/")
@access(Permission.CASE_EDIT)
def index() -> ResponseReturnValue:
    """The own cases in which it has been quiet for long, the longest first."""
    today = local_date(utc_now())
    rows = queries.list_own(current_actor(), today=today)
    log_list(Page.CASE_LIST, len(rows))
    return render_template("silence/index.html", rows=rows, today=today, is_lead=False)


@bp.get("/lead")
@access(Permission.CASE_LEAD_LIST)
def lead() -> ResponseReturnValue:
    """The same of the whole house, without names and without a door to any case."""
    today = local_date(utc_now())
    rows = queries.list_of_house(current_actor(), today=today)
    log_list(Page.LEAD_LIST, len(rows))
    return render_template("silence/index.html", rows=rows, today=today, is_lead=True)
