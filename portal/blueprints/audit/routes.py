"""The trail in tabs: what was done, who looked, how it is sealed. To open them is itself written down."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.blueprints.audit import bp
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Permission
from portal.core.kinds import SubjectType
from portal.core.text import danish_order
from portal.db import transaction
from portal.domain.labels import label
from portal.queries import audit as queries
from portal.queries import reviews, users
from portal.services import audit as service
from portal.web.access import access, current_actor
from portal.web.periods import Period, asked_period


@bp.get("/")
@access(Permission.AUDIT_VIEW)
def index() -> ResponseReturnValue:
    """What was done at the own organisation."""
    return _page("index", queries.list_entries)


@bp.get("/views")
@access(Permission.AUDIT_VIEW)
def views() -> ResponseReturnValue:
    """What a person looked at, and who looked at which case: by person and day, or each look for itself."""
    is_each = request.args.get("each") == "1"
    return _page("views", queries.list_views if is_each else queries.list_gathered, is_each=is_each)


@bp.get("/seal")
@access(Permission.AUDIT_VIEW)
def seal() -> ResponseReturnValue:
    """How the trail is sealed outside the portal, and what the last check found."""
    record_opened(["seal"])
    return render_template(
        "audit/seal.html",
        seals=reviews.list_seals(current_actor()),
        check=reviews.last_check(),
        tabs=trail_tabs("seal", {}),
    )


def record_opened(what: Sequence[str]) -> None:
    """A look at the trail leaves its own mark before anything is shown."""
    with transaction():
        service.record(Audit.AUDIT_OPENED, SubjectType.SYSTEM, None, actor=current_actor(), now=utc_now(), fields=what)


def trail_tabs(here: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The pages of the trail, with what was asked for where it means something."""
    pages = (("index", _("Changes")), ("views", _("Looks")), ("seal", _("Seal")))
    return [
        {"label": text, "url": url_for(f".{tab}", **(asked if tab != "seal" else {})), "is_current": tab == here}
        for tab, text in pages
    ]


def _page(name: str, load: Any, *, is_each: bool = False) -> ResponseReturnValue:
    actor, asked, period = current_actor(), _asked(), asked_period(local_date(utc_now()))
    record_opened([key for key, value in asked.items() if value] or ["period"])
    try:
        rows, following = load(actor, _wanted(asked, period), after=request.args.get("after"))
    except ValueError:
        abort(400)
    kept = asked | {"from": str(period.first), "to": str(period.last)}
    more = kept | {"each": "1"} if is_each else kept
    return render_template(
        f"audit/{name}.html",
        rows=rows,
        tabs=trail_tabs(name, kept),
        next_url=url_for(f".{name}", **more, after=following) if following else None,
        is_each=is_each,
        organisation_id=actor.organisation_id,
        asked=asked,
        period=period,
        people=users.list_names(actor),
        actions=sorted(((tag.value, label(tag)) for tag in Audit), key=lambda row: danish_order(row[1])),
        here=url_for(f".{name}"),
    )


def _asked() -> dict[str, Any]:
    """What the filter says, cut to what can be meant."""
    return {key: request.args.get(key, "").strip()[:60] for key in ("reference", "user", "action")}


def _wanted(asked: dict[str, Any], period: Period) -> queries.Wanted:
    action = Audit(asked["action"]) if asked["action"] else None
    return queries.Wanted(
        period.since, period.until, reference=asked["reference"] or None, user=asked["user"] or None, action=action
    )
