"""Enquiries: every time somebody asks the house for help."""

from flask import Blueprint

bp = Blueprint("enquiries", __name__, url_prefix="/enquiries")

from portal.blueprints.enquiries import becoming, routes  # noqa: E402, F401
