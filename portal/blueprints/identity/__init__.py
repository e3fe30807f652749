"""Signing in through a municipality's own identity provider."""

from flask import Blueprint

bp = Blueprint("identity", __name__, url_prefix="/sign-in/municipality")

from portal.blueprints.identity import routes  # noqa: E402, F401
