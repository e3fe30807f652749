"""What the pages of a case show of her: each group of fields asks the policy."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.db import db
from portal.domain.disclosure import FieldGroup as F
from portal.domain.disclosure import opens
from portal.domain.safe_contact import Way
from portal.models.cases import Case
from portal.models.clients import SafeContactCard
from portal.queries.safe_contact import read_ways, ways_of
from portal.queries.visibility import relation_of


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Who she is, as far as it is open to the reader. Her CPR number is no part of it: it is shown on demand."""

    version: int
    name: str | None
    birth_year: int | None
    phone: str | None
    language: str | None
    needs_interpreter: bool
    needs_accessible: bool = False


@dataclass(frozen=True, slots=True)
class ContactRules:
    """When and by what she may be reached without danger."""

    ways: tuple[Way, ...]
    is_device_shared: bool
    verified_at: datetime


@dataclass(frozen=True, slots=True)
class CardFacts(ContactRules):
    """The whole safe-contact card, for the form that replaces it."""

    code_word: str | None
    note: str | None

    @property
    def has_code_word(self) -> bool:
        """Whether there is a word that only she and we know."""
        return self.code_word is not None


def person_facts(actor: Actor, case: Case) -> PersonFacts:
    """What the form about her holds. `case` has its client loaded."""
    client, relation = case.client, relation_of(actor)
    return PersonFacts(
        version=client.version,
        name=client.name if opens(F.PERSON_NAME, relation) else None,
        birth_year=client.birth_year if opens(F.PERSON_AGE_BAND, relation) else None,
        phone=client.phone if opens(F.CONTACT_PHONE_EMAIL, relation) else None,
        language=client.language if opens(F.PERSON_LANGUAGE_NEEDS, relation) else None,
        needs_interpreter=client.needs_interpreter and opens(F.PERSON_LANGUAGE_NEEDS, relation),
        needs_accessible=client.needs_accessible and opens(F.PERSON_LANGUAGE_NEEDS, relation),
    )


def is_anonymous(case: Case) -> bool:
    """Whether she has given no name. `case` has its client loaded."""
    return case.client.name is None


def find_card(actor: Actor, case: Case) -> CardFacts | None:
    """The newest safe-contact card, for a reader to whom the rules of safe contact are open."""
    if not opens(F.CONTACT_SAFE_RULES, relation_of(actor)):
        return None
    row = db.session.execute(
        sa.select(SafeContactCard, ways_of(SafeContactCard.id))
        .where(SafeContactCard.client_id == case.client_id)
        .order_by(SafeContactCard.verified_at.desc(), SafeContactCard.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    card = row[0]
    return CardFacts(read_ways(row.ways), card.is_device_shared, card.verified_at, card.code_word, card.note)
