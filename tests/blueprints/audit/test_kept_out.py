"""An officer who is kept out of a case of her own house: on her pages the case has never been (R-374, modifier M3)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.alerts import AlertRule, Answer
from portal.core.audit_tags import Audit
from portal.core.clock import local_date, utc_now
from portal.core.enums import Role
from portal.core.errors import NotFound
from portal.core.kinds import SubjectType
from portal.core.pages import Page
from portal.core.rights import Capacity, RightsKind
from portal.core.safety import BreakGlassReason
from portal.db import db
from portal.domain.disclosure import Relation
from portal.models.alerts import Alert, AuditSample
from portal.models.cases import Case
from portal.models.messages import Message
from portal.models.outbox import OutgoingMail
from portal.models.users import Membership, User
from portal.queries import deadlines as deadline_queries
from portal.services import accounts, alert_rules, alerts, audit, blocks, break_glass, holds, reviews, rights
from tests.factories.people import actor_of, make_case, make_member, make_organisation
from tests.support.pages import without_fresh

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
OFFICERS = (Role.SAFETY_OFFICER, Role.DATA_PROTECTION_OFFICER)
LOOKER, WHY = "Ib Nysgerrig", "Hun ringer og er i akut fare nu"
REMARK = "She was on duty and had been asked."
# What every officer opens, and who opens it.
PAGES = {
    "/audit/": OFFICERS,
    "/audit/views": OFFICERS,
    "/audit/views?each=1": OFFICERS,
    "/audit/alerts": OFFICERS,
    "/audit/alerts?view=all": OFFICERS,
    "/audit/samples": OFFICERS,
    "/audit/samples?view=all": OFFICERS,
    "/messages/": OFFICERS,
    "/day": OFFICERS,
    "/safety/": OFFICERS[:1],
    "/safety/emergencies": OFFICERS[:1],
    "/safety/watched": OFFICERS[:1],
    "/safety/protection": OFFICERS[:1],
    "/people/without-team": OFFICERS[:1],
    "/rights/": OFFICERS,
    "/rights/holds": OFFICERS[1:],
    "/retention/": OFFICERS[1:],
}


def keep_out(officer: Membership, case: Case, by: Membership, how: str) -> None:
    """By name, or through another house for which the officer works too."""
    told = {"reason": "Hun har bedt om det", "actor": actor_of(by), "now": utc_now()}
    if how == "person":
        blocks.keep_out(case, user_id=officer.user_id, **told)
        return
    elsewhere = make_organisation()
    accounts.add_membership(db.session.get_one(User, officer.user_id), elsewhere, officer.role)
    blocks.keep_out(case, organisation_id=elsewhere.id, **told)


def everything_happens(case: Case, owner: Membership) -> None:
    """All that officers are shown of a case: looks, alarms, a drawn look, an emergency, a request, a hold."""
    now, house = utc_now(), owner.organisation
    looker = make_member(organisation=house, name=LOOKER)
    told = {"actor": actor_of(looker), "now": now, "case_id": case.id, "relation": Relation.CN}
    audit.record_view(page=Page.CASE, **told)
    audit.record(Audit.ADDRESS_REVEALED, SubjectType.CASE, case.public_id, reason=WHY, **told)
    db.session.flush()
    about = {"organisation_id": house.id, "case_id": case.id, "now": now}
    for rule in (AlertRule.OWN_ACCESS, AlertRule.BLOCKED_TRIED):
        alerts.raise_now(rule, about_user_id=looker.user_id, key="1", **about)
    reviews.draw_samples(house.id, now=now)
    break_glass.open_case(
        case.reference, category=BreakGlassReason.ACUTE_DANGER, reason=WHY, actor=actor_of(looker), now=now
    )
    asked = {"kind": RightsKind.ACCESS, "capacity": Capacity.HERSELF, "received_on": local_date(now)}
    rights.record(case, actor=actor_of(owner), now=now, **asked)
    holder = make_member(Role.DATA_PROTECTION_OFFICER, house)
    holds.set_hold(case, "En klage er ikke afgjort", actor=actor_of(holder), now=now)
    db.session.flush()


@pytest.fixture(params=["person", "house"])
def how(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("role", OFFICERS)
def test_nothing_of_the_case_stands_on_an_officers_page(as_user: AsUser, role: Role, how: str) -> None:
    owner = make_member()
    house, case = owner.organisation, make_case(owner)
    others, officer = [make_member(one, house) for one in OFFICERS], make_member(role, house)
    keep_out(officer, case, owner, how)
    everything_happens(case, owner)
    reference, browser = case.reference, as_user(officer)
    colleague = as_user(next(one for one in others if one.role is role))
    seen = 0
    for path, roles in PAGES.items():
        if role not in roles:
            continue
        answer, theirs = browser.get(path), colleague.get(path)
        assert (answer.status_code, theirs.status_code) == (200, 200), path
        for secret in (reference, LOOKER, WHY):
            # The filter of the trail names everybody of the house.
            rows = re.sub(r"<select.*?</select>", "", answer.text, flags=re.S)
            assert secret not in rows, (path, secret)
        seen += reference in theirs.text
    assert seen > 6
    waiting = sa.select(Message.id).where(Message.recipient_id == officer.user_id)
    assert db.session.scalars(waiting.where(Message.case_id.is_not(None))).all() == []


@pytest.mark.parametrize("path", ["/audit/", "/audit/views", "/audit/views?each=1"])
@pytest.mark.parametrize("role", OFFICERS)
def test_its_reference_finds_what_no_reference_finds(as_user: AsUser, role: Role, path: str, how: str) -> None:
    owner = make_member()
    case, officer = make_case(owner), make_member(role, owner.organisation)
    make_member(role, owner.organisation)
    keep_out(officer, case, owner, how)
    everything_happens(case, owner)
    reference, browser, pages = case.reference, as_user(officer), []
    for asked in (reference, "2020-9999"):
        text = browser.get(path + ("&" if "?" in path else "?") + f"reference={asked}").text
        pages.append(without_fresh(text).replace(asked, "…"))
    assert pages[0] == pages[1]


@pytest.mark.parametrize("role", OFFICERS)
def test_her_own_refusal_looks_as_if_nothing_had_been_there(as_user: AsUser, role: Role, how: str) -> None:
    owner = make_member()
    case, officer = make_case(owner), make_member(role, owner.organisation)
    keep_out(officer, case, owner, how)
    reference, public_id, browser, rows = case.reference, case.public_id, as_user(officer), []
    for asked in (public_id, "A" * 22):
        assert browser.get(f"/rights/{asked}").status_code == 404
        pages = [
            browser.get(path).text for path in ("/audit/?action=access:denied", "/audit/views?each=1", "/audit/views")
        ]
        rows.append([re.findall(r"<tr>.*?</tr>", page.partition("<tbody>")[2], re.S)[0] for page in pages])
        assert all(reference not in page for page in pages)
    moment = re.compile(r"\d\d[.:]\d\d([.:]\d\d)?")
    assert [moment.sub("", row) for row in rows[0]] == [moment.sub("", row) for row in rows[1]]


def test_an_alarm_goes_to_the_other_officers_and_to_nobody_who_is_kept_out(how: str) -> None:
    owner = make_member()
    case, house = make_case(owner), owner.organisation
    kept_out, other = (make_member(Role.SAFETY_OFFICER, house) for _one in range(2))
    make_member(Role.DATA_PROTECTION_OFFICER, house)
    keep_out(kept_out, case, owner, how)
    assert tried(kept_out, case) == 1
    assert told_of_alarm() == [other.user_id]
    assert db.session.scalars(sa.select(OutgoingMail.recipient_id)).all() == [other.user_id]


@pytest.mark.parametrize("left", [Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR])
def test_others_stand_in_where_no_safety_officer_may_know(as_user: AsUser, left: Role, how: str) -> None:
    owner = make_member()
    case, house = make_case(owner), owner.organisation
    kept_out, both = make_member(Role.SAFETY_OFFICER, house), make_member(Role.DATA_PROTECTION_OFFICER, house)
    other = make_member(left, house)
    for officer in (kept_out, both):
        keep_out(officer, case, owner, how)
    assert tried(kept_out, case) == 1
    assert told_of_alarm() == [other.user_id]
    reference, name = case.reference, kept_out.user.name
    page = as_user(other).get("/audit/alerts").text
    assert name in page
    assert (reference in page) is (left is Role.DATA_PROTECTION_OFFICER)
    public_id = db.session.scalars(sa.select(Alert.public_id)).one()
    for officer in (kept_out, both):
        browser = as_user(officer)
        assert "Ingen alarmer" in browser.get("/audit/alerts?view=all").text
        assert browser.get(f"/audit/alerts/{public_id}").status_code == 404
        with pytest.raises(NotFound):
            alerts.answer_alert(public_id, Answer.EXPLAINED, REMARK, actor=actor_of(officer), now=utc_now())
    assert as_user(other).submit(
        f"/audit/alerts/{public_id}", data={"answer": "explained", "remark": REMARK}
    ).status_code == 303  # fmt: skip


def test_where_nobody_is_left_the_alarm_waits_for_whoever_comes(as_user: AsUser) -> None:
    owner = make_member()
    case, officer = make_case(owner), make_member(Role.SAFETY_OFFICER, owner.organisation)
    keep_out(officer, case, owner, "person")
    assert tried(officer, case) == 1
    assert told_of_alarm() == []
    reference = case.reference
    assert reference in as_user(make_member(Role.SAFETY_OFFICER, owner.organisation)).get("/audit/alerts").text


def test_who_is_kept_out_later_loses_the_alarm_with_its_message(as_user: AsUser, how: str) -> None:
    owner = make_member()
    case, officer = make_case(owner), make_member(Role.SAFETY_OFFICER, owner.organisation)
    other = make_member()
    keep_out(other, case, owner, "person")
    assert tried(other, case) == 1
    reference, browser = case.reference, as_user(officer)
    assert reference in browser.get("/audit/alerts").text
    assert officer.user_id in told_of_alarm()
    keep_out(officer, case, owner, how)
    assert reference not in browser.get("/audit/alerts").text
    assert officer.user_id not in told_of_alarm()


def test_drawn_looks_that_keep_her_out_are_left_to_somebody_else(as_user: AsUser, how: str) -> None:
    owner = make_member(name="Maja Holm")
    first, second = make_case(owner), make_case(owner)
    for case in (first, second):
        audit.record_view(actor=actor_of(owner), case_id=case.id, relation=Relation.CT, page=Page.CASE, now=utc_now())
    db.session.flush()
    officer, other = (make_member(one, owner.organisation) for one in OFFICERS)
    keep_out(officer, first, owner, how)
    assert reviews.draw_samples(owner.organisation_id, now=utc_now()) == 2
    drawn = db.session.scalars(sa.select(AuditSample).order_by(AuditSample.id)).all()
    (shown,) = [row for row in drawn if row.public_id in as_user(officer).get("/audit/samples").text]
    hidden = next(row for row in drawn if row is not shown)
    assert on_list(officer) == [shown.public_id]
    with pytest.raises(NotFound):
        explain(hidden, officer)
    explain(shown, officer)
    assert on_list(officer) == []
    assert on_list(other) == [hidden.public_id]
    explain(hidden, other)
    assert on_list(other) == []


def explain(sample: AuditSample, member: Membership) -> None:
    reviews.answer_sample(sample.public_id, Answer.EXPLAINED, REMARK, actor=actor_of(member), now=utc_now())


def on_list(member: Membership) -> list[str]:
    today, span = local_date(utc_now()), deadline_queries.Span.ALL
    rows, _next = deadline_queries.list_mine(actor_of(member), today=today, span=span)
    return [row.subject_public_id for row in rows]


def tried(member: Membership, case: Case) -> int:
    """How many alarms ring when somebody has asked for a case."""
    from portal.services import probing

    probing.note_refusal([case.public_id], rule="404", token=None, actor=actor_of(member), now=utc_now())
    db.session.flush()
    db.session.execute(sa.delete(Message))
    db.session.execute(sa.delete(OutgoingMail))
    return alert_rules.blocked_tries(utc_now())


def told_of_alarm() -> list[int]:
    told = sa.select(Message.recipient_id).where(Message.subject_type == SubjectType.ALERT)
    return list(db.session.scalars(told))
