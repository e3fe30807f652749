"""Cases that come from a house's own spreadsheet."""

from flask import Blueprint

bp = Blueprint("imports", __name__, url_prefix="/imports")

from portal.blueprints.imports import files, routes  # noqa: E402, F401
