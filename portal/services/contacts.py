"""Contacts with other parties: what was said to whom about her, and on what ground."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.core.actor import Actor
from portal.core.audit_tags import Audit
from portal.core.clock import local_date
from portal.core.contacts import ContactDirection, ContactTheme, Party, PartyChannel, ShareBasis
from portal.core.enums import Permission
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.db import db
from portal.domain import contacts as rules
from portal.domain.code_lists import CONTACTS, check_codes, edition_on
from portal.domain.permissions import require
from portal.models.cases import Case
from portal.models.contacts import OutsideContact
from portal.services import case_marks
from portal.services.case_marks import must_be_open


@dataclass(frozen=True, slots=True)
class Said:
    """One contact, as typed."""

    direction: ContactDirection
    channel: PartyChannel
    party: Party
    themes: Sequence[ContactTheme | str]
    basis: ShareBasis | None
    party_name: str | None = None
    minutes: int | None = None
    text: str | None = None
    happened_at: datetime | None = None


def log(case: Case, said: Said, *, actor: Actor, now: datetime) -> OutsideContact:
    """Log a contact with another party, with its themes and the ground on which something was told (R-653).

    Raises Invalid (field named), NotNow in a closed case.
    """
    require(actor, Permission.CASE_EDIT)
    must_be_open(case.id)
    happened_at = said.happened_at or now
    rules.check_moment(happened_at, now)
    rules.check_minutes(said.minutes)
    day = local_date(happened_at)
    edition = edition_on(CONTACTS, day)
    check_codes(edition, "party", [said.party])
    themes = check_codes(edition, "themes", [str(theme) for theme in said.themes])
    if not themes:
        raise Invalid(_("Choose what it was about. Several may be true."), field="themes")
    contact = OutsideContact(
        case_id=case.id,
        author_id=actor.user_id,
        organisation_id=actor.organisation_id,
        happened_at=happened_at,
        written_at=now,
        direction=said.direction,
        channel=said.channel,
        party=said.party,
        party_name=said.party_name or None,
        themes=themes,
        codes_version=edition.number,
        basis=rules.check_basis(said.basis, said.party, day),
        minutes=said.minutes,
        text=said.text or None,
    )
    db.session.add(contact)
    case_marks.record(Audit.OUTSIDE_CONTACT_LOGGED, case, actor=actor, now=now)
    db.session.flush()
    return contact
