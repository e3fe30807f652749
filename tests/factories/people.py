"""Organisations, people in roles, and cases."""

from datetime import date, datetime
from itertools import count
from typing import Any

from portal.core.actor import SYSTEM, Actor
from portal.core.clock import local_date, utc_now
from portal.core.enums import Language, OrganisationKind, Region, Role
from portal.core.kinds import ConsentForm, ConsentPurpose
from portal.db import db
from portal.domain.consent import expires_on
from portal.models.cases import Case, Consent
from portal.models.organisations import Municipality, Organisation
from portal.models.users import Membership, User
from portal.services import accounts, cases

_numbers = count(1)
HOME: dict[Role, OrganisationKind] = {
    Role.CONTACT_PERSON: OrganisationKind.SHELTER,
    Role.MUNICIPAL_ADVISER: OrganisationKind.MUNICIPALITY,
}


def make_municipality(code: str = "751", name: str = "Aarhus", region: Region = Region.CENTRAL) -> Municipality:
    """A municipality; the same one again when it is there."""
    found = db.session.get(Municipality, code)
    if found is None:
        found = Municipality(code=code, name=name, region=region)
        db.session.add(found)
        db.session.flush()
    return found


def make_organisation(
    kind: OrganisationKind = OrganisationKind.SHELTER,
    *,
    name: str | None = None,
    region: Region = Region.CENTRAL,
    may_hold_cpr: bool = False,
    municipality_code: str | None = None,
) -> Organisation:
    """An organisation with a name of its own."""
    organisation = Organisation(
        name=name or f"{kind.value} {next(_numbers)}",
        kind=kind,
        region=region,
        may_hold_cpr=may_hold_cpr,
        municipality_code=municipality_code,
        is_active=True,
    )
    db.session.add(organisation)
    db.session.flush()
    return organisation


def make_member(
    role: Role = Role.CONTACT_PERSON,
    organisation: Organisation | None = None,
    *,
    name: str | None = None,
    language: Language = Language.DANISH,
    now: datetime | None = None,
) -> Membership:
    """Somebody in a role, with user and organisation loaded."""
    number = next(_numbers)
    organisation = organisation or make_organisation(HOME.get(role, OrganisationKind.NGO))
    user = accounts.create_user(
        name or f"Person {number}",
        f"person{number}@example.org",
        "correct horse battery",
        language=language,
        actor=SYSTEM,
        now=now or utc_now(),
    )
    membership = accounts.add_membership(user, organisation, role)
    membership.user = user
    membership.organisation = organisation
    db.session.flush()
    return membership


def actor_of(member: Membership) -> Actor:
    """The actor that a membership makes, also after a page has let go of what was loaded."""
    user = db.session.get_one(User, member.user_id)
    organisation = db.session.get_one(Organisation, member.organisation_id)
    return Actor(
        member.user_id,
        member.id,
        member.organisation_id,
        member.role,
        user.language.value,
        user.name,
        organisation.name,
    )


def make_case(member: Membership | None = None, *, now: datetime | None = None, **values: Any) -> Case:
    """An open case with the member as its primary. Client and owner are loaded. Anonymous unless `name` is given."""
    member = member or make_member()
    case = cases.open_case(actor=actor_of(member), now=now or utc_now(), **values)
    case.owner = db.session.get_one(Organisation, case.owner_organisation_id)
    return case


def agree(case: Case, organisation_id: int, *, given_on: date | None = None) -> Consent:
    """She consents to help by that organisation."""
    given_on = given_on or local_date(utc_now())
    consent = Consent(
        case_id=case.id,
        purpose=ConsentPurpose.REFERRAL,
        recipient_organisation_id=organisation_id,
        form=ConsentForm.WRITTEN,
        given_on=given_on,
        expires_on=expires_on(given_on),
        recorded_by_id=case.opened_by_id,
    )
    db.session.add(consent)
    db.session.flush()
    return consent
