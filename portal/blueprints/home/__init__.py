"""The front page, Min dag, help, and what everybody may read."""

from flask import Blueprint

bp = Blueprint("home", __name__)

from portal.blueprints.home import policy_reports, routes, rows, who_sees  # noqa: E402, F401
