"""What was sent, as the demo's mail taker received it."""

import json
from datetime import datetime
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from portal.blueprints.demo import bp
from portal.core.errors import NotFound
from portal.queries import outbox as outbox_queries
from portal.web.access import public

SECONDS = 2
SHOWN = 50


def _received() -> list[dict[str, Any]] | None:
    """What the mail taker holds, the newest first; None when it does not answer."""
    address = current_app.config["SENDGRID_HOST"].rstrip("/") + "/received"
    if not address.startswith("http://127.0.0.1"):
        return None
    try:
        with urlopen(address, timeout=SECONDS) as answer:  # noqa: S310 - the demo's own process, on this machine
            letters: list[dict[str, Any]] = json.load(answer)["received"]
    except (URLError, TimeoutError, ValueError, KeyError):
        return None
    return [letter | {"at": datetime.fromisoformat(letter["at"])} for letter in letters[:SHOWN]]


@bp.get("/mail")
@public
def mail() -> ResponseReturnValue:
    """The mails that the demo has sent. Outside the demo this page does not exist."""
    if not current_app.config["PORTAL_DEMO"]:
        raise NotFound
    return render_template("demo/mail.html", letters=_received(), waiting=outbox_queries.count_waiting())
