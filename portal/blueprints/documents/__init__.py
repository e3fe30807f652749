"""Documents of a case, handovers, and the export to the municipality's own records."""

from flask import Blueprint

bp = Blueprint("documents", __name__, url_prefix="/documents")

from portal.blueprints.documents import files, handovers, listing, records  # noqa: E402, F401
