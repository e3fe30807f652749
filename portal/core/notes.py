"""Vocabularies of the journal: what kind of talk it was, who took part, and who reads what was written."""

from enum import StrEnum

from portal.core.kinds import MeetingKind

# Talks with her that are told apart; the rest of `MeetingKind` are meetings about something.
TALKS = (
    MeetingKind.TALK,
    MeetingKind.VIOLENCE_TALK,
    MeetingKind.MOTHER_CHILD_TALK,
    MeetingKind.CHILD_TALK,
)


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
