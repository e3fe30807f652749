"""A lead makes a programme of her own: the peer mentor, published and taking women in."""

from datetime import datetime
from functools import partial
from typing import Any

from portal.core.actor import Actor
from portal.core.clock import local_date
from portal.core.errors import NotFound
from portal.core.kinds import TrackKind
from portal.core.states import EnrolmentState
from portal.demo.cast import Cast
from portal.demo.stage import Stage
from portal.demo.women import Woman
from portal.models.enrolments import Enrolment
from portal.queries import enrolments as enrolment_queries
from portal.queries import programme_versions as queries
from portal.queries import programmes as programme_queries
from portal.services import enrolments, programme_drafts, programme_versions

LEAD, DAYS_AGO = "ditte", 34
WORKER, BEGINS_AGO = "maja", 12
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


def tell(stage: Stage, cast: Cast) -> None:
    """Let the lead of the association publish it, and a woman begin with a mentor; nothing is drawn for it."""
    stage.at(DAYS_AGO, 13, partial(_publish, stage))
    stage.at(BEGINS_AGO, 18, partial(_begin, stage, cast))


def _publish(stage: Stage, now: datetime) -> None:
    actor = stage.actors[LEAD]
    programme = programme_drafts.begin(MENTOR["name_da"], TrackKind.COURSE, actor=actor, now=now)
    draft = queries.get_version(programme)
    programme_drafts.save(draft, programme, MENTOR, seen=None, actor=actor, now=now)
    programme_versions.publish(draft, programme, local_date(now), actor=actor, now=now)
    (offer,) = programme_queries.list_offers_of(actor, programme)
    stage.offers["mentor"] = programme_queries.get_own_offer(actor, offer.public_id)


def _begin(stage: Stage, cast: Cast, now: datetime) -> None:
    """A woman whom the worker follows already, and who has agreed to the association, gets a mentor as well."""
    worker = stage.actors[WORKER]
    course = next(found for woman in cast.women[1:] if (found := _followed(worker, woman)))
    offer = programme_queries.get_own_offer(worker, stage.offers["mentor"].public_id)
    given = enrolments.propose(case_id=course.case_id, offer=offer, worker_id=worker.user_id, actor=worker, now=now)
    begun = enrolment_queries.get(worker, given.public_id)
    enrolments.start(begun, started_on=local_date(now), actor=worker, now=now)


def _followed(worker: Actor, woman: Woman) -> Enrolment | None:
    """Her course with this worker, if it runs."""
    if "cti" not in woman.courses:
        return None
    try:
        course = enrolment_queries.get(worker, woman.courses["cti"])
    except NotFound:
        return None
    is_hers = course.worker_id == worker.user_id and course.state is EnrolmentState.ACTIVE
    return course if is_hers else None
