"""Follow-ups: planned once, scored only when whole, and honest when nobody was asked."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.clock import utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Conflict, Forbidden, Invalid, NotNow
from portal.core.kinds import TrackKind
from portal.core.measures import AskedHow, FollowUpPoint, InstrumentKey, Phase
from portal.core.states import DeadlineState, FollowUpState
from portal.db import db
from portal.domain.followup_steps import WORKFLOW, Action, forms_for
from portal.models.deadlines import Deadline
from portal.models.followups import FollowUp, Measure, MeasureValue
from portal.queries import followups as queries
from portal.services import course_workers, followup_answers, followups
from tests.factories.followups import Followed, full_answers, make_followed
from tests.factories.people import actor_of, make_member

pytestmark = pytest.mark.usefixtures("session")
DAY = timedelta(days=1)


def deadlines_of(follow_up: FollowUp, kind: DeadlineKind = DeadlineKind.FOLLOW_UP) -> list[DeadlineState]:
    return list(
        db.session.scalars(
            sa.select(Deadline.state).where(Deadline.case_id == follow_up.case_id, Deadline.kind == kind)
        )
    )


def fill(made: Followed, answers: dict[InstrumentKey, dict[str, int]], **changes: object) -> followup_answers.Saved:
    follow_up = made.follow_up()
    given: dict[str, object] = {
        "mode": AskedHow.TOGETHER,
        "is_done": True,
        "version": follow_up.version,
        "actor": actor_of(made.worker),
        "now": utc_now(),
    }
    return followup_answers.fill_in(follow_up, answers, **given | changes)  # type: ignore[arg-type]


def test_planning_twice_is_one_follow_up_and_one_row_on_the_list() -> None:
    made, now = make_followed(), utc_now()
    first = made.follow_up()
    followups.plan_start(made.enrolment, on=first.due_on, actor=SYSTEM, now=now)
    followups.plan_start(made.enrolment, on=first.due_on + 3 * DAY, actor=SYSTEM, now=now)
    db.session.expire_all()
    assert made.follow_up().due_on == first.due_on
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FollowUp)) == 1
    assert deadlines_of(first) == [DeadlineState.OPEN]


def test_the_end_plans_itself_and_three_months_after_and_drops_phases_that_never_came() -> None:
    made, now = make_followed(), utc_now()
    ahead, today = date(2027, 5, 1), made.follow_up().due_on
    followups.plan_phase_change(made.enrolment, Phase.P2, on=ahead, actor=SYSTEM, now=now)
    for _ in range(2):
        followups.plan_end(made.enrolment, ended_on=today, actor=SYSTEM, now=now)
    rows = db.session.execute(sa.select(FollowUp.point, FollowUp.state).order_by(FollowUp.due_on, FollowUp.id)).all()
    assert [(point.value, state.value) for point, state in rows] == [
        ("start", "due"),
        ("end", "due"),
        ("after_3", "planned"),
        ("phase_2", "cancelled"),
    ]
    assert sorted(deadlines_of(made.follow_up())) == ["cancelled", "open", "open", "open"]


def test_a_grant_is_not_followed_up() -> None:
    made = make_followed(TrackKind.INDIVIDUAL_COUNSELLING, begins=False)
    made.enrolment.kind = TrackKind.GRANT
    followups.plan_start(made.enrolment, on=date(2026, 11, 21), actor=SYSTEM, now=utc_now())
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FollowUp)) == 0


def test_whole_forms_have_scores_and_leave_the_list() -> None:
    made = make_followed()
    keys = forms_for(TrackKind.CTI, FollowUpPoint.START, Role.PROGRAMME_WORKER)
    saved = fill(made, full_answers(*keys) | full_answers(InstrumentKey.WHO5, value=3))
    follow_up = made.follow_up()
    assert (saved.state, follow_up.state) == (FollowUpState.COMPLETED, FollowUpState.COMPLETED)
    scores = {key: row.score for key, row in queries.measures_of(follow_up).items()}
    assert scores[InstrumentKey.WHO5] == 60
    assert scores[InstrumentKey.EXPOSURE] == 0
    assert scores[InstrumentKey.DOMAIN_RATING] is None
    assert deadlines_of(follow_up) == [DeadlineState.DONE]
    assert queries.curves(actor_of(made.worker), made.case.id)[InstrumentKey.WHO5][0][2] == 60


def test_a_form_with_a_gap_has_no_score_and_the_follow_up_is_partly_completed() -> None:
    made = make_followed()
    saved = fill(made, {InstrumentKey.WHO5: {"w1": 5, "w2": 5, "w3": 5, "w4": 5}}, is_done=False)
    measure = db.session.scalars(sa.select(Measure)).one()
    assert (saved.state, measure.score, measure.band) == (FollowUpState.PARTLY_COMPLETED, None, None)
    assert deadlines_of(made.follow_up()) == [DeadlineState.OPEN]
    assert InstrumentKey.WHO5 not in queries.curves(actor_of(made.worker), made.case.id)
    fill(made, {InstrumentKey.WHO5: {f"w{n}": 5 for n in range(1, 6)}})
    assert db.session.scalars(sa.select(Measure.score)).one() == 100
    assert made.follow_up().state is FollowUpState.PARTLY_COMPLETED


def test_violence_by_form_is_kept_as_values_and_rewritten_without_doubles() -> None:
    made = make_followed()
    fill(made, full_answers(InstrumentKey.EXPOSURE) | {InstrumentKey.SAFETY_FEELING: {"safety": 6}}, is_done=False)
    answers = full_answers(InstrumentKey.EXPOSURE)
    answers[InstrumentKey.EXPOSURE]["digital"] = 1
    fill(made, answers)
    rows = dict(db.session.execute(sa.select(MeasureValue.item, MeasureValue.value)).all())
    assert (len(rows), rows["digital"], sum(rows.values())) == (8, 1, 1)
    assert set(queries.measures_of(made.follow_up())) == {InstrumentKey.EXPOSURE}


def test_feeling_unsafe_asks_for_a_call_within_a_day() -> None:
    made = make_followed()
    saved = fill(made, {InstrumentKey.SAFETY_FEELING: {"safety": 3}})
    row = db.session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.WELFARE_CHECK)).one()
    assert saved.needs_check
    assert (row.owner_id, row.subject_public_id) == (made.worker.user_id, made.case.public_id)


@pytest.mark.parametrize(
    "answers",
    [{}, {InstrumentKey.WHO5: {"w1": 6}}, {InstrumentKey.WHO5: {"w9": 1}}, {InstrumentKey.PCL5: {"q1": 1}}],
)
def test_answers_off_the_scale_or_none_at_all_are_refused(answers: dict[InstrumentKey, dict[str, int]]) -> None:
    with pytest.raises(Invalid):
        fill(make_followed(), answers)


def test_an_old_page_is_a_conflict_and_another_role_is_refused() -> None:
    made = make_followed()
    answers = {InstrumentKey.SAFETY_FEELING: {"safety": 6}}
    with pytest.raises(Conflict):
        fill(made, answers, version=made.follow_up().version - 1)
    with pytest.raises(Forbidden):
        fill(made, answers, actor=actor_of(make_member(Role.HOUSING_COORDINATOR)))


@pytest.mark.parametrize(("days", "can"), [(-15, False), (-14, True), (14, True), (44, True), (45, False)])
def test_it_is_filled_in_within_its_days_and_thirty_more(days: int, can: bool) -> None:
    made = make_followed()
    given = {"now": utc_now() + days * DAY}
    if can:
        assert fill(made, {InstrumentKey.SAFETY_FEELING: {"safety": 6}}, **given).state is not None
    else:
        with pytest.raises(NotNow):
            fill(made, {InstrumentKey.SAFETY_FEELING: {"safety": 6}}, **given)


@pytest.mark.parametrize("action", [Action.DECLINED, Action.UNREACHABLE, Action.SKIPPED_UNSAFE])
def test_no_answer_is_written_down_honestly_and_nothing_is_filled_in(action: Action) -> None:
    made = make_followed()
    actor, now = actor_of(made.worker), utc_now()
    followup_answers.code(made.follow_up(), action, reason="Ikke alene", actor=actor, now=now)
    follow_up = made.follow_up()
    assert follow_up.state.value == action.value
    assert deadlines_of(follow_up) == [DeadlineState.DONE]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Measure)) == 0
    assert len(deadlines_of(follow_up, DeadlineKind.WELFARE_CHECK)) == (action is Action.SKIPPED_UNSAFE)


def test_unsafe_needs_a_word_of_why() -> None:
    made = make_followed()
    with pytest.raises(Invalid):
        followup_answers.code(
            made.follow_up(), Action.SKIPPED_UNSAFE, reason=" ", actor=actor_of(made.worker), now=utc_now()
        )


@pytest.mark.parametrize("state", list(FollowUpState))
@pytest.mark.parametrize("action", list(Action))
def test_every_state_and_action(state: FollowUpState, action: Action) -> None:
    made = make_followed()
    follow_up, actor, now = made.follow_up(), actor_of(made.worker), utc_now()
    follow_up.state = state
    db.session.flush()

    def act() -> None:
        if action is Action.FILL_IN:
            fill(made, {InstrumentKey.SAFETY_FEELING: {"safety": 6}})
        else:
            followup_answers.code(follow_up, action, reason="ja", actor=actor, now=now)

    if state in WORKFLOW[action].sources:
        act()
    else:
        with pytest.raises(NotNow):
            act()


def test_the_night_opens_and_expires_and_clears_the_list_thirty_days_later() -> None:
    made, now = make_followed(), utc_now()
    follow_up = made.follow_up()
    followups.plan_end(made.enrolment, ended_on=follow_up.due_on, actor=SYSTEM, now=now)
    assert followups.expire_overdue(actor=SYSTEM, now=now) == 0
    assert followups.expire_overdue(actor=SYSTEM, now=now + 15 * DAY) == 2
    db.session.expire_all()
    assert made.follow_up().state is FollowUpState.EXPIRED
    assert DeadlineState.CANCELLED not in deadlines_of(follow_up)
    followups.expire_overdue(actor=SYSTEM, now=now + 46 * DAY)
    db.session.expire_all()
    assert deadlines_of(follow_up).count(DeadlineState.CANCELLED) == 2


def test_only_the_team_sees_scores() -> None:
    made = make_followed()
    fill(made, {InstrumentKey.SAFETY_FEELING: {"safety": 6}})
    for role in Role:
        if role is not Role.SYSTEM:
            stranger = actor_of(make_member(role, made.worker.organisation))
            assert queries.curves(stranger, made.case.id) == {}
            assert queries.list_for_case(stranger, made.case.id) == []


def test_a_course_that_is_handed_over_takes_its_follow_ups_along() -> None:
    made = make_followed()
    other = make_member(Role.PROGRAMME_WORKER, made.worker.organisation)
    course_workers.hand_to(made.enrolment, other.user_id, actor=actor_of(made.worker), now=utc_now())
    owner = db.session.scalar(sa.select(Deadline.owner_id).where(Deadline.kind == DeadlineKind.FOLLOW_UP))
    assert owner == other.user_id
