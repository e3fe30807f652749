"""One module per group of pages."""

from portal.blueprints.cases.routes import (
    address,
    closing,
    journal,
    keep_out,
    listing,
    looks,
    move,
    municipality,
    notices,
    opening,
    page,
    person,
    rights,
    stay,
    team,
)

__all__ = [
    "address",
    "closing",
    "journal",
    "keep_out",
    "listing",
    "looks",
    "move",
    "municipality",
    "notices",
    "opening",
    "page",
    "person",
    "rights",
    "stay",
    "team",
]
