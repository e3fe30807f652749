"""What people call things: the word for every value of a closed vocabulary, one file per area."""

from enum import StrEnum

from portal.domain.labels import (
    cases,
    common,
    counselling,
    enrolments,
    followups,
    furnishing,
    grants,
    groups,
    housing,
    measures,
    meetings,
    messages,
    referrals,
    tasks,
)

WORDS = {
    (type(value), value): word
    for area in (
        cases,
        common,
        counselling,
        enrolments,
        followups,
        furnishing,
        grants,
        groups,
        housing,
        measures,
        meetings,
        messages,
        referrals,
        tasks,
    )
    for value, word in area.WORDS
}


def word(value: StrEnum) -> object:
    """The word for a value, to be put into the reader's language later. Raises KeyError for a value without a word."""
    return WORDS[type(value), value]


def is_said(value: StrEnum) -> bool:
    """Whether there is a word for a value; marks of the audit trail have one only where people read them."""
    return (type(value), value) in WORDS


def label(value: StrEnum | None) -> str:
    """The word for a value in the reader's language; empty for nothing. Raises KeyError without a word."""
    return "" if value is None else str(word(value))
