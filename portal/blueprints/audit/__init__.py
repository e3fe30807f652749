"""The audit trail: what was done, and who looked."""

from flask import Blueprint

bp = Blueprint("audit", __name__, url_prefix="/audit")

from portal.blueprints.audit import alerts, routes, samples  # noqa: E402, F401
