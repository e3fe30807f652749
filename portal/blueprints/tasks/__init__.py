"""Volunteer tasks: the board for volunteers, the pool for coordinators."""

from flask import Blueprint

bp = Blueprint("tasks", __name__, url_prefix="/tasks")

from portal.blueprints.tasks import board, pool, worry  # noqa: E402, F401
