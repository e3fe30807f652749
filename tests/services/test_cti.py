"""CTI through the services: T0 on 30 November and what it moves."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.courses import PauseReason, T0Reason
from portal.core.deadlines import DeadlineKind
from portal.core.errors import Invalid, NotNow
from portal.core.kinds import EndReason, TrackKind
from portal.core.measures import FollowUpPoint, Phase
from portal.core.states import DeadlineState
from portal.db import db
from portal.models.cti import CtiCourse
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.followups import FollowUp
from portal.queries import cti as queries
from portal.services import cti, enrolments
from tests.factories.enrolments import UNCHECKED, make_enrolment
from tests.factories.people import actor_of

pytestmark = pytest.mark.usefixtures("session")
T0 = date(2026, 11, 30)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(11), UTC)


def due(course: Enrolment) -> dict[str, date]:
    rows = db.session.execute(
        sa.select(Deadline.kind, Deadline.due_on).where(
            Deadline.subject_public_id == course.public_id, Deadline.state == DeadlineState.OPEN
        )
    )
    return {kind.value: day for kind, day in rows if kind is not DeadlineKind.FIRST_CONTACT}


def moved_in() -> tuple[Actor, Enrolment, CtiCourse]:
    worker, course = make_enrolment(TrackKind.CTI, is_started=True)
    cti.note_move(course.case_id, T0, actor=actor_of(worker), now=noon(T0))
    return actor_of(worker), course, queries.get_course(course)


def to_phase(phase: Phase, actor: Actor, course: Enrolment, one: CtiCourse) -> None:
    for reached, day in ((Phase.P2, date(2027, 2, 28)), (Phase.P3, date(2027, 5, 30))):
        if one.phase is phase:
            return
        cti.advance_phase(one, course, actor=actor, now=noon(day))
        assert one.phase is reached


def test_the_move_begins_phase_one_and_sets_every_day() -> None:
    _actor, course, one = moved_in()
    assert (one.t0, one.phase, course.planned_end_on) == (T0, Phase.P1, date(2027, 8, 30))
    assert due(course) == {
        "cti_phase_plan": date(2026, 12, 14),
        "cti_phase_change": date(2027, 2, 28),
        "cti_legal_basis": date(2027, 4, 30),
        "course_end": date(2027, 8, 30),
    }


@pytest.mark.parametrize(("days", "is_time"), [(-8, False), (-7, True), (0, True), (40, True)])
def test_a_phase_changes_from_seven_days_before_its_day(days: int, is_time: bool) -> None:
    actor, course, one = moved_in()
    now = noon(date(2027, 2, 28) + timedelta(days=days))
    if not is_time:
        with pytest.raises(NotNow):
            cti.advance_phase(one, course, actor=actor, now=now)
        return
    cti.advance_phase(one, course, actor=actor, now=now)
    assert one.phase is Phase.P2
    assert due(course)["cti_phase_change"] == date(2027, 5, 30)
    assert due(course)["cti_phase_plan"] == date(2027, 3, 14)


def test_each_phase_change_plans_her_follow_up_once() -> None:
    actor, course, one = moved_in()
    to_phase(Phase.P3, actor, course, one)
    points = list(db.session.scalars(sa.select(FollowUp.point).where(FollowUp.enrolment_id == course.id)))
    assert sorted(point.value for point in points) == ["phase_2", "phase_3", "start"]
    with pytest.raises(NotNow):
        cti.advance_phase(one, course, actor=actor, now=noon(date(2027, 8, 30)))


def test_a_second_move_does_not_move_a_course_that_has_begun() -> None:
    actor, course, one = moved_in()
    cti.note_move(course.case_id, date(2026, 12, 5), actor=actor, now=noon(date(2026, 12, 6)))
    assert one.t0 == T0


def test_a_new_day_zero_moves_every_date_and_keeps_the_phase() -> None:
    actor, course, one = moved_in()
    now = noon(date(2026, 12, 10))
    cti.change_t0(one, course, date(2026, 12, 1), T0Reason.WRONG_DATE, actor=actor, now=now)
    assert (one.phase, course.planned_end_on) == (Phase.P1, date(2027, 9, 1))
    assert due(course)["cti_phase_change"] == date(2027, 3, 1)
    with pytest.raises(Invalid):
        cti.change_t0(one, course, date(2026, 12, 1), T0Reason.WRONG_DATE, actor=actor, now=now)
    with pytest.raises(Invalid):
        cti.change_t0(one, course, date(2026, 12, 20), T0Reason.MOVED_LATER, actor=actor, now=now)


def test_a_pause_moves_nothing_and_only_a_paused_course_is_begun_anew() -> None:
    actor, course, one = moved_in()
    now, day = noon(date(2027, 3, 10)), date(2027, 3, 8)
    to_phase(Phase.P2, actor, course, one)
    with pytest.raises(NotNow):
        cti.change_t0(one, course, day, T0Reason.RESTART, actor=actor, now=now)
    before = due(course)
    enrolments.pause(course, PauseReason.BACK_AT_CENTRE, date(2027, 4, 1), actor=actor, now=now)
    assert one.t0 == T0
    assert before.items() <= due(course).items()
    cti.change_t0(one, course, day, T0Reason.RESTART, actor=actor, now=now)
    assert (one.phase, due(course)["course_end"]) == (Phase.P1, date(2027, 12, 8))


def test_a_plan_takes_the_deadline_off_and_is_looked_back_on() -> None:
    actor, course, one = moved_in()
    now = noon(date(2026, 12, 10))
    with pytest.raises(NotNow):
        cti.review_phase(one, course, Phase.P1, "Godt i gang", actor=actor, now=now)
    with pytest.raises(Invalid):
        cti.write_plan(one, course, Phase.P3, ["safety"], "", actor=actor, now=now)
    plan = cti.write_plan(one, course, Phase.P1, ["safety", "network"], "Ringe til hendes søster", actor=actor, now=now)
    assert "cti_phase_plan" not in due(course)
    cti.review_phase(one, course, Phase.P1, "Godt i gang", actor=actor, now=now)
    assert plan.reviewed_on == date(2026, 12, 10)


def test_the_late_basis_is_written_once_and_leaves_the_list() -> None:
    actor, course, one = moved_in()
    with pytest.raises(Invalid):
        cti.record_basis(one, course, "  ", actor=actor, now=noon(T0))
    cti.record_basis(one, course, "Bevilling fra puljen", actor=actor, now=noon(T0))
    to_phase(Phase.P2, actor, course, one)
    assert "cti_legal_basis" not in due(course)


def test_a_course_is_completed_from_month_eight_and_ended_early_before() -> None:
    actor, course, one = moved_in()
    course.started_on = T0
    to_phase(Phase.P3, actor, course, one)
    early = date(2027, 7, 29)
    with pytest.raises(NotNow):
        enrolments.complete(course, early, unchecked=UNCHECKED, actor=actor, now=noon(early))
    enrolments.complete(course, date(2027, 7, 30), unchecked=UNCHECKED, actor=actor, now=noon(date(2027, 7, 30)))
    assert one.phase is Phase.ENDED


def test_back_at_a_centre_is_a_pause_not_an_end() -> None:
    actor, course, one = moved_in()
    course.started_on = T0
    with pytest.raises(Invalid):
        enrolments.end_early(course, EndReason.BACK_AT_CENTRE, T0, unchecked=UNCHECKED, actor=actor, now=noon(T0))
    enrolments.end_early(course, EndReason.MOVED_AWAY, T0, unchecked=UNCHECKED, actor=actor, now=noon(T0))
    assert (one.phase, due(course)) == (Phase.ENDED, {})


def test_a_planned_move_of_a_course_to_come_builds_contact_until_its_day() -> None:
    worker, course = make_enrolment(TrackKind.CTI, is_started=True)
    actor, one = actor_of(worker), queries.get_course(course)
    before = T0 - timedelta(days=10)
    cti.change_t0(one, course, T0, T0Reason.MOVED_LATER, actor=actor, now=noon(before))
    assert (one.phase, course.planned_end_on) == (Phase.PRE, date(2027, 8, 30))
    assert due(course)["cti_phase_change"] == T0
    with pytest.raises(Invalid) as refusal:
        cti.change_t0(one, course, T0, T0Reason.WRONG_DATE, actor=actor, now=noon(before))
    assert refusal.value.field == "t0"
    # The first change of phase is no follow-up of its own: her start is asked at when the course begins.
    cti.advance_phase(one, course, actor=actor, now=noon(T0))
    points = db.session.scalars(sa.select(FollowUp.point).where(FollowUp.enrolment_id == course.id)).all()
    assert one.phase is Phase.P1
    assert FollowUpPoint.PHASE_2 not in points


def test_a_move_that_is_still_to_come_counts_but_does_not_begin_phase_one() -> None:
    worker, course = make_enrolment(TrackKind.CTI, is_started=True)
    cti.note_move(course.case_id, T0, actor=actor_of(worker), now=noon(T0 - timedelta(days=3)))
    one = queries.get_course(course)
    assert (one.t0, one.phase) == (T0, Phase.PRE)
    cti.note_move(course.case_id, T0, actor=actor_of(worker), now=noon(T0))
    assert queries.get_course(course).phase is Phase.P1


def test_a_running_course_does_not_count_from_a_day_ahead() -> None:
    actor, course, one = moved_in()
    with pytest.raises(Invalid) as refusal:
        cti.change_t0(one, course, T0 + timedelta(days=2), T0Reason.MOVED_LATER, actor=actor, now=noon(T0))
    assert (refusal.value.field, one.t0) == ("t0", T0)


def test_a_plan_is_rewritten_in_place_and_an_empty_look_back_is_none() -> None:
    actor, course, one = moved_in()
    given = {"actor": actor, "now": noon(T0)}
    first = cti.write_plan(one, course, Phase.P1, ["safety"], "Sikkerhed først", **given)
    again = cti.write_plan(one, course, Phase.P1, ["network", "finances"], " ", **given)
    assert (again.id, again.areas, again.plan) == (first.id, ["network", "finances"], None)
    with pytest.raises(Invalid) as refusal:
        cti.review_phase(one, course, Phase.P1, "  ", **given)
    assert (refusal.value.field, again.reviewed_on) == ("review", None)


def test_an_ended_course_is_not_planned_any_more() -> None:
    actor, course, one = moved_in()
    enrolments.end_early(course, EndReason.HER_WISH, T0, unchecked=UNCHECKED, actor=actor, now=noon(T0))
    for change in (
        lambda: cti.change_t0(one, course, T0 - timedelta(days=1), T0Reason.WRONG_DATE, actor=actor, now=noon(T0)),
        lambda: cti.write_plan(one, course, Phase.P1, ["safety"], "", actor=actor, now=noon(T0)),
        lambda: cti.record_basis(one, course, "§ 85", actor=actor, now=noon(T0)),
    ):
        with pytest.raises(NotNow):
            change()
