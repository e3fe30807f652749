"""What the audit trail names beside its action has words: fields and values."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from portal.core.audit_tags import Audit
from portal.core.kinds import ConsentPurpose
from portal.domain.labels import WORDS, field_label, label
from portal.domain.labels.trail import FIELDS, VALUES

RECORDS = re.compile(r"(\w+\.)?_?record\w*")
PORTAL = Path(__file__).parents[2] / "portal"
# Worked out by comparing before and after: who she is, her children, her address, her municipalities.
COMPARED = {
    "name",
    "birth_year",
    "birth_date",
    "custody",
    "contact",
    "contact_text",
    "may_collect",
    "may_say",
    "told_on",
    "assessed_on",
    "assessment",
    "phone",
    "language",
    "needs_interpreter",
    "cpr_number",
    "is_along",
    "needs",
    "address",
    "protection_level",
    "responsible_municipality_code",
    "paying_municipality_code",
}
# What somebody looks for: in the trail, and among the cases.
ASKED = {"reference", "user", "action", "cpr", "name"}


def written_fields() -> Iterator[str]:
    """Every name that the code writes down as a field of a line."""
    paths = [path for floor in ("services", "blueprints") for path in (PORTAL / floor).rglob("*.py")]
    nodes = [node for path in paths for node in ast.walk(ast.parse(path.read_text()))]
    for call in nodes:
        if isinstance(call, ast.Call) and RECORDS.fullmatch(ast.unparse(call.func)):
            for given in call.keywords:
                if given.arg in ("field", "fields"):
                    yield from names_in(given.value)


def names_in(node: ast.expr) -> Iterator[str]:
    return (part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str))


def test_every_field_that_is_written_down_has_a_word() -> None:
    written = set(written_fields())
    assert {"t0", "a_day", "minutes"} <= written
    assert sorted((written | COMPARED | ASKED) - set(FIELDS)) == []


def test_every_value_that_is_written_down_has_a_word() -> None:
    missing = [value for kinds in VALUES.values() for kind in kinds for value in kind if (kind, value) not in WORDS]
    assert missing == []


@pytest.mark.parametrize(
    ("action", "name", "said"),
    [
        (Audit.CASE_CHANGED, "birth_year", "year of birth"),
        (Audit.FURNISHING_CHANGED, "wishes", "wishes"),
        (Audit.FURNISHING_CHANGED, "deliver", "The home is furnished"),
        (Audit.UNIT_CHANGED, "reason", "reason"),
        (Audit.CASE_CHANGED, "never_heard_of", "never_heard_of"),
    ],
)
def test_a_field_is_said_by_its_word_a_value_by_its_own(action: Audit, name: str, said: str) -> None:
    assert field_label(action, name) == said


def test_a_purpose_is_said_as_on_the_page_of_consents() -> None:
    purpose = next(iter(ConsentPurpose))
    assert field_label(Audit.CONSENT_GIVEN, purpose.value) == str(WORDS[ConsentPurpose, purpose])


@pytest.mark.parametrize("language", ["da", "en"])
def test_no_two_actions_have_the_same_word(app: Flask, language: str) -> None:
    """In a list to choose from, two that read alike cannot be told apart."""
    with app.test_request_context(), force_locale(language):
        said = Counter(label(action) for action in Audit)
    assert [word for word, times in said.items() if times > 1] == []
