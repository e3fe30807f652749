"""One search box on every page."""

from flask import Blueprint

bp = Blueprint("search", __name__, url_prefix="/search")

from portal.blueprints.search import routes  # noqa: E402, F401
