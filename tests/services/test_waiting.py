"""A fair waiting list: its order, who is passed and why, and that nobody falls off it in silence."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.core.kinds import DeclineReason, MarkKind, MarkReason, WaitingOrder
from portal.core.states import DeadlineState, RequestState
from portal.models.audit import AuditEntry
from portal.models.deadlines import Deadline
from portal.models.waiting import WaitingMark
from portal.queries import asked_offers, candidates
from portal.queries import requests as request_queries
from portal.queries import waiting as queries
from portal.services import children, declining, requests, waiting
from portal.services.children import ChildRecord
from tests.factories.people import actor_of, make_member
from tests.factories.referrals import Made, make_offer, make_programme, make_request, offer_place

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
TEXT = "Hun skal ud af sin bolig på fredag."


def make_list(order: str = "first_come", many: int = 3) -> list[Made]:
    """So many who wait for one offer, each a day after the one before; the later one moves sooner."""
    offer = make_offer(waiting_order=order)
    intake = make_member(Role.INTAKE, offer.organisation, now=NOW)
    made = [
        make_request(RequestState.WAITLISTED, offer=offer, intake=intake, now=NOW + timedelta(days=day))
        for day in range(many)
    ]
    for number, one in enumerate(made):
        one.case.planned_move_on = local_date(NOW) + timedelta(days=90 - number * 20)
    return made


def order_of(made: list[Made]) -> list[int]:
    order = WaitingOrder(made[0].offer.programme.rules["waiting_order"])
    rows, _next = queries.list_waiting(actor_of(made[0].intake), made[0].offer, order, now=NOW)
    return [[one.request.id for one in made].index(row.id) for row in rows]


@pytest.mark.parametrize(("order", "wanted"), [("first_come", [0, 1, 2]), ("leaving_date", [2, 1, 0])])
def test_the_list_goes_by_the_programmes_own_rule(session: Any, order: str, wanted: list[int]) -> None:
    made = make_list(order)
    session.flush()
    assert order_of(made) == wanted
    positions = [request_queries.position_of(made[number].request) for number in wanted]
    assert positions == [1, 2, 3]


def test_whoever_has_most_children_comes_first_where_the_programme_says_so(session: Any) -> None:
    made = make_list("children_first")
    for number, count in ((1, 2), (2, 1)):
        for year in range(count):
            children.add(
                made[number].case,
                ChildRecord(birth_year=2018 + year, is_along=True),
                actor=actor_of(made[number].sender),
                now=NOW,
            )
    assert order_of(made) == [1, 2, 0]
    assert request_queries.position_of(made[0].request) == 3


def test_nobody_is_taken_before_others_without_a_reason_that_stands_with_all_of_them(session: Any) -> None:
    made = make_list()
    last, actor = made[2], actor_of(made[0].intake)
    later = NOW + timedelta(days=4)
    with pytest.raises(Invalid) as refused:
        offer_place(last, now=later)
    assert refused.value.field == "reason" and last.request.state is RequestState.WAITLISTED
    with pytest.raises(Invalid) as refused:
        requests.offer_place(last.request, actor=actor, now=later, reason=MarkReason.MOVES_SOON, text="kort")
    assert refused.value.field == "text"
    requests.offer_place(last.request, actor=actor, now=later, reason=MarkReason.MOVES_SOON, text=TEXT)
    marks = {mark.request_id: mark for mark in session.scalars(sa.select(WaitingMark))}
    assert marks[last.request.id].kind is MarkKind.TAKEN_BEFORE and marks[last.request.id].text == TEXT
    for one in made[:2]:
        mark = marks[one.request.id]
        assert (mark.kind, mark.reason, mark.text) == (MarkKind.PASSED, MarkReason.MOVES_SOON, None)
        assert mark.case_id == one.case.id
    actions = list(session.scalars(sa.select(AuditEntry.action)))
    assert actions.count("request:passed") == 2 and actions.count("request:taken_before") == 1
    rows, _next = queries.list_waiting(actor, last.offer, WaitingOrder.FIRST_COME, now=later)
    assert [row.is_passed for row in rows] == [True, True]


def test_a_new_referral_does_not_slip_in_before_those_who_wait(session: Any) -> None:
    made = make_list(many=1)
    fresh = make_request(offer=made[0].offer, intake=made[0].intake, now=NOW + timedelta(days=1))
    requests.take(fresh.request, actor=actor_of(fresh.intake), now=NOW + timedelta(days=1))
    with pytest.raises(Invalid):
        offer_place(fresh, now=NOW + timedelta(days=1))


def test_whoever_was_left_out_with_a_reason_is_not_passed_and_keeps_her_place(session: Any) -> None:
    made = make_list(many=2)
    first, actor, later = made[0], actor_of(made[0].intake), NOW + timedelta(days=3)
    with pytest.raises(Invalid):
        waiting.skip(first.request, None, TEXT, actor=actor, now=later)
    waiting.skip(first.request, MarkReason.ROOM_DOES_NOT_FIT, "Lejligheden har kun ét værelse.", actor=actor, now=later)
    offer_place(made[1], now=later)
    assert made[1].request.state is RequestState.OFFERED
    assert request_queries.position_of(first.request) == 1
    kinds = list(session.scalars(sa.select(WaitingMark.kind)))
    assert kinds == [MarkKind.SKIPPED]


def test_a_skip_counts_for_the_place_that_is_free_now_alone(session: Any) -> None:
    made = make_list(many=2)
    actor = actor_of(made[0].intake)
    waiting.skip(made[0].request, MarkReason.NOT_REACHED, "Ringet tre gange uden svar.", actor=actor, now=NOW)
    with pytest.raises(Invalid):
        offer_place(made[1], now=NOW + timedelta(days=9))


def test_she_is_asked_again_within_thirty_days_and_never_taken_off_by_being_silent(session: Any) -> None:
    made = make_list(many=1)[0]
    actor, today = actor_of(made.intake), local_date(NOW)
    row = session.scalars(sa.select(Deadline).where(Deadline.kind == DeadlineKind.STILL_WANTED)).one()
    assert row.due_on == today + timedelta(days=14) and row.state is DeadlineState.OPEN
    for days in (0, 31):
        with pytest.raises(Invalid):
            waiting.still_wanted(made.request, today + timedelta(days=days), actor=actor, now=NOW)
    waiting.still_wanted(made.request, today + timedelta(days=30), actor=actor, now=NOW)
    session.refresh(row)
    assert row.due_on == today + timedelta(days=30)
    assert made.request.state is RequestState.WAITLISTED
    with pytest.raises(Forbidden):
        waiting.still_wanted(made.request, today + timedelta(days=9), actor=actor_of(make_member(Role.INTAKE)), now=NOW)


def test_only_somebody_who_waits_is_left_out_or_asked_again(session: Any) -> None:
    made = make_request(now=NOW)
    actor = actor_of(made.intake)
    with pytest.raises(NotNow):
        waiting.skip(made.request, MarkReason.OTHER, TEXT, actor=actor, now=NOW)
    with pytest.raises(NotNow):
        waiting.still_wanted(made.request, local_date(NOW) + timedelta(days=3), actor=actor, now=NOW)


def test_a_no_rests_for_as_long_as_its_reason_says(session: Any) -> None:
    made = make_request(RequestState.DECLINED, now=NOW)
    assert made.request.cool_down_until == local_date(NOW) + timedelta(days=60)
    known = asked_offers.asked(actor_of(made.sender), made.case.id)
    assert known == {made.offer.id: asked_offers.Asked(made.request.cool_down_until, None, False)}


def test_a_house_says_which_reasons_it_uses_and_for_how_long_they_rest(session: Any) -> None:
    made = make_request(now=NOW)
    lead = actor_of(make_member(Role.PROGRAMME_LEAD, made.offer.organisation, now=NOW))
    intake = actor_of(made.intake)
    with pytest.raises(Forbidden):
        declining.change(DeclineReason.CRITERIA, cool_down_days=1, is_active=True, actor=intake, now=NOW)
    with pytest.raises(Invalid):
        declining.change(DeclineReason.CRITERIA, cool_down_days=366, is_active=True, actor=lead, now=NOW)
    declining.change(DeclineReason.CRITERIA, cool_down_days=9, is_active=True, actor=lead, now=NOW)
    declining.change(DeclineReason.CAPACITY, cool_down_days=0, is_active=False, actor=lead, now=NOW)
    requests.take(made.request, actor=intake, now=NOW)
    given = {"alternative_text": "Prøv Qnet.", "actor": intake, "now": NOW}
    with pytest.raises(Invalid):
        requests.decline(made.request, DeclineReason.CAPACITY, "Der er fuldt.", **given)
    requests.decline(made.request, DeclineReason.CRITERIA, "Det passer ikke.", **given)
    assert made.request.cool_down_until == local_date(NOW) + timedelta(days=9)


def test_the_last_reason_cannot_be_put_away(session: Any) -> None:
    lead = actor_of(make_member(Role.PROGRAMME_LEAD, make_programme_house(), now=NOW))
    *others, last = DeclineReason
    for reason in others:
        declining.change(reason, cool_down_days=0, is_active=False, actor=lead, now=NOW)
    with pytest.raises(Invalid):
        declining.change(last, cool_down_days=0, is_active=False, actor=lead, now=NOW)


def make_programme_house() -> Any:
    return make_offer(programme=make_programme()).organisation


def lead_of(made: list[Made]) -> Any:
    return make_member(Role.PROGRAMME_LEAD, made[0].offer.organisation, now=NOW)


def marks_of(session: Any, made: Made) -> list[tuple[MarkKind, MarkReason | None]]:
    statement = sa.select(WaitingMark.kind, WaitingMark.reason).where(WaitingMark.request_id == made.request.id)
    return [tuple(row) for row in session.execute(statement.order_by(WaitingMark.id))]


@pytest.mark.parametrize("order", ["first_come", "leaving_date", "children_first"])
def test_whom_the_lead_puts_first_is_first_until_she_has_a_place(session: Any, order: str) -> None:
    made = make_list(order)
    session.flush()
    last = order_of(made)[-1]
    chosen, others = made[last], [one for one in made if one is not made[last]]
    actor = actor_of(lead_of(made))
    waiting.put_first(chosen.request, MarkReason.SAFETY, actor=actor, now=NOW + timedelta(days=5))
    assert order_of(made)[0] == last and request_queries.position_of(chosen.request) == 1
    assert {request_queries.position_of(one.request) for one in others} == {2, 3}
    assert candidates.list_for_lead(actor)[0].priority_reason is MarkReason.SAFETY
    assert marks_of(session, chosen) == [(MarkKind.PUT_FIRST, MarkReason.SAFETY)]
    assert all(marks_of(session, one) == [(MarkKind.PASSED, MarkReason.SAFETY)] for one in others)
    offer_place(chosen, now=NOW + timedelta(days=6))
    assert marks_of(session, chosen) == [(MarkKind.PUT_FIRST, MarkReason.SAFETY)], "her turn needs no other reason"
    requests.decline(
        chosen.request,
        DeclineReason.HER_WISH,
        "Hun siger nej.",
        alternative_text="Prøv Qnet.",
        actor=actor_of(chosen.intake),
        now=NOW + timedelta(days=7),
    )
    assert chosen.request.priority_reason is None


def test_the_lead_takes_it_back_and_the_rule_counts_again(session: Any) -> None:
    made = make_list()
    actor = actor_of(lead_of(made))
    waiting.put_first(made[2].request, MarkReason.MOVES_SOON, actor=actor, now=NOW + timedelta(days=5))
    waiting.end_first(made[2].request, actor=actor, now=NOW + timedelta(days=6))
    assert order_of(made) == [0, 1, 2]
    assert [kind for kind, _reason in marks_of(session, made[2])] == [MarkKind.PUT_FIRST, MarkKind.FIRST_ENDED]
    tags = set(
        session.scalars(sa.select(AuditEntry.action).where(AuditEntry.subject_public_id == made[2].request.public_id))
    )
    assert {Audit.REQUEST_PUT_FIRST, Audit.REQUEST_FIRST_ENDED} <= tags
    with pytest.raises(NotNow):
        waiting.end_first(made[2].request, actor=actor, now=NOW + timedelta(days=6))


@pytest.mark.usefixtures("session")
def test_only_a_lead_of_the_house_puts_somebody_first_with_a_reason_and_while_she_waits() -> None:
    made = make_list(many=1)
    given: dict[str, Any] = {"now": NOW + timedelta(days=5)}
    for stranger in (made[0].intake, make_member(Role.PROGRAMME_LEAD, now=NOW)):
        with pytest.raises(Forbidden):
            waiting.put_first(made[0].request, MarkReason.SAFETY, actor=actor_of(stranger), **given)
    actor = actor_of(lead_of(made))
    with pytest.raises(Invalid):
        waiting.put_first(made[0].request, MarkReason.OTHER, actor=actor, **given)
    waiting.reassess(made[0].request, actor=actor_of(made[0].intake), **given)
    with pytest.raises(NotNow):
        waiting.put_first(made[0].request, MarkReason.SAFETY, actor=actor, **given)
    with pytest.raises(NotNow):
        waiting.end_first(made[0].request, actor=actor, **given)


def test_what_keeps_most_from_starting_is_counted_over_all_who_wait(session: Any) -> None:
    criteria = [{"key": key, "da": key, "en": key} for key in "ab"]
    offer = make_offer(criteria=criteria)
    intake = make_member(Role.INTAKE, offer.organisation, now=NOW)
    for answers in ({"a": "met", "b": "not_met"}, {"a": "met"}, {"a": "not_met", "b": "met"}):
        made = make_request(RequestState.WAITLISTED, offer=offer, intake=intake, now=NOW)
        made.request.criteria = answers
    make_request(RequestState.DECLINED, offer=offer, intake=intake, now=NOW)
    session.flush()
    assert candidates.count_lacking(actor_of(intake), offer, ["a", "b"]) == (3, {"a": 1, "b": 2})
