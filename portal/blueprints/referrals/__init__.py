"""Referrals: the wizard, what was sent, the inbox and the answers."""

from flask import Blueprint

bp = Blueprint("referrals", __name__, url_prefix="/referrals")

from portal.blueprints.referrals import closing, decide, inbox, sent, waiting, wizard  # noqa: E402, F401
