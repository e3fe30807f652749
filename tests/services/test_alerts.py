"""The alarms L1 to L16: each rings at its threshold, is silent just below it, rings once, and names nobody."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM, Actor
from portal.core.alerts import AlertRule, Answer
from portal.core.audit_tags import Audit, EventKind, Outcome
from portal.core.enums import OrganisationKind, Role
from portal.core.errors import Forbidden, Invalid, NotFound, NotNow
from portal.core.kinds import SubjectType
from portal.core.pages import Page
from portal.core.safety import WatchedRelation
from portal.db import db
from portal.domain.subject_data import reached_from
from portal.models.access import CaseBlock
from portal.models.alerts import Alert
from portal.models.audit import AuditEvent
from portal.models.cases import Case
from portal.models.messages import Message
from portal.models.organisations import Organisation
from portal.models.outbox import JobRun, OutgoingMail
from portal.models.users import Membership, UserSession
from portal.services import accounts, alert_rules, alerts, audit, probing, reviews, watch
from tests.factories.people import actor_of, make_case, make_member, make_municipality, make_organisation
from tests.factories.subjects import Populated, populate

pytestmark = pytest.mark.usefixtures("session")
NOW = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
# The woman herself stands in no address, and no look is drawn here.
WITHOUT_ADDRESS = {"client", "audit_sample"}
INVENTED = {"allow_invented_cpr": True}


@pytest.fixture
def member() -> Membership:
    return make_member(Role.PROGRAMME_WORKER, name="Person Prøvesen")


@pytest.fixture
def some_cases(member: Membership) -> list[Case]:
    """So many cases that the alarm for many cases has something to count; nobody has opened them."""
    return [make_case(make_member(Role.PROGRAMME_WORKER), now=NOW - timedelta(days=90)) for _ in range(27)]


def event(member: Membership, *, at: datetime = NOW, kind: EventKind = EventKind.SEEN, **values: Any) -> None:
    """One line of the trail by somebody, as it would have been written then."""
    given = {"page": Page.CASE} if kind is EventKind.SEEN else {}
    row = AuditEvent.__mapper__.polymorphic_map[kind].class_(
        at=at,
        actor_id=member.user_id,
        membership_id=member.id,
        organisation_id=member.organisation_id,
        role=member.role,
        subject_type=SubjectType.CASE,
        outcome=Outcome.ALLOWED,
        **(given | values),
    )
    db.session.add(row)
    db.session.flush()


def reveal(member: Membership, at: datetime = NOW, **values: Any) -> None:
    event(member, at=at, kind=EventKind.DONE, action=Audit.ADDRESS_REVEALED, **values)


def rung() -> list[AlertRule]:
    return list(db.session.scalars(sa.select(Alert.rule).order_by(Alert.id)))


def look(member: Membership, found: list[Case], at: datetime = NOW) -> None:
    for case in found:
        event(member, at=at, case_id=case.id, relation="CT")


def test_l1_rings_above_25_cases_an_hour(member: Membership, some_cases: list[Case]) -> None:
    look(member, some_cases[:25], NOW - 59 * MINUTE)
    look(member, some_cases[:25])
    look(member, some_cases[26:], NOW - 61 * MINUTE)
    assert alert_rules.many_cases(NOW) == 0
    look(member, some_cases[25:26])
    assert alert_rules.many_cases(NOW) == 1
    assert alert_rules.many_cases(NOW + MINUTE) == 0
    assert rung() == [AlertRule.MANY_CASES]


@pytest.mark.parametrize(("usual", "opened", "rings"), [(4, 13, True), (4, 12, False), (1, 10, False), (1, 11, True)])
def test_l1_rings_above_three_times_what_is_usual_but_never_below_our_own_floor_of_eleven(
    member: Membership, some_cases: list[Case], usual: int, opened: int, rings: bool
) -> None:
    for day in range(1, 6):
        look(member, some_cases[:usual], NOW - timedelta(days=day))
    look(member, some_cases[:opened])
    assert alert_rules.many_cases(NOW) == int(rings)


def test_l1_knows_nothing_usual_of_somebody_new(member: Membership, some_cases: list[Case]) -> None:
    for day in range(1, 5):
        look(member, some_cases[:1], NOW - timedelta(days=day))
    look(member, some_cases[:25])
    assert alert_rules.many_cases(NOW) == 0


def test_l2_tells_from_the_sixth_reveal_of_a_day_and_stops_at_the_tenth(member: Membership) -> None:
    reveal(member, NOW - timedelta(days=1))
    for count in range(1, 11):
        reveal(member)
        alert_rules.many_reveals(NOW)
        expected = [AlertRule.MANY_REVEALS] * (count >= 6) + [AlertRule.REVEALS_STOPPED] * (count >= 10)
        assert rung() == expected


def refuse(member: Membership, token: str, number: int, at: datetime = NOW) -> None:
    asked = f"{number:022d}"
    probing.note_refusal([asked], rule="404", token=token, actor=actor_of(member), now=at)
    db.session.flush()


def test_l3_rings_at_the_twentieth_address_in_ten_minutes_and_ends_the_session(member: Membership) -> None:
    user = member.user
    token = accounts.open_session(user, member, now=NOW)
    refuse(member, token, 99, NOW - 10 * MINUTE)
    for number in range(19):
        refuse(member, token, number)
    assert rung() == []
    assert db.session.scalar(sa.select(UserSession.revoked_at)) is None
    refuse(member, token, 19)
    assert rung() == [AlertRule.PROBING]
    assert db.session.scalar(sa.select(UserSession.revoked_at)) == NOW


def test_l4_rings_at_ten_misses_an_hour(member: Membership) -> None:
    for number in range(10):
        searched: dict[str, Any] = {"kind": EventKind.DONE, "action": Audit.CASE_SEARCHED}
        event(member, at=NOW - number * MINUTE, shown=0, **searched)
        event(member, shown=1, **searched)
        event(member, at=NOW - 61 * MINUTE, shown=0, **searched)
        assert alert_rules.search_misses(NOW) == int(number == 9)


def test_l5_rings_for_a_blocked_person_and_for_nobody_else(member: Membership) -> None:
    case = make_case(member, now=NOW)
    officer = make_member(Role.SAFETY_OFFICER, member.organisation)
    outsider, colleague = make_member(Role.MUNICIPAL_ADVISER), make_member(Role.CONTACT_PERSON)
    block(case, outsider)
    for somebody in (outsider, colleague):
        probing.note_refusal(["no such thing"], rule="404", token=None, actor=actor_of(somebody), now=NOW)
    probing.note_refusal([case.public_id], rule="404", token=None, actor=actor_of(colleague), now=NOW)
    assert alert_rules.blocked_tries(NOW) == 0
    probing.note_refusal([case.public_id], rule="404", token=None, actor=actor_of(outsider), now=NOW)
    assert alert_rules.blocked_tries(NOW) == 1
    assert alert_rules.blocked_tries(NOW + MINUTE) == 0
    alert = db.session.scalars(sa.select(Alert)).one()
    assert (alert.rule, alert.about_user_id, alert.case_id) == (AlertRule.BLOCKED_TRIED, outsider.user_id, case.id)
    assert db.session.scalars(sa.select(Message.recipient_id)).all() == [officer.user_id]


def test_l5_rings_for_a_blocked_house_and_for_a_reference_that_was_typed(member: Membership) -> None:
    case = make_case(member, now=NOW)
    worker = make_member(Role.PROGRAMME_WORKER)
    block(case, worker.organisation)
    probing.note_reference("2020-9999", rule="404", actor=actor_of(worker), now=NOW)
    assert alert_rules.blocked_tries(NOW) == 0
    probing.note_reference(f" {case.reference} ", rule="404", actor=actor_of(worker), now=NOW)
    assert alert_rules.blocked_tries(NOW) == 1


def addresses_of(made: Populated) -> dict[str, str]:
    """The public id of one thing of hers in each table that has them, by the register of what is kept about her."""
    found = {}
    for table in reached_from("client"):
        if "public_id" in table.c and table.c.public_id.unique and table.name not in WITHOUT_ADDRESS:
            found[table.name] = db.session.scalars(sa.select(table.c.public_id).limit(1)).one()
    return found


def test_l5_rings_for_whatever_of_the_case_was_asked_for(member: Membership) -> None:
    made, outsider, colleague = populate("hende"), make_member(), make_member()
    case = db.session.get_one(Case, made.case.id)
    block(case, outsider)
    asked = addresses_of(made)
    assert {"enrolment", "meeting", "task", "claim", "tenancy", "child", "track_request", "hour_entry"} <= set(asked)
    for number, (name, public_id) in enumerate(asked.items()):
        # Once a day for each case: every thing has a day of its own.
        day = NOW + timedelta(days=2 * number)
        for place in ([public_id], [public_id, "A" * 22], ["A" * 22, public_id]):
            probing.note_refusal(place, rule="404", token=None, actor=actor_of(colleague), now=day)
            assert alert_rules.blocked_tries(day) == 0, name
        probing.note_refusal([public_id], rule="404", token=None, actor=actor_of(outsider), now=day)
        assert alert_rules.blocked_tries(day) == 1, name
    day += timedelta(days=2)
    probing.note_refusal(["A" * 22, public_id], rule="404", token=None, actor=actor_of(outsider), now=day)
    assert alert_rules.blocked_tries(day) == 1


def test_l5_rings_where_a_thing_of_hers_is_asked_for_within_somebody_elses_case(member: Membership) -> None:
    outsider = make_member()
    own, case = make_case(outsider), make_case(member)
    block(case, outsider)
    for place in ([own.public_id, case.public_id], [case.public_id, own.public_id]):
        probing.note_refusal(place, rule="404", token=None, actor=actor_of(outsider), now=NOW)
    refused = sa.select(AuditEvent.case_id).where(AuditEvent.action == Audit.ACCESS_DENIED)
    assert db.session.scalars(refused).all() == [case.id, case.id]


def block(case: Case, who: Membership | Organisation) -> None:
    key = {"user_id": who.user_id} if isinstance(who, Membership) else {"organisation_id": who.id}
    db.session.add(CaseBlock(case_id=case.id, created_at=NOW, created_by_id=case.opened_by_id, **key))
    db.session.flush()


@pytest.mark.parametrize(
    ("utc", "rings"),
    # In March Danish time is one hour ahead: 22:59, 23:00, 05:59 and 06:00.
    [((21, 59), False), ((22, 0), True), ((4, 59), True), ((5, 0), False)],
)
def test_l8_rings_for_a_reveal_between_23_and_6(member: Membership, utc: tuple[int, int], rings: bool) -> None:
    at = NOW.replace(hour=utc[0], minute=utc[1])
    reveal(member, at)
    assert alert_rules.night_or_new_device(at) == int(rings)
    assert alert_rules.night_or_new_device(at) == 0


def test_l8_rings_for_a_reveal_from_a_new_device(member: Membership) -> None:
    event(member, session="first", device="at work", at=NOW - timedelta(days=3))
    reveal(member, session="second", device="at work")
    assert alert_rules.night_or_new_device(NOW) == 0
    reveal(member, session="third", device="elsewhere")
    assert alert_rules.night_or_new_device(NOW) == 1
    newcomer = make_member(Role.PROGRAMME_WORKER)
    reveal(newcomer, session="fourth", device="her first")
    assert alert_rules.night_or_new_device(NOW) == 0


@pytest.mark.parametrize(("days", "rings"), [(30, False), (31, True)])
def test_l9_rings_for_a_case_closed_more_than_30_days_ago(member: Membership, days: int, rings: bool) -> None:
    case = make_case(make_member(Role.PROGRAMME_WORKER), now=NOW - timedelta(days=90))
    db.session.execute(
        sa.update(Case).where(Case.id == case.id).values(state="closed", closed_at=NOW - timedelta(days=days))
    )
    event(member, case_id=case.id, relation="CT")
    assert alert_rules.closed_cases(NOW) == int(rings)


@pytest.mark.parametrize(
    ("known", "elsewhere"),
    [
        ({"phone": "20304050"}, {"phone": "20 30 40 51"}),
        (INVENTED | {"cpr": "0101804000"}, INVENTED | {"cpr": "0201804000"}),
    ],
)
def test_l10_rings_for_a_referral_of_somebody_who_has_a_case_elsewhere(
    known: dict[str, Any], elsewhere: dict[str, Any]
) -> None:
    member, there = (
        make_member(Role.PROGRAMME_WORKER, make_organisation(may_hold_cpr=True)) for _organisation in range(2)
    )
    here = make_case(member, name="Amira Demo", **known)
    make_case(member, name="Amira Demo", **known)
    make_case(there, name="Amira Demo", **elsewhere)
    ring: Callable[[], bool] = lambda: alert_rules.active_elsewhere(  # noqa: E731
        here.id, "r" * 22, receiver_id=there.organisation_id, now=NOW
    )
    assert not ring()
    make_case(there, **known)
    assert ring()
    assert db.session.scalar(sa.select(Alert.organisation_id)) == there.organisation_id


def test_l11_rings_for_a_reveal_by_somebody_who_is_about_to_leave(member: Membership) -> None:
    officer, stays = make_member(Role.SAFETY_OFFICER, member.organisation), make_member(Role.PROGRAMME_WORKER)
    reveal(stays)
    reveal(member)
    assert alert_rules.leavers(NOW) == 0
    reviews.note_departure(member.id, NOW.date(), actor=actor_of(officer), now=NOW)
    assert alert_rules.leavers(NOW) == 1
    reviews.forget_departure(member.id, actor=actor_of(officer), now=NOW)
    reveal(member, NOW + timedelta(days=1))
    assert alert_rules.leavers(NOW + timedelta(days=1)) == 0


def test_l13_rings_for_an_employee_of_her_municipality_with_her_surname(member: Membership) -> None:
    make_municipality("751")
    town = make_organisation(OrganisationKind.MUNICIPALITY, municipality_code="751")
    make_member(Role.MUNICIPAL_ADVISER, town, name="Bo Åkjær")
    make_member(Role.MUNICIPAL_ADVISER, name="Ib Åkjær")
    make_case(member, name="Amira Aakjær Holm", responsible_municipality_code="751")
    assert alert_rules.close_to_party(NOW) == 0
    case = make_case(member, name="Amira Aakjaer", responsible_municipality_code="751")
    assert alert_rules.close_to_party(NOW) == 1
    assert alert_rules.close_to_party(NOW) == 0
    alert = db.session.scalars(sa.select(Alert)).one()
    assert (alert.case_id, alert.organisation_id) == (case.id, member.organisation_id)


@pytest.mark.parametrize(
    ("his", "theirs", "rings"),
    [
        ("bo@Aaby.example", "ane@aaby.example", True),
        ("bo@aaby.example", "ane@beby.example", False),
        ("bo@x.aaby.example", "ane@aaby.example", False),
        ("bo@gmail.com", "ane@gmail.com", False),
    ],
)
def test_l13_rings_once_for_somebody_on_the_watch_list_who_works_where_the_case_is_dealt_with(
    member: Membership, his: str, theirs: str, rings: bool
) -> None:
    make_municipality("751")
    town = make_organisation(OrganisationKind.MUNICIPALITY, municipality_code="751")
    adviser = make_member(Role.MUNICIPAL_ADVISER, town)
    for one in (adviser, make_member(Role.MUNICIPAL_ADVISER)):
        one.user.email = theirs
    case = make_case(member, responsible_municipality_code="751")
    elsewhere = make_case(member)
    listed: dict[str, Any] = {"name": None, "phone": None, "reason": None, "relation": WatchedRelation.FORMER_PARTNER}
    for one in (case, elsewhere):
        watch.add(one, email=his, **listed, actor=actor_of(member), now=NOW)
    assert alert_rules.close_to_party(NOW) == int(rings)
    assert alert_rules.close_to_party(NOW) == 0
    found = db.session.execute(sa.select(Alert.case_id, Alert.organisation_id, Alert.about_user_id)).all()
    assert found == [(case.id, member.organisation_id, None)] * rings


@pytest.mark.parametrize(("minutes", "rings"), [(15, False), (16, True)])
def test_l15_rings_for_mail_that_waits_for_more_than_a_quarter_of_an_hour(
    member: Membership, minutes: int, rings: bool
) -> None:
    waits = {"recipient_id": member.user_id, "template": "news", "dedupe_key": "x", "created_at": NOW}
    db.session.add(OutgoingMail(next_try_at=NOW - minutes * MINUTE, **waits))
    db.session.flush()
    assert alert_rules.machine_late(NOW, {}) == int(rings)


@pytest.mark.parametrize(("minutes", "rings"), [(15, False), (16, True)])
def test_l15_rings_for_work_that_is_more_than_five_minutes_late(minutes: int, rings: bool) -> None:
    at = NOW - minutes * MINUTE
    db.session.add(JobRun(job="ten", slot=at, started_at=at, lease_until=at, finished_at=at, done=0, failed=0))
    db.session.flush()
    assert alert_rules.machine_late(NOW, {"ten": 10 * MINUTE, "new": MINUTE}) == int(rings)


def test_l16_rings_at_the_fifth_message_of_an_hour_that_cannot_be_trusted() -> None:
    for number in range(5):
        audit.record(
            Audit.MAIL_EVENT_REFUSED,
            SubjectType.SYSTEM,
            None,
            actor=SYSTEM,
            now=NOW - number * MINUTE,
            outcome=Outcome.DENIED,
        )
        assert alert_rules.mail_events(NOW) == int(number == 4)


def raised(member: Membership) -> str:
    alerts.raise_now(
        AlertRule.MANY_REVEALS,
        organisation_id=member.organisation_id,
        about_user_id=member.user_id,
        key="1",
        now=NOW,
    )
    return db.session.scalars(sa.select(Alert.public_id)).one()


def answer(public_id: str, actor: Actor, remark: str = "She was on duty that night.") -> None:
    alerts.answer_alert(public_id, Answer.EXPLAINED, remark, actor=actor, now=NOW)


def test_an_alarm_is_answered_once_by_whoever_is_told_and_never_for_oneself(member: Membership) -> None:
    officer, public_id = make_member(Role.SAFETY_OFFICER, member.organisation), raised(member)
    strangers = [make_member(Role.SAFETY_OFFICER), make_member(Role.DATA_PROTECTION_OFFICER, member.organisation)]
    for stranger in strangers:
        with pytest.raises(NotFound):
            answer(public_id, actor_of(stranger))
    with pytest.raises(Invalid):
        answer(public_id, actor_of(officer), "short")
    answer(public_id, actor_of(officer))
    with pytest.raises(NotNow):
        answer(public_id, actor_of(officer))


def test_nobody_answers_an_alarm_about_herself() -> None:
    officer = make_member(Role.SAFETY_OFFICER)
    with pytest.raises(Forbidden):
        answer(raised(officer), actor_of(officer))
