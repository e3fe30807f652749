"""What has room now and soon, and being told when a place opens."""

from flask import Blueprint

bp = Blueprint("vacancies", __name__, url_prefix="/places")

from portal.blueprints.vacancies import board, telling, watches  # noqa: E402, F401
