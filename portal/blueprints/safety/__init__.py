"""Emergency access for those who help, and what the safety officer looks after."""

from flask import Blueprint

bp = Blueprint("safety", __name__, url_prefix="/safety")

from portal.blueprints.safety import addresses, emergency, officer, watch  # noqa: E402, F401
