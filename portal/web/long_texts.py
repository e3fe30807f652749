"""What somebody wrote at length in a form that its own page is not asked about any more: to be copied, not lost."""

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import TextAreaField

from portal.web.fields import PortalForm


def long_texts(sent: MultiDict[str, str]) -> list[str]:
    """What was written at length in a form of any page, where the page itself is not asked any more.

    By the names of the long fields of all forms; never what stands on one page only, never a password.
    """
    names: set[str] = set()
    sealed: set[str] = set()
    forms: list[type[PortalForm]] = [PortalForm]
    while forms:
        form = forms.pop()
        forms += form.__subclasses__()
        sealed |= form.sealed
        fields = {name: getattr(form, name, None) for name in dir(form)}
        names |= {name for name, field in fields.items() if _is_long(field)}
    return [text for name, text in sent.items(multi=True) if name.rpartition("-")[2] in names - sealed and text.strip()]


def _is_long(field: Any) -> bool:
    kind = getattr(field, "field_class", None)
    return kind is not None and issubclass(kind, TextAreaField)
