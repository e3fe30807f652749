"""Her plan: goals with steps, how big each problem is, her stay plan, and an overview for her on paper."""

from flask import Blueprint

bp = Blueprint("plans", __name__, url_prefix="/plans")

from portal.blueprints.plans import for_her, goals, needs, stay_plans  # noqa: E402, F401
