"""Her safety: assessments, what asks for a new look, the safety plan, and new violence."""

from flask import Blueprint

bp = Blueprint("risk", __name__, url_prefix="/risk")

from portal.blueprints.risk import plans, routes, violence  # noqa: E402, F401
