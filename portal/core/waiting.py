"""Why somebody waits for a place. Stored by value."""

from enum import StrEnum


class WaitReason(StrEnum):
    """Why she is put on a waiting list: a code, for no word about others belongs in it."""

    NO_ROOM = "no_room"
    NEXT_ROUND = "next_round"
    NOT_READY = "not_ready"
    HER_WISH = "her_wish"
