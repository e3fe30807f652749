"""Signing in and out, proving who one is, one's own account, and leaving the page at once."""

from flask import Blueprint

bp = Blueprint("auth", __name__)

from portal.blueprints.auth import account, codes, enter, factors, idle, routes, step_up  # noqa: E402, F401
