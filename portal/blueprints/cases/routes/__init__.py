"""One module per group of pages."""

from portal.blueprints.cases.routes import (
    address,
    closing,
    ended_stay,
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
    "ended_stay",
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
