"""The in-app inbox."""

from flask import Blueprint

bp = Blueprint("messages", __name__, url_prefix="/messages")

from portal.blueprints.messages import routes  # noqa: E402, F401
