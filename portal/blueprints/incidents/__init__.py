"""The register of incidents, with the clock of 72 hours."""

from flask import Blueprint

bp = Blueprint("incidents", __name__, url_prefix="/incidents")

from portal.blueprints.incidents import register, settling  # noqa: E402, F401
