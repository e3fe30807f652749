"""The statutory counselling of a case, and the ledger of psychologist hours."""

from flask import Blueprint

bp = Blueprint("counselling", __name__, url_prefix="/counselling")

from portal.blueprints.counselling import coordinating, desk, figures, ledger, work  # noqa: E402, F401
