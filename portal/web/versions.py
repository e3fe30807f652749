"""Two had the same page open: the second keeps what she typed, and sees what the first has saved (R-009)."""

from collections.abc import Callable
from typing import Any, Self, TypeVar

from flask_babel import gettext as _
from wtforms import BooleanField, Field, HiddenField
from wtforms.fields.choices import SelectFieldBase
from wtforms.form import BaseForm

from portal.core.errors import Invalid, Stale
from portal.web.fields import PortalForm

F = TypeVar("F", bound="VersionedForm")


class VersionedForm(PortalForm):
    """A form about something that others may change meanwhile: it carries the version that its page showed."""

    version = HiddenField(default="0")
    is_outrun = False
    # What is said about the change and is no part of what is saved: there is nothing to compare it with.
    of_change: frozenset[str] = frozenset()

    @property
    def seen(self) -> int:
        """The version that the page showed; 0, which no row has, when it was lost on the way."""
        # What was sent, and never what the form was made with.
        text = str((self.version.raw_data or [""])[0])
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    @property
    def status(self) -> int:
        """409 when somebody else was faster, 422 for a mistake."""
        return 409 if self.is_outrun else super().status

    def refuse(self, error: Invalid | Stale) -> None:
        """Show a refusal; somebody who was faster is one that belongs to no field."""
        if isinstance(error, Invalid):
            super().refuse(error)
            return
        self.is_outrun = True
        self.form_errors.append(
            _("What you typed is still in the fields. Where something else is saved now, it stands below the field.")
        )
        self.form_errors.append(_("Save once more if yours is to stand."))

    def compare(self, saved: Self) -> None:
        """Put beside each field what is saved now where that differs; to save once more is then meant."""
        self.version.data = saved.version.data
        mark_saved(self, saved, sealed=self.sealed | self.of_change)


def mark_saved(form: BaseForm, saved: BaseForm, *, sealed: frozenset[str] = frozenset()) -> None:
    """Put `saved`, what is saved now, beside each field in view that holds something else."""
    for field in form:
        if isinstance(field, HiddenField) or field.short_name in sealed:
            continue
        other = saved[field.short_name]
        if _plain(field.data) != _plain(other.data):
            field.saved = _said(other) or _("(empty)")


def _plain(data: Any) -> Any:
    """What is compared: nothing is nothing however it is written, and several choices have no order."""
    if data in ("", []):
        return None
    if isinstance(data, str):
        return "\n".join(data.splitlines()).strip()
    return sorted(data, key=str) if isinstance(data, list) else data


def _said(field: Field) -> str:
    if isinstance(field, BooleanField):
        return _("Yes") if field.data else _("No")
    if isinstance(field, SelectFieldBase):
        chosen = ", ".join(str(choice.label) for choice in field.iter_choices() if choice.selected and choice.value)
        return chosen or (_("(can no longer be chosen)") if field.data else "")
    return str(field._value())


def against(form: F, known: Callable[[], F]) -> F:
    """The form to show again: when somebody else was faster, beside what is saved now, which `known` reads."""
    if form.is_outrun:
        form.compare(known())
    return form


def with_sent(fresh: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
    """What a page shows: forms that were sent stand in for the fresh ones, and one that came late learns from its."""
    for name, form in sent.items():
        known = fresh.get(name)
        if isinstance(form, VersionedForm) and form.is_outrun and known is not None:
            form.compare(known)
    return fresh | sent
