"""Taking part in a programme: one page for each course, whatever its kind."""

from flask import Blueprint

bp = Blueprint("enrolments", __name__, url_prefix="/courses")

from portal.blueprints.enrolments import actions, ended, page, take_overs  # noqa: E402, F401
