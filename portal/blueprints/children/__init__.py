"""Her children: each with a record and a page of its own, and notices of concern."""

from flask import Blueprint

bp = Blueprint("children", __name__, url_prefix="/children")

from portal.blueprints.children import routes  # noqa: E402, F401
