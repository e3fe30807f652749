"""One module per group of pages."""

from portal.blueprints.children.routes import child, concerns, listing, settings

__all__ = ["child", "concerns", "listing", "settings"]
