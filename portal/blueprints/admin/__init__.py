"""Users of the organisation, and whether the machine runs."""

from flask import Blueprint

bp = Blueprint("admin", __name__, url_prefix="/admin")

from portal.blueprints.admin import codes, routes  # noqa: E402, F401
