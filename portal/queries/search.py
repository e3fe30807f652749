"""One box for everything: each group is asked only of whom may see it, and finds only what its own list shows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from portal.core.actor import Actor
from portal.core.enums import OrganisationKind, Region
from portal.core.enums import Permission as P
from portal.core.kinds import MeetingKind, TrackKind
from portal.db import db
from portal.domain.permissions import can
from portal.domain.search import Question
from portal.models.cases import Case
from portal.models.organisations import Organisation
from portal.models.programmes import Offer, Programme
from portal.models.referrals import Referral, TrackRequest
from portal.queries import cases, client_search, meetings
from portal.queries.visibility import visible_cases, visible_referrals, visible_requests

MOST = 20
# A programme is found by its own name, and by the house that gives it.
OFFER_NAMES = (Programme.name_da, Programme.name_en, Programme.provider, Organisation.name)
# How far ahead meetings of a kind are shown.
AHEAD = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class OfferFound:
    """A programme as one organisation gives it."""

    programme_public_id: str
    name_da: str
    name_en: str
    kind: TrackKind
    organisation: str
    is_accepting: bool


@dataclass(frozen=True, slots=True)
class HouseFound:
    """An organisation that uses the portal, with how many programmes it gives. No address."""

    name: str
    kind: OrganisationKind
    region: Region
    offers: int


@dataclass(frozen=True, slots=True)
class ReferralFound:
    """A referral of the own house, or one that it received: then the request to it."""

    public_id: str
    reference: str
    case_reference: str | None
    is_received: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, by group."""

    cases: list[cases.CaseRow]
    referrals: list[ReferralFound]
    meetings: list[meetings.MeetingRow]
    offers: list[OfferFound]
    houses: list[HouseFound]

    @property
    def is_cut(self) -> bool:
        """Whether a group holds as many as are shown at most: there may be more."""
        return any(len(group) >= MOST for group in (self.meetings, self.offers, self.houses))

    def count(self) -> int:
        """How many there are in all groups."""
        people = len(self.cases) + len(self.referrals) + len(self.meetings)
        return people + len(self.offers) + len(self.houses)


def kind_of(actor: Actor, question: Question) -> str:
    """What the trail says was looked for, never the text: a day, something, or a person by what."""
    if question.day is not None:
        return "day"
    kind = client_search.search_kind(question.text)
    return kind if kind == "reference" or can(actor, P.CASE_SEARCH) else "other"


def find(actor: Actor, question: Question, kinds: Collection[MeetingKind], *, today: date) -> Found:
    """Everything that fits and that the actor's own lists show (R-720, R-721). `kinds`: of meetings, by their words."""
    word = question.word if can(actor, P.PROGRAMME_VIEW) else None
    is_text = word is not None and client_search.search_kind(question.text) == "name"
    her = _cases(actor, question)
    # A name with a birth year that was found is a woman's, and no programme's or house's.
    if her and client_search.has_year(question.text):
        is_text = False
    return Found(
        cases=her,
        referrals=_referrals(actor, question.referral) if question.referral else [],
        meetings=_meetings(actor, question, kinds, today) if can(actor, P.MEETING_VIEW) else [],
        offers=_offers(word) if word and is_text else [],
        houses=_houses(word) if word and is_text else [],
    )


def _cases(actor: Actor, question: Question) -> list[cases.CaseRow]:
    """By reference for everybody who has a list of cases; by name and number for whom the box is open to people."""
    if question.day is not None:
        return []
    may = P.CASE_VIEW if client_search.search_kind(question.text) == "reference" else P.CASE_SEARCH
    return cases.search(actor, question.text) if can(actor, may) else []


def _meetings(
    actor: Actor, question: Question, kinds: Collection[MeetingKind], today: date
) -> list[meetings.MeetingRow]:
    if question.day is not None:
        return meetings.between(actor, question.day, question.day)[:MOST]
    if not kinds:
        return []
    return [row for row in meetings.between(actor, today, today + AHEAD) if row.kind in kinds][:MOST]


def _referrals(actor: Actor, reference: str) -> list[ReferralFound]:
    """Sent by the own house, or received by it, by the whole reference."""
    case_reference: Any = sa.case((visible_cases(actor), Case.reference))
    sent = (
        sa.select(Referral.public_id, Referral.reference, case_reference, sa.false())
        .join(Case, Case.id == Referral.case_id)
        .where(Referral.reference == reference, visible_referrals(actor))
    )
    received = (
        sa.select(TrackRequest.public_id, Referral.reference, case_reference, sa.true())
        .join(Referral, Referral.id == TrackRequest.referral_id)
        .join(Case, Case.id == TrackRequest.case_id)
        .where(Referral.reference == reference, visible_requests(actor))
    )
    parts = [sent] if can(actor, P.REFERRAL_MAKE) else []
    parts += [received] if can(actor, P.REFERRAL_ANSWER) else []
    return [ReferralFound(*row) for row in db.session.execute(sa.union_all(*parts).limit(MOST))] if parts else []


def _offers(word: str) -> list[OfferFound]:
    rows = db.session.execute(
        sa.select(
            Programme.public_id,
            Programme.name_da,
            Programme.name_en,
            Programme.kind,
            Organisation.name,
            Offer.is_accepting,
        )
        .select_from(Offer)
        .join(Programme, Programme.id == Offer.programme_id)
        .join(Organisation, Organisation.id == Offer.organisation_id)
        .where(Organisation.is_active, Programme.retired_on.is_(None))
        .where(sa.or_(*(_has(name, word) for name in OFFER_NAMES)))
        .order_by(Programme.name_da, Organisation.name, Offer.id)
        .limit(MOST)
    )
    return [OfferFound(*row) for row in rows]


def _houses(word: str) -> list[HouseFound]:
    given = sa.select(sa.func.count()).select_from(Offer).join(Programme, Programme.id == Offer.programme_id)
    given = given.where(Offer.organisation_id == Organisation.id, Programme.retired_on.is_(None))
    rows = db.session.execute(
        sa.select(Organisation.name, Organisation.kind, Organisation.region, given.scalar_subquery())
        .where(Organisation.is_active, _has(Organisation.name, word))
        .order_by(Organisation.name)
        .limit(MOST)
    )
    return [HouseFound(*row) for row in rows]


def _has(name: Any, word: str) -> sa.ColumnElement[bool]:
    """Names of programmes and houses hold the word as it was written: % and _ stand for themselves."""
    found: sa.ColumnElement[bool] = name.icontains(word, autoescape=True)
    return found
