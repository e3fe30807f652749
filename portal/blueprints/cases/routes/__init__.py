"""One module per group of pages."""

from portal.blueprints.cases.routes import address, children, journal, listing, move, page, person, rights, stay, team

__all__ = ["address", "children", "journal", "listing", "move", "page", "person", "rights", "stay", "team"]
