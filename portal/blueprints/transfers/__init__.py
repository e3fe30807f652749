"""Cases that go to another organisation."""

from flask import Blueprint

bp = Blueprint("transfers", __name__, url_prefix="/transfers")

from portal.blueprints.transfers import answering, offering  # noqa: E402, F401
