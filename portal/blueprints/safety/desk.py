"""The safety officer's desk: its parts, and how a page of one of its lists is shown."""

from collections.abc import Callable
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.queries import emergencies, safety, watch
from portal.web.access import current_actor
from portal.web.fields import PortalForm

# The lists of the desk: the template of each, and where its rows come from.
LISTS: dict[str, tuple[str, Callable[..., Any]]] = {
    "index": ("safety/blocks.html", safety.list_blocks),
    "matches": ("safety/matches.html", watch.list_hits),
    "watched": ("safety/watched.html", watch.list_watched),
    "emergencies_page": ("safety/emergencies.html", emergencies.list_emergencies),
}


def tabs(here: str) -> list[dict[str, Any]]:
    """The parts of the safety officer's desk."""
    words = {
        "index": _("Blocks"),
        "matches": _("Possible matches"),
        "watched": _("Watch list"),
        "emergencies_page": _("Emergency access"),
        "protection_page": _("Protection"),
    }
    return [
        {"label": text, "url": url_for(f"safety.{name}"), "is_current": name == here, "count": None}
        for name, text in words.items()
    ]


def read_rows(load: Any) -> Any:
    """A page of one of the lists; 400 for a cursor that is none."""
    try:
        return load(current_actor(), after=request.args.get("after"))
    except ValueError:
        abort(400)


def next_url(endpoint: str, following: str | None) -> str | None:
    """Where a list goes on."""
    return url_for(f"safety.{endpoint}", after=following) if following else None


def show_list(
    name: str, form: PortalForm | None = None, wrong: str | None = None, status: int = 200
) -> ResponseReturnValue:
    """One of the lists; `wrong` is the row whose form could not be taken in, and keeps what was typed."""
    template, load = LISTS[name]
    rows, following = read_rows(load)
    page = render_template(
        template, rows=rows, form=form, wrong=wrong, tabs=tabs(name), next_url=next_url(name, following)
    )
    return page, status
