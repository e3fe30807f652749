"""Follow-ups: what is due to be asked, and the form that is filled in together with her."""

from flask import Blueprint

bp = Blueprint("followups", __name__, url_prefix="/follow-ups")

from portal.blueprints.followups import routes  # noqa: E402, F401
