"""The CTI course: phases, plans, reviews."""

from flask import Blueprint

bp = Blueprint("cti", __name__, url_prefix="/cti")

from portal.blueprints.cti import routes  # noqa: E402, F401
