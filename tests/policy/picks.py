"""Every field of a form or a question that can hold an id, read from the forms, the routes and the pages themselves."""

import re
import sys
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

from wtforms import BooleanField, Field, Form, SelectField, SelectMultipleField
from wtforms.fields.core import UnboundField

import portal
from portal.web.fields import Clock, Day, Hours, Kroner, PortalForm, Whole
from tests.policy import doors

ID = re.compile(r"[\w-]{22}")
# Of which table the id is that stands in a field.
TABLES = {
    "about": "child",
    "came": "client_case",
    "case": "client_case",
    "child": "child",
    "corrects": "note",
    "earlier": "stay",
    "leader": "user_account",
    "returns": "client_case",
    "where": "organisation",
    "course": "enrolment",
    "enrolment": "enrolment",
    "for": "enrolment",
    "request": "track_request",
    "alternative": "offer",
    "meanwhile": "offer",
    "offer": "offer",
    "offers": "offer",
    "fund": "fund",
    "organisation": "organisation",
    "recipient": "organisation",
    "approver": "user_account",
    "architect": "user_account",
    "deputy": "user_account",
    "everyone": "user_account",
    "leaders": "user_account",
    "taker": "user_account",
    "user": "user_account",
    "who": "user_account",
    "worker": "user_account",
    "member": "membership",
    "members": "membership",
    "volunteer": "volunteer",
    "owner": "user_account",
    "goals": "goal",
    "stays": "user_account",
}
# What everybody who works here may choose among.
OPEN_TO_ALL = {"fund", "offer", "organisation", "where"}
# Filled while a page is made, with words or codes that are the same for everybody.
NO_IDS = {
    "basis", "contact", "hidden", "kind", "law", "municipality", "paying", "responsible", "step", "ways", "when",
}  # fmt: skip
# What a route or a page names by hand that is no id: words, numbers, dates, tokens.
WORDS = {
    "accepting", "action", "after", "amount", "area", "as", "back", "code", "conclusion", "courses_after", "credential",
    "csrf_token", "dates", "days", "do", "done", "each", "figure", "form_key", "from", "go", "group", "helpline",
    "kept", "language", "missing", "move", "names", "next", "page", "part", "phase", "place", "placement",
    "presence", "proof_code", "proof_credential", "proof_is_post", "proof_next", "quarter", "queue", "reason",
    "reference", "remark", "scope", "span", "state", "step", "talk-step", "text", "to", "version", "view",
    "answer", "handover", "is_whole", "month", "on", "rows", "sections", "sought", "which", "wish-reason", "words",
}  # fmt: skip
READ = re.compile(r'request\.(?:args|form|values)(?:\.get(?:list)?\(|\[)"([\w-]+)"')
NAMED = re.compile(r'<(?:select|input|textarea|button)\b[^>]*\bname="([\w-]+)"')


def open_fields() -> set[tuple[str, str]]:
    """The class and the name of every choice that is filled while a page is made: what it holds is no fixed list.

    Forms that are put together for one page are seen when that page is asked for.
    """
    found = set()
    for kind in _below(Form):
        if is_written_down(kind):
            found |= {(kind.__name__, name) for name in dir(kind) if is_open(getattr(kind, name))}
    return found


def is_written_down(kind: type[Any]) -> bool:
    """Whether a form stands in a module of the portal, and is not put together for one page."""
    return kind.__module__.startswith("portal.") and hasattr(sys.modules[kind.__module__], kind.__name__)


def kind_of(form: PortalForm) -> str:
    """The name of a form, or of the one that it was put together from."""
    return next(kind.__name__ for kind in type(form).__mro__ if is_written_down(kind))


def is_open(made: Any) -> bool:
    """Whether a field of a class is a choice without choices of its own."""
    if not (isinstance(made, UnboundField) and issubclass(made.field_class, SelectField)):
        return False
    given = made.kwargs.get("choices")
    return "kind" not in made.kwargs and (not given or callable(given))


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def named_by_hand() -> set[str]:
    """What the routes read and what the pages send beside the fields of a form."""
    here = Path(portal.__file__).parent
    code = "\n".join(path.read_text() for path in here.rglob("*.py"))
    pages = "\n".join(path.read_text() for path in (here / "templates").rglob("*.html"))
    return {*READ.findall(code), *NAMED.findall(pages)}


def choices_in(form: PortalForm, known: Container[str]) -> Iterator[tuple[Field, list[str]]]:
    """The fields of a form as it stands that take an id, with the ids of `known` that it offers."""
    for one in (one for one in form if isinstance(one, SelectField) and one.short_name not in NO_IDS):
        offered = [str(value) for value, *_rest in one.iter_choices() if str(value) in known]
        if offered or one.short_name in TABLES:
            yield one, offered


def filled_in(field: Field) -> Iterator[str]:
    """What a field takes, as far as it can be said of its kind."""
    if isinstance(field, SelectField | SelectMultipleField):
        values = [str(value) for value, *_rest in field.iter_choices() if value]
        yield from values[:1]
    elif field.short_name == "version":
        # Whoever was too late has learned of the version that is saved.
        yield str(field.data)
    elif field.short_name in doors.TYPED:
        yield doors.TYPED[field.short_name]
    elif isinstance(field, Whole):
        yield str(field.low)
    else:
        kinds = ((Day, "01 02 2030"), (Clock, "10:00"), (Kroner, "100"), (Hours, "1"), (BooleanField, "y"))
        yield from (value for kind, value in kinds if isinstance(field, kind))
