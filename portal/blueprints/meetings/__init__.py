"""Meetings: the pages."""

from flask import Blueprint

bp = Blueprint("meetings", __name__, url_prefix="/meetings")

from portal.blueprints.meetings import planning, routes  # noqa: E402, F401
