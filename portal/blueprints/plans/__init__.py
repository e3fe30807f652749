"""Her plan: goals with steps."""

from flask import Blueprint

bp = Blueprint("plans", __name__, url_prefix="/plans")

from portal.blueprints.plans import goals  # noqa: E402, F401
