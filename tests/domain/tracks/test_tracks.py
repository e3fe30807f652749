"""All kinds of courses answer the same five questions."""

from datetime import date, timedelta
from typing import Any

import pytest

from portal.core.errors import Invalid
from portal.core.kinds import MeetingKind, TrackKind
from portal.core.measures import FollowUpPoint, Phase
from portal.core.states import CounsellingState, EnrolmentState
from portal.domain.tracks import TRACKS, Facts
from portal.domain.tracks.cti import check_areas, closing_from
from portal.services.reference import list_programmes

START = date(2026, 11, 30)
TODAY = date(2026, 12, 1)
LIVE = (EnrolmentState.PROPOSED, EnrolmentState.ACTIVE, EnrolmentState.PAUSED)


def facts(state: EnrolmentState = EnrolmentState.ACTIVE, **more: Any) -> Facts:
    return Facts(state=state, created_on=START, started_on=START, **more)


def rules(key: str) -> dict[str, Any]:
    return next(row for row in list_programmes() if row["key"] == key)


def test_every_kind_is_in_the_registry_under_its_own_name() -> None:
    assert set(TRACKS) == set(TrackKind)
    assert all(track.kind is kind for kind, track in TRACKS.items())


@pytest.mark.parametrize("kind", TrackKind)
@pytest.mark.parametrize("state", EnrolmentState)
def test_every_kind_says_what_is_next_and_when_it_ends_in_every_state(kind: TrackKind, state: EnrolmentState) -> None:
    track, known = TRACKS[kind], facts(state, pause_review_on=START)
    assert str(track.next_step(known).text)
    assert str(track.end_rule({}, known).sentence)
    assert isinstance(track.is_late(known, TODAY), bool)
    assert all(isinstance(one.kind, MeetingKind) for one in track.schedules({}))
    assert all(isinstance(point, FollowUpPoint) for point in track.asks({}))


@pytest.mark.parametrize("kind", [kind for kind in TrackKind if kind is not TrackKind.GRANT])
def test_the_first_contact_is_late_after_seven_days(kind: TrackKind) -> None:
    waiting = facts(EnrolmentState.PROPOSED)
    assert not TRACKS[kind].is_late(waiting, START + timedelta(days=7))
    assert TRACKS[kind].is_late(waiting, START + timedelta(days=8))


@pytest.mark.parametrize(
    ("key", "kind", "known", "end"),
    [
        ("cti-women", TrackKind.CTI, {"t0": START, "phase": Phase.P1}, date(2027, 8, 30)),
        ("cti-women", TrackKind.CTI, {"t0": None, "phase": Phase.PRE}, None),
        ("coordinating-counselling", TrackKind.COORDINATING_COUNSELLING, {"own_start_on": START}, date(2027, 5, 30)),
        ("dannerboligerne", TrackKind.HOUSING, {"own_start_on": START}, date(2028, 11, 30)),
        ("dannerboligerne", TrackKind.HOUSING, {}, None),
        ("fra-bolig-til-hjem", TrackKind.FURNISHING, {}, date(2027, 4, 30)),
        ("danner-aftercare-group", TrackKind.GROUP, {"own_start_on": START}, START + timedelta(weeks=20)),
        ("psychologist-hours", TrackKind.ENTITLEMENT, {}, None),
        ("qnet", TrackKind.VOLUNTEER_NETWORK, {}, None),
        ("danner-individual-counselling", TrackKind.INDIVIDUAL_COUNSELLING, {}, None),
        ("danner-transition-support", TrackKind.TRANSITION_SUPPORT, {}, None),
        ("start-up-grant", TrackKind.GRANT, {}, None),
    ],
)
def test_the_end_follows_the_programmes_own_rule(
    key: str, kind: TrackKind, known: dict[str, Any], end: date | None
) -> None:
    assert TRACKS[kind].end_rule(rules(key), facts(**known)).on == end


@pytest.mark.parametrize(
    ("phase", "has_plan", "due"),
    [
        (Phase.P1, False, date(2026, 12, 14)),
        (Phase.P1, True, date(2027, 2, 28)),
        (Phase.P2, True, date(2027, 5, 30)),
        (Phase.P3, True, date(2027, 8, 30)),
    ],
)
def test_the_next_step_of_cti_is_the_plan_and_then_the_calendar(phase: Phase, has_plan: bool, due: date) -> None:
    step = TRACKS[TrackKind.CTI].next_step(facts(t0=START, phase=phase, has_phase_plan=has_plan))
    assert step.due == due


