"""What is kept of a form that came too late, and what never is (R-556)."""

import importlib
import re

import pytest
from wtforms import Field, PasswordField
from wtforms.form import Form

from portal.blueprints import AREAS
from portal.domain.kept import LONGEST, MOST_FIELDS, NEVER, left_out, may_keep, worth_keeping

# A name of a field that says what may be in it.
TELLING = re.compile(
    r"address|cpr|password|account|phone|(^|_)e?mail$|^code|secret|token|otp|street|postcode|school|daycare|^place$"
)
# Asked each time, but it is a choice from a list; and when and how a call to her is safe, never her number.
CHOSEN = {"reason", "phone_days", "phone_from_hour", "phone_to_hour", "phone_may_answer"}
CHOSEN |= {"phone_may_leave_voicemail", "phone_may_say_who_calls"}
# The day on which it was looked at whether the protection still stands: no address.
DAYS = {"address_checked_on"}


@pytest.mark.parametrize(("name", "is_kept"), [
    ("note", True), ("note-text", True), ("version", True), ("own_words", True), ("place_kind", True),
    ("address", False), ("home-address", False), ("cpr", False), ("password", False), ("current", False),
    ("csrf_token", False), ("form_key", False), ("code_word", False), ("account", False),
])  # fmt: skip
def test_protected_fields_and_secrets_are_never_kept(name: str, is_kept: bool) -> None:
    assert may_keep(name) is is_kept


def test_a_form_in_which_nothing_was_written_is_not_kept() -> None:
    pressed = [("csrf_token", "x"), ("days", "3"), ("enrolment", "A" * 22), ("kind", "phone_call"), ("consent", "y")]
    assert worth_keeping(pressed) == []
    assert worth_keeping([*pressed, ("note", "Hun ringede")])[-1] == ("note", "Hun ringede")


def test_no_more_is_kept_than_a_page_of_ours_sends() -> None:
    assert worth_keeping([("note", "Ord " * (LONGEST // 4))]) == []
    assert worth_keeping([(f"n{number}", "Et ord") for number in range(MOST_FIELDS + 1)]) == []


def test_it_is_known_that_something_has_to_be_written_again() -> None:
    assert left_out([("note", "x"), ("address", "Skovvej 1")])
    assert not left_out([("note", "x"), ("address", "")])


def forms() -> list[type[Form]]:
    for area in AREAS:
        importlib.import_module(f"portal.blueprints.{area}")

    def below(kind: type) -> list[type]:
        return [found for child in kind.__subclasses__() for found in (child, *below(child))]

    return [form for form in below(Form) if form.__module__.startswith("portal.blueprints")]


def test_every_field_that_holds_something_protected_is_named_among_those() -> None:
    forgotten = set()
    for form in forms():
        for name in dir(form):
            made = getattr(form, name)
            kind = getattr(made, "field_class", None)
            if kind is None or not issubclass(kind, Field):
                continue
            is_protected = TELLING.search(name) or issubclass(kind, PasswordField)
            if (is_protected or name in getattr(form, "sealed", ())) and name not in NEVER | CHOSEN | DAYS:
                forgotten.add(f"{form.__name__}.{name}")
    assert forgotten == set()
