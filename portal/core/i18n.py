"""The marker for texts that live in the rules and are shown to people later, in their language."""

from flask_babel import lazy_gettext as _

__all__ = ["_"]
