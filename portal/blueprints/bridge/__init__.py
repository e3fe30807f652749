"""The bridge from the centre to what comes after."""

from flask import Blueprint

bp = Blueprint("bridge", __name__, url_prefix="/bridge")

from portal.blueprints.bridge import routes  # noqa: E402, F401
