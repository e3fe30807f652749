"""A course that ends early: somebody has looked at her safety in the last 14 days, or it is kept why not (R-785)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.courses import MissingCheck, ReopenReason
from portal.core.enums import Role
from portal.core.errors import Invalid
from portal.core.kinds import EndReason, SafetyLevel, TrackKind
from portal.core.states import EnrolmentState
from portal.db import db
from portal.domain.last_checks import Unchecked
from portal.domain.risk import Answers
from portal.models.audit import AuditEntry
from portal.models.enrolments import Enrolment
from portal.models.users import Membership
from portal.services import course_returns, enrolments, risk, violence
from tests.factories.enrolments import UNCHECKED, make_enrolment
from tests.factories.people import actor_of, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")
TODAY = local_date(utc_now())
End = Callable[..., None]


def begun() -> tuple[Membership, Enrolment]:
    """A course that began a month ago and is to go on for a month."""
    worker, course = make_enrolment(TrackKind.TRANSITION_SUPPORT, is_started=True)
    course.started_on, course.planned_end_on = TODAY - timedelta(days=30), TODAY + timedelta(days=30)
    db.session.flush()
    return worker, course


def assess(worker: Membership, course: Enrolment, days: int) -> None:
    then = utc_now() - timedelta(days=days)
    risk.assess_safety(
        course.case, level=SafetyLevel.ORDINARY, assessed_on=local_date(then), actor=actor_of(worker), now=then
    )


def ask(worker: Membership, course: Enrolment, days: int) -> None:
    answers = Answers(new_violence=False, unwanted_contact=False, feels_safe=6)
    violence.keep_answers(course.case, answers, actor=actor_of(worker), now=utc_now() - timedelta(days=days))


def end(worker: Membership, course: Enrolment, said: Unchecked | None = None) -> None:
    enrolments.end_early(course, EndReason.HER_WISH, TODAY, None, said, actor=actor_of(worker), now=utc_now())


def complete(worker: Membership, course: Enrolment, said: Unchecked | None = None) -> None:
    enrolments.complete(course, TODAY, said, actor=actor_of(worker), now=utc_now())


def notices(course: Enrolment) -> list[Any]:
    found = sa.select(AuditEntry.reason).where(
        AuditEntry.subject_public_id == course.public_id, AuditEntry.action == Audit.ENROLMENT_UNCHECKED
    )
    return list(db.session.scalars(found))


@pytest.mark.parametrize("finish", [end, complete])
@pytest.mark.parametrize("look", [assess, ask])
def test_a_look_within_fourteen_days_is_enough(finish: End, look: End) -> None:
    worker, course = begun()
    look(worker, course, 14)
    finish(worker, course)
    assert (course.ended_on, course.unchecked_reason, notices(course)) == (TODAY, None, [])


@pytest.mark.parametrize("finish", [end, complete])
@pytest.mark.parametrize("look", [assess, ask])
def test_an_older_look_asks_for_one_or_for_why_not(finish: End, look: End) -> None:
    worker, course = begun()
    look(worker, course, 15)
    with pytest.raises(Invalid) as refusal:
        finish(worker, course)
    assert (refusal.value.field, course.state) == ("unchecked", EnrolmentState.ACTIVE)
    finish(worker, course, Unchecked(MissingCheck.ELSEWHERE, "Hendes sagsbehandler"))
    assert (course.unchecked_reason, course.checked_by) == (MissingCheck.ELSEWHERE, "Hendes sagsbehandler")
    assert notices(course) == ["elsewhere"]


def test_a_look_at_another_womans_safety_does_not_count() -> None:
    worker, course = begun()
    other = make_case(worker)
    risk.assess_safety(other, level=SafetyLevel.ORDINARY, assessed_on=TODAY, actor=actor_of(worker), now=utc_now())
    with pytest.raises(Invalid):
        end(worker, course)


def test_what_was_said_is_not_kept_where_somebody_has_looked() -> None:
    worker, course = begun()
    assess(worker, course, 1)
    end(worker, course, UNCHECKED)
    assert (course.unchecked_reason, notices(course)) == (None, [])


def test_the_planned_end_and_a_death_ask_for_nothing() -> None:
    worker, course = begun()
    course.planned_end_on = TODAY
    complete(worker, course)
    worker, other = begun()
    enrolments.end_early(other, EndReason.DIED, TODAY, actor=actor_of(worker), now=utc_now())
    assert (course.state, other.state) == (EnrolmentState.COMPLETED, EnrolmentState.ENDED_EARLY)
    assert notices(course) == notices(other) == []


def test_a_place_that_never_became_a_course_asks_for_nothing() -> None:
    worker, course = make_enrolment(TrackKind.TRANSITION_SUPPORT)
    enrolments.never_started(course, EndReason.HER_WISH, actor=actor_of(worker), now=utc_now())
    assert (course.state, course.ended_on) == (EnrolmentState.NEVER_STARTED, TODAY)


def test_whoever_sees_nothing_of_her_safety_learns_only_that_somebody_looked() -> None:
    worker, course = begun()
    assess(worker, course, 3)
    colleague = make_member(Role.PROGRAMME_WORKER, worker.organisation)
    end(colleague, course)
    assert course.state is EnrolmentState.ENDED_EARLY


def test_a_course_that_goes_on_is_asked_again_when_it_ends() -> None:
    worker, course = begun()
    end(worker, course, Unchecked(MissingCheck.ELSEWHERE, "Krisetelefonen"))
    lead, course_id, public_id = make_member(Role.PROGRAMME_LEAD, worker.organisation), course.id, course.public_id
    course_returns.reopen(public_id, ReopenReason.MISTAKE, actor=actor_of(lead), now=utc_now() + timedelta(minutes=1))
    db.session.expire_all()
    again = db.session.get_one(Enrolment, course_id)
    assert (again.state, again.unchecked_reason, again.checked_by) == (EnrolmentState.ACTIVE, None, None)
    with pytest.raises(Invalid):
        end(worker, again)
