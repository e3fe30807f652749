"""The list of applications, and beginning one."""

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.grants import bp
from portal.blueprints.grants.forms import NewForm
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.domain.permissions import can
from portal.queries import cases as case_queries
from portal.queries import grants as grant_queries
from portal.services import grants as grant_service
from portal.web.access import access, current_actor
from portal.web.htmx import after_change
from portal.web.submissions import transaction


def _first_queue() -> str:
    actor = current_actor()
    return "decide" if can(actor, Permission.GRANT_APPROVE) else "pay" if can(actor, Permission.GRANT_PAY) else "new"


@bp.get("/")
@access(Permission.GRANT_VIEW)
def index() -> ResponseReturnValue:
    """Applications by what has to be done with them; above, what is left in the own funds."""
    actor, here = current_actor(), request.args.get("queue", "") or _first_queue()
    if here not in grant_queries.QUEUES:
        abort(400)
    try:
        rows, following = grant_queries.list_queue(actor, queue=here, after=request.args.get("after"))
    except ValueError:
        abort(400)
    words = {
        "new": _("Being prepared"),
        "decide": _("To be decided"),
        "pay": _("To be paid"),
        "paid": _("Paid"),
        "ended": _("Declined or withdrawn"),
    }
    tabs = [
        {"label": text, "url": url_for("grants.index", queue=name), "is_current": name == here, "count": None}
        for name, text in words.items()
    ]
    return render_template(
        "grants/index.html",
        rows=rows,
        tabs=tabs,
        funds=grant_queries.list_own_funds(actor),
        next_url=url_for("grants.index", queue=here, after=following) if following else None,
    )


@bp.route("/new/<case_id>", methods=["GET", "POST"])
@access(Permission.GRANT_APPLY, audit=Audit.GRANT_DRAFTED)
def new(case_id: str) -> ResponseReturnValue:
    """Begin an application for a case."""
    actor, form = current_actor(), NewForm()
    case = case_queries.get(actor, case_id)
    funds = grant_queries.list_funds()
    form.fund.choices = [(fund.public_id, f"{fund.name} ({fund.organisation.name})") for fund in funds]
    if not form.validate_on_submit():
        return render_template("grants/new.html", case=case, form=form), 422 if form.is_submitted() else 200
    with transaction(then=url_for("grants.index")):
        application = grant_service.draft(
            case_id=case.id, fund=grant_queries.get_fund(form.fund.data), actor=actor, now=utc_now()
        )
        page = url_for("grants.edit", public_id=application.public_id)
    return after_change(page)
