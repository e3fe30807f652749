"""The two tabs of the trail. To open them is itself written down."""

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.audit import bp
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Permission
from portal.core.kinds import SubjectType
from portal.core.text import danish_order
from portal.db import transaction
from portal.domain.labels import label
from portal.queries import audit as queries
from portal.queries import users
from portal.services import audit as service
from portal.web.access import access, current_actor


@bp.get("/")
@access(Permission.AUDIT_VIEW)
def index() -> ResponseReturnValue:
    """What was done at the own organisation."""
    return _page("index", queries.list_entries)


@bp.get("/views")
@access(Permission.AUDIT_VIEW)
def views() -> ResponseReturnValue:
    """Who looked at which case."""
    return _page("views", queries.list_views)


def _page(name: str, load: Any) -> ResponseReturnValue:
    actor, asked = current_actor(), _asked()
    # A look at the trail leaves its own mark before anything is shown.
    with transaction():
        service.record(
            Audit.AUDIT_OPENED,
            SubjectType.SYSTEM,
            None,
            actor=actor,
            now=utc_now(),
            fields=[key for key, value in asked.items() if value],
        )
    try:
        rows, following = load(actor, _wanted(asked), after=request.args.get("after"))
    except ValueError:
        abort(400)
    tabs = [
        {"label": text, "url": url_for(f".{tab}", **asked), "is_current": tab == name, "count": None}
        for tab, text in (("index", _("Changes")), ("views", _("Looks")))
    ]
    next_url = url_for(f".{name}", **asked, after=following) if following else None
    return render_template(
        f"audit/{name}.html",
        rows=rows,
        tabs=tabs,
        next_url=next_url,
        asked=asked,
        people=users.list_names(actor),
        actions=sorted(((tag.value, label(tag)) for tag in Audit), key=lambda row: danish_order(row[1])),
        here=url_for(f".{name}"),
    )


def _asked() -> dict[str, Any]:
    """What the filter says, cut to what can be meant."""
    return {key: request.args.get(key, "").strip()[:60] for key in ("reference", "user", "action")}


def _wanted(asked: dict[str, Any]) -> queries.Wanted:
    action = Audit(asked["action"]) if asked["action"] else None
    return queries.Wanted(asked["reference"] or None, asked["user"] or None, action)
