"""Group rounds: the pages."""

from flask import Blueprint

bp = Blueprint("groups", __name__, url_prefix="/groups")

from portal.blueprints.groups import routes  # noqa: E402, F401
