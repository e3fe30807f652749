"""Start-up grants."""

from flask import Blueprint

bp = Blueprint("grants", __name__, url_prefix="/grants")

from portal.blueprints.grants import application, queue, treatment  # noqa: E402, F401
