"""Every alarm rule: who is told and how soon, against a second copy, and by whom it is raised (security rules 5.4)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.alerts import AlertRule
from portal.core.audit_tags import Audit, Outcome
from portal.core.clock import utc_now
from portal.core.enums import OrganisationKind, Role
from portal.core.kinds import SubjectType
from portal.core.pages import Page
from portal.core.safety import WatchedRelation
from portal.db import db, transaction
from portal.domain.alerts import RULES
from portal.domain.disclosure import Relation
from portal.jobs import alerts as jobs
from portal.models.access import CaseBlock, WatchHit
from portal.models.alerts import Alert
from portal.models.cases import Case
from portal.models.messages import Message
from portal.models.outbox import OutgoingMail
from portal.models.users import Membership
from portal.queries import audit_chain
from portal.services import alert_rules, alerts, audit, probing, referrals, reviews, team, watch
from tests.factories.people import actor_of, make_case, make_member, make_municipality, make_organisation
from tests.factories.referrals import make_draft, make_offer, make_ready_case

pytestmark = pytest.mark.usefixtures("session")
NOW = utc_now().replace(hour=12, minute=30)
MINUTE = timedelta(minutes=1)
SO, DP, SA, PL = (
    Role.SAFETY_OFFICER,
    Role.DATA_PROTECTION_OFFICER,
    # The portal has no operator of its own: the administrators of the houses are told.
    Role.ADMINISTRATOR,
    Role.PROGRAMME_LEAD,
)
AT_ONCE, A_MINUTE, FIVE, A_DAY = timedelta(0), MINUTE, 5 * MINUTE, timedelta(days=1)

# The table of the security rules 5.4, written down a second time. L6 and L7 are told by desks of their own.
TABLE = {
    "L1": ((SO,), A_MINUTE),
    "L2": ((SO,), A_MINUTE),
    "L2-stop": ((SO,), A_MINUTE),
    "L3": ((SO,), AT_ONCE),
    "L4": ((SO,), A_MINUTE),
    "L5": ((SO,), A_MINUTE),
    "L8": ((SO,), A_MINUTE),
    "L9": ((SO,), A_MINUTE),
    "L10": ((SO,), AT_ONCE),
    "L11": ((SO,), A_MINUTE),
    "L12": ((SO, DP), A_MINUTE),
    "L13": ((SO,), A_DAY),
    "L14": ((DP, SA), A_MINUTE),
    "L15": ((SA, PL), FIVE),
    "L16": ((SA,), FIVE),
}

# Each rule is raised from exactly one of these; the two services in `test_alerts.py` and below.
EVERY_MINUTE = {"L1", "L2", "L2-stop", "L4", "L5", "L8", "L9", "L11", "L12", "L14", "L15", "L16"}
EVERY_NIGHT = {"L13"}
BY_A_SERVICE = {"L3": "probing.note_refusal", "L10": "referrals.send"}


def test_the_rules_are_those_of_the_table() -> None:
    assert {rule.value: (row.receivers, row.within) for rule, row in RULES.items()} == TABLE
    assert {rule.value for rule in AlertRule} == set(TABLE)


def test_each_rule_is_raised_in_one_place() -> None:
    places = [*EVERY_MINUTE, *EVERY_NIGHT, *BY_A_SERVICE]
    assert sorted(places) == sorted(TABLE)


@pytest.mark.parametrize("rule", AlertRule)
def test_exactly_the_receivers_are_told(rule: AlertRule) -> None:
    here = make_organisation()
    people = {role: make_member(role, here).user_id for role in Role if role is not Role.SYSTEM}
    elsewhere = {role: make_member(role).user_id for role in TABLE[rule.value][0]}
    alerts.raise_now(rule, organisation_id=here.id, key="here", now=NOW)
    wanted = {people[role] for role in TABLE[rule.value][0]}
    assert set(db.session.scalars(sa.select(Message.recipient_id))) == wanted
    alerts.raise_now(rule, organisation_id=None, key="everywhere", now=NOW)
    assert set(db.session.scalars(sa.select(Message.recipient_id))) == wanted | set(elsewhere.values())


def look(member: Membership, case: Case, at: datetime = NOW) -> None:
    audit.record_view(actor=actor_of(member), case_id=case.id, relation=Relation.CT, page=Page.CASE, now=at)


def write(member: Membership, action: Audit, at: datetime = NOW, **values: Any) -> None:
    audit.record(action, SubjectType.CASE, None, actor=actor_of(member), now=at, **values)


def make_everything() -> None:
    """What makes every rule of the minute ring once."""
    long_ago = NOW - timedelta(days=90)
    member = make_member(Role.PROGRAMME_WORKER)
    officer = make_member(Role.SAFETY_OFFICER, member.organisation)
    cases = [make_case(make_member(), now=long_ago) for _number in range(26)]
    for case in cases:
        look(member, case)
    for _number in range(10):
        write(member, Audit.ADDRESS_REVEALED)
        write(member, Audit.CASE_SEARCHED, shown=0)
        audit.record(Audit.MAIL_EVENT_REFUSED, SubjectType.SYSTEM, None, actor=SYSTEM, now=NOW, outcome=Outcome.DENIED)
    # At night, by somebody who is about to leave.
    write(member, Audit.ADDRESS_REVEALED, NOW.replace(hour=1))
    reviews.note_departure(member.id, NOW.date(), actor=actor_of(officer), now=NOW)
    outsider = make_member()
    db.session.add(
        CaseBlock(case_id=cases[0].id, user_id=outsider.user_id, created_at=NOW, created_by_id=cases[0].opened_by_id)
    )
    db.session.flush()
    probing.note_refusal([cases[0].public_id], rule="404", token=None, actor=actor_of(outsider), now=NOW)
    db.session.execute(
        sa.update(Case).where(Case.id == cases[1].id).values(state="closed", closed_at=NOW - timedelta(days=40))
    )
    joiner = make_member()
    team.join_team(cases[2].id, joiner.user_id, actor=actor_of(joiner), now=NOW - MINUTE)
    look(joiner, cases[2])
    waits = {"recipient_id": member.user_id, "template": "news", "dedupe_key": "x", "created_at": long_ago}
    db.session.add(OutgoingMail(next_try_at=NOW - timedelta(hours=1), **waits))
    db.session.flush()


def rung() -> list[str]:
    return sorted({rule.value for rule in db.session.scalars(sa.select(Alert.rule))})


@pytest.fixture
def no_anchor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines that have waited too long for their anchor: chains are made by real commits, in their own tests."""
    monkeypatch.setattr(audit_chain, "unanchored_since", lambda _at: [1])


