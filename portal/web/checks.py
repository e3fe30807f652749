"""Validators that several forms share."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import StopValidation

from portal.core.clock import local_date, utc_now


def not_ahead() -> Callable[[Any, Field], None]:
    """The day may not lie ahead."""

    def check(_form: Any, field: Field) -> None:
        if field.data is not None and field.data > local_date(utc_now()):
            raise StopValidation(_("The day has not come yet."))

    return check
