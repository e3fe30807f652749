"""What people call things: the word for every value of a closed vocabulary, one file per area."""

from enum import StrEnum

from portal.domain.labels import common, tasks

WORDS: dict[StrEnum, object] = {**common.WORDS, **tasks.WORDS}


def label(value: StrEnum | None) -> str:
    """The word for a value in the reader's language; empty for nothing. Raises KeyError for a value without a word."""
    return "" if value is None else str(WORDS[value])
