"""A lead's programme in use: pinned by requests and courses, published from a day, retired."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.audit_tags import Audit
from portal.core.clock import add_weekdays, local_date, utc_now
from portal.core.deadlines import DeadlineKind
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotFound, NotNow, Stale
from portal.core.kinds import CriterionAnswer, HerAnswer
from portal.core.measures import FollowUpPoint
from portal.core.programmes import VersionState
from portal.core.safety import WhoShePart
from portal.core.states import RequestState
from portal.core.waiting import WaitReason
from portal.db import db
from portal.models.audit import AuditEvent
from portal.models.deadlines import Deadline
from portal.models.enrolments import Enrolment
from portal.models.followups import FollowUp
from portal.models.programmes import Offer, Programme
from portal.queries import inbox
from portal.queries import programme_versions as queries
from portal.queries import programmes as programme_queries
from portal.queries import requests as request_queries
from portal.services import enrolments, programme_versions, programmes, referrals, requests, waiting
from tests.factories.people import actor_of, make_member
from tests.factories.programmes import MENTOR, make_draft_programme, make_lead, make_own_offer, offer_of, publish
from tests.factories.referrals import Made, make_draft, make_request

pytestmark = pytest.mark.usefixtures("session")
ALL_MET = {f"c{num}": CriterionAnswer.MET.value for num in (1, 2, 3)}
CLOCK = {"key": "k9", "da": "Ring til mentoren", "en": "Call the mentor", "amount": 2, "unit": "weeks"}


def accepted(made: Made) -> Enrolment:
    """The course of a request that has been offered and said yes to."""
    actor, now = actor_of(made.intake), utc_now()
    requests.take(made.request, actor=actor, now=now)
    requests.check_criteria(made.request, ALL_MET, actor=actor, now=now)
    requests.offer_place(made.request, actor=actor, now=now)
    requests.set_her_answer(made.request, HerAnswer.YES, actor=actor, now=now)
    return requests.accept(made.request, actor=actor, now=now)


def test_publishing_opens_the_offer_with_its_places() -> None:
    lead = make_lead()
    programme = make_draft_programme(lead)
    assert db.session.scalar(sa.select(Offer).where(Offer.programme_id == programme.id)) is None
    version = publish(lead, programme)
    offer = offer_of(programme)
    assert (offer.capacity, offer.is_accepting, offer.organisation_id) == (8, True, lead.organisation_id)
    assert (version.state, programme.name_en, programme.rules["facts"]) == (
        VersionState.IN_FORCE,
        "Peer mentor",
        {"duration_weeks": 12},
    )
    row = next(row for row in programme_queries.list_offers(actor_of(lead)) if row.id == offer.id)
    assert (row.free, row.capacity) == (8, 8)
    said = db.session.scalars(sa.select(AuditEvent.action).where(AuditEvent.subject_public_id == programme.public_id))
    assert {Audit.PROGRAMME_BEGUN, Audit.PROGRAMME_SAVED, Audit.PROGRAMME_PUBLISHED, Audit.PROGRAMME_IN_FORCE} <= set(
        said
    )


def test_a_course_ends_and_asks_as_its_programme_says() -> None:
    made = make_request(offer=make_own_offer(make_lead()))
    course = accepted(made)
    worker = make_member(Role.PROGRAMME_WORKER, made.offer.organisation)
    today = local_date(utc_now())
    enrolments.start(course, started_on=today, actor=actor_of(worker), now=utc_now())
    assert course.planned_end_on == today + timedelta(weeks=12)
    rows = db.session.execute(
        sa.select(FollowUp.point, FollowUp.span, FollowUp.due_on).where(FollowUp.enrolment_id == course.id)
    )
    assert sorted((point, span, due) for point, span, due in rows) == [
        (FollowUpPoint.BETWEEN, "12w", today + timedelta(weeks=12)),
        (FollowUpPoint.BETWEEN, "6w", today + timedelta(weeks=6)),
    ]


def test_what_is_under_way_keeps_the_version_it_began_with() -> None:
    lead = make_lead()
    offer = make_own_offer(lead)
    first = make_request(offer=offer)
    publish(lead, offer.programme, facts={"duration_weeks": 20}, criteria=MENTOR["criteria"][:1], capacity=9)
    second = make_request(offer=offer_of(offer.programme), intake=first.intake)
    for made, length in ((first, 12), (second, 20)):
        course = accepted(made)
        actor, today = actor_of(make_member(Role.PROGRAMME_WORKER, offer.organisation)), local_date(utc_now())
        enrolments.start(course, started_on=today, actor=actor, now=utc_now())
        assert course.planned_end_on == today + timedelta(weeks=length)
    assert set(first.request.criteria) == {"c1", "c2", "c3"} and set(second.request.criteria) == {"c1"}
    rows = queries.list_versions(offer.programme)
    assert [(row.number, row.state, row.courses) for row in rows] == [
        (2, VersionState.IN_FORCE, 1),
        (1, VersionState.REPLACED, 1),
    ]


def test_a_request_under_way_is_counted_on_its_version() -> None:
    lead = make_lead()
    offer = make_own_offer(lead)
    make_request(offer=offer)
    publish(lead, offer.programme, capacity=5)
    make_request(offer=offer_of(offer.programme))
    make_request(offer=offer_of(offer.programme))
    assert [(row.number, row.requests) for row in queries.list_versions(offer.programme)] == [(2, 2), (1, 1)]


def test_nobody_edits_a_published_version() -> None:
    from portal.services import programme_drafts

    lead = make_lead()
    programme = make_draft_programme(lead)
    version = publish(lead, programme)
    given = {"actor": actor_of(lead), "now": utc_now()}
    with pytest.raises(NotNow):
        programme_drafts.save(version, programme, {"name_da": "Andet"}, seen=None, **given)
    with pytest.raises(NotNow):
        programme_drafts.discard(version, programme, **given)
    with pytest.raises(NotNow):
        programme_versions.publish(version, programme, local_date(utc_now()), **given)
    assert version.content["name_da"] == "Mentor"


def test_a_version_waits_for_its_day_and_can_be_taken_back_before_it() -> None:
    lead, now = make_lead(), utc_now()
    programme = make_draft_programme(lead)
    draft, given = queries.get_version(programme), {"actor": actor_of(lead), "now": now}
    later = local_date(now) + timedelta(days=3)
    for day in (local_date(now) - timedelta(days=1), local_date(now) + timedelta(days=400)):
        with pytest.raises(Invalid):
            programme_versions.publish(draft, programme, day, **given)
    programme_versions.publish(draft, programme, later, **given)
    assert (draft.state, queries.list_due(local_date(now))) == (VersionState.SCHEDULED, [])
    with pytest.raises(NotFound):
        programme_queries.get_programme(programme.public_id)
    programme_versions.take_back(draft, programme, **given)
    assert (draft.state, draft.valid_from, draft.published_at) == (VersionState.DRAFT, None, None)
    programme_versions.publish(draft, programme, later, **given)
    assert queries.list_due(later) == [draft.id]
    assert programme_versions.put_in_force(draft.id, actor=SYSTEM, now=now + timedelta(days=3)) is True
    assert programme_versions.put_in_force(draft.id, actor=SYSTEM, now=now + timedelta(days=3)) is False
    assert draft.state is VersionState.IN_FORCE and programme_queries.get_programme(programme.public_id)
    with pytest.raises(NotNow):
        programme_versions.take_back(draft, programme, **given)


def test_a_retired_programme_takes_nobody_new_and_lets_the_others_go_on() -> None:
    lead = make_lead()
    offer = make_own_offer(lead)
    made = make_request(offer=offer)
    programme_versions.retire(offer.programme, actor=actor_of(lead), now=utc_now())
    offer = offer_of(offer.programme)
    assert offer.is_accepting is False and offer.id not in {
        row.id for row in programme_queries.list_offers(actor_of(lead))
    }
    with pytest.raises(NotNow):
        programmes.set_accepting(offer, True, actor=actor_of(made.intake), now=utc_now())
    assert accepted(made).programme_version_id == made.request.programme_version_id
    with pytest.raises(NotNow):
        programme_versions.retire(offer.programme, actor=actor_of(lead), now=utc_now())
    publish(lead, offer.programme, capacity=3)
    offer = offer_of(offer.programme)
    assert (offer.is_accepting, offer.capacity, offer.programme.retired_on) == (True, 3, None)


def test_only_its_own_lead_publishes_and_retires() -> None:
    lead = make_lead()
    programme = make_draft_programme(lead)
    draft, day = queries.get_version(programme), local_date(utc_now())
    for member, refusal in ((make_member(Role.INTAKE, lead.organisation), Forbidden), (make_lead(), NotFound)):
        given = {"actor": actor_of(member), "now": utc_now()}
        with pytest.raises(refusal):
            programme_versions.publish(draft, programme, day, **given)
        with pytest.raises(refusal):
            programme_versions.retire(programme, **given)
        with pytest.raises(refusal):
            programme_versions.take_back(draft, programme, **given)
    with pytest.raises(Stale):
        programme_versions.publish(draft, programme, day, seen=99, actor=actor_of(lead), now=utc_now())


def test_what_must_be_put_right_stops_the_publishing() -> None:
    lead = make_lead()
    programme = make_draft_programme(lead, name_en="")
    draft = queries.get_version(programme)
    with pytest.raises(Invalid, match="engelsk"):
        programme_versions.publish(draft, programme, local_date(utc_now()), actor=actor_of(lead), now=utc_now())
    assert draft.state is VersionState.DRAFT


def test_hidden_questions_are_neither_kept_nor_needed() -> None:
    sender = make_member()
    referral = make_draft(sender, make_own_offer(make_lead()))
    track, given = referrals.requests_of(referral)[0], {"actor": actor_of(sender), "now": utc_now()}

    def lacks() -> list[object]:
        return referrals.missing(referral, referrals.requests_of(referral), today=local_date(utc_now()))

    referrals.fill_in(track, {"q5": "c6", "q8": "Min mor", "nothing": "x"}, **given)
    assert track.answers == {"q5": "c6"} and lacks() == []
    referrals.fill_in(track, {"q5": "c7"}, **given)
    assert len(lacks()) == 1
    referrals.fill_in(track, {"q5": "c7", "q8": "Min mor"}, **given)
    assert track.answers == {"q5": "c7", "q8": "Min mor"} and lacks() == []


def test_the_programmes_own_clocks_run() -> None:
    clocks = [
        CLOCK | {"start": "started", "who": "worker"},
        CLOCK | {"key": "k10", "start": "sent", "who": "intake", "unit": "weekdays"},
        CLOCK | {"key": "k11", "start": "accepted", "who": "intake", "unit": "days"},
    ]
    made = make_request(offer=make_own_offer(make_lead(), clock=clocks, answer_weekdays=2, first_contact_days=3))
    today = local_date(utc_now())
    assert made.request.answer_due_on == add_weekdays(today, 2)
    assert dues(made.request.public_id) == {"k10": add_weekdays(today, 2)}
    course = accepted(made)
    assert dues(made.request.public_id) == {"k11": today + timedelta(days=2)}
    contact = db.session.scalar(
        sa.select(Deadline.due_on).where(
            Deadline.kind == DeadlineKind.FIRST_CONTACT, Deadline.subject_public_id == course.public_id
        )
    )
    assert contact == today + timedelta(days=3)
    worker = make_member(Role.PROGRAMME_WORKER, made.offer.organisation)
    enrolments.start(course, started_on=today, actor=actor_of(worker), now=utc_now())
    assert dues(course.public_id) == {"k9": today + timedelta(weeks=2)}


def dues(public_id: str) -> dict[str, object]:
    """The programme's own clocks that run about a thing, by key."""
    rows = db.session.execute(
        sa.select(Deadline.source_key, Deadline.due_on).where(
            Deadline.kind == DeadlineKind.PROGRAMME_CLOCK,
            Deadline.subject_public_id == public_id,
            Deadline.state == "open",
        )
    )
    return {key.rpartition(":")[2]: due for key, due in rows}


