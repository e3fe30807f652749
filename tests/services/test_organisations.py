"""An organisation joins with what it gives and with one person who lets the others in."""

import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.core.audit_tags import Audit
from portal.core.clock import utc_now
from portal.core.enums import Language, OrganisationKind, Region, Role
from portal.core.errors import Conflict, Invalid, NotFound
from portal.db import db
from portal.models.audit import AuditEntry
from portal.models.organisations import Organisation
from portal.models.users import Membership
from portal.queries.organisations import get_by_name
from portal.services import accounts, code_answers, organisations, reference

pytestmark = pytest.mark.usefixtures("session")
SHELTER, MUNICIPALITY = OrganisationKind.SHELTER, OrganisationKind.MUNICIPALITY


def found(name: str = "Krisecenter Havren", kind: OrganisationKind = SHELTER, code: str | None = None) -> Organisation:
    return organisations.found(name, kind, Region.NORTH, municipality_code=code, actor=SYSTEM, now=utc_now())


def test_it_is_found_by_its_name_and_leaves_a_line() -> None:
    joined = found(" Krisecenter Havren ")
    assert get_by_name("Krisecenter Havren").id == joined.id
    assert db.session.scalars(sa.select(AuditEntry.action)).all() == [Audit.ORGANISATION_FOUNDED]


def test_a_name_is_taken_once() -> None:
    found()
    with pytest.raises(Conflict, match=r"already|allerede"):
        found()
    with pytest.raises(NotFound):
        get_by_name("Krisecenter Rugen")


@pytest.mark.parametrize(("kind", "code"), [(SHELTER, "751"), (MUNICIPALITY, None), (MUNICIPALITY, "000")])
def test_a_municipality_is_one_of_the_98_and_no_other_has_a_code(kind: OrganisationKind, code: str | None) -> None:
    reference.load(actor=SYSTEM, now=utc_now())
    with pytest.raises(Invalid) as refusal:
        found(kind=kind, code=code)
    assert refusal.value.field == "municipality"
    assert found("Aarhus Kommune", MUNICIPALITY, "751").municipality_code == "751"


def test_it_gives_a_programme_once_with_its_places() -> None:
    reference.load(actor=SYSTEM, now=utc_now())
    joined, now = found(), utc_now()
    offer = organisations.open_offer(joined, "cti-women", capacity=12, actor=SYSTEM, now=now)
    assert (offer.capacity, offer.is_accepting, offer.programme.key) == (12, True, "cti-women")
    with pytest.raises(Conflict):
        organisations.open_offer(joined, "cti-women", actor=SYSTEM, now=now)
    with pytest.raises(Invalid) as refusal:
        organisations.open_offer(joined, "nothing", actor=SYSTEM, now=now)
    assert refusal.value.field == "gives"


def test_only_grants_have_a_fund() -> None:
    reference.load(actor=SYSTEM, now=utc_now())
    joined, now = found(), utc_now()
    grants = organisations.open_offer(joined, "start-up-grant", actor=SYSTEM, now=now)
    fund = organisations.open_fund(grants, "Starthjælp", 5_000_000, 500_000, actor=SYSTEM, now=now)
    assert (fund.budget_ore, fund.reserved_ore, fund.second_approval_above_ore) == (5_000_000, 0, 500_000)
    talks = organisations.open_offer(joined, "danner-individual-counselling", actor=SYSTEM, now=now)
    with pytest.raises(Invalid):
        organisations.open_fund(talks, "Starthjælp", 1, 1, actor=SYSTEM, now=now)


def test_the_first_administrator_chooses_her_password_and_is_made_once() -> None:
    joined, now = found(), utc_now()
    code = organisations.appoint(joined, "Inge", "inge@example.org", Language.DANISH, actor=SYSTEM, now=now)
    chosen = "tre blå fisk i en spand"
    user = code_answers.answer(code_answers.Answer("inge@example.org", code, chosen, chosen), now=now)
    assert accounts.is_password(user, chosen)
    role = db.session.scalars(sa.select(Membership.role).where(Membership.organisation_id == joined.id)).one()
    assert role is Role.ADMINISTRATOR
    with pytest.raises(Conflict):
        organisations.appoint(joined, "Inge", "INGE@example.org", Language.DANISH, actor=SYSTEM, now=now)
