"""Who works here: handing over, leaving, sleeping roles, confirming, deputies; cases without a team."""

from flask import Blueprint

bp = Blueprint("people", __name__, url_prefix="/people")

from portal.blueprints.people import absences, hand_over, staff, teamless  # noqa: E402, F401
