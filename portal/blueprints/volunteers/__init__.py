"""The coordinator's volunteers."""

from flask import Blueprint

bp = Blueprint("volunteers", __name__, url_prefix="/volunteers")

from portal.blueprints.volunteers import match, routes  # noqa: E402, F401
