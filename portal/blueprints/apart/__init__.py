"""Who must not meet whom, and what is asked before somebody is placed."""

from flask import Blueprint

bp = Blueprint("apart", __name__, url_prefix="/apart")

from portal.blueprints.apart import asking, routes  # noqa: E402, F401
