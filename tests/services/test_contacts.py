"""Contacts with other parties: themes, grounds, and who reads them."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.contacts import ContactDirection, ContactTheme, Party, PartyChannel, ShareBasis
from portal.core.enums import Role
from portal.core.errors import Forbidden, Invalid, NotNow
from portal.domain.cases import Unfinished
from portal.models.audit import AuditEntry
from portal.queries import case_timeline
from portal.queries import contacts as queries
from portal.services import closing, contacts, notes
from portal.services.contacts import Said
from portal.web.case_pages import lens_of
from tests.factories.people import actor_of, make_case, make_member

pytestmark = pytest.mark.usefixtures("session")


def said(**values: Any) -> Said:
    given = {
        "direction": ContactDirection.OUT,
        "channel": PartyChannel.PHONE,
        "party": Party.HOUSING_ASSOCIATION,
        "themes": [ContactTheme.HOUSING, ContactTheme.DEBT],
        "basis": ShareBasis.CONSENT,
    }
    return Said(**(given | values))


def test_a_contact_is_logged_and_stands_in_the_timeline(session: Any) -> None:
    member = make_member()
    case, actor = make_case(member), actor_of(member)
    notes.write_note(case, text="En note", actor=actor, now=utc_now() - timedelta(hours=1))
    contacts.log(case, said(text="Venteliste", minutes=10, party_name="Boligkontoret"), actor=actor, now=utc_now())
    tags = session.scalars(sa.select(AuditEntry.action).where(AuditEntry.case_id == case.id)).all()
    assert Audit.OUTSIDE_CONTACT_LOGGED in tags
    rows = case_timeline.list_past(actor, case.id, lens_of(actor, case)).rows
    found = {row.source: row for row in rows}
    assert (found["outside"].text, found["outside"].what, found["outside"].themes) == (
        "Venteliste",
        "housing_association",
        ("housing", "debt"),
    )
    assert found["note"].text == "En note"
    (row,), _next = queries.list_contacts(actor, case, lens_of(actor, case))
    assert (row.party_name, row.minutes, row.who) == ("Boligkontoret", 10, actor.name)
    assert queries.count_themes(actor, case, lens_of(actor, case)) == (1, {"housing": 1, "debt": 1})


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"basis": None}, "basis"),
        ({"basis": ShareBasis.CASE_PREPARATION}, "basis"),
        ({"themes": []}, "themes"),
        ({"themes": ["nonsense"]}, "themes"),
        ({"minutes": 2000}, "minutes"),
        ({"happened_at": utc_now() + timedelta(days=1)}, "happened_on"),
    ],
)
def test_what_is_missing_is_refused(values: dict[str, Any], field: str) -> None:
    member = make_member()
    case = make_case(member)
    with pytest.raises(Invalid) as refusal:
        contacts.log(case, said(**values), actor=actor_of(member), now=utc_now())
    assert refusal.value.field == field


def test_not_in_a_closed_case_nor_by_who_never_works_in_one() -> None:
    member = make_member()
    case, who = make_case(member), {"actor": actor_of(member), "now": utc_now()}
    with pytest.raises(Forbidden):
        contacts.log(case, said(), actor=actor_of(make_member(Role.PROGRAMME_LEAD)), now=utc_now())
    closing.close_case(case, Unfinished(), **who)
    with pytest.raises(NotNow):
        contacts.log(case, said(), **who)
