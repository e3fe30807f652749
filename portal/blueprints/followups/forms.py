"""One question per row, made from the forms as data; and the honest answers that are none."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from portal.core.i18n import _
from portal.core.measures import AskedHow, InstrumentKey
from portal.domain.followup_steps import Action
from portal.domain.instrument_forms import Instrument, Item
from portal.domain.instruments import get
from portal.web.fields import PortalForm, Radio, optional, required
from portal.web.texts import Line, Scan
from portal.web.versions import VersionedForm


class Scale(Radio):
    """A question on a whole-number scale; every step is a button."""

    def __init__(self, label: Any = None, validators: Any = None, *, form: Instrument, **kwargs: Any) -> None:
        steps = {str(number): number for number in range(form.low, form.high + 1)}
        named = len(form.scale) == len(steps)
        shown = [(text, form.scale[number] if named else text) for text, number in steps.items()]
        super().__init__(
            label,
            validators,
            choices=shown,
            # Zero is an answer, though it is false.
            coerce=lambda value: None if value in (None, "") else steps.get(str(value), value),
            **kwargs,
        )

    def iter_choices(self) -> Any:
        for choice in super().iter_choices():
            yield choice._replace(selected=self.data is not None and str(choice.value) == str(self.data))


class AnswersForm(VersionedForm):
    """How she was asked; the questions are added by `answers_form`."""

    mode = Radio(_("How do you fill it in?"), [required()], kind=AskedHow, default=AskedHow.TOGETHER)

    def given(self, forms: Iterable[InstrumentKey]) -> dict[InstrumentKey, dict[str, int]]:
        """The answers, form by form; what was left open is not among them."""
        found: dict[InstrumentKey, dict[str, int]] = {}
        for key in forms:
            rows = {item.key: self[name_of(key, item)].data for item in get(key).items}
            found[key] = {item: value for item, value in rows.items() if isinstance(value, int)}
        return found


def name_of(key: InstrumentKey, item: Item) -> str:
    """The name of a question's field."""
    return f"{key.value}-{item.key}"


@cache
def answers_form(forms: tuple[InstrumentKey, ...]) -> type[AnswersForm]:
    """The form with all questions of these instruments."""
    fields: dict[str, Any] = {}
    for key in forms:
        form = get(key)
        fields |= {name_of(key, item): Scale(item.text, [optional()], form=form) for item in form.items}
    return type("AnswersFormOf", (AnswersForm,), fields)


def stored(answers: Mapping[InstrumentKey, Mapping[str, int]]) -> dict[str, int]:
    """Answers kept earlier, by field name."""
    return {f"{key.value}-{item}": value for key, row in answers.items() for item, value in row.items()}


class NoAnswerForm(PortalForm):
    """Why she was not asked."""

    why = Radio(
        _("What happened?"),
        [required()],
        choices=[
            (Action.DECLINED.value, _("She did not want to")),
            (Action.UNREACHABLE.value, _("She could not be reached")),
            (Action.SKIPPED_UNSAFE.value, _("It is not safe to ask her now")),
        ],
    )
    reason = Line(_("A few words, without anything that says where she is"), [optional()], scan=Scan.REFUSE)
