"""Who has not been reached for long."""

from flask import Blueprint

bp = Blueprint("silence", __name__, url_prefix="/quiet")

from portal.blueprints.silence import routes  # noqa: E402, F401
