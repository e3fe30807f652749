"""The ledger of consents: how often each was used, and the ground of what was told without one."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.clock import local_date, utc_now
from portal.core.contacts import ContactDirection, ContactTheme, Party, PartyChannel, ShareBasis
from portal.core.enums import Role
from portal.core.kinds import ConsentForm, ConsentPurpose
from portal.core.states import RequestState
from portal.db import db
from portal.domain.consent import is_counted, uses
from portal.models.cases import Case, Consent
from portal.services import contacts
from tests.factories.people import actor_of, make_case, make_member
from tests.factories.referrals import make_ready_case, make_request

AsUser = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("session")
NOON = "T12:00+00:00"


def agreed(case: Case, member: Any, purpose: ConsentPurpose, organisation_id: int | None = None) -> Consent:
    """A consent given today for six months."""
    today = local_date(utc_now())
    made = Consent(case_id=case.id, purpose=purpose, recipient_organisation_id=organisation_id, given_on=today)
    made.form, made.recorded_by_id, made.expires_on = ConsentForm.ORAL, member.user_id, today + timedelta(days=180)
    db.session.add(made)
    db.session.flush()
    return made


def tell(case: Case, member: Any, party: Party, basis: ShareBasis) -> None:
    """Something is told by telephone."""
    said = contacts.Said(ContactDirection.OUT, PartyChannel.PHONE, party, [ContactTheme.SAFETY], basis)
    contacts.log(case, said, actor=actor_of(member), now=utc_now())


def ledger(browser: Any, case: Case) -> str:
    return browser.get(f"/cases/{case.public_id}/consents").text  # type: ignore[no-any-return]


def test_a_consent_says_how_often_it_was_used_and_when_last(as_user: AsUser) -> None:
    sender = make_member()
    case = make_ready_case(sender)
    browser = as_user(sender)
    made = make_request(RequestState.SUBMITTED, sender=sender, case=case)
    house = made.offer.organisation_id
    text = ledger(browser, made.case)
    assert f"brugt 1 gang, senest {local_date(utc_now()):%d.%m.%Y}" in text
    consent = db.session.scalars(sa.select(Consent).where(Consent.recipient_organisation_id == house)).one()
    db.session.delete(consent)
    agreed(made.case, sender, ConsentPurpose.REFERRAL, make_member().organisation_id)
    text = ledger(browser, made.case)
    assert "ikke brugt endnu" in text and "brugt 1 gang" not in text, "what went to one house is no use of another's"


def test_what_is_not_written_down_each_time_is_not_counted(as_user: AsUser) -> None:
    member = make_member()
    case = make_case(member)
    agreed(case, member, ConsentPurpose.STATISTICS)
    assert "hver brug bliver ikke talt" in ledger(as_user(member), case)
    assert [one for one in ConsentPurpose if is_counted(one)] == [ConsentPurpose.REFERRAL, ConsentPurpose.FOLLOW_UP]


@pytest.mark.parametrize(
    ("withdrawn", "days"),
    [
        (None, ["2026-03-01", "2026-08-31"]),
        ("2026-05-02", ["2026-03-01"]),
        ("2026-03-01", []),
    ],
)
def test_what_was_done_before_or_after_a_consent_is_no_use_of_it(withdrawn: str | None, days: list[str]) -> None:
    consent = Consent(given_on=date(2026, 3, 1), expires_on=date(2026, 9, 1))
    consent.withdrawn_at = datetime.fromisoformat(withdrawn + NOON) if withdrawn else None
    done = [datetime.fromisoformat(day + NOON) for day in ("2026-02-28", "2026-03-01", "2026-08-31", "2026-09-01")]
    assert [f"{at:%Y-%m-%d}" for at in uses(consent, done)] == days


def test_what_was_told_without_her_consent_stands_with_its_ground(as_user: AsUser) -> None:
    member = make_member()
    case = make_case(member)
    browser = as_user(member)
    assert 'id="told"' not in ledger(browser, case)
    tell(case, member, Party.POLICE, ShareBasis.POLICE_COOPERATION)
    tell(case, member, Party.BANK, ShareBasis.NOTHING_TOLD)
    told = ledger(browser, case).split('id="told"')[1].split("</section>")[0]
    assert "Politi" in told and "Fortalt i samarbejdet mellem politi" in told
    assert "Bank" not in told, "nothing was told there"


def test_strangers_and_other_roles_see_nothing_of_it(as_user: AsUser) -> None:
    member = make_member()
    case = make_case(member)
    tell(case, member, Party.POLICE, ShareBasis.POLICE_COOPERATION)
    path = f"/cases/{case.public_id}/consents"
    assert as_user(make_member()).get(path).status_code == 404
    assert as_user(make_member(Role.VOLUNTEER)).get(path).status_code == 403


def test_the_ledger_reads_the_same_number_of_statements_whatever_it_holds(as_user: AsUser, count_queries: Any) -> None:
    member = make_member()
    case = make_case(member)
    browser, path = as_user(member), f"/cases/{case.public_id}/consents"
    browser.get(path)
    count_queries.start()
    browser.get(path)
    few = count_queries.stop()
    for _number in range(5):
        tell(case, member, Party.POLICE, ShareBasis.POLICE_COOPERATION)
        agreed(case, member, ConsentPurpose.STATISTICS)
        agreed(case, member, ConsentPurpose.REFERRAL, make_member().organisation_id)
    count_queries.start()
    browser.get(path)
    assert count_queries.stop() == few <= 12
