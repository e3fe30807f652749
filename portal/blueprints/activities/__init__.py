"""Events of the house."""

from flask import Blueprint

bp = Blueprint("activities", __name__, url_prefix="/activities")

from portal.blueprints.activities import coming, routes  # noqa: E402, F401
