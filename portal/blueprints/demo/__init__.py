"""Pages that exist in the demo alone."""

from flask import Blueprint

bp = Blueprint("demo", __name__, url_prefix="/demo")

from portal.blueprints.demo import routes  # noqa: E402, F401