def test_cti_asks_at_every_phase_change_and_hours_ask_nothing() -> None:
    assert TRACKS[TrackKind.CTI].asks({}) == (
        FollowUpPoint.START, FollowUpPoint.PHASE_2, FollowUpPoint.PHASE_3, FollowUpPoint.END, FollowUpPoint.AFTER_3,
    )  # fmt: skip
    assert TRACKS[TrackKind.ENTITLEMENT].asks({}) == ()


def test_the_ambulatory_group_meets_fifteen_times_two_hours() -> None:
    (series,) = TRACKS[TrackKind.GROUP].schedules(rules("ambulatory-group"))
    assert (series.count_min, series.count_max, series.minutes) == (15, 15, 120)


def test_the_counselling_waits_for_offer_and_answer() -> None:
    track = TRACKS[TrackKind.COORDINATING_COUNSELLING]
    texts = {str(track.next_step(facts(EnrolmentState.PROPOSED, counselling=state)).text) for state in CounsellingState}
    assert len(texts) >= 4


@pytest.mark.parametrize(
    ("areas", "is_fine"),
    [
        ([], False),
        (["safety"], True),
        (["safety", "safety"], True),
        (["safety", "network", "finances"], True),
        (["safety", "network", "finances", "housing"], False),
        (["astrology"], False),
    ],
)
def test_a_phase_has_one_to_three_areas(areas: list[str], is_fine: bool) -> None:
    if is_fine:
        assert check_areas(areas) == tuple(dict.fromkeys(areas))
    else:
        with pytest.raises(Invalid):
            check_areas(areas)


def test_nobody_is_let_go_before_month_eight() -> None:
    assert closing_from(START) == date(2027, 7, 30)


@pytest.mark.parametrize(
    ("kind", "known", "page", "due"),
    [
        (TrackKind.COURSE, {}, "meetings.new", None),
        (TrackKind.COURSE, {"next_meeting_on": TODAY}, "meetings.week", TODAY),
        (TrackKind.TRANSITION_SUPPORT, {}, "meetings.new", None),
        (TrackKind.TRANSITION_SUPPORT, {"next_meeting_on": TODAY}, "meetings.week", TODAY),
        (TrackKind.GROUP, {}, "groups.index", None),
        (TrackKind.GROUP, {"has_own_row": True, "next_meeting_on": TODAY}, "groups.detail", TODAY),
        (TrackKind.HOUSING, {}, "housing.board", None),
        (TrackKind.HOUSING, {"has_own_row": True, "own_end_on": TODAY}, "housing.tenancy", TODAY),
        (TrackKind.VOLUNTEER_NETWORK, {}, "volunteers.match", None),
        (TrackKind.VOLUNTEER_NETWORK, {"has_own_row": True, "next_meeting_on": TODAY}, "volunteers.match", TODAY),
        (TrackKind.ENTITLEMENT, {"minutes_total": 600, "minutes_used": 540}, "counselling.hours", None),
        (TrackKind.ENTITLEMENT, {"minutes_total": 600, "minutes_used": 600}, None, None),
        (TrackKind.CTI, {"t0": START, "phase": Phase.ENDED, "has_phase_plan": True}, "cti.detail", date(2027, 8, 30)),
    ],
)
def test_a_running_course_says_on_which_page_the_next_thing_is_done_and_by_when(
    kind: TrackKind, known: dict[str, Any], page: str | None, due: date | None
) -> None:
    step = TRACKS[kind].next_step(facts(**known))
    assert (step.endpoint, step.due) == (page, due)


def test_a_place_without_a_worker_asks_first_for_somebody_to_take_it() -> None:
    track = TRACKS[TrackKind.COURSE]
    taken, free = facts(EnrolmentState.PROPOSED), facts(EnrolmentState.PROPOSED, has_worker=False)
    assert track.next_step(taken).text != track.next_step(free).text
    assert track.next_step(taken).due == track.next_step(free).due == START + timedelta(days=7)


@pytest.mark.parametrize(
    ("months", "started_on", "end"),
    [
        (6, START, date(2027, 5, 30)),
        ({"min": 3, "max": 4}, START, date(2027, 3, 30)),
        (6, None, None),
        (None, START, None),
    ],
)
def test_a_plain_course_ends_after_the_months_that_its_programme_names(
    months: object, started_on: date | None, end: date | None
) -> None:
    known = Facts(state=EnrolmentState.ACTIVE, created_on=START, started_on=started_on)
    written = {} if months is None else {"facts": {"duration_months": months}}
    assert TRACKS[TrackKind.COURSE].end_rule(written, known).on == end
