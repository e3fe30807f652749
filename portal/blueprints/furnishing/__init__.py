"""Furnishing help."""

from flask import Blueprint

bp = Blueprint("furnishing", __name__, url_prefix="/furnishing")

from portal.blueprints.furnishing import routes  # noqa: E402, F401
