"""Signing in and out, one's own account, and leaving the page at once."""

from flask import Blueprint

bp = Blueprint("auth", __name__)

from portal.blueprints.auth import account, idle, routes  # noqa: E402, F401
