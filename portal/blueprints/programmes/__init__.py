"""Programmes and their free places."""

from flask import Blueprint

bp = Blueprint("programmes", __name__, url_prefix="/programmes")

from portal.blueprints.programmes import building, own, questions, routes  # noqa: E402, F401
