"""Browsers tell when a page of ours broke the rules on its content. Noted is which rule on which kind of page."""

from urllib.parse import urlsplit

from flask import current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from portal.blueprints.home import bp
from portal.web.access import public
from portal.web.inputs import read_json
from portal.web.rate_limit import limiter, sign_in_address
from portal.web.security import DIRECTIVES, csrf


@bp.post("/content-report")
@csrf.exempt
@public
@limiter.limit("30 per 10 minutes", key_func=sign_in_address)
def policy_report() -> ResponseReturnValue:
    """Note one broken rule. A report carries no form's token, and changes nothing."""
    sent = read_json()
    told = sent.get("csp-report") if isinstance(sent, dict) else None
    said = told if isinstance(told, dict) else {}
    rule = str(said.get("effective-directive", "")).removesuffix("-elem").removesuffix("-attr")
    # Neither the address of the page, which holds ids, nor what it asked for is kept.
    known = rule if rule in DIRECTIVES else "another rule"
    current_app.logger.warning("a page broke %s in %s", known, _kind_of(str(said.get("document-uri", ""))))
    return "", 204


def _kind_of(address: str) -> str:
    routes = current_app.create_url_adapter(request)
    try:
        path = urlsplit(address).path
        return str(routes.match(path, method="GET")[0]) if routes and path else "-"
    except (HTTPException, ValueError):
        return "-"
