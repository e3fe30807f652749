"""Vocabularies of the journal: what kind of talk it was, who took part, and who reads what was written."""

from enum import StrEnum


class TalkKind(StrEnum):
    """What a talk was about, or with whom (R-813): told in the journal alone, never in a calendar."""

    SUPPORT = "support"
    VIOLENCE = "violence"
    MOTHER_CHILD = "mother_child"
    CHILD = "child"
    PRACTICAL = "practical"


class NoteReaders(StrEnum):
    """Who reads a note, from many to few."""

    TEAM = "team"
    HOUSE = "house"
    WORKER = "worker"


class TookPart(StrEnum):
    """Who was there beside the writer and the children that it is about."""

    HER = "her"
    INTERPRETER = "interpreter"
    NETWORK = "network"
    COLLEAGUE = "colleague"
    VOLUNTEER = "volunteer"
    AUTHORITY = "authority"
