"""Vocabularies of the journal: what kind of talk it was, who took part, who reads it, and what of it stands there."""

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


class NoteAside(StrEnum):
    """That nothing of a note stands in its case but who wrote it and when (R-820)."""

    WAITS = "waits"
    OUT = "out"


class WrongCase(StrEnum):
    """Why a note is to be taken out of its case."""

    WRONG_CASE = "wrong_case"
    SOMEBODY_ELSE = "somebody_else"
    NOT_TO_KEEP = "not_to_keep"


class Whereto(StrEnum):
    """What is to become of a note that is taken out."""

    ANOTHER_CASE = "another_case"
    NOWHERE = "nowhere"


class AsideState(StrEnum):
    """How far two people have come with a note that one of them wants out of a case."""

    ASKED = "asked"
    CALLED_BACK = "called_back"
    LEFT = "left"
    TAKEN_OUT = "taken_out"
