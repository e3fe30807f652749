"""The days: all of a case, what is late at a house, and the rules behind them."""

from flask import Blueprint

bp = Blueprint("deadlines", __name__, url_prefix="/deadlines")

from portal.blueprints.deadlines import case, late, rules  # noqa: E402, F401
