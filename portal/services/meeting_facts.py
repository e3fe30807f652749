"""What a meeting is, and what must be so before it is planned: where she is met, and whom she meets."""

from collections.abc import Sequence
from datetime import datetime
from typing import Required, TypedDict

from portal.core.errors import Invalid, NotNow
from portal.core.i18n import _
from portal.core.kinds import MeetingKind, PlaceKind
from portal.core.safety import PlacementPath
from portal.db import db
from portal.domain.standing import DIED, is_with_her
from portal.models.children import Child
from portal.models.meetings import Meeting
from portal.models.referrals import TrackRequest
from portal.queries import apart as apart_queries
from portal.queries import standing
from portal.services import placements, places, visits


class MeetingFacts(TypedDict, total=False):
    """What a meeting is: kind, times, place and people are needed; the rest says what it belongs to."""

    kind: Required[MeetingKind]
    starts_at: Required[datetime]
    ends_at: Required[datetime]
    place_kind: Required[PlaceKind]
    responsible_id: Required[int]
    organisation_id: Required[int]
    case_id: int | None
    enrolment_id: int | None
    round_id: int | None
    request_id: int | None
    step: str | None
    number: int | None
    place: str | None
    theme: str | None
    has_interpreter: bool
    moved_from: datetime | None
    # Which children it is about; none: the family, or her.
    about: Sequence[Child]


def check_place(facts: MeetingFacts) -> None:
    """Where somebody under special protection is met is kept no more than her address (R-107).

    Raises Invalid (`place`).
    """
    case_id = case_of(facts.get("case_id"), facts.get("request_id"))
    if facts.get("place") and case_id is not None and not places.may_keep(case_id):
        raise Invalid(_("With special address protection no place is kept here. Empty the field."), field="place")


def case_of(case_id: int | None, request_id: int | None) -> int | None:
    """Whose meeting it is: of a talk before a decision, the case of the request; None for one about nobody alone."""
    if case_id is None and request_id is not None:
        return db.session.get_one(TrackRequest, request_id).case_id
    return case_id


def check_lives(facts: MeetingFacts) -> None:
    """Nothing with her is planned any more when she has died (R-815). Raises NotNow."""
    if is_with_her(facts["kind"], facts.get("about") or ()):
        _must_live(case_of(facts.get("case_id"), facts.get("request_id")))


def check_still_lives(meeting: Meeting) -> None:
    """The same for a meeting that is planned and gets another time. Raises NotNow."""
    if is_with_her(meeting.kind, ()) and not standing.is_about_children(meeting.id):
        _must_live(case_of(meeting.case_id, meeting.request_id))


def _must_live(case_id: int | None) -> None:
    if case_id is not None and standing.has_died(case_id):
        raise NotNow(DIED)


def check_people(facts: MeetingFacts, *, now: datetime) -> None:
    """She meets nobody whom she must not (R-751), and no volunteer comes while visits wait (R-762).

    Raises AskFirst, NotNow.
    """
    case_id = case_of(facts.get("case_id"), facts.get("request_id"))
    if case_id is None:
        return
    if facts["kind"] in visits.VISITS:
        visits.must_be_on(case_id)
    where, whom = apart_queries.keys_of(case_id, facts["responsible_id"])
    placements.check(PlacementPath.MEETING, where, whom, now=now)
