"""Fields for what people write: made uniform, and looked through for what belongs in a protected field (rule PA-4)."""

from enum import Enum
from typing import Any

from flask import request
from flask_babel import gettext as _
from wtforms import StringField, TextAreaField
from wtforms.validators import StopValidation

from portal.core.scan import Hit, SensitiveKind, scan_written
from portal.core.text import TextProblem, normalise

LINE = 120
TEXT = 20_000
LINES = 500
KEEP = "-keep"
MOVE = "move"


class Scan(Enum):
    """What happens when a text seems to hold an address, an institution, a CPR number or a telephone number."""

    # A field for just that.
    OFF = "off"
    # Read by the team alone: a warning first, then as she decides.
    WARN = "warn"
    # Read by volunteers, leads or others outside the team: refused.
    REFUSE = "refuse"


class Line(StringField):
    """One line of text: normalised, at most 120 characters, nothing that is not text."""

    data: Any
    longest = LINE
    scan = Scan.OFF

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        scan: Scan | None = None,
        can_move: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.scan = scan or self.scan
        # Whether the page can move what was found to the protected field in one press.
        self.can_move = can_move
        # What was found when the text was sent, for the page to ask about.
        self.found: list[Hit] = []

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            return
        if len(self.data) > self.longest:
            raise StopValidation(_("Write at most %(num)d characters.", num=self.longest))
        try:
            self.data = normalise(self.data)
        except TextProblem as problem:
            raise StopValidation(str(problem)) from problem
        self._look_through()

    @property
    def asks_to_keep(self) -> bool:
        """Whether the page must ask if the text is meant to stand as it is."""
        return bool(self.found) and self.scan is Scan.WARN

    @property
    def found_said(self) -> list[tuple[str, str]]:
        """What was found, as it stands in the text: the kind in a word, and the words."""
        return [(_kind(hit.kind), self.data[hit.start : hit.end].strip()) for hit in self.found]

    def _look_through(self) -> None:
        is_meant = bool(request.form.get(f"{self.name}{KEEP}")) or (self.can_move and MOVE in request.form)
        if self.scan is Scan.OFF or (self.scan is Scan.WARN and is_meant):
            return
        self.found = scan_written(self.data)
        if self.found:
            raise StopValidation(_SAID[self.scan](self.found[0].kind))


class MailAddress(Line):
    """An e-mail address, cut before anything looks at it. Pair it with `Email`."""

    longest = 254


class Text(Line, TextAreaField):
    """Several lines of text. The team's own unless `scan` says that others read it."""

    longest = TEXT
    scan = Scan.WARN

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data.count("\n") > LINES:
            raise StopValidation(_("Write at most %(num)d lines.", num=LINES))
        super().pre_validate(form)


def _kind(kind: SensitiveKind) -> str:
    words = {
        SensitiveKind.ADDRESS: _("Address"),
        SensitiveKind.PHONE: _("Telephone"),
        SensitiveKind.INSTITUTION: _("School or institution"),
    }
    return words.get(kind) or _("CPR number")


def _refused(kind: SensitiveKind) -> str:
    if kind is SensitiveKind.ADDRESS:
        return _("This looks like an address. Others read this field: take it out, or keep it in the protected field.")
    if kind is SensitiveKind.PHONE:
        return _("This looks like a telephone number. Others read this field: take it out.")
    if kind is SensitiveKind.INSTITUTION:
        return _(
            "This looks like the name of a school or institution. Others read this field: write it without the name."
        )
    return _("This looks like a CPR number. Others read this field: take it out.")


def _warned(kind: SensitiveKind) -> str:
    if kind is SensitiveKind.ADDRESS:
        return _("This looks like an address. Move it to the protected field, or say that it must stay.")
    if kind is SensitiveKind.PHONE:
        return _("This looks like a telephone number. Move it to its own field, or say that it must stay.")
    if kind is SensitiveKind.INSTITUTION:
        return _(
            "This looks like the name of a school or institution. Write it without the name, or say that it must stay."
        )
    return _("This looks like a CPR number. Move it to its own field, or say that it must stay.")


_SAID = {Scan.REFUSE: _refused, Scan.WARN: _warned}
