"""One module per group of pages."""

from portal.blueprints.cases.routes import address, journal, listing, page, person, stay, team

__all__ = ["address", "journal", "listing", "page", "person", "stay", "team"]
