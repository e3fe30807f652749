"""Requests about own data: the register of the data-protection officer, files, dossiers, erasures, holds."""

from flask import Blueprint

bp = Blueprint("rights", __name__, url_prefix="/rights")

from portal.blueprints.rights import dossier, files, holds, register, steps  # noqa: E402, F401
