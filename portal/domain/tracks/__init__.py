"""The kinds of courses: one file each, all with the same small interface."""

from typing import Any

from portal.core.kinds import TrackKind
from portal.domain.tracks import (
    coordinating_counselling,
    course,
    cti,
    entitlement,
    furnishing,
    grant,
    group,
    housing,
    individual_counselling,
    transition_support,
    volunteer_network,
)
from portal.domain.tracks.base import EndRule, Facts, NextStep, Series, Track

_ALL: tuple[Any, ...] = (
    individual_counselling.TRACK,
    group.TRACK,
    housing.TRACK,
    transition_support.TRACK,
    cti.TRACK,
    coordinating_counselling.TRACK,
    entitlement.TRACK,
    volunteer_network.TRACK,
    furnishing.TRACK,
    grant.TRACK,
    course.TRACK,
)
TRACKS: dict[TrackKind, Track] = {track.kind: track for track in _ALL}

__all__ = ["TRACKS", "EndRule", "Facts", "NextStep", "Series", "Track"]
