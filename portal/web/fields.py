"""Form fields that speak as people do, and refuse with a sentence that helps."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, time
from enum import StrEnum
from typing import Any, ClassVar

from flask import g, request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import Choice
from wtforms.validators import InputRequired, Optional, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget, RadioInput

from portal.core.clock import local_date, utc_now
from portal.core.dates import DateProblem, parse_date, parse_hours, parse_time
from portal.core.errors import Invalid
from portal.core.i18n import _ as lazy
from portal.core.money import format_kroner, parse_kroner
from portal.domain.labels import label
from portal.web.inputs import refuse_doubles
from portal.web.submissions import new_form_key


class PortalForm(FlaskForm):
    """A form that is taken in once. Shows a rule's refusal beside the field that it is about."""

    form_key = HiddenField(default=new_form_key)
    # Fields whose content stands on no other page than the one where it is typed.
    sealed: ClassVar[frozenset[str]] = frozenset()
    # A placement that somebody is to be asked about first, signed for whoever wants it.
    placement: str | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_submitted() and kwargs.get("formdata", request.form) is not None:
            refuse_doubles(self)
            g.sent_form = self

    def checks(self) -> Iterable[Callable[[], object]]:
        """What the form itself can know of a rule over several fields: told along with what is missing."""
        return ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all is in order. Everything that the form can know is said at once, a field's own mistake first."""
        is_fine: bool = super().validate(extra_validators)
        for check in self.checks():
            try:
                check()
            except Invalid as refusal:
                is_fine = False
                if not getattr(self._fields.get(refusal.field or ""), "errors", ()):
                    self.refuse(refusal)
        return is_fine

    @property
    def written(self) -> list[str]:
        """What was written at length: it must not be lost when the form cannot be taken in."""
        fields = (field for field in self if isinstance(field, TextAreaField) and field.short_name not in self.sealed)
        return [field.data for field in fields if field.data]

    @property
    def status(self) -> int:
        """How a page answers that shows this form again."""
        return 422

    def refuse(self, error: Invalid) -> None:
        """Put a refusal by the rules beside its field, or above the form when it belongs to none."""
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors.append(str(error))
        else:
            field.errors = [*field.errors, str(error)]


class Required(InputRequired):
    """Something must be sent, and blanks alone are nothing."""

    def __call__(self, form: Any, field: Any) -> None:
        if not (field.raw_data and str(field.raw_data[0]).strip()):
            field.errors = []
            raise StopValidation(self.message)


def required(message: Any = None) -> InputRequired:
    """Something must be written here."""
    return Required(message or lazy("Fill this in."))


# Nobody writes a day, an hour or an amount at greater length: what is longer is not even looked at.
LONGEST_TYPED = 60


class Parsed(StringField):
    """A value typed as text. Keeps what was typed when it cannot be read."""

    data: Any

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.typed: str | None = None

    def read(self, text: str) -> Any:
        """What the text means. Raises ValueError with a sentence for the person."""
        return text

    def write(self, value: Any) -> str:
        return str(value)

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else self.write(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0] if valuelist else None
        self.data = None
        if self.typed and self.typed.strip():
            if len(self.typed) > LONGEST_TYPED:
                raise ValueError(_("Write at most %(num)d characters.", num=LONGEST_TYPED))
            try:
                self.data = self.read(self.typed.strip())
            except ValueError as problem:
                raise ValueError(str(problem)) from problem


class Day(Parsed):
    """A date as Danes type it: 02.10.2026, 2 10 2026, 2 okt 2026. Written as every page shows it."""

    def read(self, text: str) -> date:
        return parse_date(text)

    def write(self, value: date) -> str:
        return value.strftime("%d.%m.%Y")


class Clock(Parsed):
    """A time of day: 14.00, 14:00, 9."""

    def read(self, text: str) -> time:
        return parse_time(text)

    def write(self, value: time) -> str:
        return value.strftime("%H.%M")


class Kroner(Parsed):
    """An amount in kroner, held in øre."""

    def read(self, text: str) -> int:
        return parse_kroner(text)

    def write(self, value: int) -> str:
        return format_kroner(value).removesuffix(" kr.")


