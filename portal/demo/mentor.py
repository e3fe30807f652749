"""A lead makes a programme of her own: the peer mentor, published and taking women in."""

from datetime import datetime
from functools import partial
from typing import Any

from portal.core.clock import local_date
from portal.core.kinds import TrackKind
from portal.demo.stage import Stage
from portal.queries import programme_versions as queries
from portal.services import programme_drafts, programme_versions

LEAD, DAYS_AGO = "ditte", 34
MENTOR: dict[str, Any] = {
    "name_da": "Mentor, der selv har boet på krisecenter",
    "name_en": "Peer mentor",
    "summary_da": "En frivillig, der selv har boet på krisecenter, følger hende i tolv uger.",
    "summary_en": "A volunteer who has stayed at a centre herself goes along with her for twelve weeks.",
    "eligibility": ["stay_ever"],
    "capacity": 8,
    "facts": {"duration_weeks": 12},
    "follow_up": ["start+6w", "start+12w"],
    "criteria": [
        {"key": "c1", "da": "Hun ønsker en mentor", "en": "She wants a mentor", "is_kept": True},
        {"key": "c2", "da": "Hun er flyttet eller flytter snart", "en": "She has moved or moves soon", "is_kept": True},
        {"key": "c3", "da": "Det er trygt at mødes ude", "en": "It is safe to meet outside", "is_kept": True},
        {"key": "c4", "da": "Hun taler et sprog, vi har", "en": "She speaks a language we have", "is_kept": False},
    ],
    "question": [
        {"key": "q5", "type": "yesno", "da": "Kan hun mødes om aftenen?", "en": "Can she meet in the evening?"},
    ],
    "last_key": 5,
}


def tell(stage: Stage) -> None:
    """Let the lead of the association publish it; nothing is drawn for it."""
    stage.at(DAYS_AGO, 13, partial(_publish, stage))


def _publish(stage: Stage, now: datetime) -> None:
    actor = stage.actors[LEAD]
    programme = programme_drafts.begin(MENTOR["name_da"], TrackKind.COURSE, actor=actor, now=now)
    draft = queries.get_version(programme)
    programme_drafts.save(draft, programme, MENTOR, seen=None, actor=actor, now=now)
    programme_versions.publish(draft, programme, local_date(now), actor=actor, now=now)
