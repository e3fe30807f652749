"""Cases: the list, the page of one case, and everything that is written about her."""

from flask import Blueprint

bp = Blueprint("cases", __name__, url_prefix="/cases")

from portal.blueprints.cases import routes  # noqa: E402, F401
