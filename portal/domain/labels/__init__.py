"""What people call things: the word for every value of a closed vocabulary, one file per area."""

from enum import StrEnum

from portal.core.audit_tags import Audit
from portal.domain.labels import (
    audit,
    cases,
    children,
    clocks,
    common,
    counselling,
    daily,
    disclosure,
    documents,
    enrolments,
    followups,
    furnishing,
    grants,
    groups,
    housing,
    imports,
    looks,
    measures,
    meetings,
    messages,
    operations,
    people,
    plans,
    programmes,
    referrals,
    review,
    rights,
    risk,
    safety,
    sign_in,
    tasks,
    trail,
    vacancies,
)

WORDS = {
    (type(value), value): word
    for area in (
        audit,
        cases,
        clocks,
        children,
        common,
        counselling,
        daily,
        disclosure,
        documents,
        enrolments,
        followups,
        furnishing,
        grants,
        groups,
        housing,
        imports,
        looks,
        measures,
        meetings,
        messages,
        operations,
        people,
        programmes,
        plans,
        referrals,
        review,
        rights,
        risk,
        safety,
        sign_in,
        tasks,
        vacancies,
    )
    for value, word in area.WORDS
}


def word(value: StrEnum) -> object:
    """The word for a value, to be put into the reader's language later. Raises KeyError for a value without a word."""
    return WORDS[type(value), value]


def label(value: StrEnum | None) -> str:
    """The word for a value in the reader's language; empty for nothing. Raises KeyError without a word."""
    return "" if value is None else str(word(value))


def field_label(action: Audit, name: str) -> str:
    """The word for what a line of the audit trail names beside its action; the name itself where there is none."""
    for kind in trail.VALUES.get(action, ()):
        if name in {value.value for value in kind}:
            return label(kind(name))
    return str(trail.FIELDS.get(name, name))