@pytest.mark.usefixtures("no_anchor")
def test_the_job_of_the_minute_raises_all_of_its_rules_and_no_other() -> None:
    make_everything()
    assert jobs.raise_alerts(NOW) >= len(EVERY_MINUTE)
    assert rung() == sorted(EVERY_MINUTE)


@pytest.mark.usefixtures("no_anchor")
def test_a_rule_that_fails_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_now: datetime) -> int:
        raise RuntimeError

    first, *others = alert_rules.EVERY_MINUTE
    assert first is alert_rules.many_cases
    monkeypatch.setattr(alert_rules, "EVERY_MINUTE", (fails, *others))
    # Kept, so that undoing what the failing rule did undoes nothing else.
    with transaction():
        make_everything()
    jobs.raise_alerts(NOW)
    assert rung() == sorted(EVERY_MINUTE - {"L1"})


def test_the_job_of_the_minute_tells_of_matches_with_the_watch_list() -> None:
    owner = make_member()
    officer = make_member(Role.SAFETY_OFFICER, owner.organisation)
    make_member(name="Bo Prøvesen")
    case = make_case(owner)
    listed: dict[str, Any] = {"name": "Bo Prøvesen", "email": None, "phone": None, "reason": None}
    watch.add(case, relation=WatchedRelation.FORMER_PARTNER, **listed, actor=actor_of(owner), now=NOW)
    db.session.execute(sa.update(WatchHit).values(told_at=None))
    db.session.execute(sa.delete(Message))
    jobs.raise_alerts(NOW)
    assert db.session.scalars(sa.select(Message.recipient_id)).all() == [officer.user_id]


def test_the_job_of_the_night_looks_for_surnames_and_for_nothing_else() -> None:
    make_everything()
    make_municipality("751")
    town = make_organisation(OrganisationKind.MUNICIPALITY, municipality_code="751")
    make_member(Role.MUNICIPAL_ADVISER, town, name="Bo Åkjær")
    make_case(make_member(), name="Amira Aakjaer", responsible_municipality_code="751")
    assert jobs.match_surnames(NOW) == 1
    assert rung() == sorted(EVERY_NIGHT)


def same_phone(sender: Membership) -> None:
    make_case(make_member(), phone="20304050")


def another_phone(sender: Membership) -> None:
    make_case(make_member(), phone="20304051")


def same_phone_at_the_same_house(sender: Membership) -> None:
    make_case(sender, phone="20304050")


def same_phone_but_closed(sender: Membership) -> None:
    case = make_case(make_member(), phone="20304050")
    db.session.execute(sa.update(Case).where(Case.id == case.id).values(state="closed", closed_at=NOW))


@pytest.mark.parametrize(
    ("known", "rings"),
    [(same_phone, True), (another_phone, False), (same_phone_at_the_same_house, False), (same_phone_but_closed, False)],
)
def test_l10_is_raised_when_a_referral_is_sent(known: Callable[[Membership], None], rings: bool) -> None:
    sender, offer = make_member(), make_offer()
    receiving = make_member(SO, offer.organisation)
    make_member(SO, sender.organisation)
    known(sender)
    draft = make_draft(sender, offer, case=make_ready_case(sender, phone="20304050"))
    assert rung() == []
    referrals.send(draft, actor=actor_of(sender), now=utc_now())
    assert rung() == ["L10"] * rings
    # The receiving house's officer alone; nobody where she comes from, nor where she is known.
    told = sa.select(Message.recipient_id).where(Message.subject_type == SubjectType.ALERT)
    assert db.session.scalars(told).all() == [receiving.user_id] * rings
