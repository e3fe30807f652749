"""Every value of every closed vocabulary that people see has a word, and none is taken from a namesake."""

import importlib
import tomllib
from enum import StrEnum
from pathlib import Path

import pytest

from portal.domain.labels import WORDS, label
from portal.domain.labels.programmes import FACTS, VALUES

ROOT = Path(__file__).parents[2]

# Never shown to people: they steer the machine.
SILENT = {"Permission", "SubjectType", "TeamScope"}
MODULES = (
    "portal.core.activities",
    "portal.core.audit_tags",
    "portal.core.contacts",
    "portal.core.courses",
    "portal.core.enquiries",
    "portal.core.enums",
    "portal.core.jobs",
    "portal.core.kinds",
    "portal.core.measures",
    "portal.core.messages",
    "portal.core.rights",
    "portal.core.people",
    "portal.core.safety",
    "portal.core.sign_in",
    "portal.core.states",
    "portal.core.stays",
    "portal.core.volunteers",
    "portal.domain.disclosure",
    "portal.domain.subject_headings",
)


def vocabularies() -> list[type[StrEnum]]:
    found: list[type[StrEnum]] = []
    for name in MODULES:
        module = importlib.import_module(name)
        found += [
            kind
            for kind in vars(module).values()
            if isinstance(kind, type)
            and issubclass(kind, StrEnum)
            and kind.__module__ == name
            and kind.__name__ not in SILENT
        ]
    return found


@pytest.mark.parametrize("vocabulary", vocabularies(), ids=lambda kind: kind.__name__)
def test_every_value_has_a_word_of_its_own_vocabulary(vocabulary: type[StrEnum]) -> None:
    missing = [member.name for member in vocabulary if (vocabulary, member) not in WORDS]
    assert missing == []


def test_namesakes_of_two_vocabularies_keep_their_own_words() -> None:
    from portal.core.states import GrantState, TaskState

    assert GrantState.DRAFT == TaskState.DRAFT
    assert (GrantState, GrantState.DRAFT) in WORDS
    assert (TaskState, TaskState.DRAFT) in WORDS
    assert label(None) == ""


def test_every_word_of_the_reference_file_has_words_for_people() -> None:
    programmes = tomllib.loads((ROOT / "portal" / "reference" / "programmes.toml").read_text())["programme"]
    shown = [value for programme in programmes for key, value in programme.get("facts", {}).items() if key in FACTS]
    words = {word for value in shown if isinstance(value, list) for word in value if isinstance(word, str)}
    words |= {value for value in shown if isinstance(value, str)}
    # Themes are what a leader writes over a meeting, in the language of the group.
    themes = {theme for programme in programmes for theme in programme.get("facts", {}).get("themes", ())}
    assert words - themes - set(VALUES) == set()
