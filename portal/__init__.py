"""Bro: the portal that coordinates aftercare."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask


def create_app(config: Mapping[str, Any] | None = None) -> "Flask":
    """Build the application. Settings come from the environment unless they are given."""
    # Imported here, so that commands which need no application do not pay for one.
    from portal.factory import build

    return build(config)
