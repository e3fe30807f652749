"""A plain course, for programmes without a method of their own."""

from dataclasses import dataclass

from portal.core.kinds import TrackKind
from portal.domain.tracks.base import Plain


@dataclass(frozen=True, slots=True)
class Course(Plain):
    """All that is special about it stands in the programme's own rules."""

    kind: TrackKind = TrackKind.COURSE


TRACK = Course()
