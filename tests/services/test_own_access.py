"""L12: who changes who may look, and looks within 24 hours. Each change by the service that makes it (R-499)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from portal.core.alerts import AlertRule
from portal.core.clock import utc_now
from portal.core.enums import Language, Region, Role
from portal.core.pages import Page
from portal.core.people import Suspension
from portal.core.safety import HitState, WatchedRelation
from portal.db import db
from portal.domain.disclosure import Relation
from portal.models.access import CaseBlock, WatchHit
from portal.models.alerts import Alert
from portal.models.cases import Case
from portal.models.users import Membership, User
from portal.services import (
    accounts,
    alert_rules,
    audit,
    blocks,
    code_answers,
    suspensions,
    team,
    users,
    volunteers,
    watch,
)
from tests.factories.people import actor_of, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")
NOW = utc_now()
BEFORE = NOW - timedelta(days=90)
PASSWORD = "ni grønne kajakker sover"
# The threshold, and just past it.
SOON, LATE = timedelta(hours=23, minutes=59), timedelta(hours=24)


def view(member: Membership, case: Case, at: datetime) -> None:
    """A look as the page of a case writes it."""
    audit.record_view(actor=actor_of(member), case_id=case.id, relation=Relation.CT, page=Page.CASE, now=at)
    db.session.flush()


def give_role() -> tuple[Membership, Case]:
    """An administrator who leads too invites somebody, who takes the role up."""
    administrator = make_member(Role.ADMINISTRATOR)
    lead = accounts.add_membership(administrator.user, administrator.organisation, Role.PROGRAMME_LEAD)
    case = make_case(make_member(organisation=administrator.organisation), now=BEFORE)
    invited = ("Ny", "ny@example.org", Role.CONTACT_PERSON, Language.DANISH)
    code = users.add_person(*invited, actor=actor_of(administrator), now=NOW - timedelta(hours=2))
    code_answers.answer(code_answers.Answer("ny@example.org", code, PASSWORD, PASSWORD), now=NOW)
    return lead, case


def wake_role() -> tuple[Membership, Case]:
    administrator = make_member(Role.ADMINISTRATOR)
    lead = accounts.add_membership(administrator.user, administrator.organisation, Role.PROGRAMME_LEAD)
    sleeper = make_member(organisation=administrator.organisation)
    sleeper.suspended_at, sleeper.suspended_for = BEFORE, Suspension.DORMANT
    db.session.flush()
    suspensions.wake(sleeper.public_id, actor=actor_of(administrator), now=NOW)
    return lead, make_case(sleeper, now=BEFORE)


def volunteer_herself() -> tuple[Membership, Case]:
    coordinator = make_member(Role.VOLUNTEER_COORDINATOR)
    email = db.session.get_one(User, coordinator.user_id).email
    dates = dict.fromkeys(("pledged_on", "trained_on", "certificate_until"), date(2026, 1, 1))
    known = {"name": "x", "email": email, "language": Language.DANISH, "role": Role.VOLUNTEER}
    own = volunteers.register(**known, **dates, region=Region.CAPITAL, skills=[], actor=actor_of(coordinator), now=NOW)  # type: ignore[arg-type]
    mine = sa.select(Membership).where(Membership.user_id == own.user_id, Membership.role == Role.VOLUNTEER)
    return db.session.scalars(mine).one(), make_case(now=BEFORE)


def join() -> tuple[Membership, Case]:
    colleague = make_member()
    case = make_case(make_member(organisation=colleague.organisation), now=BEFORE)
    team.join_team(case.id, colleague.user_id, actor=actor_of(colleague), now=NOW)
    return colleague, case


def lift() -> tuple[Membership, Case]:
    owner = make_member()
    officer, case = make_member(Role.SAFETY_OFFICER, owner.organisation), make_case(owner, now=BEFORE)
    blocks.keep_out(case, user_id=make_member().user_id, reason=None, actor=actor_of(owner), now=BEFORE)
    row = db.session.scalars(sa.select(CaseBlock)).one()
    blocks.ask_to_lift(row, actor=actor_of(officer), now=NOW - timedelta(hours=2))
    blocks.agree_to_lift(row, actor=actor_of(owner), now=NOW)
    return owner, case


def let_in_again() -> tuple[Membership, Case]:
    owner = make_member()
    officer, case = make_member(Role.SAFETY_OFFICER, owner.organisation), make_case(owner, now=BEFORE)
    suspect = make_member(name="Bo Prøvesen")
    listed = {"name": "Bo Prøvesen", "email": None, "phone": None, "reason": None}
    watch.add(case, relation=WatchedRelation.FORMER_PARTNER, **listed, actor=actor_of(owner), now=BEFORE)  # type: ignore[arg-type]
    hit = db.session.scalars(sa.select(WatchHit).where(WatchHit.user_id == suspect.user_id)).one()
    watch.answer(hit, HitState.ANOTHER_PERSON, actor=actor_of(officer), now=NOW)
    return officer, case


CHANGES: tuple[Callable[[], tuple[Membership, Case]], ...] = (
    give_role,
    wake_role,
    volunteer_herself,
    join,
    lift,
    let_in_again,
)


@pytest.mark.parametrize(("later", "rings"), [(SOON, True), (LATE, False)])
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_it_rings_for_whoever_changed_it_and_looks_within_a_day(
    change: Callable[[], tuple[Membership, Case]], later: timedelta, rings: bool
) -> None:
    member, case = change()
    view(member, case, NOW + later)
    assert alert_rules.own_access(NOW + later) == int(rings)
    assert alert_rules.own_access(NOW + later) == 0
    found = db.session.execute(sa.select(Alert.rule, Alert.about_user_id, Alert.case_id)).all()
    assert found == ([(AlertRule.OWN_ACCESS, member.user_id, case.id)] if rings else [])


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_it_is_silent_for_a_look_before_and_for_everybody_else(change: Callable[[], tuple[Membership, Case]]) -> None:
    member, case = change()
    view(member, case, NOW - timedelta(minutes=1))
    for other in db.session.scalars(sa.select(Membership).where(Membership.user_id != member.user_id)).all():
        view(other, case, NOW + timedelta(minutes=1))
    assert alert_rules.own_access(NOW + timedelta(minutes=1)) == 0


@pytest.mark.parametrize("change", [join, lift, let_in_again], ids=lambda change: change.__name__)
def test_what_was_changed_in_one_case_says_nothing_of_another(change: Callable[[], tuple[Membership, Case]]) -> None:
    member, _case = change()
    view(member, make_case(now=BEFORE), NOW + timedelta(minutes=1))
    assert alert_rules.own_access(NOW + timedelta(minutes=1)) == 0


def test_it_is_silent_for_a_colleague_who_was_let_in_and_for_whoever_opened_the_case() -> None:
    member = make_member()
    colleague = make_member(organisation=member.organisation)
    case = make_case(member, now=NOW)
    team.join_team(case.id, colleague.user_id, actor=actor_of(member), now=NOW)
    for one in (member, colleague):
        view(one, case, NOW + timedelta(minutes=1))
    assert alert_rules.own_access(NOW + timedelta(minutes=1)) == 0


def test_who_is_invited_and_takes_the_role_up_looks_without_an_alarm() -> None:
    _lead, case = give_role()
    invited = db.session.scalars(sa.select(Membership).order_by(Membership.id.desc()).limit(1)).one()
    view(invited, case, NOW + timedelta(minutes=1))
    assert alert_rules.own_access(NOW + timedelta(minutes=1)) == 0
