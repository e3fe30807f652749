"""Contacts with other parties about a case."""

from flask import Blueprint

bp = Blueprint("contacts", __name__, url_prefix="/contacts")

from portal.blueprints.contacts import routes  # noqa: E402, F401
