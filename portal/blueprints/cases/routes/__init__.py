"""One module per group of pages."""

from portal.blueprints.cases.routes import (
    address,
    children,
    closing,
    journal,
    keep_out,
    listing,
    looks,
    move,
    municipality,
    opening,
    page,
    person,
    rights,
    stay,
    team,
)

__all__ = [
    "address",
    "children",
    "closing",
    "journal",
    "keep_out",
    "listing",
    "looks",
    "move",
    "municipality",
    "opening",
    "page",
    "person",
    "rights",
    "stay",
    "team",
]
