"""Homes: the pages."""

from flask import Blueprint

bp = Blueprint("housing", __name__, url_prefix="/housing")

from portal.blueprints.housing import board, routes, stock, tenancies  # noqa: E402, F401