class Hours(Parsed):
    """Hours with a decimal comma, held in minutes: "1,5" is 90."""

    def read(self, text: str) -> int:
        return parse_hours(text)

    def write(self, value: int) -> str:
        return f"{value / 60:.2f}".rstrip("0").rstrip(".").replace(".", ",")


class Whole(Parsed):
    """A whole number within limits."""

    def __init__(self, label: Any = None, validators: Any = None, *, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.low, self.high = low, high

    def read(self, text: str) -> int:
        if not (text.isascii() and text.removeprefix("-").isdigit() and len(text) < 10):
            raise ValueError(_("Write a whole number."))
        if not self.low <= int(text) <= self.high:
            raise ValueError(_("Write a number from %(low)d to %(high)d.", low=self.low, high=self.high))
        return int(text)


class BirthYear(Whole):
    """A year in which somebody was born: one that has come (R-570)."""

    def __init__(self, label: Any = None, validators: Any = None, *, low: int, **kwargs: Any) -> None:
        super().__init__(label, validators, low=low, high=low, **kwargs)

    def read(self, text: str) -> int:
        # Asked for each time: a form is made once and lives through New Year.
        self.high = local_date(utc_now()).year
        return super().read(text)


def choices_of(kind: Iterable[StrEnum]) -> list[tuple[str, str]]:
    """Values and words of a vocabulary, for a field."""
    return [(member.value, label(member)) for member in kind]


def _later(choices: Iterable[Any]) -> Callable[[], list[Any]]:
    """Fixed choices as a function: pairs are read when the field is shown."""
    fixed = list(choices)
    return lambda: fixed


class _OneOf(SelectField):
    """One choice. An unknown one is refused."""

    data: Any

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        kind: type[StrEnum] | Sequence[StrEnum] | None = None,
        empty: Any = None,
        **kwargs: Any,
    ) -> None:
        members: Sequence[StrEnum] = list(kind or ())
        source: Callable[[], list[tuple[str, Any]]] | Any = kwargs.pop("choices", None)
        if source is not None and not callable(source):
            source = _later(source)
        if members and source is not None:
            raise TypeError("Choices come from a vocabulary or from a list; `empty` is the way to choose none of it")
        if members:
            source = lambda: ([("", str(empty))] if empty is not None else []) + choices_of(members)  # noqa: E731
        lookup = {member.value: member for member in members}
        kwargs.setdefault("coerce", lambda value: lookup.get(value, value) if value else None)
        super().__init__(label, validators, choices=source, validate_choice=False, **kwargs)

    def pre_validate(self, form: Any) -> None:
        if self.data is None:
            return
        known = {str(value) for value, *_rest in self.iter_choices()}
        if str(self.data) not in known:
            raise StopValidation(_("Choose one of those that are shown."))

    def iter_choices(self) -> Any:
        for value, text in self.choices or ():
            is_chosen = str(value) == str(self.data if self.data is not None else "")
            yield Choice(value=value, label=str(text), selected=is_chosen, render_kw={})


class Pick(_OneOf):
    """One choice from a list that folds out."""


class Radio(_OneOf):
    """One choice, all of them in view."""

    widget = ListWidget(prefix_label=False)
    option_widget = RadioInput()


class Several(SelectMultipleField):
    """Any number of choices, all of them in view."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(
        self, label: Any = None, validators: Any = None, *, kind: type[StrEnum] | None = None, **kwargs: Any
    ) -> None:
        given = kwargs.get("choices")
        if kind is not None:
            kwargs["choices"] = lambda: choices_of(kind)
        elif given is not None and not callable(given):
            kwargs["choices"] = _later(given)
        super().__init__(label, validators, validate_choice=False, **kwargs)

    def pre_validate(self, form: Any) -> None:
        known = {str(value) for value, *_rest in self.iter_choices()}
        if any(str(value) not in known for value in self.data or ()):
            raise StopValidation(_("Choose among those that are shown."))


def optional() -> Optional:
    """May be left empty."""
    return Optional(strip_whitespace=True)


__all__ = [
    "BirthYear",
    "Clock",
    "DateProblem",
    "Day",
    "Field",
    "Hours",
    "Kroner",
    "Parsed",
    "Pick",
    "PortalForm",
    "Radio",
    "Several",
    "Whole",
    "choices_of",
    "optional",
    "required",
]
