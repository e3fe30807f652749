"""An organisation leaves the portal, and its cases go to others."""

from flask import Blueprint

bp = Blueprint("leaving", __name__, url_prefix="/leaving")

from portal.blueprints.leaving import returns, routes, transfers  # noqa: E402, F401