def test_the_day_she_hears_again_is_the_programmes() -> None:
    made = make_request(RequestState.IN_VISITATION, offer=make_own_offer(make_lead(), recontact_days=10))
    actor, today = actor_of(made.intake), local_date(utc_now())
    with pytest.raises(Invalid):
        waiting.waitlist(
            made.request,
            today + timedelta(days=11),
            WaitReason.NO_ROOM,
            meanwhile_text="Prøv Qnet.",
            actor=actor,
            now=utc_now(),
        )
    waiting.waitlist(
        made.request,
        today + timedelta(days=10),
        WaitReason.NO_ROOM,
        meanwhile_text="Prøv Qnet.",
        actor=actor,
        now=utc_now(),
    )
    assert made.request.state is RequestState.WAITLISTED


def test_what_the_programme_does_without_is_not_shown_and_not_opened() -> None:
    hidden = ["person_name", "child_count_band", "person_language_needs"]
    made = make_request(offer=make_own_offer(make_lead(), hidden=hidden))
    actor = actor_of(made.intake)
    with pytest.raises(Forbidden):
        requests.who_she_is(made.request, WhoShePart.NAME, actor=actor)
    assert requests.who_she_is(made.request, WhoShePart.PHONE, actor=actor)
    rows, _more = inbox.list_inbox(actor, tab="new", now=utc_now())
    assert [(row.children, row.needs_interpreter) for row in rows] == [(None, None)]


def test_the_file_never_writes_over_a_leads_programme() -> None:
    from portal.services import reference

    lead = make_lead()
    programme = make_draft_programme(lead)
    publish(lead, programme)
    key = reference.list_programmes()[0]["key"]
    db.session.execute(sa.delete(Programme).where(Programme.key == key))
    programme.key = key
    db.session.flush()
    reference.load(actor=SYSTEM, now=utc_now())
    db.session.refresh(programme)
    assert (programme.name_da, programme.rules["capacity"]) == ("Mentor", 8)


def test_a_request_that_is_read_knows_its_rules() -> None:
    made = make_request(offer=make_own_offer(make_lead()))
    found = request_queries.get(actor_of(made.intake), made.request.public_id)
    assert found.rules["capacity"] == 8
